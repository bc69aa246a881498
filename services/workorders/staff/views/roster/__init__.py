"""Who is there when."""
