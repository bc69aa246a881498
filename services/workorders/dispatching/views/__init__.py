"""What dispatching reads."""
