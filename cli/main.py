"""The `wuye` command: each module of `cli.commands` is one sub-command, imported when called."""

from __future__ import annotations

import os
import pkgutil
import sys
import traceback
from importlib import import_module
from typing import Any

import click

import cli.commands
from shared.config.settings import EXIT_CODE, BadSettings
from shared.errors import WuyeError

_INTERRUPTED = 130


class Commands(click.Group):
    """The sub-commands by the names of their modules, `_` read as `-`."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(
            _command_name(each.name) for each in pkgutil.iter_modules(cli.commands.__path__)
        )

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        for each in pkgutil.iter_modules(cli.commands.__path__):
            if _command_name(each.name) == cmd_name:
                found = import_module(f"cli.commands.{each.name}").command
                assert isinstance(found, click.Command)
                return found
        return None


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="wuye")
def wuye() -> None:
    """物业: an event-sourced property-management platform."""


def main(arguments: list[str] | None = None) -> None:
    """Run one command. An error is one line on stderr, after a traceback if `WUYE_DEBUG` is set."""
    # Taken out of the environment, since it is no setting of the processes started from here.
    debug = bool(os.environ.pop("WUYE_DEBUG", ""))
    try:
        result: Any = wuye.main(arguments, prog_name="wuye", standalone_mode=False)
    except BadSettings as bad:
        _end(bad.faults, EXIT_CODE, debug)
    except (click.Abort, KeyboardInterrupt):
        _end(["interrupted"], _INTERRUPTED, debug)
    except click.ClickException as error:
        _end([error.format_message()], 1, debug)
    except WuyeError as error:
        _end([_one_line(error)], 1, debug)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
    except Exception as error:
        said = f"{type(error).__name__}: {error}; set WUYE_DEBUG=1 to see where"
        _end([f"unexpected {said}"], 1, debug)
    sys.exit(result if isinstance(result, int) else 0)


def _command_name(module: str) -> str:
    return module.strip("_").replace("_", "-")


def _one_line(error: WuyeError) -> str:
    parts = [error.message]
    parts += [f"{name}: {' '.join(texts)}" for name, texts in error.fields.items()]
    if error.allowed:
        parts.append(f"possible now: {', '.join(error.allowed)}")
    return "; ".join(parts)


def _end(lines: list[str], code: int, debug: bool) -> None:
    if debug:
        traceback.print_exc()
    for line in lines:
        click.secho("wuye: " + " ".join(line.split()), fg="red", err=True)
    sys.exit(code)


if __name__ == "__main__":
    main()
