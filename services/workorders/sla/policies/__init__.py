"""When an order moves, its next escalation moves with it."""
