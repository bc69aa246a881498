"""Who is pushed to, and what is still to be pushed."""
