"""A month of the demo community, played on a virtual clock: the same seed, the same figures."""
