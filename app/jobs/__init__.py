"""Jobs: work outside the request, enqueued in the caller's transaction. The library stays behind this port."""
