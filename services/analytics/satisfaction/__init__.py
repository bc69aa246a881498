"""How content residents are: their ratings, and how many of them rate."""
