"""What the commands show, and the options that several of them take."""

import asyncio
import signal
from collections.abc import Coroutine
from pathlib import Path
from typing import Annotated, Any, Final, TypeAlias, TypeVar

import typer
from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)
from rich.table import Table

from bot.errors import SetupError

T = TypeVar("T")

CatalogOption: TypeAlias = Annotated[
    str | None,
    typer.Option(
        "--catalog", help="A database file or its address; default: that of the settings."
    ),
]
JsonOption: TypeAlias = Annotated[
    Path | None, typer.Option("--json", help="Write every number to this file.")
]
_NAMED: Final = 5
"""How many unknown seeds or lists are named."""


def catalog_url(catalog: str | None) -> str | None:
    """Return the address of what `--catalog` names; None is the database of the settings.

    Raises:
        SetupError: there is no such file.
    """
    if catalog is None or "://" in catalog:
        return catalog
    file = Path(catalog)
    if not file.is_file():
        raise SetupError(f"There is no database {catalog}. Import one first: bside catalog import")
    return f"sqlite+aiosqlite:///{file.absolute()}"


def counting_bar() -> Progress:
    """Return a bar for work that is counted: what is done, how many of how many, how long yet."""
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
        console=Console(stderr=True),
    )


def facts(title: str) -> Table:
    """Return an empty table of facts: what it is on the left, its value on the right."""
    table = Table(title=title, title_justify="left", show_header=False)
    table.add_column(overflow="fold")
    table.add_column(justify="right", overflow="fold")
    return table


def first_names(names: list[str] | tuple[str, ...]) -> str:
    """Name the first few different ones, and how many more there are."""
    different = list(dict.fromkeys(names))
    more = len(different) - _NAMED
    return "; ".join(different[:_NAMED]) + (f"; and {more:,} more" if more > 0 else "")


async def until_interrupted(work: Coroutine[Any, Any, T]) -> asyncio.Task[T]:
    """Do something that Ctrl+C may cancel; return the task, which is done or cancelled."""
    task = asyncio.create_task(work)
    loop = asyncio.get_running_loop()
    loop.add_signal_handler(signal.SIGINT, task.cancel)
    try:
        await asyncio.wait([task])
    finally:
        loop.remove_signal_handler(signal.SIGINT)
        task.cancel()
    return task
