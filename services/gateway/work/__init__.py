"""A technician's own work of the day, which stays readable and doable without a connection."""
