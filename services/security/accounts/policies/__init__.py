"""What accounts do by themselves."""
