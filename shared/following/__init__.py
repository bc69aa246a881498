"""Following a log: views and policies, their positions, timers, rebuilding."""
