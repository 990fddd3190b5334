"""The tree over what was sealed: leaves get their positions here, one process at a time."""

from collections.abc import Iterable
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.record import Growing, Head, Span, nodes_of, size_with
from bot.core.record import hash_of as joined_hash
from bot.errors import RecordError
from bot.store import bulk
from bot.store.dialect import listed
from bot.store.record import COLUMNS, opening_of
from bot.store.tables import record_nodes, record_openings

AT_ONCE: Final = 5000
"""So many leaves are taken in by one transaction."""
_DAMAGED: Final = (
    "The log is damaged: a hash is missing. `bside log verify` says where; put back a backup with "
    "`bside db restore FILE`."
)
_nodes = record_nodes.c


async def size(conn: AsyncConnection) -> int:
    """Return how many leaves the log has."""
    return size_with(await conn.scalar(select(func.max(_nodes.number))))


async def hashes(conn: AsyncConnection, numbers: Iterable[int]) -> dict[int, bytes]:
    """Return the hashes of complete subtrees by their numbers; what is missing is left out."""
    wanted = listed(conn, list(numbers))
    query = select(_nodes.number, _nodes.hash).where(_nodes.number.in_(wanted))
    return {row[0]: row[1] for row in await conn.execute(query)}


async def hashes_of(conn: AsyncConnection, spans: Iterable[Span]) -> dict[Span, bytes]:
    """Return the hashes of nodes by what they stand over.

    Raises:
        RecordError: the log is damaged: a subtree is missing.
    """
    wanted = list(spans)
    numbers = {number for span in wanted for number in nodes_of(span)}
    found = await hashes(conn, numbers)
    if len(found) < len(numbers):
        raise RecordError(_DAMAGED)
    return {span: joined_hash(span, found) for span in wanted}


async def head(conn: AsyncConnection, of_size: int) -> Head:
    """Return the head that the log had when it was of this size."""
    span = (0, of_size)
    return Head(of_size, (await hashes_of(conn, [span]))[span])


async def waiting(conn: AsyncConnection) -> bool:
    """Return whether something that was sealed is not in the log yet."""
    query = select(record_openings.c.id).where(record_openings.c.position.is_(None)).limit(1)
    return await conn.scalar(query) is not None


async def take_in(conn: AsyncConnection) -> int:
    """Give positions to what waits, in the order of its sealing; return how many were taken in.

    Only one transaction at a time may do so.
    """
    query = (
        select(*COLUMNS)
        .where(record_openings.c.position.is_(None))
        .order_by(record_openings.c.id)
        .limit(AT_ONCE)
    )
    new = [opening_of(row) for row in await conn.execute(query)]
    if not new:
        return 0
    before = await size(conn)
    edge = nodes_of((0, before))
    known = await hashes(conn, edge)
    if len(known) < len(edge):
        raise RecordError(_DAMAGED)
    tree = Growing(before, [known[number] for number in edge])
    made = [node for one in new for node in tree.add(one.leaf.hash)]
    numbers, values = zip(*made, strict=True)
    await bulk.bulk_insert(conn, record_nodes, {"number": numbers, "hash": values})
    placed = [(before + place, one.id) for place, one in enumerate(new)]
    await bulk.bulk_update(conn, record_openings, ["position"], placed)
    return len(new)


async def between(conn: AsyncConnection, start: int, end: int) -> dict[int, bytes]:
    """Return the hashes of all complete subtrees numbered from … up to and without … ."""
    query = select(_nodes.number, _nodes.hash).where(_nodes.number >= start, _nodes.number < end)
    return {row[0]: row[1] for row in await conn.execute(query)}
