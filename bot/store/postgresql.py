"""What only PostgreSQL needs: its address, how its connections are set up, what its failures mean.

Whoever uses a database holds a lock of it with every connection, shared with all others who use it;
to change its schema or to put it back from a copy takes this lock alone. Whoever writes holds a
second one until the end of the transaction. So there is one writer at a time, as in SQLite: what a
transaction has read is still true when it writes, however many processes there are. Both end with
the connection, however that ends.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import URL, Connection, event, inspect
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.errors import DatabaseError

OLDEST: Final = 14
"""The first version of PostgreSQL that is supported."""
USERS_LOCK: Final = 0xB51DE001
"""The key of the advisory lock of whoever uses a database."""
WRITER_LOCK: Final = 0xB51DE002
"""The key of the advisory lock of whoever writes."""

_SHARE: Final = f"SELECT pg_try_advisory_lock_shared({USERS_LOCK})"
_ALONE_PATIENCE_S: Final = 2
_ALONE: Final = f"SELECT pg_advisory_lock({USERS_LOCK})"
_NO_LONGER_ALONE: Final = f"SELECT pg_advisory_unlock({USERS_LOCK})"
_WRITE: Final = f"SELECT set_config('lock_timeout', $1, true), pg_advisory_xact_lock({WRITER_LOCK})"
READING: Final = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
"""The options of a transaction that only reads: one consistent view."""

_SESSION: Final = {
    "application_name": "bside",
    "jit": "off",  # to compile takes longer than any question of ours
    "timezone": "UTC",
    # Whoever vanishes must not keep the others from writing.
    "idle_in_transaction_session_timeout": "300000",
    "tcp_keepalives_idle": "30",
    "tcp_keepalives_interval": "10",
    "tcp_keepalives_count": "3",
}
_CONNECT_S: Final = 10
_STATEMENT_S: Final = 600
_STATEMENTS_KEPT: Final = 500

_AGAIN: Final = "Try again in a minute; nothing was changed."
_UNREACHABLE: Final = (
    "The database server cannot be reached. See whether PostgreSQL runs, and whether host and port "
    f"in DATABASE_URL are right. {_AGAIN}"
)
_ENDING: Final = (
    ("connection", "clos"),
    ("cannot switch to state", "another operation (2)"),  # the server has said that it ends it
)
"""Words with which the driver, for want of a state, tells that a connection is at its end."""
_SENTENCES: Final = {
    "55P03": (
        "The database is locked: somebody else has been writing to it for long (an import, another "
        f"program). {_AGAIN}"
    ),
    "53100": (
        "There is no room left on the disk of the database server. Free some space and try again; "
        "nothing was changed."
    ),
    "53300": (
        "The database server takes no more connections. Raise max_connections in its settings, or "
        f"run fewer processes. {_AGAIN}"
    ),
    "3D000": (
        "There is no database of that name. Make it with `createdb`, or mend the name in "
        "DATABASE_URL."
    ),
    "42501": (
        "The user in DATABASE_URL may not do this. Let it own the database: "
        "`ALTER DATABASE name OWNER TO user`."
    ),
    "25006": (
        "The database server only reads at this moment. Name the primary in DATABASE_URL, not a "
        "standby."
    ),
    "57014": f"The database took too long. {_AGAIN}",
    "40001": f"Somebody else wrote at the same moment. {_AGAIN}",
    "40P01": f"Somebody else wrote at the same moment. {_AGAIN}",
    "57P03": f"The database server is starting or stopping. {_AGAIN}",
}
_HELD_ALONE: Final = (
    "The database is being upgraded or put back from a copy at this moment. Try again when that is "
    "done."
)
_IN_USE: Final = (
    "The database is in use. Stop every bot and whatever else has it open (an import), then try "
    "again; nothing was changed."
)
_DAMAGE: Final = ("XX", "22")
"""Classes of errors of rows that are no rows any more."""
_CLASSES: Final = {
    "08": _UNREACHABLE,
    "28": (
        "The database server does not let this user in. Mend user and password in DATABASE_URL, or "
        "allow them in its pg_hba.conf."
    ),
    "53": f"The database server is short of memory. {_AGAIN}",
    "57": f"The database server ended the connection. {_AGAIN}",
    "58": "The database server has trouble with its disk; its log says more.",
    "XX": "The database is damaged, as its server says; the log of the server says more.",
}


def address(url: URL) -> URL:
    """Return the address as the driver wants it, given as other programs write it."""
    query = dict(url.query)
    mode = query.pop("sslmode", None)
    if mode is not None and "ssl" not in query:
        query["ssl"] = mode
    return url.set(drivername="postgresql+asyncpg", query=query)


def engine_options() -> dict[str, Any]:
    """Return what the engine is told: a connection that broke is found out before it is used."""
    return {
        "pool_pre_ping": True,
        "connect_args": {
            "server_settings": _SESSION,
            "timeout": _CONNECT_S,
            "command_timeout": _STATEMENT_S,
            "prepared_statement_cache_size": _STATEMENTS_KEPT,
        },
    }


@dataclass(slots=True)
class Users:
    """Who uses a database."""

    alone: bool = False
    """Only these; they hold the lock of the users alone."""


def prepare_engine(engine: AsyncEngine, users: Users, busy_timeout_ms: int) -> None:
    """Set up each connection: it holds the lock of the users, in its turn that of the writer."""

    @event.listens_for(engine.sync_engine, "connect")
    def on_connect(connection: Any, _record: Any) -> None:
        connection.run_async(lambda driver: _let_in(driver, users))

    @event.listens_for(engine.sync_engine, "begin")
    def on_begin(connection: Connection) -> None:
        options = connection.get_execution_options()
        if options.get("writes"):
            patience_ms = max(1, min(options.get("patience_ms", busy_timeout_ms), busy_timeout_ms))
            connection.exec_driver_sql(_WRITE, (str(patience_ms),))


@asynccontextmanager
async def held_alone(conn: AsyncConnection) -> AsyncIterator[None]:
    """Hold the lock of the users alone meanwhile, with a connection outside of transactions.

    Raises:
        DatabaseError: somebody uses the database.
    """
    await conn.exec_driver_sql(f"SET lock_timeout = '{_ALONE_PATIENCE_S}s'")  # one may just leave
    try:
        await conn.exec_driver_sql(_ALONE)
    except DBAPIError as error:
        if getattr(error.orig, "sqlstate", None) == "55P03":
            raise DatabaseError(_IN_USE) from error
        raise
    await conn.exec_driver_sql("SET lock_timeout = 0")
    try:
        yield
    finally:
        await conn.exec_driver_sql(_NO_LONGER_ALONE)


async def unreadable(conn: AsyncConnection) -> list[str]:
    """Read every row of every table; return what could not be read."""
    names = await conn.run_sync(lambda c: inspect(c).get_table_names())
    problems = []
    for name in sorted(names):
        try:
            async with conn.begin_nested():
                await conn.exec_driver_sql(f'SELECT count(t::text) FROM "{name}" t')  # noqa: S608
        except DBAPIError as error:
            if getattr(error.orig, "sqlstate", "")[:2] not in _DAMAGE:
                raise
            problems.append(f"{name}: {str(error.orig).partition(': ')[2]}")
    return problems


async def _let_in(driver: Any, users: Users) -> None:
    """Make sure that a new connection can be used.

    Raises:
        DatabaseError: the server is none for us, or somebody uses the database alone.
    """
    version = driver.get_server_version()
    encoding = await driver.fetchval("SHOW server_encoding")
    found = problem((version.major, version.minor), str(encoding))
    if found is None and not users.alone and not await driver.fetchval(_SHARE):
        found = _HELD_ALONE
    if found is not None:
        raise DatabaseError(found)


def problem(version: tuple[int, ...], encoding: str) -> str | None:
    """Return why a server cannot be used, and what to do; None when it can.

    Args:
        version: of the server, like (18, 4).
        encoding: of the database, as the server calls it.
    """
    if version < (OLDEST,):
        said = ".".join(str(part) for part in version)
        return (
            f"The database server is PostgreSQL {said}, and B-Side needs {OLDEST} or newer. "
            "Upgrade it, or name another one in DATABASE_URL."
        )
    if encoding != "UTF8":
        return (
            f"The database keeps text as {encoding}, which cannot hold every title. Make another "
            "one with `createdb --encoding=UTF8 --template=template0`."
        )
    return None


def sentence(error: BaseException | None) -> str | None:
    """Return what a failure of the server or of the way to it means; None for a bug of ours.

    Args:
        error: as the driver raised it, or SQLAlchemy's translation of that.
    """
    state = getattr(error, "sqlstate", None)
    if isinstance(state, str):
        return _SENTENCES.get(state) or _CLASSES.get(state[:2])
    told = str(error).lower()
    if isinstance(error, OSError | TimeoutError) or any(
        all(word in told for word in words) for words in _ENDING
    ):
        return _UNREACHABLE
    return None
