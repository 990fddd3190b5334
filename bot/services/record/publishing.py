"""The log for everybody: written so that nobody is told of, and read again to check promises."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Final, TextIO

from bot.core.promotion import FEWEST_LISTENERS
from bot.core.record import (
    OPEN,
    POSTED,
    PROMOTION,
    REMOVED,
    Fairness,
    Growing,
    Head,
    Leaf,
    first_line,
    leaf_line,
    number_of,
    read_first_line,
    read_leaf_line,
)
from bot.errors import RecordError
from bot.store import record, record_tree
from bot.store.engine import Database
from bot.store.record import Opening

CLOSED_DAYS: Final = 30
"""Which promotion a leaf is about is not told for so long: a blind audition may wait that long."""
_AT_ONCE: Final = 4096
_PUBLIC: Final = (POSTED, REMOVED)
"""Everybody in the server saw these."""


def publish_nothing(_leaves: int) -> None:
    """Show no progress."""


async def publish(
    database: Database,
    out: TextIO,
    *,
    today: date,
    closed_days: int = CLOSED_DAYS,
    begin: Callable[[int], None] = publish_nothing,
    advance: Callable[[int], None] = publish_nothing,
) -> Head:
    """Write a whole log as `core.record.published` has it; return its head.

    Of no leaf the private part is opened. Which promotion it is about is told only when it is older
    than `closed_days`, and when five people or more have such a leaf of that promotion.

    Args:
        database: of the log, in which nothing waits.
        out: where to write.
        today: the day, in UTC.
        closed_days: how old a leaf is before it tells its promotion.
        begin: is told how many leaves there are.
        advance: is told whenever so many more were written.
    """
    since = (today - timedelta(days=closed_days)).isoformat()
    async with database.read() as conn:
        size = await record_tree.size(conn)
        head = await record_tree.head(conn, size)
        many = await record.met_by(conn, fewest=FEWEST_LISTENERS)
        begin(size)
        out.write(first_line(head))
        for start in range(0, size, _AT_ONCE):
            end = min(start + _AT_ONCE, size)
            numbers = number_of(0, start), number_of(0, end)
            hashes = await record_tree.between(conn, *numbers)
            known = await record.between(conn, start, end)
            for position in range(start, end):
                number = number_of(0, position)
                if number not in hashes:
                    raise RecordError(
                        f"Leaf {position:,} is missing. `bside log verify` says more."
                    )
                leaf = _shown(known.get(position), many, since)
                out.write(leaf_line(leaf, hashes[number]))
            advance(end - start)
    return head


def _shown(one: Opening | None, many: set[tuple[int, str]], since: str) -> Leaf | None:
    """Return a leaf with what anybody may learn of it."""
    if one is None:
        return None
    leaf = one.leaf
    is_old = str(leaf.part(OPEN).content().get("day")) < since
    enough = one.promotion_id is None or (one.promotion_id, one.kind) in many
    tells = one.kind in _PUBLIC or (is_old and enough)
    return leaf.showing((OPEN, PROMOTION) if tells else (OPEN,))


@dataclass(frozen=True, slots=True)
class Told:
    """What a published log says, whose root was worked out anew."""

    head: Head
    fairness: Fairness


def read_published(
    file: Path, heads: Sequence[Head] = (), advance: Callable[[int], None] = publish_nothing
) -> Told:
    """Read a published log, and check that it is the one of these heads.

    Args:
        file: that was published.
        heads: from elsewhere: the log must have passed through each of them.
        advance: is told whenever so many bytes more were read.

    Raises:
        RecordError: it cannot be read, it was changed, or is not the log of these heads.
    """
    tree, fairness = Growing(), Fairness()
    roots = {0: tree.root}
    wanted = {one.size for one in heads}
    try:
        with file.open("rb") as lines:
            first = lines.readline()
            said = read_first_line(first)
            advance(len(first))
            for number, line in enumerate(lines, start=2):
                leaf, leaf_hash = read_leaf_line(line, number)
                tree.add(leaf_hash)
                fairness.add(leaf)
                if tree.size in wanted:
                    roots[tree.size] = tree.root
                advance(len(line))
    except OSError as error:
        raise RecordError(f"{file} cannot be read: {error.strerror}.") from error
    found = Head(tree.size, tree.root)
    if found != said:
        raise RecordError(
            f"The file says that its head is {said}, and its leaves have {found}: a leaf was "
            "changed, added or left out."
        )
    for head in heads:
        if roots.get(head.size) != head.root:
            raise RecordError(
                f"This is not the log of the head {head}: leaves before it were changed, or it is "
                "another log's."
            )
    return Told(found, fairness)
