"""Taking over orders of other systems, one event each, with a report of every line."""
