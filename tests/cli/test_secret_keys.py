import asyncio
from pathlib import Path

import pytest
from sqlalchemy import select
from typer.testing import CliRunner, Result

from bot.cli.secret_keys import app
from bot.core.accounts import LinkedService, ListeningBasis
from bot.errors import DatabaseError, SetupError
from bot.services.accounts.vault import Vault, new_key
from bot.store import accounts, listeners
from bot.store.engine import Database
from bot.store.tables import linked_accounts
from tests.conftest import NOON
from tests.templates import put_database

OLD, NEW = new_key(), new_key()


def run(*arguments: str, keys: str = "") -> Result:
    return CliRunner().invoke(app, list(arguments), env={"SECRET_KEYS": keys})


def keep_secret(home: Path, key: str) -> None:
    """Make a database with one token under a key."""
    put_database(home / "bside.db")

    async def make() -> None:
        async with (
            Database(f"sqlite+aiosqlite:///{home / 'bside.db'}") as database,
            database.write() as conn,
        ):
            await listeners.ensure(conn, 1, now=NOON)
            await accounts.add(
                conn,
                1,
                LinkedService.LISTENBRAINZ,
                name="ann",
                display_name=None,
                secret=Vault([key]).seal("hush"),
                basis=ListeningBasis.TOP,
                now=NOON,
            )

    asyncio.run(make())


def kept_secret(home: Path) -> bytes:
    async def read() -> bytes:
        async with (
            Database(f"sqlite+aiosqlite:///{home / 'bside.db'}") as database,
            database.read() as conn,
        ):
            return bytes(await conn.scalar(select(linked_accounts.c.secret)) or b"")

    return asyncio.run(read())


@pytest.mark.usefixtures("home")
def test_a_new_key_can_be_used_and_is_another_each_time() -> None:
    first, second = run("new-key").stdout.strip(), run("new-key").stdout.strip()

    assert first != second
    assert Vault([first]).open(Vault([first]).seal("hush")) == "hush"


def test_rotate_puts_all_under_the_first_key(home: Path) -> None:
    keep_secret(home, OLD)

    first = run("rotate", keys=f"{NEW}, {OLD}")
    second = run("rotate", keys=NEW)

    assert "Encrypted 1 under the newest key; 0 were already" in first.output
    assert "Encrypted 0 under the newest key; 1 were already" in second.output
    assert Vault([NEW]).open(kept_secret(home)) == "hush"


def test_rotate_tells_of_what_no_key_opens_and_leaves_it(home: Path) -> None:
    keep_secret(home, OLD)
    before = kept_secret(home)

    result = run("rotate", keys=NEW)

    assert isinstance(result.exception, SetupError)
    assert "1 cannot be opened with any of SECRET_KEYS" in str(result.exception)
    assert kept_secret(home) == before


@pytest.mark.parametrize(("keys", "told"), [("", "is not set"), ("short", "key 1 is not a key")])
def test_rotate_needs_keys_that_can_be_used(home: Path, keys: str, told: str) -> None:
    keep_secret(home, OLD)

    result = run("rotate", keys=keys)

    assert isinstance(result.exception, SetupError)
    assert told in str(result.exception)


@pytest.mark.usefixtures("home")
def test_rotate_makes_no_database() -> None:
    result = run("rotate", keys=NEW)

    assert isinstance(result.exception, DatabaseError)
