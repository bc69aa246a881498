"""The people, where they live and which posts they hold."""
