"""Pure: trees, statements, receipts. Nothing here knows a database; a verifier imports it alone."""
