"""Which communities dispatch some of their orders by themselves."""
