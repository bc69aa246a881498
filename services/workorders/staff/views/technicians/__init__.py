"""Who can do what."""
