"""Rules of following up, and one order's follow-ups. Pure."""
