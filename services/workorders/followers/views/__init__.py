"""What is read about followers."""
