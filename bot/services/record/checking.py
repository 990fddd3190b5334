"""Goes over a whole log, leaf by leaf, and finds what was changed."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.record import Growing, Head, number_of, place_of
from bot.errors import RecordError
from bot.store import record, record_tree
from bot.store.engine import Database
from bot.store.record import Opening

_AT_ONCE: Final = 4096


@dataclass(frozen=True, slots=True)
class Checked:
    """A log in which nothing was changed."""

    head: Head
    opened: int
    """How many leaves can be opened still; of the others only the hash is left."""


async def check(
    database: Database,
    heads: Sequence[Head] = (),
    advance: Callable[[int], None] = lambda _leaves: None,
) -> Checked:
    """Check every leaf and every hash of a log, and that it passes through earlier heads.

    Args:
        database: of the log.
        heads: earlier ones, as they were published.
        advance: is told whenever so many leaves more were checked.

    Raises:
        RecordError: something was changed; the text says where.
    """
    tree, unseen, opened = Growing(), dict[int, bytes](), 0
    roots = {0: tree.root}
    wanted = {one.size for one in heads}
    async with database.read() as conn:  # one view of it, while others write
        size = await record_tree.size(conn)
        for start in range(0, size, _AT_ONCE):
            end = min(start + _AT_ONCE, size)
            unseen |= await record_tree.between(conn, number_of(0, start), number_of(0, end))
            known = await record.between(conn, start, end)
            opened += len(known)
            for position in range(start, end):
                _take(tree, position, unseen, known.get(position))
                if tree.size in wanted:
                    roots[tree.size] = tree.root
            advance(end - start)
        await _check_end(conn, size)
    for head in heads:
        if roots.get(head.size) != head.root:
            raise RecordError(
                f"This log does not begin with that of the head {head}: it was rewritten, or the "
                "head is another log's."
            )
    return Checked(Head(size, tree.root), opened)


def _take(tree: Growing, position: int, unseen: dict[int, bytes], known: Opening | None) -> None:
    """Check one leaf, and all hashes that are complete with it."""
    kept = unseen.get(number_of(0, position))
    if kept is None:
        raise RecordError(f"Leaf {position:,} is missing: somebody removed its hash.")
    if known is not None and known.leaf.hash != kept:
        raise RecordError(
            f"Leaf {position:,}, a {known.kind}, was changed after it was sealed: its hash is not "
            "that of its text and its seed."
        )
    for number, value in tree.add(kept):
        if unseen.pop(number, None) != value:
            level, place = place_of(number)
            first, last = place << level, ((place + 1) << level) - 1
            raise RecordError(
                f"The hash over leaves {first:,} to {last:,} does not follow from theirs: it, or "
                "one of these leaves, was changed."
            )


async def _check_end(conn: AsyncConnection, size: int) -> None:
    beyond = await record.last_position(conn)
    if beyond is not None and beyond >= size:
        raise RecordError(
            f"The log ends before leaf {size:,}, and leaf {beyond:,} is kept: leaves were removed."
        )
