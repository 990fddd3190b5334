"""The command line: the only place that reads the settings and joins everything."""

import os
import sys
from importlib import import_module, metadata
from typing import Annotated, Any, Final

import typer
from typer.core import TyperGroup

from bot.errors import OperatorError
from bot.sandbox import hide_memory

_COMMANDS: Final = {
    "run": "run:run",
    "demo": "demo:demo",
    "doctor": "doctor:doctor",
    "catalog": "catalog:app",
    "scene": "scene:app",
    "analyze": "analyze:analyze",
    "recommend": "batch:recommend",
    "eval": "evaluate:evaluate",
    "lab": "lab:app",
    "db": "db:app",
    "log": "record:app",
    "secrets": "secret_keys:app",
    "commands": "commands:app",
}
"""Each command, and where it is: module and name. Only the one that is wanted is imported."""


class _Commands(TyperGroup):
    """Imports a command when it is asked for: together they take seconds."""

    def list_commands(self, ctx: Any) -> list[str]:
        """Return the names, in the order of the help."""
        return list(_COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """Return a command; None when there is none of that name."""
        if cmd_name not in _COMMANDS:
            return None
        module, _, name = _COMMANDS[cmd_name].partition(":")
        found = getattr(import_module(f"bot.cli.{module}"), name)
        if not isinstance(found, typer.Typer):
            alone = typer.Typer(add_completion=False)
            alone.command(cmd_name)(found)
            found = alone
        return typer.main.get_command(found)


app = typer.Typer(
    name="bside",
    cls=_Commands,
    help="A Discord bot that finds the B-sides: under-the-radar tracks that fit your taste.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


def _show_version(wanted: bool) -> None:
    if wanted:
        print(f"bside {metadata.version('bside')}")
        raise typer.Exit


@app.callback()
def _options(
    _version: Annotated[
        bool,
        typer.Option(
            "--version", help="Show the version and exit.", callback=_show_version, is_eager=True
        ),
    ] = False,
) -> None:
    """Find the B-sides: under-the-radar tracks that fit your taste, on Discord."""


def main() -> None:
    """Run the command line; what the operator can mend is one sentence, not a traceback.

    The token and the keys are in this process's environment: nobody else may read that.

    Whatever it writes is for this user only: the database, its backups, the snapshot.
    """
    os.umask(0o077)
    hide_memory()
    try:
        app()
    except OperatorError as error:
        from rich.console import Console  # noqa: PLC0415 – only when something went wrong

        Console(stderr=True).print(str(error), style="bold red", markup=False, highlight=False)
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)
