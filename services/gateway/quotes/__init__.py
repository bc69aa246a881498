"""Quotes that wait for somebody to say yes or no, on one page."""
