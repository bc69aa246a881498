"""The accounts and their posts."""
