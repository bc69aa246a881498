"""Which communities have a public work board."""
