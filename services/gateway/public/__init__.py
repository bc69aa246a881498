"""Without a log-in: reporting from a QR sign at a place, and following what was reported."""
