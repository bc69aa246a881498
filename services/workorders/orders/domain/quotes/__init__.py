"""Quotes: what chargeable work will cost at most, and who agreed to pay it."""
