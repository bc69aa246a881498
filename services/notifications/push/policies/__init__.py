"""What follows from a new message in an inbox."""
