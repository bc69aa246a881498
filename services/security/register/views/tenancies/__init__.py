"""Who lives, and lived, where."""
