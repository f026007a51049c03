"""Joint buyers 联合受让: several parties under one registration, with shares; one leads, bids and pays the deposit."""
