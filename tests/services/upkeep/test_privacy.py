"""Deleting everything, with a row in every table: whoever adds a table is held to it here."""

from datetime import date
from typing import Any, Final

from sqlalchemy import Boolean, Column, Date, Float, Integer, LargeBinary, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.services import build_services
from bot.services.plays.listens import ADMIT
from bot.store import dialect
from bot.store.dialect import UtcDateTime
from bot.store.engine import Database
from bot.store.tables import metadata
from tests.conftest import NOON
from tests.fakes import FakeClock

ANN: Final = 901_234_567_890_123_456
BEN: Final = 902_345_678_901_234_567
IDS: Final = {ANN: 1, BEN: 2}

PEOPLE: Final = {"user_id", "moderator_id", "decided_by", "verified_by"}
SHARED: Final = {"promotions": 1, "artist_claims": 1}
"""Of these Ben's rows name Ann's, too."""
CHOSEN: Final[dict[str, dict[str, Any]]] = {
    "feedback": {"kind": "rating", "subject": "track", "value": 5.0},
    "linked_accounts": {"service": "lastfm", "basis": "top"},
    "ended_links": {"service": "spotify"},
    "jobs": {"kind": ADMIT},
    "promotions": {"kind": "track", "url": "https://low.bandcamp.com", "ai": "partly"},
    "guild_settings": {"ai": "label"},
    "ai_appeals": {"state": "open"},
    "ai_artists": {"share": "partly"},
}


VALUES: Final[tuple[tuple[type, Any], ...]] = (
    (Boolean, False),
    (UtcDateTime, NOON),
    (Date, date(2026, 11, 20)),
    (LargeBinary, b"x"),
    (Integer, None),
    (Float, None),
)


def value_of(column: Column[Any], user_id: int) -> Any:
    """Return a value for a column of the row that is somebody's."""
    number, table = IDS[user_id], column.table
    chosen = CHOSEN.get(table.name, {})
    if column.name in chosen:
        return chosen[column.name]
    if is_person(column):
        return user_id
    if table.name == "bans" and column.nullable:
        return None
    for refers in column.foreign_keys:
        other = refers.column.table
        alone = column.primary_key and len(table.primary_key.columns) == 1
        shared = number if alone else SHARED.get(other.name, number)
        return None if other is table else shared
    for kind, value in VALUES:
        if isinstance(column.type, kind):
            return number if value is None else value
    return f"{column.name} {number}"[: getattr(column.type, "length", None) or 99]


def is_person(column: Column[Any]) -> bool:
    """Tell whether a column names a person."""
    refers = {key.column.table.name for key in column.foreign_keys}
    subject = (column.table.name, column.name) == ("jobs", "subject_id")
    itself = (column.table.name, column.name) == ("users", "id")
    return column.name in PEOPLE or "users" in refers or subject or itself


async def fill(conn: AsyncConnection) -> None:
    """Give Ann and Ben a row in every table; Ben's name what is Ann's, where that can be."""
    for table in metadata.sorted_tables:
        for user_id in IDS:
            row = {column.name: value_of(column, user_id) for column in table.columns}
            await conn.execute(insert(table).values(row))


async def naming(conn: AsyncConnection, user_id: int) -> set[str]:
    """Return the tables in which somebody's id stands, as a number or in a text."""
    return {
        table.name
        for table in metadata.sorted_tables
        for row in await conn.execute(select(table))
        if any(str(user_id) in str(value) for value in row)
    }


async def test_after_deleting_everything_no_table_names_the_person_but_bans(
    database: Database,
) -> None:
    async with database.write() as conn:
        await fill(conn)
    async with database.read() as conn:
        before = await naming(conn, ANN), await naming(conn, BEN)
    services = build_services(database, FakeClock(NOON))

    removed, _ = await services.privacy.delete(ANN)

    people = {one.table.name for t in metadata.sorted_tables for one in t.c if is_person(one)}
    assert before == (people, people)
    async with database.read() as conn:
        assert await naming(conn, ANN) == {"bans"}
        kept = await naming(conn, BEN)
        assert not await dialect.integrity_problems(conn)
    of_anns = {"ai_appeals", "claim_hands", "reports"}
    assert people - kept == of_anns, "what Ben was and said to what Ann had"
    assert removed.total > 0
    left = await services.privacy.show(ANN)
    assert (left.total, left.bans) == (0, 1)
