"""Files 文件: kept with their digest, read by whom it may concern and on record, taken away by law with a tombstone left."""
