"""The communities, the time they live by, and their buildings."""
