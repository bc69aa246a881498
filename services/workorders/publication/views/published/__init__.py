"""One row a published work."""
