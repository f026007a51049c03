"""Identity's pure decisions: codes, who is identified how, roles, reviews, passwords and keys."""
