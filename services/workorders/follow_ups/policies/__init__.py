"""What follow-ups come from."""
