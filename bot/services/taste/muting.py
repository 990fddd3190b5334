"""What listeners do not want to be shown: said, read again, taken back."""

from collections.abc import Awaitable, Callable, Collection
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.clock import Clock
from bot.core.catalog import TOLD, Sort
from bot.core.models import (
    Feedback,
    FeedbackKind,
    FeedbackSource,
    Mute,
    Muted,
    SearchHit,
    Subject,
    SubjectKind,
)
from bot.core.taste import FOR_EVER, StandingWishes, ends_at, holds, opinion_value
from bot.errors import NotFoundError
from bot.services.catalog import LiveCatalog
from bot.services.taste.tastes import Tastes
from bot.store import feedback, listeners, listening, subjects
from bot.store.engine import Database

_NOT_MUTED: Final = "That is not muted (any more). `/mute show` lists what is."


class Muting:
    """Adds mutes to the ledger, each for some days or for ever."""

    def __init__(
        self, database: Database, catalog: LiveCatalog, tastes: Tastes, clock: Clock
    ) -> None:
        self._database = database
        self._catalog = catalog
        self._tastes = tastes
        self._clock = clock

    async def mute(
        self,
        user_id: int,
        subject: Subject,
        days: int = FOR_EVER,
        *,
        source: FeedbackSource = FeedbackSource.BUTTON,
    ) -> Muted:
        """Let nothing by an artist be shown to a listener, or never a version of a song.

        What they said of it stays, so their taste does not change. The last word counts: 30 days
        after "for ever" are 30 days from now.

        Raises:
            NotFoundError: it is not in the catalogue.
        """
        now = self._clock.now()
        async with self._database.write() as conn:
            hit = await _named(conn, subject)
            entry = await feedback.counting_about(conn, user_id, subject, mute=True)
            before = entry if entry is not None and holds(entry, now) else None
            ends = now + timedelta(days=days) if days else None
            if before is None or (before.value, days) != (FOR_EVER, FOR_EVER):
                await _add(conn, user_id, subject, days, source=source, now=now)
            found = Muted(
                mute=Mute(hit, ends),
                before=None if before is None else _mute(hit, before),
                love=await _love(conn, user_id, subject),
                likes=await _of_artist(conn, user_id, subject, feedback.count_liked_by),
                plays=await _of_artist(conn, user_id, subject, listening.plays_of_artist),
            )
        self._tastes.follow(user_id)
        return found

    async def lift(self, user_id: int, subject: Subject) -> SearchHit:
        """Take a mute back.

        Raises:
            NotFoundError: there is none (any more).
        """
        now = self._clock.now()
        async with self._database.write() as conn:
            held = await _held(conn, user_id, now, only=subject)
            if not held:
                raise NotFoundError(_NOT_MUTED)
            await _cancel(conn, user_id, subject, now=now)
            hit = await subjects.name(conn, subject)
        self._tastes.follow(user_id)
        return hit or _gone(subject)

    async def of(self, user_id: int) -> tuple[Mute, ...]:
        """Return what is muted for somebody now, the newest first; no sorts of recordings."""
        now = self._clock.now()
        async with self._database.read() as conn:
            held = [
                one
                for one in reversed(await _held(conn, user_id, now))
                if one.subject.kind is not SubjectKind.SORT
            ]
            hits = await subjects.names(conn, [one.subject for one in held])
        return tuple(_mute(hits.get(one.subject) or _gone(one.subject), one) for one in held)

    async def standing(self, user_id: int) -> StandingWishes:
        """Return the wishes of somebody that hold for everything."""
        catalog = await self._catalog.at_hand()
        async with self._database.read() as conn:
            held = await _held(conn, user_id, self._clock.now())
        kinds = [one.subject.kind for one in held]
        told = (catalog.sorts & TOLD) != 0
        return StandingWishes(
            without=_sorts(held),
            told=float(told.mean()) if len(told) else 0.0,
            artists=kinds.count(SubjectKind.ARTIST),
            versions=kinds.count(SubjectKind.TRACK),
        )

    async def want(self, user_id: int, sort: Sort, *, wanted: bool) -> bool:
        """Have recordings of a sort shown to somebody or not; return whether that changed it."""
        subject, now = Subject(SubjectKind.SORT, sort), self._clock.now()
        async with self._database.write() as conn:
            held = await _held(conn, user_id, now, only=subject)
            if bool(held) is not wanted:
                return False
            if wanted:
                await _cancel(conn, user_id, subject, now=now)
            else:
                source = FeedbackSource.BUTTON
                await _add(conn, user_id, subject, FOR_EVER, source=source, now=now)
        self._tastes.follow(user_id)
        return True


async def _held(
    conn: AsyncConnection, user_id: int, now: datetime, *, only: Subject | None = None
) -> list[Feedback]:
    """Return the mutes that hold now, oldest first."""
    entries = await feedback.mutes(conn, user_id)
    return [one for one in entries if holds(one, now) and only in (None, one.subject)]


async def _add(
    conn: AsyncConnection,
    user_id: int,
    subject: Subject,
    days: int,
    *,
    source: FeedbackSource,
    now: datetime,
) -> None:
    await listeners.ensure(conn, user_id, now=now)
    await feedback.append(
        conn, user_id, FeedbackKind.MUTE, subject, float(days), source=source, now=now
    )


async def _cancel(conn: AsyncConnection, user_id: int, subject: Subject, *, now: datetime) -> None:
    """Take every mute of a thing back, so that none that it replaced counts again."""
    for entry in await feedback.standing_mutes(conn, user_id, subject):
        await feedback.cancel(conn, user_id, entry, source=FeedbackSource.BUTTON, now=now)


async def _named(conn: AsyncConnection, subject: Subject) -> SearchHit:
    hit = await subjects.name(conn, subject)
    if hit is None:
        raise NotFoundError(f"That {subject.kind} is not in my catalogue.")
    return hit


def _mute(hit: SearchHit, entry: Feedback) -> Mute:
    return Mute(hit, ends_at(entry))


def _gone(subject: Subject) -> SearchHit:
    return SearchHit(subject, f"(a {subject.kind} that was removed)", None)


def _sorts(entries: Collection[Feedback]) -> frozenset[Sort]:
    known = set(Sort)
    numbers = [one.subject.id for one in entries if one.subject.kind is SubjectKind.SORT]
    return frozenset(Sort(one) for one in numbers if one in known)


async def _love(conn: AsyncConnection, user_id: int, subject: Subject) -> Feedback | None:
    entry = await feedback.counting_about(conn, user_id, subject)
    return entry if entry is not None and opinion_value(entry) > 0 else None


async def _of_artist(
    conn: AsyncConnection,
    user_id: int,
    subject: Subject,
    count: Callable[[AsyncConnection, int, int], Awaitable[int]],
) -> int:
    return await count(conn, user_id, subject.id) if subject.kind is SubjectKind.ARTIST else 0
