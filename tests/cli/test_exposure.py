import asyncio
import json
from datetime import timedelta
from pathlib import Path

from typer.testing import CliRunner, Result

from bot.cli.lab import app
from bot.clock import SystemClock
from bot.store import listeners, picks
from bot.store.engine import Database


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["exposure", *arguments])


def show(*shown: tuple[int, int, int]) -> None:
    """Fill the database of the settings: (listener, track, days ago)."""

    async def go() -> None:
        now = SystemClock().now()
        async with Database("sqlite+aiosqlite:///bside.db") as database, database.write() as conn:
            for user, track, days in shown:
                at = now - timedelta(days=days)
                await listeners.ensure(conn, user, now=at)
                await picks.add(conn, user, track, explanation="{}", promotion_id=None, now=at)

    asyncio.run(go())


def test_what_was_shown_most_stands_first_and_rests(filled_home: Path) -> None:
    show(*((user, 1, 1) for user in range(5)), (1, 2, 2), (1, 3, 40))

    result = run("--json", "out.json")

    assert result.exit_code == 0, result.output
    assert "(rests)" in result.output
    document = json.loads((filled_home / "out.json").read_text())
    assert (document["shown"], document["tracks"], document["resting"]) == (6, 2, 1)
    assert [one["times"] for one in document["most_shown"]] == [5, 1]
    assert document["long_tail"] is None  # of the games no popularity is known
    assert document["unknown"] == 1


def test_a_longer_look_back_counts_more(filled_home: Path) -> None:
    show((1, 2, 2), (1, 3, 40))

    run("--days", "60", "--json", "out.json")

    assert json.loads((filled_home / "out.json").read_text())["shown"] == 2


def test_a_bot_that_showed_nothing_says_so(filled_home: Path) -> None:
    show()

    assert "Nothing was shown in the last 7 days." in run("--days", "7").output
