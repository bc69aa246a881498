"""The rules of work orders: pure, with no library but msgspec."""
