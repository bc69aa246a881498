"""When what was done to each order, a row an order."""
