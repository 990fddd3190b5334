"""What listeners say about music: rated, thumbed, taken back, read again."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from typing import Final

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.clock import Clock
from bot.core.models import (
    Counted,
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
from bot.core.taste import holds, opinion_value
from bot.errors import NotAllowedError, NotFoundError, UserError
from bot.services.taste.tastes import Tastes
from bot.store import claims, feedback, listeners, picks, promotions, subjects
from bot.store.engine import Database
from bot.store.picks import ShownIn

PAGE = 10
"""Entries on one page of the history."""
_HALF: Final = 0.5
"""A thumb on several things at once says half as much of each."""


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
        async with self._database.write() as conn:
            done = await self.rate_within(conn, user_id, subject, score)
        self.follow(user_id)
        return done

    async def rate_within(
        self, conn: AsyncConnection, user_id: int, subject: Subject, score: int
    ) -> Rated:
        """Rate as `rate` does, in a transaction that does more; `follow` when it is committed."""
        hit = await _named(conn, subject)
        before = await feedback.counting_about(conn, user_id, subject)
        command = FeedbackSource.COMMAND
        await self._append(conn, user_id, FeedbackKind.RATING, subject, score, command)
        total = await feedback.count_counting(conn, user_id)
        mute = await feedback.counting_about(conn, user_id, subject, mute=True)
        muted = mute is not None and holds(mute, self._clock.now())
        return Rated(hit, score, before, total, muted)

    def follow(self, user_id: int) -> None:
        """Have the taste of a listener follow what they said."""
        self._tastes.follow(user_id)

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
            self.follow(user_id)
        return done

    async def turn(self, user_id: int, track_id: int, factor: float) -> None:
        """Let the cluster with a track count more, less or not at all; pressed twice, it is once.

        Args:
            user_id: the listener.
            track_id: a like of theirs.
            factor: >= 0, see `core.taste.Turn`.

        Raises:
            NotFoundError: the track is not in the catalogue.
        """
        subject, button = Subject(SubjectKind.CLUSTER, track_id), FeedbackSource.BUTTON
        async with self._database.write() as conn:
            await _named(conn, subject)
            last = await feedback.last_standing(conn, user_id)
            said = None if last is None else (last.kind, last.subject, last.value)
            if said != (FeedbackKind.TURN, subject, factor):
                await self._append(conn, user_id, FeedbackKind.TURN, subject, factor, button)
        self.follow(user_id)

    async def shown_in(self, message_id: int) -> tuple[Subject, ...]:
        """Return what a message of ours shows, in order; nothing for any other message."""
        async with self._database.read() as conn:
            return await picks.subjects_of(conn, message_id)

    async def counted(self, message_id: int) -> tuple[Counted, ...]:
        """Return what a message of ours shows, in order, with the thumbs as they stand now."""
        async with self._database.read() as conn:
            shown = await picks.subjects_of(conn, message_id)
            recommended = await picks.in_message(conn, message_id)
            found = []
            for subject in shown:
                is_track = subject.kind is SubjectKind.TRACK
                of_pick = recommended.get(subject.id) if is_track else None
                number = _promotion_of(subject, recommended)
                thumbs = await _thumbs(conn, subject, message_id, number)
                found.append(Counted(subject, of_pick.id if of_pick else 0, thumbs))
        return tuple(found)

    async def react(
        self,
        user_id: int,
        message_id: int,
        *,
        up: bool,
        source: FeedbackSource = FeedbackSource.REACTION,
    ) -> tuple[Thumbed, ...]:
        """Take a reaction as a thumb, or as half a thumb on each of several picks.

        Half a thumb leaves alone what the listener has judged itself. What was removed, or promotes
        what is theirs, is left out: to a reaction nobody can answer privately, so the post itself
        says whose do not count. For a message that is no post of ours nothing is left.
        """
        now, shown = self._clock.now(), await self.shown_in(message_id)
        if not shown:
            return ()
        found = []
        async with self._database.write() as conn:
            for subject in shown:
                with suppress(NotFoundError, NotAllowedError):  # raised before anything is written
                    found.append(
                        await add_thumb(
                            conn,
                            user_id,
                            subject,
                            up=up,
                            source=source,
                            message_id=message_id,
                            now=now,
                            half=len(shown) > 1,
                        )
                    )
        if any(added for _, _, added in found):
            self.follow(user_id)
        return tuple(done for _, done, _ in found)

    async def unreact(
        self,
        user_id: int,
        message_id: int,
        *,
        up: bool,
        source: FeedbackSource = FeedbackSource.REACTION,
    ) -> tuple[Thumbed, ...]:
        """Take a reaction back; nothing is left when it does not count (any more).

        Only this reaction goes: a button pressed, or a thumb of another skin tone, still counts.
        """
        now = self._clock.now()
        async with self._database.write() as conn:
            entries = await feedback.standing_reactions(conn, user_id, message_id, source, up=up)
            for entry in entries:
                await feedback.cancel(conn, user_id, entry, source=source, now=now)
            recommended = await picks.in_message(conn, message_id)
            found = {}
            for entry in entries:
                number = _promotion_of(entry.subject, recommended)
                thumbs = await _thumbs(conn, entry.subject, message_id, number)
                hit = await subjects.name(conn, entry.subject) or _gone(entry)
                found[entry.subject] = Thumbed(hit, up, True, thumbs, half=_is_half(entry))
        if entries:
            self.follow(user_id)
        return tuple(found.values())

    async def choose_genres(self, user_id: int, genre_ids: list[int]) -> None:
        """Take genres as the start of a taste."""
        async with self._database.write() as conn:
            chosen = [Subject(SubjectKind.GENRE, genre_id) for genre_id in genre_ids]
            await self._choose(conn, user_id, chosen)
        self.follow(user_id)

    async def choose_artists(self, user_id: int, artist_ids: Sequence[int]) -> list[SearchHit]:
        """Take artists as the start of a taste; return them.

        Who is liked already stays liked as they were; who is not (any more) is chosen now.

        Raises:
            NotFoundError: one is not in the catalogue; then none is taken.
        """
        chosen = [Subject(SubjectKind.ARTIST, artist_id) for artist_id in artist_ids]
        async with self._database.write() as conn:
            hits = await self.choose_within(conn, user_id, chosen)
        self.follow(user_id)
        return hits

    async def choose_within(
        self, conn: AsyncConnection, user_id: int, chosen: Sequence[Subject]
    ) -> list[SearchHit]:
        """Take a start as above, in a transaction that does more; `follow` when it is committed."""
        hits = [await _named(conn, one) for one in chosen]
        await self._choose(conn, user_id, chosen)
        return hits

    async def _choose(self, conn: AsyncConnection, user_id: int, chosen: Sequence[Subject]) -> None:
        now = self._clock.now()
        await listeners.ensure(conn, user_id, now=now)
        for subject in chosen:
            before = await feedback.counting_about(conn, user_id, subject)
            if before is None or opinion_value(before) <= 0:
                await feedback.append(
                    conn,
                    user_id,
                    FeedbackKind.SEED,
                    subject,
                    1.0,
                    source=FeedbackSource.START,
                    now=now,
                )

    async def _append(
        self,
        conn: AsyncConnection,
        user_id: int,
        kind: FeedbackKind,
        subject: Subject,
        value: float,
        source: FeedbackSource,
    ) -> None:
        """Add an entry of what somebody said, who may be new."""
        now = self._clock.now()
        await listeners.ensure(conn, user_id, now=now)
        await feedback.append(conn, user_id, kind, subject, value, source=source, now=now)

    async def undo(self, user_id: int) -> Undone:
        """Take the listener's last feedback back; what it had replaced counts again.

        A reaction to several picks is taken back as a whole.

        Raises:
            NotFoundError: there is nothing to take back.
        """
        now = self._clock.now()
        async with self._database.write() as conn:
            entry = await feedback.last_standing(conn, user_id)
            if entry is None:
                raise NotFoundError("There is nothing to undo: you have not rated anything yet.")
            together = [entry]
            if entry.message_id is not None and _is_half(entry):
                together = await feedback.standing_reactions(
                    conn, user_id, entry.message_id, entry.source, up=entry.value > 0
                )
            for one in together:
                await feedback.cancel(conn, user_id, one, source=FeedbackSource.COMMAND, now=now)
            others = len({one.subject for one in together}) - 1
            restored = await feedback.counting_about(
                conn, user_id, entry.subject, mute=entry.kind is FeedbackKind.MUTE
            )
            hit = await subjects.name(conn, entry.subject)
        self.follow(user_id)
        return Undone(hit or _gone(entry), entry, restored, others)

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
    half: bool = False,
) -> tuple[int, Thumbed, bool]:
    """Add a thumb, unless it was the last word already, said in the same way and place.

    Args:
        half: it is for several things at once, so it leaves alone what was judged itself.

    Returns:
        The entry that says it, what came of it, and whether the entry is new: then the taste has to
        follow.

    Raises:
        NotFoundError: the subject does not exist any more.
        NotAllowedError: the promotion is theirs.
    """
    value = (_HALF if half else 1.0) * (1 if up else -1)
    hit = await _named(conn, subject)
    number = _promotion_of(subject, await picks.in_message(conn, message_id))
    refusal = await _refusal(conn, user_id, subject, number)
    if refusal is not None:
        raise refusal
    before = await feedback.counting_about(conn, user_id, subject)
    same = before is not None and (before.kind, before.value) == (FeedbackKind.THUMB, value)
    here = before is not None and (before.source, before.message_id) == (source, message_id)
    if before is not None and ((same and here) or (half and not _is_half(before))):
        thumbs = await _thumbs(conn, subject, message_id, number)
        return before.id, Thumbed(hit, up, False, thumbs, half=half), False
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
    return entry_id, Thumbed(hit, up, not same, thumbs, half=half), True


def _promotion_of(subject: Subject, recommended: Mapping[int, ShownIn]) -> int | None:
    """Return the promotion that a subject is, or is shown for; None for others.

    Args:
        recommended: what was recommended in the message, by track.
    """
    if subject.kind is SubjectKind.PROMOTION:
        return subject.id
    shown = recommended.get(subject.id)
    return None if shown is None else shown.promotion_id


def _is_half(entry: Feedback) -> bool:
    return entry.kind is FeedbackKind.THUMB and abs(entry.value) < 1


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
