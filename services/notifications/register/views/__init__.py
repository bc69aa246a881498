"""Followed from security, so that nobody has to be asked."""
