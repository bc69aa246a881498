"""Who people are to notifications: their language and their posts."""
