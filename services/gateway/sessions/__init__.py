"""Who is looking: log-in, log-out, tokens."""
