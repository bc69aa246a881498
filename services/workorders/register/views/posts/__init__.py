"""Who holds which post where: the staff of a place."""
