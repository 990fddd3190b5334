"""`bside log fairness`: what is promised of promotions, checked by a published log."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from bot.core.record import FEWEST_PICKS, ONE_IN, Fairness, Head, Heard
from bot.errors import RecordError
from bot.services.record import Told, read_published


def fairness(
    file: Annotated[Path, typer.Argument(help="A log that `bside log publish` wrote.")],
    heads: Annotated[
        list[str] | None,
        typer.Option("--head", help="A head from elsewhere, as SIZE:ROOT; may be repeated."),
    ] = None,
) -> None:
    """Check a published log, and what is promised of promotions; no database is needed."""
    known = [Head.read(one) for one in heads or []]
    told = _read(file, known)
    console = Console(highlight=False)
    _tell_log(told, known, console)
    console.print(_promises(told.fairness))
    if told.fairness.promotions:
        console.print(_table(told.fairness))
    if not told.fairness.is_kept:
        raise RecordError("A promise was broken; the table says which.")


def _read(file: Path, known: list[Head]) -> Told:
    try:
        size = file.stat().st_size
    except OSError as error:
        raise RecordError(f"{file} cannot be read: {error.strerror}.") from error
    columns = TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TimeRemainingColumn()
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("Reading", total=size)
        return read_published(file, known, lambda read: bar.advance(task, read))


def _tell_log(told: Told, known: list[Head], console: Console) -> None:
    found = told.fairness
    console.print(
        f"✓ {found.leaves:,} leaves give the root of the head {told.head}.", soft_wrap=True
    )
    for one in known:
        console.print(f"✓ They pass through the head {one}.", soft_wrap=True)
    if not known:
        console.print("Compare the head with one you got elsewhere, or give it with --head.")
    if found.closed:
        console.print(f"Of {found.closed:,} only the hash is left: their people are forgotten.")


def _promises(found: Fairness) -> Table:
    table = Table(title="What is promised of promotions", title_justify="left")
    table.add_column("promise")
    table.add_column("in this log", justify="right")
    table.add_column("kept")
    share = found.promoted / found.picks if found.picks else 0.0
    table.add_row(
        f"At most one pick in {ONE_IN} is promoted, for each listener",
        f"{found.promoted:,} of {found.picks:,} ({share:.1%}), {found.early:,} too early",
        _mark(not found.early) if found.early or found.is_share_kept else "? ask why",
    )
    table.add_row(
        "Never more than one in an answer",
        f"{found.crowded:,} answers with more",
        _mark(not found.crowded),
    )
    table.add_row(
        f"None in an answer of fewer than {FEWEST_PICKS}",
        f"{found.too_short:,} such answers",
        _mark(not found.too_short),
    )
    return table


def _mark(kept: bool) -> str:
    return "✓" if kept else "✗ broken"


def _table(found: Fairness) -> Table:
    table = Table(title="How often each promotion came", title_justify="left")
    for name in ("promotion", "posted", "removed"):
        table.add_column(name)
    for name in ("by name", "blind", "promised blind", "votes on its post"):
        table.add_column(name, justify="right")
    for _, one in sorted(found.promotions.items()):
        table.add_row(*_line(one))
    if found.unnamed:
        table.caption = (
            f"{found.unnamed:,} promoted picks do not say yet of which promotion: they are too "
            "recent, or fewer than five people met it."
        )
    return table


def _line(one: Heard) -> tuple[str, ...]:
    promised = "–" if one.guaranteed is None else f"{one.guaranteed:,}"
    return (
        f"{one.number}",
        one.posted or "before the log",
        one.removed or "",
        f"{one.named:,}",
        f"{one.blind:,}",
        promised,
        f"{one.votes:,}",
    )
