"""Web push: what comes into an inbox is shown on the devices that its person chose for that."""
