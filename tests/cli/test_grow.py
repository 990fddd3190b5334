"""`bside catalog grow`, with services on the loopback interface."""

import io
import os
import signal
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from rich.console import Console
from typer.testing import CliRunner

from bot.cli.catalog import app
from bot.cli.grow import grow_shown, summary
from bot.demo.outside import World
from bot.demo.servers.loopback import Call
from bot.errors import OperatorError, SetupError
from bot.services.catalog import LiveCatalog
from bot.services.growth import Around, AroundKind, Grown, Growth, Meetings
from bot.store.engine import Database
from tests.cli.test_enrich import rows
from tests.fakes import FakeClock
from tests.outside import open_outside
from tests.services.growth.scenes import songs_by

SONGS = [*songs_by("Low", 1, 4), *songs_by("Ida", 2, 3), *songs_by("Red", 3, 2)]


class PressesControlC(list[Call]):
    """What a service was asked; at the third call the operator has enough."""

    def append(self, call: Call) -> None:
        super().append(call)
        if len(self) == 3:
            os.kill(os.getpid(), signal.SIGINT)


@pytest.fixture
async def world(database: Database) -> AsyncIterator[World]:
    async with open_outside(database, FakeClock(), SONGS) as world:
        world.deezer.related |= {"Low": ["Ida"], "Ida": ["Red"]}
        yield world


def growth_of(database: Database, world: World) -> Growth:
    clock = FakeClock()
    meetings = Meetings(database, world.outside, clock)
    return Growth(database, meetings, LiveCatalog(database), clock, None)


async def grow(database: Database, world: World, *, limit: int = 100) -> tuple[bool, str]:
    console = Console(file=io.StringIO(), width=120)
    around = Around(AroundKind.ARTIST, "Low")
    whole = await grow_shown(growth_of(database, world), around, limit, console)
    assert isinstance(console.file, io.StringIO)
    return whole, console.file.getvalue()


async def test_the_summary_says_who_was_met(database: Database, world: World) -> None:
    console = Console(file=io.StringIO(), width=120)
    around = Around(AroundKind.ARTIST, "Low")

    assert await grow_shown(growth_of(database, world), around, 100, console)

    assert rows(console) == {
        "artists met": "3",
        "artists whom no service knows": "0",
        "new tracks": "9",
        "of these measured": "9",
    }


@pytest.mark.sqlite
async def test_control_c_keeps_whom_we_met(database: Database, world: World) -> None:
    world.deezer.calls = PressesControlC()

    whole, said = await grow(database, world)
    again, _ = await grow(database, world)

    assert not whole
    assert "everybody whom we met so far is there" in said
    assert again


async def test_a_name_that_nobody_knows_is_told_so(database: Database, world: World) -> None:
    console = Console(file=io.StringIO())
    around = Around(AroundKind.ARTIST, "Nobody")

    with pytest.raises(OperatorError, match="No music service knows an artist called Nobody"):
        await grow_shown(growth_of(database, world), around, 10, console)


@pytest.mark.parametrize("around", ["artist", "listeners all", "song Words", "", "artist L\udcffw"])
def test_what_is_nothing_to_grow_around_is_told_so(
    around: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)

    with pytest.raises(SetupError, match="Write --around listeners"):
        CliRunner().invoke(app, ["grow", "--around", around], catch_exceptions=False)


def test_a_name_with_brackets_is_shown_as_it_stands_when_it_ended_early() -> None:
    console = Console(file=io.StringIO(), width=120)

    console.print(summary(Grown(artists=1, ended="Nobody who answers knows more of Low [/b]")))

    assert rows(console)["ended early"] == "Nobody who answers knows more of Low [/b]"
