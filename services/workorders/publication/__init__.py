"""The public work board: what was repaired, shown to everybody, by what the staff released."""
