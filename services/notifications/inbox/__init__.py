"""An inbox a person: what concerns them, told exactly once."""
