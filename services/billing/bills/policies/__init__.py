"""What bills do by themselves, one sentence a file."""
