"""The rules of dispatching: pure, with no library but msgspec."""
