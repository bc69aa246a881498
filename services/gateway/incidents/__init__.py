"""Outages: what many report at once is known, answered and linked."""
