"""Comments on an order, from both sides; what staff say among themselves is apart."""
