import asyncio
import csv
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from bot.cli.scene import app
from bot.errors import DatabaseError, SeedsError, SetupError
from bot.store.engine import Database
from tests.listed import SIZE, entries, store, world
from tests.templates import put_database

WORLD = world(lists=30)


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, list(arguments))


def fill(file: str, *, empty: bool = False) -> None:
    put_database(Path(file))

    async def go() -> None:
        async with (
            Database(f"sqlite+aiosqlite:///{file}") as database,
            database.write() as conn,
        ):
            await store(conn, WORLD)

    if not empty:
        asyncio.run(go())


def write_lists(file: Path, *more: tuple[str, str]) -> None:
    with file.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(("list", "track_id"))
        writer.writerows((one.list, one.track_id) for one in entries(WORLD))
        writer.writerows(more)


def test_train_says_what_was_learned_and_from_what(home: Path) -> None:
    fill("bside.db")
    write_lists(home / "lists.csv", ("odd", "nobody"))

    result = run("train", "lists.csv", "--dimensions", "8", "--seed", "3")

    assert result.exit_code == 0, result.output
    assert "does not hold 1 of" in result.output
    assert "such as: nobody" in result.output
    lines = {line.split("│")[1].strip(): line for line in result.output.splitlines() if "│" in line}
    assert "lists.csv" in lines["from"]
    assert " 30 " in lines["lists with two known songs"]
    assert " 31 " in lines["lists read"]
    assert " 8 " in lines["dimensions"]
    assert f"of {SIZE:,} (" in lines["tracks of the catalogue in them"]
    assert (home / "bside.db.scene" / "CURRENT").exists()


def test_lines_that_are_no_listens_are_counted(home: Path) -> None:
    fill("bside.db")
    write_lists(home / "lists.csv")
    (home / "1.listens").write_text('{"listened_at": 5, "track_metadata": {}}\n')

    result = run("train", "lists.csv", "1.listens", "--dimensions", "4")

    assert result.exit_code == 0, result.output
    assert "1 line without a time or names skipped" in result.output


def test_show_and_remove_know_the_scene_there_is(home: Path) -> None:
    fill("other.db")
    write_lists(home / "lists.csv")
    run("train", "lists.csv", "--dimensions", "4", "--catalog", "other.db")

    shown = run("show", "--catalog", "other.db")
    removed = run("remove", "--catalog", "other.db")
    again = run("remove", "--catalog", "other.db")

    assert "lists.csv" in shown.output
    assert f"of {SIZE:,} (" in shown.output
    assert "The scene is removed." in removed.output
    assert "There is no scene; nothing to do." in again.output
    assert isinstance(run("show", "--catalog", "other.db").exception, SetupError)
    assert not (home / "bside.db").exists()


@pytest.mark.parametrize(
    ("arguments", "error", "sentence"),
    [
        (("train", "none.csv"), SeedsError, "There is no file none.csv"),
        (("train", "."), SeedsError, "Line 2 of broken.jsonl is not JSON"),
        (("train", "few.csv"), SeedsError, "No scene can be learned from these files"),
        (("train", "lists.csv", "--catalog", "empty.db"), SetupError, "The catalogue is empty"),
        (("train", "lists.csv", "--catalog", "none.db"), SetupError, "no database none.db"),
        (("show",), SetupError, "Train one: bside scene train"),
    ],
    ids=["no file", "a broken file", "too few lists", "an empty catalogue", "no such catalogue",
         "nothing to show"],
)  # fmt: skip
def test_what_cannot_be_done_is_a_sentence(
    home: Path, arguments: tuple[str, ...], error: type[Exception], sentence: str
) -> None:
    fill("bside.db")
    fill("empty.db", empty=True)
    write_lists(home / "lists.csv")
    (home / "few.csv").write_text("list,track_id\na,id1\na,id2\n")
    (home / "broken.jsonl").write_text('{"listened_at": 5, "track_metadata": {}}\n{"listened')

    result = run(*arguments)

    assert isinstance(result.exception, error)
    assert sentence in str(result.exception)
    assert not (home / "bside.db.scene").exists()


@pytest.mark.parametrize("command", [("train", "lists.csv"), ("show",), ("remove",)])
def test_without_a_database_it_is_said_what_makes_one(home: Path, command: tuple[str, ...]) -> None:
    write_lists(home / "lists.csv")

    result = run(*command)

    assert isinstance(result.exception, DatabaseError)
    assert "bside catalog import" in str(result.exception)
    assert not (home / "bside.db").exists()
