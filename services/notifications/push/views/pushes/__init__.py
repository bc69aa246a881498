"""One row a push that is not settled yet."""
