"""For auditors: an order's history through time, a search over events, and both as files."""
