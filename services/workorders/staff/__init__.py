"""Staff as dispatching needs them: what they may do, and when they are there."""
