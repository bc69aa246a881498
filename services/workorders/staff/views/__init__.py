"""What is read about staff."""
