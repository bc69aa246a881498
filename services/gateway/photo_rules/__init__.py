"""The page where a manager sets which work takes photos."""
