"""The rules of staff records: pure, with no library but msgspec."""
