"""Work orders: repairs and complaints on one lifecycle."""
