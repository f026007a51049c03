"""What one import may use. House rules, each with a reason to exist: a file is written by a stranger."""

from typing import Final

ROWS_MAX: Final = 100_000
UNPACKED_BYTES_MAX: Final = 256 * 1024 * 1024
MEMORY_BYTES_MAX: Final = 512 * 1024 * 1024
"""Address space of the parsing process."""
CPU_SECONDS_MAX: Final = 60
SILENCE_SECONDS_MAX: Final = 75
"""Real seconds that the parsing process may go without a sign of life."""
CELL_LENGTH_MAX: Final = 32_767
"""As long as a workbook's cell can be."""
ROW_LENGTH_MAX: Final = 262_144
COLUMNS_MAX: Final = 300
ARCHIVE_ENTRIES_MAX: Final = 2_000
FINDINGS_PER_ROW_MAX: Final = 5
CHUNK_ROWS: Final = 200
CHUNK_BYTES: Final = 1_048_576
CHUNK_SECONDS_GOAL: Final = 0.4
"""A chunk that took longer is followed by a smaller one: no write transaction lasts over a second."""
UNFINISHED_MAX: Final = 5
"""Imports of one party that wait or run at the same time."""
