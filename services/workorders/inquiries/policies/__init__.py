"""What follows from events, one sentence a file."""
