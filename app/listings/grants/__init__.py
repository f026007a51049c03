"""Rights that were granted on what is sold: by which contract, within which scope, and what they leave for others."""
