"""What the tests of every service lean on."""
