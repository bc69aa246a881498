"""What is registered, and what is refused. Pure."""
