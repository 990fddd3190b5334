"""What listeners say about music: rated, thumbed, taken back, read again."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.clock import Clock
from bot.core.models import (
    Feedback,
    FeedbackKind,
    FeedbackSource,
    History,
    Rated,
    SearchHit,
    Subject,
    SubjectKind,
    Thumbed,
    Thumbs,
    Undone,
)
from bot.errors import NotAllowedError, NotFoundError, UserError
from bot.services.taste.tastes import Tastes
from bot.store import claims, feedback, listeners, picks, promotions, subjects
from bot.store.engine import Database

PAGE = 10
"""Entries on one page of the history."""


class FeedbackLedger:
    """Adds to the ledger, and has the taste follow after the answer."""

    def __init__(self, database: Database, tastes: Tastes, clock: Clock) -> None:
        self._database = database
        self._tastes = tastes
        self._clock = clock

    async def rate(self, user_id: int, subject: Subject, score: int) -> Rated:
        """Rate a track, album or artist from 1 to 5; an earlier rating of it is replaced.

        Raises:
            NotFoundError: it is not in the catalogue.
        """
        now = self._clock.now()
        async with self._database.write() as conn:
            hit = await _named(conn, subject)
            before = await feedback.counting_about(conn, user_id, subject)
            await listeners.ensure(conn, user_id, now=now)
            await feedback.append(
                conn,
                user_id,
                FeedbackKind.RATING,
                subject,
                score,
                source=FeedbackSource.COMMAND,
                now=now,
            )
            total = await feedback.count_counting(conn, user_id)
        self._tastes.follow(user_id)
        return Rated(hit, score, before, total)

    async def thumb(
        self,
        user_id: int,
        subject: Subject,
        *,
        up: bool,
        source: FeedbackSource,
        message_id: int,
    ) -> Thumbed:
        """Take a thumb up or down as the listener's last word about the subject.

        Said twice in the same way, it counts once. A button and a reaction, or two messages about
        the same subject, are two entries that say the same: taking back one leaves the other.

        Raises:
            NotFoundError: the subject does not exist any more, or moderators removed it.
            NotAllowedError: the message promotes what is the listener's own.
        """
        now = self._clock.now()
        async with self._database.write() as conn:
            _, done, added = await add_thumb(
                conn, user_id, subject, up=up, source=source, message_id=message_id, now=now
            )
        if added:
            self._tastes.follow(user_id)
        return done

    async def subject_of_post(self, message_id: int) -> Subject | None:
        """Return what a message of ours is about; None for any other message."""
        async with self._database.read() as conn:
            return await picks.subject_of(conn, message_id)

    async def check_track(self, message_id: int, track_id: int) -> None:
        """Refuse a button that names a track but stands under a message about something else.

        Raises:
            NotFoundError: it does.
        """
        if await self.subject_of_post(message_id) != Subject(SubjectKind.TRACK, track_id):
            raise NotFoundError("This button is of a pick that is gone. `/discover` finds others.")

    async def react(
        self,
        user_id: int,
        message_id: int,
        *,
        up: bool,
        source: FeedbackSource = FeedbackSource.REACTION,
    ) -> Thumbed | None:
        """Take a reaction as a thumb; None when it does not count.

        The message is no post of ours then, or was removed, or promotes what is theirs: to a
        reaction nobody can answer privately, so the post itself says whose do not count.
        """
        async with self._database.read() as conn:
            subject = await picks.subject_of(conn, message_id)
            if subject is None or await subjects.name(conn, subject) is None:
                return None
            number = await _promotion_of(conn, subject, message_id)
            if await _refusal(conn, user_id, subject, number) is not None:
                return None
        return await self.thumb(user_id, subject, up=up, source=source, message_id=message_id)

    async def unreact(
        self,
        user_id: int,
        message_id: int,
        *,
        up: bool,
        source: FeedbackSource = FeedbackSource.REACTION,
    ) -> Thumbed | None:
        """Take a reaction back; None when it does not count (any more).

        Only this reaction goes: a button pressed, or a thumb of another skin tone, still counts.
        """
        now = self._clock.now()
        async with self._database.write() as conn:
            entries = await feedback.standing_reactions(
                conn, user_id, message_id, 1.0 if up else -1.0, source
            )
            if not entries:
                return None
            hit = await _named(conn, entries[0].subject)
            for entry in entries:
                await feedback.cancel(conn, user_id, entry, source=source, now=now)
            number = await _promotion_of(conn, entries[0].subject, message_id)
            thumbs = await _thumbs(conn, entries[0].subject, message_id, number)
        self._tastes.follow(user_id)
        return Thumbed(hit, up, True, thumbs)

    async def choose_genres(self, user_id: int, genre_ids: list[int]) -> None:
        """Take genres as the start of a taste."""
        now = self._clock.now()
        async with self._database.write() as conn:
            await listeners.ensure(conn, user_id, now=now)
            for genre_id in genre_ids:
                subject = Subject(SubjectKind.GENRE, genre_id)
                if await feedback.counting_about(conn, user_id, subject) is None:
                    await feedback.append(
                        conn,
                        user_id,
                        FeedbackKind.SEED,
                        subject,
                        1.0,
                        source=FeedbackSource.START,
                        now=now,
                    )
        self._tastes.follow(user_id)

    async def thumbs(self, subject: Subject, message_id: int) -> Thumbs:
        """Count a post as the ledger stands now."""
        async with self._database.read() as conn:
            number = await _promotion_of(conn, subject, message_id)
            return await _thumbs(conn, subject, message_id, number)

    async def undo(self, user_id: int) -> Undone:
        """Take the listener's last feedback back; what it had replaced counts again.

        Raises:
            NotFoundError: there is nothing to take back.
        """
        now = self._clock.now()
        async with self._database.write() as conn:
            entry = await feedback.last_standing(conn, user_id)
            if entry is None:
                raise NotFoundError("There is nothing to undo: you have not rated anything yet.")
            await feedback.cancel(conn, user_id, entry, source=FeedbackSource.COMMAND, now=now)
            restored = await feedback.counting_about(conn, user_id, entry.subject)
            hit = await subjects.name(conn, entry.subject)
        self._tastes.follow(user_id)
        return Undone(hit or _gone(entry), entry, restored)

    async def history(self, user_id: int, page: int) -> History:
        """Return one page of what the listener said, newest first; pages count from 0."""
        async with self._database.read() as conn:
            total = await feedback.count_counting(conn, user_id)
            last = max(0, (total - 1) // PAGE)
            page = min(max(page, 0), last)
            entries = await feedback.page(conn, user_id, offset=page * PAGE, limit=PAGE)
            found = await subjects.names(conn, [entry.subject for entry in entries])
        lines = tuple((entry, found.get(entry.subject) or _gone(entry)) for entry in entries)
        return History(lines, total=total, page=page, pages=last + 1)


async def add_thumb(
    conn: AsyncConnection,
    user_id: int,
    subject: Subject,
    *,
    up: bool,
    source: FeedbackSource,
    message_id: int,
    now: datetime,
) -> tuple[int, Thumbed, bool]:
    """Add a thumb, unless it was the last word already, said in the same way and place.

    Returns:
        The entry that says it, what came of it, and whether the entry is new: then the taste has to
        follow.

    Raises:
        NotFoundError: the subject does not exist any more.
        NotAllowedError: the promotion is theirs.
    """
    value = 1.0 if up else -1.0
    hit = await _named(conn, subject)
    number = await _promotion_of(conn, subject, message_id)
    refusal = await _refusal(conn, user_id, subject, number)
    if refusal is not None:
        raise refusal
    before = await feedback.counting_about(conn, user_id, subject)
    same = before is not None and (before.kind, before.value) == (FeedbackKind.THUMB, value)
    here = before is not None and (before.source, before.message_id) == (source, message_id)
    if before is not None and same and here:
        thumbs = await _thumbs(conn, subject, message_id, number)
        return before.id, Thumbed(hit, up, False, thumbs), False
    await listeners.ensure(conn, user_id, now=now)
    entry_id = await feedback.append(
        conn,
        user_id,
        FeedbackKind.THUMB,
        subject,
        value,
        source=source,
        message_id=message_id,
        now=now,
    )
    thumbs = await _thumbs(conn, subject, message_id, number)
    return entry_id, Thumbed(hit, up, not same, thumbs), True


async def _promotion_of(conn: AsyncConnection, subject: Subject, message_id: int) -> int | None:
    """Return the promotion that a message is, or shows a track of; None for other messages."""
    if subject.kind is SubjectKind.PROMOTION:
        return subject.id
    return await picks.promotion_shown(conn, message_id)


async def _refusal(
    conn: AsyncConnection, user_id: int, subject: Subject, number: int | None
) -> UserError | None:
    """Return why somebody has no vote in a post; None when they have.

    Args:
        number: the promotion that it is or shows a track of; None: it promotes nothing.
    """
    promotion = None if number is None else await promotions.by_id(conn, number)
    if promotion is None:
        return None
    if subject.kind is SubjectKind.PROMOTION and promotion.removed_at is not None:
        return NotFoundError("This promotion was removed by the moderators; votes no longer count.")
    if user_id in await claims.people_behind(conn, promotion.id):
        return NotAllowedError(
            "This is promoted by you, or by an artist you act for, so your own 👍 and 👎 do not "
            "count here."
        )
    return None


async def _thumbs(
    conn: AsyncConnection, subject: Subject, message_id: int, number: int | None
) -> Thumbs:
    """Count a post; those of whoever stands behind it are left out, also if they were first."""
    behind = {} if number is None else await claims.voiceless(conn, number)
    return await feedback.thumbs(conn, subject, message_id, besides=behind)


async def _named(conn: AsyncConnection, subject: Subject) -> SearchHit:
    hit = await subjects.name(conn, subject)
    if hit is None:
        raise NotFoundError(f"That {subject.kind} is not in my catalogue.")
    return hit


def _gone(entry: Feedback) -> SearchHit:
    return SearchHit(entry.subject, f"(a {entry.subject.kind} that was removed)", None)
