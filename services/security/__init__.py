"""Security: the register of communities, people and homes; accounts, posts, sessions and tokens."""
