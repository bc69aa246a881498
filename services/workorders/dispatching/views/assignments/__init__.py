"""Orders as dispatching sees them: waiting, in whose hands, since when."""
