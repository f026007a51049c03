"""Achievements (成果): posted, reviewed, published, with their rights and shares; and their import in bulk."""
