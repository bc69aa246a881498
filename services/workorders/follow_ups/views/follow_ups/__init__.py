"""The follow-ups that are due and those that were made."""
