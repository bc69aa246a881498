"""How fast and how well work is done, and what is still open."""
