"""What services promise: a JSON Schema and an example of every event and of every method."""
