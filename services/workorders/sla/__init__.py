"""By when what must have been done to an order: calendars, targets, the clock, the ladder."""
