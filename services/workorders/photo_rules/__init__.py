"""Which categories of a community take photos of the work: before it, after it."""
