import asyncio
import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import create_engine
from typer.testing import CliRunner, Result

from bot.cli.db import app
from bot.errors import DatabaseError, SetupError
from bot.store import migrate, restoring
from bot.store.engine import Database
from tests import servers

HEAD = migrate.head_revision()


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, list(arguments))


def execute(*statements: str) -> None:
    async def go() -> None:
        async with Database("sqlite+aiosqlite:///bside.db") as database, database.write() as conn:
            for statement in statements:
                await conn.exec_driver_sql(statement)

    asyncio.run(go())


def test_upgrade_makes_a_database_and_then_has_nothing_to_do(home: Path) -> None:
    first, second = run("upgrade"), run("upgrade")

    assert f"Made the database: schema {HEAD}" in first.output
    assert "nothing to do" in second.output
    assert first.exit_code == second.exit_code == 0
    assert [path.name for path in home.iterdir() if "backup" in path.name] == []


def test_upgrade_refuses_a_database_of_a_newer_version(home: Path) -> None:
    run("upgrade")
    execute("UPDATE alembic_version SET version_num = '9999'")

    result = run("upgrade")

    assert isinstance(result.exception, DatabaseError)
    assert "newer B-Side" in str(result.exception)


def test_upgrade_says_no_while_the_bot_runs_and_goes_on_when_it_stopped(home: Path) -> None:
    run("upgrade")
    engine = create_engine(f"sqlite:///{home / 'bside.db'}")
    with engine.begin() as conn:
        command.downgrade(migrate.alembic_config(conn), "0016")
    engine.dispose()

    with restoring.in_use(home / "bside.db"):
        refused = run("upgrade")
    done = run("upgrade")

    assert isinstance(refused.exception, DatabaseError)
    assert "is in use. Stop the bot" in str(refused.exception)
    assert f"Upgraded the database from schema 0016 to {HEAD}" in done.output
    assert len(list(home.glob("bside.db.before-0016-*"))) == 1


def test_backup_copies_beside_the_database_by_itself(home: Path) -> None:
    run("upgrade")

    result = run("backup")

    assert result.exit_code == 0
    assert len(list(home.glob("bside.db.backup-*"))) == 1


def test_backup_copies_to_a_file_or_folder_that_is_named(home: Path) -> None:
    run("upgrade")
    (home / "copies").mkdir()

    assert run("backup", "copy.db").exit_code == 0
    assert run("backup", "copies").exit_code == 0
    assert (home / "copy.db").exists()
    assert len(list((home / "copies").iterdir())) == 1


@pytest.mark.parametrize(
    ("target", "sentence"), [("bside.db", "exists already"), ("nowhere/x.db", "There is no folder")]
)
def test_backup_refuses_a_bad_target_in_a_sentence(home: Path, target: str, sentence: str) -> None:
    run("upgrade")

    result = run("backup", target)

    assert isinstance(result.exception, DatabaseError)
    assert sentence in str(result.exception)


@pytest.mark.parametrize("command", ["backup", "check"])
def test_a_database_that_is_not_there_is_not_made_by_looking(home: Path, command: str) -> None:
    result = run(command)

    assert isinstance(result.exception, DatabaseError)
    assert "There is no database at bside.db yet" in str(result.exception)
    assert list(home.iterdir()) == []


def test_check_says_that_all_is_well(home: Path) -> None:
    run("upgrade")

    result = run("check")

    assert result.exit_code == 0
    assert "sound" in result.output


def test_check_finds_a_reference_to_nothing(home: Path) -> None:
    run("upgrade")
    execute(
        "INSERT INTO artists (id, name, key) VALUES (1, 'Low', 'low')",
        "INSERT INTO albums (id, artist_id, title, key) VALUES (1, 1, 'X', 'x')",
    )

    async def orphan() -> None:
        url = "sqlite+aiosqlite:///bside.db"
        async with Database(url) as database, database.engine.connect() as plain:
            conn = await plain.execution_options(no_transaction=True)
            await conn.exec_driver_sql("PRAGMA foreign_keys = OFF")
            await conn.exec_driver_sql("DELETE FROM artists")

    asyncio.run(orphan())
    result = run("check")

    assert isinstance(result.exception, DatabaseError)
    assert "points to a missing row of artists" in result.output


@pytest.mark.parametrize("command", ["upgrade", "backup", "check"])
def test_a_file_that_is_no_database_is_told(home: Path, command: str) -> None:
    (home / "bside.db").write_bytes(b"this is no database at all" * 100)

    result = run(command)

    assert isinstance(result.exception, DatabaseError)
    assert "damaged or is not a B-Side database" in str(result.exception)


@pytest.mark.parametrize("command", ["upgrade", "check"])
def test_an_address_that_is_none_is_told(
    home: Path, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    monkeypatch.setenv("DATABASE_URL", "nonsense")

    result = run(command)

    assert isinstance(result.exception, SetupError)


def test_upgrade_into_a_missing_folder_is_told(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "sqlite+aiosqlite:///missing/bside.db")

    result = run("upgrade")

    assert isinstance(result.exception, DatabaseError)
    assert "There is no folder" in str(result.exception)


@pytest.mark.parametrize("command", ["upgrade", "backup", "check"])
def test_a_folder_in_place_of_the_database_is_told(home: Path, command: str) -> None:
    (home / "bside.db").mkdir()

    result = run(command)

    assert isinstance(result.exception, DatabaseError)
    assert "bside.db is a folder" in str(result.exception)


def test_what_the_commands_write_is_for_this_user_only(home: Path) -> None:
    for name in ("upgrade", "backup"):
        done = [sys.executable, "-m", "bot", "db", name]
        subprocess.run(done, cwd=home, check=True, umask=0o022, env=_with_bot())  # noqa: S603

    modes = {path.name: path.stat().st_mode & 0o777 for path in home.iterdir()}
    assert len(modes) == 3, "the database, its lock and the copy"
    assert set(modes.values()) == {0o600}


def _with_bot() -> dict[str, str]:
    return os.environ | {"PYTHONPATH": str(Path(__file__).parents[2])}


@pytest.fixture
def served(tmp_path: Path) -> Iterator[str]:
    """The address of an empty database of PostgreSQL."""
    made = servers.fresh_database("empty", tmp_path)
    yield made
    servers.drop_database(made)


def test_all_moves_to_postgresql_and_back(
    home: Path, served: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    run("upgrade")
    execute("INSERT INTO app_state VALUES ('a', 'b')")
    monkeypatch.setenv("DATABASE_URL", served)

    there = run("copy", "bside.db")
    back = run("copy", served, "again.db")

    assert "Copied 2 rows of 1 tables" in there.output, there.exception
    assert "Copied 2 rows of 1 tables" in back.output, back.exception
    with closing(sqlite3.connect(home / "again.db")) as conn:
        assert conn.execute("SELECT value FROM app_state WHERE name <> 'keys'").fetchall() == [
            ("b",)
        ]


def test_what_cannot_be_copied_is_told(home: Path, served: str) -> None:
    run("upgrade")
    with restoring.in_use(home / "bside.db"):
        used = run("copy", "bside.db", served)
    same, missing = run("copy", "bside.db", "bside.db"), run("copy", "nowhere.db", served)

    assert "in use" in str(used.exception)
    assert "the same database" in str(same.exception)
    assert "no database at" in str(missing.exception)


@pytest.mark.usefixtures("home")
def test_a_database_on_a_server_is_copied_checked_and_put_back(
    served: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", served)

    copied, checked = run("backup", "copy.dump"), run("check")
    restored, refused = run("restore", "copy.dump"), run("restore", "nothing.dump")

    assert "to copy.dump" in copied.output, copied.exception
    assert "is sound" in checked.output, checked.exception
    assert "Put copy.dump in the place of the database test_" in restored.output
    assert "no file nothing.dump" in str(refused.exception)
