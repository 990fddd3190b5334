"""`bside db restore`: a copy in the place of the database, or everything as it was."""

import asyncio
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from bot.cli.db import app
from bot.cli.wiring import open_database
from bot.errors import DatabaseError
from bot.store import restoring
from bot.store.engine import Database
from tests.templates import put_database


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, list(arguments))


def refused(*arguments: str) -> str:
    result = run(*arguments)
    assert isinstance(result.exception, DatabaseError)
    return str(result.exception)


def note(file: Path, value: str) -> None:
    with closing(sqlite3.connect(file)) as conn, conn:
        conn.execute("INSERT OR REPLACE INTO app_state VALUES ('note', ?)", (value,))


def noted(file: Path) -> str:
    with closing(sqlite3.connect(file)) as conn:
        return str(conn.execute("SELECT value FROM app_state WHERE name = 'note'").fetchone()[0])


@pytest.fixture
def copied(home: Path) -> Path:
    """A database that says new, and a copy that says old."""
    put_database(home / "bside.db")
    note(home / "bside.db", "old")
    assert run("backup", "copy.db").exit_code == 0
    note(home / "bside.db", "new")
    return home


@contextmanager
def in_a_log(file: Path) -> Iterator[None]:
    """Write something that is still in the log afterwards, as a crash leaves it."""
    with closing(sqlite3.connect(file)) as conn:
        conn.execute("PRAGMA journal_mode = WAL")
        conn.execute("PRAGMA wal_autocheckpoint = 0")
        conn.execute("INSERT OR REPLACE INTO app_state VALUES ('note', 'in the log')")
        conn.commit()
        left = {path: path.read_bytes() for path in file.parent.glob("bside.db*")}
    for path, content in left.items():
        path.write_bytes(content)
    yield


def test_a_copy_takes_the_place_of_the_database_which_is_kept(copied: Path) -> None:
    (copied / "bside.db.snapshot").mkdir()

    result = run("restore", "copy.db")

    assert result.exit_code == 0, result.output
    (former,) = copied.glob("bside.db.former-*")
    assert former.name in result.output.replace("\n", "")
    assert (noted(copied / "bside.db"), noted(former), noted(copied / "copy.db")) == (
        "old", "new", "old",
    )  # fmt: skip
    assert not (copied / "bside.db.snapshot").exists()
    assert run("check").exit_code == 0


def test_a_log_that_a_crash_left_behind_goes_to_the_former_one(copied: Path) -> None:
    with in_a_log(copied / "bside.db"):
        assert (copied / "bside.db-wal").stat().st_size > 0

        assert run("restore", "copy.db").exit_code == 0

    (former,) = copied.glob("bside.db.former-*")
    assert (noted(copied / "bside.db"), noted(former)) == ("old", "in the log")
    assert run("check").exit_code == 0


def test_a_damaged_database_is_kept_with_its_log(copied: Path) -> None:
    (copied / "bside.db").write_bytes(b"no database any more" * 500)
    (copied / "bside.db-wal").write_bytes(b"a log")

    assert run("restore", "copy.db").exit_code == 0

    kept = sorted(path.name.partition("former-")[2][15:] for path in copied.glob("*.former-*"))
    assert kept == ["", "-wal"]
    assert noted(copied / "bside.db") == "old"
    assert not (copied / "bside.db-wal").exists()


def test_a_copy_makes_a_database_where_there_is_none(copied: Path) -> None:
    (copied / "bside.db").unlink()

    assert run("restore", "copy.db").exit_code == 0

    assert noted(copied / "bside.db") == "old"
    assert list(copied.glob("*.former-*")) == []


def not_there(_: Path) -> None:
    Path("copy.db").unlink()


def a_text(_: Path) -> None:
    Path("copy.db").write_text("never a database " * 100)


def cut_off(_: Path) -> None:
    content = Path("copy.db").read_bytes()
    Path("copy.db").write_bytes(content[: len(content) // 2])


def of_somebody_else(_: Path) -> None:
    Path("copy.db").unlink()
    with closing(sqlite3.connect("copy.db")) as conn:
        conn.execute("CREATE TABLE cats (name TEXT)")


def of_a_newer_version(_: Path) -> None:
    with closing(sqlite3.connect("copy.db")) as conn, conn:
        conn.execute("UPDATE alembic_version SET version_num = '9999'")


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (not_there, "There is no file"),
        (a_text, "cannot be copied|is damaged"),
        (cut_off, "cannot be copied|is damaged"),
        (of_somebody_else, "no database of B-Side"),
        (of_a_newer_version, "newer B-Side"),
    ],
)
def test_a_copy_that_cannot_be_used_leaves_everything_as_it_was(
    copied: Path, spoil: object, says: str
) -> None:
    assert callable(spoil)
    spoil(copied)

    with pytest.raises(DatabaseError, match=says):
        raise DatabaseError(refused("restore", "copy.db"))

    assert noted(copied / "bside.db") == "new"
    assert [path.name for path in copied.iterdir() if "former" in path.name] == []
    assert [path.name for path in copied.iterdir() if "part" in path.name] == []


def test_the_database_itself_is_no_copy(copied: Path) -> None:
    assert "is the database itself" in refused("restore", "bside.db")


def test_while_a_command_or_the_bot_runs_nothing_is_put_back(copied: Path) -> None:
    async def meanwhile() -> str:
        async with open_database(f"sqlite+aiosqlite:///{copied / 'bside.db'}"):
            return await asyncio.to_thread(refused, "restore", "copy.db")

    assert "is in use" in asyncio.run(meanwhile())
    assert noted(copied / "bside.db") == "new"


def test_while_anything_else_has_it_open_nothing_is_put_back(copied: Path) -> None:
    async def meanwhile() -> str:
        async with Database(f"sqlite+aiosqlite:///{copied / 'bside.db'}") as database:
            async with database.read() as conn:
                await conn.exec_driver_sql("SELECT 1 FROM app_state")
            return await asyncio.to_thread(refused, "restore", "copy.db")

    assert "is in use" in asyncio.run(meanwhile())
    assert noted(copied / "bside.db") == "new"


def test_while_a_copy_is_put_back_nobody_begins_to_use_it(copied: Path) -> None:
    with restoring.in_use(copied / "bside.db", alone=True):
        assert "is being put back" in refused("check")
