"""`bside catalog rising`: who became better known."""

import asyncio
from typing import Annotated, Final

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from bot.cli.wiring import open_database
from bot.clock import SystemClock
from bot.core.catalog import month_name
from bot.services.catalog import PopularityPast, Risen
from bot.store.popularity_past import PastOfSource

_SOURCES: Final = {
    "fma": "fma (Free Music Archive listens)",
    "spotify": "spotify (tables you imported)",
}
"""What a source is called, where its name, which `forget` takes, says little."""
_NOTHING: Final = (
    "There is nothing to compare yet: the running bot keeps once a month how popular tracks are, "
    "and needs two months of one source. `bside catalog stats` shows what is kept."
)


def rising(
    months: Annotated[
        int, typer.Option(min=1, max=1200, help="over so many months, or as many as are kept")
    ] = 12,
    limit: Annotated[int, typer.Option(min=1, max=1000, help="how many artists to show")] = 20,
) -> None:
    """Show the artists who became better known, by what the running bot keeps once a month."""
    asyncio.run(_rising(months, limit, Console()))


def source_name(source: str) -> str:
    """Return what a source of popularity is called."""
    return _SOURCES.get(source, source)


def kept_since(past: PastOfSource) -> str:
    """Return how much of the past of a source is kept."""
    months = "1 month" if past.months == 1 else f"{past.months:,} months"
    return f"since {month_name(past.first)} ({months}, {past.rows:,} rows)"


async def _rising(months: int, limit: int, console: Console) -> None:
    async with open_database(must_exist=True) as database:
        past = PopularityPast(database, SystemClock())
        kept = await past.kept()
        if all(one.months < 2 for one in kept):
            console.print(_NOTHING)
            return
        with console.status("Comparing"):
            found = await past.rising(months=months, limit=limit)
    for one in kept:
        console.print(f"{escape(source_name(one.source))}: kept {kept_since(one)}")
    console.print(_table(found) if found else "Nobody became noticeably better known.")


def _table(found: list[Risen]) -> Table:
    table = Table("artist", "from", "to", "best-known song", "its place among all songs")
    for row in found:
        places = ", ".join(f"{month_name(month)} {share:.0%}" for month, share in row.past)
        ends = f"{row.before:.0%}", f"{row.after:.0%}"
        table.add_row(escape(row.artist), *ends, escape(row.song), places)
    return table
