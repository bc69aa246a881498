"""What the policies of the clock must know of orders and promises."""
