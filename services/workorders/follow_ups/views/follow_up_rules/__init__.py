"""The rules of each community."""
