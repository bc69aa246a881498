"""What each person was told."""
