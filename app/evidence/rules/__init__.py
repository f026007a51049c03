"""Pure: the form of a record, and its verification. Imports no database, no web, no settings."""
