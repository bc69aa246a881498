"""What accounts show."""
