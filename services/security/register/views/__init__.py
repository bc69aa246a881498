"""What the register shows."""
