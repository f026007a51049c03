"""The confirmation record 成交确认书 that a close leaves, signed by buyer and organiser, and the public result notice."""
