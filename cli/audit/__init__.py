"""What auditors ask: one order's whole story, and everything of a time."""
