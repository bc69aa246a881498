"""Which photos belong to anything, and to whom: for whoever keeps the files."""
