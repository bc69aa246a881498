"""People who follow an order of others, because it is their trouble too."""
