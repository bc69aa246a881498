"""The rules of bills: pure, with no library but msgspec."""
