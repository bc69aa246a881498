"""Web push: switching it on and off for the browser at hand."""
