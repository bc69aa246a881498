"""What services promise each other: a JSON Schema and an example of every event, and every method."""
