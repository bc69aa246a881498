"""Who people are to work orders: their language and their posts."""
