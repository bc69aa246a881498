"""The rules of the clock: pure, with no library but msgspec."""
