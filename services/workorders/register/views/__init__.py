"""Followed from security, so that no command has to ask it."""
