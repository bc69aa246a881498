"""Who was sent by rounds, and why."""
