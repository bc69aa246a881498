"""Work orders: reporting, lists, one order's timeline and what can be done to it."""
