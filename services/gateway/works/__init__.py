"""The public work board: for everybody to look at, for the staff to fill and to keep decent."""
