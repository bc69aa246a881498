"""Comments on an order, beside its timeline."""
