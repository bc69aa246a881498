"""The client's side: lifecycles of orders, one call at a time or in batches."""
