"""A deposit that came minutes late 逾期到账: never automatic; by the seller's written consent, before any code is drawn."""
