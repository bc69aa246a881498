"""How fast it is, next to others on the same machine. ``python -m benchmarks``."""
