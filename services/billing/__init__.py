"""What is owed for chargeable work, and what was paid."""
