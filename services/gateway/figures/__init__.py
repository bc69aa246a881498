"""For managers: how content people are and how fast work is done, as tiles, charts and tables."""
