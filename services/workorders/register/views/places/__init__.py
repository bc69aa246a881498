"""The units, and where they are."""
