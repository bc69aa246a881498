"""What dispatchers work from: the open orders by how far they are, and who has how much to do."""
