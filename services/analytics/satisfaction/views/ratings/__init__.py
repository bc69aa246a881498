"""Acceptances and ratings by residents, a row an order."""
