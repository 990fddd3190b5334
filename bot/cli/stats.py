"""`bside catalog stats` and `forget`: what is in the catalogue, who said it, and without whom."""

import asyncio
from typing import Annotated, Final

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from bot.cli.console import facts
from bot.cli.rising import kept_since, source_name
from bot.cli.wiring import open_database
from bot.clock import SystemClock
from bot.core.catalog import FameCoverage, Independence, count_independence, fame_coverage
from bot.errors import OperatorError
from bot.services.catalog import LiveCatalog, PopularityPast
from bot.store import acquaintances, catalog_sources
from bot.store.acquaintances import Growth
from bot.store.catalog_sources import Source
from bot.store.catalog_stats import CatalogStats, catalog_stats
from bot.store.popularity_past import PastOfSource

_RELEASED: Final = {
    "tracks by independent artists": Independence.INDEPENDENT,
    "tracks on a label": Independence.ON_LABEL,
    "tracks of which nobody says who released them": Independence.UNKNOWN,
}


def stats() -> None:
    """Show how many tracks there are, how much is known about them, and who said it."""
    console = Console()
    with console.status("Counting"):
        found = asyncio.run(_stats())
    console.print(_stats_table(*found))


def forget(
    source: Annotated[
        str,
        typer.Argument(
            help="whose, for example spotify: `bside catalog stats` names all", metavar="SOURCE"
        ),
    ],
    sure: Annotated[bool, typer.Option("--yes", help="do not ask")] = False,
) -> None:
    """Remove all that one source said of the catalogue; the tracks stay."""
    asyncio.run(_forget(source, Console(), sure=sure))


async def _forget(source: str, console: Console, *, sure: bool) -> None:
    async with open_database(must_exist=True) as database:
        async with database.read() as conn:
            known = {one.name: one for one in await catalog_sources.sources(conn)}
        source = next((name for name in known if name.lower() == source.strip().lower()), source)
        if source not in known:
            names = f"these did: {', '.join(known)}" if known else "nobody did"
            raise OperatorError(f"{source} has said nothing of this catalogue; {names}.")
        told = known[source]
        console.print(
            f"{escape(source)} told the popularity of {told.popularity:,} tracks, and how "
            f"{told.features:,} sound, and who released {told.labels:,}."
        )
        if not sure and not typer.confirm("Remove all of it?"):
            console.print("Nothing was changed.")
            return
        with console.status("Removing"):
            async with database.write() as conn:
                done = await catalog_sources.forget(conn, source)
        console.print(
            f"✓ Removed the popularity of {done.popularity:,} tracks, what was measured of "
            f"{done.features:,}, and who released {done.labels:,}. Copies of the database that "
            "were made before still hold it."
        )


_Found = tuple[
    CatalogStats, list[Source], FameCoverage, dict[Independence, int], list[PastOfSource], Growth
]


async def _stats() -> _Found:
    async with open_database(must_exist=True) as database:
        async with database.read() as conn:
            stats = await catalog_stats(conn)
            told = await catalog_sources.sources(conn)
            growth = await acquaintances.growth(conn)
        past = await PopularityPast(database, SystemClock()).kept()
        catalog = await LiveCatalog(database).get()
        return stats, told, fame_coverage(catalog), count_independence(catalog), past, growth


def _stats_table(
    stats: CatalogStats,
    told: list[Source],
    fame: FameCoverage,
    released: dict[Independence, int],
    past: list[PastOfSource],
    growth: Growth,
) -> Table:
    table = facts("Catalogue")
    for text, count in {
        "tracks": stats.tracks, "artists": stats.artists, "albums": stats.albums,
        "genres": stats.genres, "version": stats.version,
    }.items():  # fmt: skip
        table.add_row(text, f"{count:,}")
    if stats.first_year is not None:
        table.add_row("years", f"{stats.first_year} – {stats.last_year}")
    table.add_section()
    for feature, share in stats.feature_shares.items():
        table.add_row(f"{feature} known", f"{share:.1%}")
    table.add_row("year known", f"{stats.year_share:.1%}")
    table.add_row("duration known", f"{stats.duration_share:.1%}")
    table.add_row("popularity known", f"{stats.popularity_share:.1%}")
    table.add_section()
    for one in told:
        name = source_name(one.name)
        if one.popularity:
            table.add_row(escape(f"popularity from {name}"), f"{one.popularity:,}{_age(one)}")
        for kept in past:
            if kept.source == one.name:
                table.add_row("  its past", kept_since(kept))
        if one.features:
            table.add_row(escape(f"sound from {name}"), f"{one.features:,}")
        if one.labels:
            table.add_row(escape(f"who released it, from {name}"), f"{one.labels:,}")
    for namespace, count in stats.external_ids.items():
        table.add_row(escape(f"ids: {namespace}"), f"{count:,}")
    table.add_section()
    for what, state in _RELEASED.items():
        table.add_row(what, f"{released[state]:,}")
    table.add_section()
    _add_fame(table, fame)
    if growth != Growth(0, 0):
        table.add_section()
        table.add_row("artists met by itself", f"{growth.met:,}")
        table.add_row("  who wait to be met", f"{growth.waiting:,}")
    return table


def _age(told: Source) -> str:
    """Return of when the popularity of a source is."""
    if told.newest is None:
        return ""
    if told.oldest == told.newest:
        return f" ({told.newest})"
    return f" ({told.oldest} – {told.newest})"


def _add_fame(table: Table, fame: FameCoverage) -> None:
    """Say how many artists somebody counts: what the dial of obscurity goes by."""
    share = f" ({fame.counted / fame.artists:.1%})" if fame.artists else ""
    table.add_row("artists whom somebody counts", f"{fame.counted:,}{share}")
    for source, count in fame.by_source.items():
        table.add_row(escape(f"  by {source_name(source)}"), f"{count:,}")
    table.add_row("  in lists of the scene", f"{fame.in_lists:,}")
    table.add_row("  in lists alone", f"{fame.by_lists_alone:,}")
    table.add_row("artists nobody counts: their fame is a guess", f"{fame.uncounted:,}")
