"""Whether this process turns, is ready, and what it counts."""
