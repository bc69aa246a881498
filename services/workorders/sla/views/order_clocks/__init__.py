"""What the clock looks at of every order."""
