"""The event log: the one truth of a service, and all that touches the eventsourcing library."""
