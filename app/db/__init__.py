"""The database: base classes of rows, connections, market time, locks, human numbers, migrations."""
