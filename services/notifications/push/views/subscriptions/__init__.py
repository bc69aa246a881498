"""One row a subscribed browser."""
