"""The communities."""
