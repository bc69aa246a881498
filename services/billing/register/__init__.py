"""What billing keeps of the register."""
