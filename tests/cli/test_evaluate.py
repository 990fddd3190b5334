import asyncio
import csv
import json
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner, Result

from bot.cli.evaluate import evaluate
from bot.errors import SeedsError, SetupError
from bot.services.bench.als import als_installed
from bot.store.engine import Database
from tests.listed import entries, store, world
from tests.templates import put_database

app = typer.Typer()
app.command()(evaluate)
WORLD = world(lists=20)


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, list(arguments))


def fill(file: str) -> None:
    put_database(Path(file))

    async def go() -> None:
        async with (
            Database(f"sqlite+aiosqlite:///{file}") as database,
            database.write() as conn,
        ):
            await store(conn, WORLD)

    asyncio.run(go())


def write_lists(file: Path, *more: tuple[str, str]) -> None:
    with file.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(("list", "track_id"))
        writer.writerows((one.list, one.track_id) for one in entries(WORLD))
        writer.writerows(more)


def test_eval_prints_the_tables_and_writes_what_was_asked_for(home: Path) -> None:
    fill("bside.db")
    write_lists(home / "lists.csv", ("odd", "nobody"), ("odd", "id1"))

    result = run(
        "lists.csv", "--seeds", "2", "--lists", "6", "--obscurity", "70", "--json", "out.json",
        "--markdown", "out.md", "--plot", "out.png", "--seeds-per-list", "5",
    )  # fmt: skip

    assert result.exit_code == 0
    assert "does not hold 1 of 302 tracks: nobody" in result.output
    assert "1 of 21 lists have fewer than two known songs and cannot be judged: odd" in (
        result.output
    )
    assert "6 lists of 21 judged, each cut 80/20 2 times" in result.output
    assert "nearest lists (CF)" in result.output
    document = json.loads((home / "out.json").read_text())
    names = [line["name"] for line in document["lines"]]
    assert ("implicit ALS" in names) == als_installed()
    assert names[-2:] == ["B-Side: + scene", "B-Side: obscurity 70"]
    assert document["lines"][0]["measures"]["recall@100"]["count"] == 6
    assert document["lines"][0]["measures"]["recall@100, emerging"]["count"] > 0
    assert document["lines"][0]["measures"]["most shown"]["mean"] >= 1 / 6
    assert (document["dial"], document["seeds_per_list"]) == ([70], 5)
    text = (home / "out.md").read_text()
    assert (
        "bside eval lists.csv --seeds 2 --lists 6 --obscurity 70 --under 40 --seeds-per-list 5"
        in text
    )
    assert (home / "out.png").read_bytes().startswith(b"\x89PNG")
    assert sorted(path.name for path in home.iterdir() if path.name.startswith(".")) == []


def test_another_database_can_be_named(home: Path) -> None:
    fill("other.db")
    write_lists(home / "lists.csv")

    result = run("lists.csv", "--seeds", "1", "--lists", "1", "--catalog", "other.db")

    assert result.exit_code == 0
    assert not (home / "bside.db").exists()


@pytest.mark.parametrize(
    ("arguments", "error", "sentence"),
    [
        (("none.csv",), SeedsError, "There is no file none.csv"),
        (("lists.csv", "--json", "nowhere/out.json"), SetupError, "There is no folder"),
        (("lists.csv", "--plot", "."), SetupError, "is a folder: name a file in it"),
        (("lists.csv", "--json", "lists.csv"), SetupError, "is one of the files to read"),
        (("lists.csv", "--json", "a", "--plot", "a"), SetupError, "name the same file"),
        (("lists.csv", "--catalog", "none.db"), SetupError, "There is no database none.db"),
        (("lists.csv",), SetupError, "The catalogue is empty"),
    ],
    ids=[
        "no lists",
        "no folder",
        "a folder",
        "its input",
        "one file twice",
        "no database",
        "an empty catalogue",
    ],
)
def test_what_cannot_be_done_is_a_sentence(
    home: Path, arguments: tuple[str, ...], error: type[Exception], sentence: str
) -> None:
    write_lists(home / "lists.csv")

    result = run(*arguments)

    assert isinstance(result.exception, error)
    assert sentence in str(result.exception)
