"""The edge: the web pages, and the way in for the ``wuye`` command. It owns no events."""
