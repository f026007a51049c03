"""Imports: many achievements at once, from CSV, JSONL or XLSX, parsed apart and stored in small commits."""
