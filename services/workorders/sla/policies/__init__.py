"""When an order moves, its next escalation moves with it; and what follows from a calendar."""
