"""Accounts: who may log in, the posts they hold, their sessions, the keys that sign tokens."""
