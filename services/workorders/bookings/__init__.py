"""A technician's time: what visits take of it, so that no two are agreed for the same."""
