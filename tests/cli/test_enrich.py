"""`bside catalog enrich`, with services on the loopback interface."""

import io
import os
import signal
from pathlib import Path

import pytest
from rich.console import Console
from typer.testing import CliRunner

from bot.cli import app
from bot.cli.enrich import fill_gaps
from bot.demo.outside import World
from bot.demo.servers.loopback import Call
from bot.errors import DatabaseError, OperatorError
from bot.store.engine import Database
from bot.store.measures import Gap
from tests.fakes import FakeClock
from tests.outside import open_outside
from tests.services.finding.test_enrichment import add_songs, known, song


class PressesControlC(list[Call]):
    """What a service was asked; at the thirteenth call the operator has enough."""

    def append(self, call: Call) -> None:
        super().append(call)
        if len(self) == 13:
            os.kill(os.getpid(), signal.SIGINT)


def rows(console: Console) -> dict[str, str]:
    """Return what the summary says, by its first column."""
    assert isinstance(console.file, io.StringIO)
    cells = [
        [cell.strip() for cell in line.strip("│ ").split("│")]
        for line in console.file.getvalue().splitlines()
        if "│" in line
    ]
    return {cell[0]: cell[1] for cell in cells if len(cell) == 2}


async def enrich(world: World, *gaps: Gap, limit: int | None = None) -> tuple[bool, dict[str, str]]:
    console = Console(file=io.StringIO(), width=120)
    whole = await fill_gaps(world.outside.enrichment, list(gaps or Gap), limit, console)
    return whole, rows(console)


async def test_the_summary_says_what_was_learned_and_from_whom(database: Database) -> None:
    await add_songs(database, range(990, 1010))
    async with open_outside(database, FakeClock(), [song(n) for n in range(1000)]) as world:
        whole, table = await enrich(world)

    assert whole
    assert table == {
        "tracks that got features": "10",
        "tracks whose features no service knows": "10",
        "tracks without a usable answer (features)": "0",
        "tracks that got popularity": "10",
        "tracks whose popularity no service knows": "10",
        "tracks without a usable answer (popularity)": "0",
        "answers from reccobeats": "20",
    }


async def test_control_c_shows_what_was_learned_and_the_next_time_goes_on(
    database: Database,
) -> None:
    await add_songs(database, range(1000))
    async with open_outside(database, FakeClock(), [song(n) for n in range(1000)]) as world:
        world.reccobeats.calls = PressesControlC()
        whole, table = await enrich(world, Gap.FEATURES)
        first = await known(database, "energy")
        again, _ = await enrich(world, Gap.FEATURES)
        calls = len(world.reccobeats.calls)

    assert not whole
    assert again
    assert table["tracks that got features"] == "400"
    assert first == 400
    assert await known(database, "energy") == 1000
    assert calls == 25


async def test_silent_services_are_one_sentence(database: Database) -> None:
    await add_songs(database, range(10))
    async with open_outside(database, FakeClock(), []) as world:
        world.fail()
        with pytest.raises(OperatorError, match="What was found is stored"):
            await enrich(world)


def test_without_a_database_there_is_nothing_to_enrich(home: Path) -> None:
    with pytest.raises(DatabaseError, match="There is no database"):
        CliRunner().invoke(app, ["catalog", "enrich"], catch_exceptions=False)

    assert not list(home.iterdir())


@pytest.mark.usefixtures("home")
def test_an_empty_catalogue_asks_nobody() -> None:
    CliRunner().invoke(app, ["db", "upgrade"], catch_exceptions=False)

    result = CliRunner().invoke(
        app, ["catalog", "enrich", "--missing", "features", "--limit", "5"], catch_exceptions=False
    )

    assert result.exit_code == 0
    assert "tracks that got features" in result.output
    assert "popularity" not in result.output


@pytest.mark.usefixtures("home")
def test_doctor_says_which_keys_are_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LASTFM_API_KEY", "hidden")
    monkeypatch.setenv("SPOTIFY_CLIENT_ID", "half")

    result = CliRunner().invoke(app, ["doctor", "--offline"])

    assert "set: Last.fm; not set: Odesli, Spotify, a contact" in result.output
    assert "Set both SPOTIFY_CLIENT_ID and SPOTIFY_CLIENT_SECRET" in result.output
    assert "hidden" not in result.output
