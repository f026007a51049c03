"""Rights of first refusal used in a sale: taken or given up by their holders after the close."""
