"""The `wuye` command."""
