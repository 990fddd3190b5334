"""The log: what waits is taken in, and what is in it is proved."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Final

from bot.clock import Clock
from bot.core.record import (
    PARTS,
    ConsistencyProof,
    Head,
    InclusionProof,
    consistency_spans,
    inclusion_spans,
)
from bot.errors import RecordError
from bot.store import jobs, record, record_tree
from bot.store.engine import Database
from bot.store.record import Opening

TAKE_IN: Final = "record"
"""The kind of the job that takes in what waits."""
_EVERY: Final = timedelta(minutes=5)
_FORGOTTEN: Final = (
    "Leaf {0:,} is forgotten: its person had their data deleted. Only its hash is left, so nobody "
    "can prove what it was."
)


class RecordLog:
    """The log of one database."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def begin(self) -> None:
        """Plan to take in what waits, from now on."""
        async with self._database.write() as conn:
            if await jobs.planned_for(conn, TAKE_IN, 0) is None:
                await jobs.plan(conn, TAKE_IN, 0, self._clock.now() + _EVERY)

    async def take_in(self, _subject_id: int) -> datetime:
        """Take in what waits; return when to look again."""
        await self.catch_up()
        return self._clock.now() + _EVERY

    async def catch_up(self) -> None:
        """Take in all that was sealed until now; others may do so at the same time."""
        if not await self._waits():
            return
        async with self._database.turn(TAKE_IN):
            while await self._waits():
                async with self._database.write() as conn:
                    await record_tree.take_in(conn)

    async def _waits(self) -> bool:
        async with self._database.read() as conn:
            return await record_tree.waiting(conn)

    async def head(self) -> tuple[Head, datetime]:
        """Return the head as it is now, and the time."""
        await self.catch_up()
        async with self._database.read() as conn:
            found = await record_tree.head(conn, await record_tree.size(conn))
        return found, self._clock.now()

    async def prove(
        self, position: int, *, at: Head | None = None, shown: Collection[str] = PARTS
    ) -> InclusionProof:
        """Return the proof of what stands at a position, counted from 0.

        Args:
            position: of the leaf.
            at: an earlier head, under which it is proved; None: the head as it is now.
            shown: the parts of the leaf that are opened.

        Raises:
            RecordError: nothing stands there (yet), it is forgotten, or the head is another log's.
        """
        await self.catch_up()
        async with self._database.read() as conn:
            size = await record_tree.size(conn)
            head = await record_tree.head(conn, size if at is None else min(at.size, size))
            if at is not None and head != at:
                raise RecordError(f"This log never had the head {at}. Look at it again.")
            if not 0 <= position < head.size:
                raise RecordError(
                    f"There is no leaf {position:,} under this head: its log has {head.size:,} "
                    "leaves, counted from 0."
                )
            opening = await record.at(conn, position)
            if opening is None:
                raise RecordError(_FORGOTTEN.format(position))
            spans = inclusion_spans(position, head.size)
            beside = await record_tree.hashes_of(conn, spans)
        path = tuple(beside[span] for span in spans)
        return InclusionProof(opening.leaf.showing(shown), position, head, path)

    async def of_pick(
        self, recommendation_id: int, *, user_id: int | None = None
    ) -> Opening | None:
        """Return what was sealed of a pick, with its position.

        None: it is older than the log, it is forgotten, or it was made for somebody else.

        Args:
            recommendation_id: the number that its buttons carry.
            user_id: for whom it was made; None: whoever it was.
        """
        await self.catch_up()
        async with self._database.read() as conn:
            return await record.of_pick(conn, recommendation_id, user_id=user_id)

    async def proof_of_pick(self, user_id: int, recommendation_id: int) -> InclusionProof | None:
        """Return the proof of a pick for its listener; None when there is none for them."""
        found = await self.of_pick(recommendation_id, user_id=user_id)
        if found is None or found.position is None:
            return None
        return await self.prove(found.position)

    async def consistency(self, old: Head) -> ConsistencyProof:
        """Return the proof that the log begins with all that an earlier head stood for.

        Raises:
            RecordError: it does not: it was rewritten, or the head is another log's.
        """
        await self.catch_up()
        async with self._database.read() as conn:
            size = await record_tree.size(conn)
            if old.size > size:
                raise RecordError(
                    f"The head says {old.size:,} leaves, and this log has only {size:,}: leaves "
                    "were removed, or the head is another log's."
                )
            head = await record_tree.head(conn, size)
            spans = consistency_spans(old.size, size)
            beside = await record_tree.hashes_of(conn, spans)
        proof = ConsistencyProof(old, head, tuple(beside[span] for span in spans))
        proof.check()
        return proof
