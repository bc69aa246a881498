"""The orders as lists show them."""
