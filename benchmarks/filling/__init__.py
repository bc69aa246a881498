"""Stores as they would be after years: real events by the real encoder, in the real tables."""
