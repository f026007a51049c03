"""The tests: one folder per room, mirroring `app`."""
