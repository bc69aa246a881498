"""Who calls: callers and their posts, signed tokens, service keys, and what revokes them."""
