"""The units of all buildings."""
