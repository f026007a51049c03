"""The sandbox's clock: a database created as a sandbox lives through days in minutes. A live one has no such room."""
