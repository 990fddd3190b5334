"""What happened, sealed for the record in the transaction in which it happens.

A sealed fact waits without a position until `record_tree.take_in` gives it one, so that nobody who
writes has to wait for others, and no position is ever left out. What is known of a person is
forgotten by deleting the row: only the hash of the leaf stays.
"""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Row, delete, func, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.record import (
    PICK,
    Leaf,
    canonical,
)
from bot.store.dialect import listed
from bot.store.tables import record_openings

_SEED_BYTES: Final = 32
_openings = record_openings.c


@dataclass(frozen=True, slots=True)
class Fact:
    """Something that happened."""

    kind: str
    user_id: int
    private: Mapping[str, Any]
    """What only its person and the operator learn."""
    open: Mapping[str, Any] = field(default_factory=dict)
    """What everybody may learn, beside the kind and the day."""
    promotion: Mapping[str, Any] = field(default_factory=dict)
    """What may be learned of the promotion it is about."""
    fact_id: int | None = None
    about_id: int | None = None
    promotion_id: int | None = None


@dataclass(frozen=True, slots=True)
class Opening:
    """A fact as it was sealed."""

    id: int
    position: int | None
    kind: str
    user_id: int
    about_id: int | None
    promotion_id: int | None
    seed: bytes
    open: str
    promotion: str
    private: str

    @property
    def leaf(self) -> Leaf:
        """Its leaf, with all parts opened."""
        return Leaf.sealed(self.seed, (self.open, self.promotion, self.private))


COLUMNS: Final = [_openings[name] for name in Opening.__dataclass_fields__]


def opening_of(row: Row[Any]) -> Opening:
    """Return the opening in a row of `COLUMNS`."""
    return Opening(**row._asdict())


async def add(conn: AsyncConnection, facts: Sequence[Fact], *, now: datetime) -> None:
    """Seal facts, in one statement."""
    if not facts:
        return
    day, at = now.date().isoformat(), now.isoformat(timespec="milliseconds")
    rows = [
        {
            "kind": one.kind,
            "fact_id": one.fact_id,
            "user_id": one.user_id,
            "about_id": one.about_id,
            "promotion_id": one.promotion_id,
            "seed": secrets.token_bytes(_SEED_BYTES),
            "open": canonical({"kind": one.kind, "day": day, **one.open}),
            "promotion": canonical(one.promotion),
            "private": canonical({"user": one.user_id, "at": at, **one.private}),
        }
        for one in facts
    ]
    await conn.execute(insert(record_openings), rows)


async def forget(conn: AsyncConnection, user_id: int, promotion_ids: Sequence[int]) -> None:
    """Forget what was sealed of a person, and of what they promoted."""
    numbers = listed(conn, list(promotion_ids))
    for mine in (
        _openings.user_id == user_id,
        _openings.about_id == user_id,
        _openings.promotion_id.in_(numbers),
    ):
        await conn.execute(delete(record_openings).where(mine))


async def of_pick(
    conn: AsyncConnection, recommendation_id: int, *, user_id: int | None = None
) -> Opening | None:
    """Return what was sealed of a pick; None: nothing, or it is not this listener's."""
    query = select(*COLUMNS).where(_openings.kind == PICK, _openings.fact_id == recommendation_id)
    if user_id is not None:
        query = query.where(_openings.user_id == user_id)
    row = (await conn.execute(query)).first()
    return None if row is None else opening_of(row)


async def at(conn: AsyncConnection, position: int) -> Opening | None:
    """Return what is known of the leaf at a position; None: it is forgotten, or none is there."""
    row = (await conn.execute(select(*COLUMNS).where(_openings.position == position))).first()
    return None if row is None else opening_of(row)


async def between(conn: AsyncConnection, start: int, end: int) -> dict[int, Opening]:
    """Return by position what is known of leaves from … up to and without … ."""
    query = select(*COLUMNS).where(_openings.position >= start, _openings.position < end)
    found = [opening_of(row) for row in await conn.execute(query)]
    return {one.position: one for one in found if one.position is not None}


async def last_position(conn: AsyncConnection) -> int | None:
    """Return the highest position of what can be opened still."""
    last: int | None = await conn.scalar(select(func.max(_openings.position)))
    return last


async def met_by(conn: AsyncConnection, *, fewest: int) -> set[tuple[int, str]]:
    """Return each (promotion, kind of leaf) that so many people or more have leaves of."""
    people = func.count(_openings.user_id.distinct())
    query = (
        select(_openings.promotion_id, _openings.kind)
        .where(_openings.promotion_id.is_not(None))
        .group_by(_openings.promotion_id, _openings.kind)
        .having(people >= fewest)
    )
    return {(row[0], row[1]) for row in await conn.execute(query)}
