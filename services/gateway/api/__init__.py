"""``/api/v1``: every command and query of every service over HTTP."""
