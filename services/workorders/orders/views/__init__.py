"""Read models of the orders."""
