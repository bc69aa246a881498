"""Who is sent to which order: by grabbing, by a dispatcher, or by the rules."""
