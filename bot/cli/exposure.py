"""`bside lab exposure`: how evenly the bot spreads what it shows."""

import asyncio
import json
import math
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from bot.cli.console import CatalogOption, JsonOption, catalog_url, facts
from bot.cli.wiring import check_output, open_database, write_whole
from bot.clock import SystemClock
from bot.services.catalog import LiveCatalog
from bot.services.discover import ExposureReport, ExposureWatch
from bot.ui import text


def exposure(
    *,
    days: Annotated[int, typer.Option(min=1, max=3650, help="How far to look back.")] = 30,
    catalog: CatalogOption = None,
    json_file: JsonOption = None,
) -> None:
    """Show how evenly the picks of the last days are spread over the catalogue.

    The report does not say who was shown what.
    """
    report = asyncio.run(_report(catalog_url(catalog), days, json_file))
    _tell(report)
    if json_file is not None:
        write_whole(json_file, as_json(report).encode())


async def _report(url: str | None, days: int, json_file: Path | None) -> ExposureReport:
    async with open_database(url, must_exist=True) as database:
        if json_file is not None:
            check_output(json_file, inputs=[], database=database)
        watch = ExposureWatch(database, SystemClock())
        return await watch.report(await LiveCatalog(database).get(), days=days)


def as_json(report: ExposureReport) -> str:
    """Return the report as JSON; a share that has no value is null."""
    shares = asdict(report.exposure)
    document = {
        "days": report.days,
        **{
            name: None if isinstance(value, float) and math.isnan(value) else value
            for name, value in shares.items()
        },
        "resting": report.resting,
        "most_shown": [
            {"track": _name(one.hit.title, one.hit.artist), "times": one.times}
            for one in report.most
        ],
    }
    return json.dumps(document, indent=2, ensure_ascii=False, allow_nan=False) + "\n"


def _tell(report: ExposureReport) -> None:
    console = Console(highlight=False)
    found = report.exposure
    if not found.shown:
        console.print(f"Nothing was shown in the last {text.count(report.days, 'day')}.")
        return
    table = facts(f"Shown in the last {text.count(report.days, 'day')}")
    table.add_row("picks", f"{found.shown:,}")
    table.add_row("different tracks", f"{found.tracks:,}")
    table.add_row("coverage of the catalogue", _share(found.coverage, 2))
    table.add_row("Gini over the catalogue (0 even, 1 unequal)", f"{found.gini:.3f}")
    table.add_row("Gini over the tracks shown", f"{found.gini_shown:.3f}")
    table.add_row("long tail: picks by the less known half of artists", _share(found.long_tail))
    table.add_row("picks by artists nobody counts", _share(found.unknown))
    table.add_row("tracks that rest now, because they were shown too often", f"{report.resting:,}")
    console.print(table)
    most = Table(title="Shown most", title_justify="left")
    most.add_column("track", overflow="fold")
    most.add_column("times", justify="right")
    for one in report.most:
        rests = " (rests)" if one.rests else ""
        most.add_row(escape(_name(one.hit.title, one.hit.artist)) + rests, f"{one.times:,}")
    console.print(most)


def _name(title: str, artist: str | None) -> str:
    return f"{artist} – {title}" if artist else title


def _share(share: float, digits: int = 0) -> str:
    return "–" if math.isnan(share) else f"{100 * share:.{digits}f} %"
