"""Making what tests need, in few words. Each factory writes real rows."""
