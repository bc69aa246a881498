"""Who follows which order."""
