"""What `make bench` runs: ratios measured in one run, beside the goals that they are to meet."""
