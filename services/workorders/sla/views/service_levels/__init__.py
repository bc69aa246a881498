"""What every community promises."""
