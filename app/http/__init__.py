"""The edge towards HTTP: transactions per request, problems, idempotency, ETags, limits, streams, health."""
