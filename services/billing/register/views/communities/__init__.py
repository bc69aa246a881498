"""The communities and their time zones."""
