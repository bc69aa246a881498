"""Who lives in which unit now."""
