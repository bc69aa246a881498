"""Every bill, with its payments and its cause."""
