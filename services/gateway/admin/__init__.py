"""For admins: people, homes, accounts and roles, and the events that could not be handled."""
