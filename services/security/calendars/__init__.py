"""Calendar feeds: an address that shows a person's times to whoever knows its secret."""
