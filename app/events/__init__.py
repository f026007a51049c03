"""Events: what happened, written in the commit in which it happened, told in the order of commits."""
