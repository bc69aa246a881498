"""Hosting a service in nameko: the only place, with messaging, that knows nameko and eventlet."""
