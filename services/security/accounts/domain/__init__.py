"""Accounts, sessions and signing keys. Pure."""
