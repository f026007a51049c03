"""Re-auction 再次竞价: the same lot once more, for no more than before, within its limits, with a full notice again."""
