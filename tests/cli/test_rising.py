"""`bside catalog rising`, and what `bside catalog stats` says of the past."""

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import update
from typer.testing import CliRunner

from bot.cli.catalog import app
from bot.services.catalog import PopularityPast
from bot.store.engine import Database
from bot.store.tables import popularity
from tests.conftest import NOON
from tests.fakes import FakeClock
from tests.stored import StoredTrack, add_tracks


@pytest.fixture
def address(database_file: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> str:
    monkeypatch.chdir(tmp_path)
    address = f"sqlite+aiosqlite:///{database_file}"
    monkeypatch.setenv("DATABASE_URL", address)
    monkeypatch.setenv("COLUMNS", "160")
    return address


def run(*arguments: str) -> str:
    result = CliRunner().invoke(app, list(arguments), catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.output


async def keep_months(address: str, values: list[float]) -> None:
    """Let an artist have these numbers of listeners, month by month, among nine who stay."""
    async with Database(address) as database:
        async with database.write() as conn:
            songs = [StoredTrack(f"S{n}", f"A{n}", popularity=10.0 * n) for n in range(1, 10)]
            await add_tracks(conn, songs)
            (own,) = await add_tracks(conn, [StoredTrack("Up [1]", "Ann", popularity=values[0])])
        for place, value in enumerate(values):
            async with database.write() as conn:
                rows = update(popularity).where(popularity.c.track_id == own)
                await conn.execute(rows.values(value=value))
            await PopularityPast(database, FakeClock(NOON + timedelta(days=31 * place))).look(0)


def test_before_two_months_are_kept_it_says_what_to_wait_for(address: str) -> None:
    asyncio.run(keep_months(address, [5.0]))

    assert "needs two months of one source" in run("rising")
    assert "since 2026-11 (1 month, 10 rows)" in run("stats")


def test_who_rose_is_shown_with_the_months(address: str) -> None:
    asyncio.run(keep_months(address, [5.0, 55.0, 500.0]))

    told = run("rising", "--limit", "1")

    assert "spotify (tables you imported): kept since 2026-11 (3 months" in told
    (row,) = (line for line in told.splitlines() if "Ann" in line)
    assert [cell.strip() for cell in row.strip("│").split("│")] == [
        "Ann", "20%", "80%", "Up [1]", "2026-11 20%, 2026-12 53%, 2027-01 80%",
    ]  # fmt: skip


def test_where_nobody_rose_it_says_so(address: str) -> None:
    asyncio.run(keep_months(address, [5.0, 5.0]))

    assert "Nobody became noticeably better known." in run("rising")


def test_what_is_forgotten_is_not_compared_any_more(address: str) -> None:
    asyncio.run(keep_months(address, [5.0, 500.0]))

    run("forget", "spotify", "--yes")

    assert "There is nothing to compare yet" in run("rising")
