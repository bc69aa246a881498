"""The open sessions of every account."""
