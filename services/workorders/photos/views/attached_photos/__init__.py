"""One row an event that has photos."""
