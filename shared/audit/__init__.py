"""What auditors ask of all logs together: what belongs to one stream, and what happened when."""
