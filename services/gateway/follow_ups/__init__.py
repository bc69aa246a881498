"""Following work up: what is due, recording what was said, and an order's follow-ups beside it."""
