"""A module a command, named as the command: each has `command`, a `click.Command`."""
