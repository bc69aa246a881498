"""Outages: what is broken for many at once, and answers their reports."""
