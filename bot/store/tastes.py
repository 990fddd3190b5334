"""The tastes that are kept beside the ledger, each with what it was derived from."""

from dataclasses import asdict, dataclass

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Text,
    cast,
    delete,
    func,
    insert,
    select,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.models import SubjectKind
from bot.store.tables import feedback, histories, linked_accounts, taste


@dataclass(frozen=True, slots=True)
class Position:
    """How far somebody's words and plays have come; any change of them is another position."""

    feedback_id: int
    """The last row of the ledger that is theirs and about music; 0 for none."""
    listening: str
    """Each of their histories: the number of its last change, and which part of it counts."""


@dataclass(frozen=True, slots=True)
class Origin:
    """What else a taste is derived from: a version of the catalogue, and the code."""

    catalog_version: int
    built_version: int
    scene_version: str
    code_version: str


@dataclass(frozen=True, slots=True)
class KeptTaste:
    """A taste as it is kept."""

    position: Position
    origin: Origin
    vector: bytes
    rest: bytes


def position_columns(
    user_id: int | BindParameter[int],
) -> tuple[ColumnElement[int], ColumnElement[str]]:
    """Return what `Position` is made of, as two columns of any query."""
    last = select(func.coalesce(func.max(feedback.c.id), 0)).where(
        feedback.c.user_id == user_id, feedback.c.subject != SubjectKind.PROMOTION
    )
    each = cast(histories.c.changed, Text) + ":" + func.coalesce(linked_accounts.c.basis, "")
    played = (
        select(each.label("part"))
        .select_from(histories.outerjoin(linked_accounts))
        .where(histories.c.user_id == user_id)
        .order_by(histories.c.id)
        .subquery()
    )
    listening = select(func.coalesce(func.aggregate_strings(played.c.part, " "), ""))
    return (
        last.scalar_subquery().label("feedback_id"),
        listening.scalar_subquery().label("listening"),
    )


async def position(conn: AsyncConnection, user_id: int) -> Position:
    """Return how far somebody's words and plays have come; votes on promotions are no taste."""
    row = (await conn.execute(select(*position_columns(user_id)))).one()
    return Position(int(row.feedback_id), row.listening)


async def read(conn: AsyncConnection, user_id: int) -> KeptTaste | None:
    """Return the taste that is kept of somebody; None before it was derived the first time."""
    row = (await conn.execute(select(taste).where(taste.c.user_id == user_id))).first()
    if row is None:
        return None
    return KeptTaste(
        Position(row.feedback_id, row.listening),
        Origin(row.catalog_version, row.built_version, row.scene_version, row.code_version),
        row.vector,
        row.rest,
    )


async def keep(conn: AsyncConnection, user_id: int, kept: KeptTaste) -> None:
    """Keep somebody's taste in place of the former one."""
    values = {**asdict(kept.position), **asdict(kept.origin)}
    values |= {"vector": kept.vector, "rest": kept.rest}
    changed = await conn.execute(update(taste).where(taste.c.user_id == user_id).values(values))
    if changed.rowcount == 0:
        await conn.execute(insert(taste).values(user_id=user_id, **values))


async def drop(conn: AsyncConnection, user_id: int) -> None:
    """Forget the taste that is kept of somebody."""
    await conn.execute(delete(taste).where(taste.c.user_id == user_id))
