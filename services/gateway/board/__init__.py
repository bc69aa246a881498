"""For dispatchers: the board of open orders, sending many at once, and who is calling."""
