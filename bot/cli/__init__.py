"""The command line: the only place that reads the settings and joins everything."""

import os
import sys
from importlib import metadata
from typing import Annotated

import typer
from rich.console import Console

from bot.cli import catalog, commands, db, lab, scene, secret_keys
from bot.cli.analyze import analyze
from bot.cli.batch import recommend
from bot.cli.demo import demo
from bot.cli.doctor import doctor
from bot.cli.evaluate import evaluate
from bot.cli.run import run
from bot.errors import OperatorError
from bot.sandbox import hide_memory

app = typer.Typer(
    name="bside",
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


app.command()(run)
app.command()(demo)
app.command()(doctor)
app.add_typer(catalog.app)
app.add_typer(scene.app)
app.command()(analyze)
app.command()(recommend)
app.command("eval")(evaluate)
app.add_typer(lab.app)
app.add_typer(db.app)
app.add_typer(secret_keys.app)
app.add_typer(commands.app)


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
        Console(stderr=True).print(str(error), style="bold red", markup=False, highlight=False)
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)
