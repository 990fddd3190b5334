"""Blind auditions: joined and left, judged, and told to the artists."""

import logging
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Final

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.clock import Clock
from bot.core.models import FeedbackSource, Subject, SubjectKind, Thumbs
from bot.core.promotion import (
    GUARANTEED,
    PENDING_FOR,
    Promotion,
    PromotionResult,
    Status,
    Totals,
    Verdict,
    published,
    quota_left,
    totals,
    vote_weight,
)
from bot.core.ranking import Explanation, Revealed
from bot.errors import NotAllowedError, NotFoundError
from bot.services.discover import Recommender
from bot.services.taste import Tastes, add_thumb
from bot.store import auditions, guild_settings, listeners, picks, promotions, votes
from bot.store.auditions import Audition, Judged
from bot.store.engine import Database

log = logging.getLogger(__name__)

MOST_RESULTS: Final = 10
"""An artist sees the results of so many promotions, the latest."""


class Auditions:
    """Everything about auditions except who hears what (`hearings`) and their look."""

    def __init__(
        self,
        database: Database,
        tastes: Tastes,
        recommender: Recommender,
        clock: Clock,
    ) -> None:
        self._database = database
        self._tastes = tastes
        self._recommender = recommender
        self._clock = clock

    async def join(self, user_id: int) -> bool:
        """Let a listener hear auditions; return False when they did so already."""
        now = self._clock.now()
        async with self._database.write() as conn:
            if await auditions.joined(conn, user_id):
                return False
            await listeners.ensure(conn, user_id, now=now)
            await auditions.join(conn, user_id, now=now)
        return True

    async def leave(self, user_id: int) -> bool:
        """Bring a listener no more auditions; return False when they heard none anyway.

        What they judged stays, and so does one that waits for their word.
        """
        async with self._database.write() as conn:
            joined = await auditions.joined(conn, user_id)
            await auditions.leave(conn, user_id)
        return joined

    async def status(self, user_id: int, *, guild_id: int | None) -> Status:
        """Return what a listener judged and earned in a server (None: judged in all)."""
        pending_since = self._clock.now() - PENDING_FOR
        async with self._database.read() as conn:
            counts = await auditions.judged_counts(conn, guild_id)
            earned = counts.get(user_id, 0)
            left, guaranteed = earned, GUARANTEED
            if guild_id is not None:
                guaranteed = (await guild_settings.get(conn, guild_id)).guaranteed_hearings
                standings = await auditions.standings(conn, guild_id, pending_since=pending_since)
                quotas = quota_left(standings, counts, guaranteed=guaranteed)
                left = quotas.get(user_id, earned)
            return Status(
                joined=await auditions.joined(conn, user_id),
                waits=await auditions.waits(conn, user_id, pending_since=pending_since),
                judged=earned,
                quota_left=left,
                guaranteed=guaranteed,
            )

    async def judge(
        self,
        user_id: int,
        recommendation_id: int,
        *,
        up: bool,
        source: FeedbackSource,
        message_id: int,
        private: bool = False,
    ) -> Revealed:
        """Take the word of the listener whom an audition was made for, and tell whose it is.

        The first word is the one said blind: it stands in the ledger of hearings, too, as long as
        it is not taken back. A later one only changes the taste.

        Raises:
            NotFoundError: the audition, or its track, does not exist any more.
            NotAllowedError: it was made for somebody else.
        """
        async with self._database.read() as conn:
            audition = await auditions.by_id(conn, recommendation_id)
        if audition is None or audition.message_id != message_id:
            raise NotFoundError("This audition is over. `/discover` brings the next one.")
        if audition.user_id != user_id:
            raise NotAllowedError(
                "This blind audition was made for somebody else. `/audition join`, and `/discover` "
                "brings you your own."
            )
        found = await self._judge(audition, up=up, source=source, message_id=message_id)
        if private:  # only then does its message become one about the track
            await self.note_reveal(found, message_id)
        return found

    async def note_reveal(self, found: Revealed, message_id: int) -> None:
        """Note the message that shows whose an audition was, so that its buttons work."""
        async with self._database.write() as conn:
            await picks.note_post(conn, message_id, found.thumbed.hit.subject)

    async def react(
        self,
        user_id: int,
        message_id: int,
        *,
        up: bool,
        source: FeedbackSource = FeedbackSource.REACTION,
    ) -> Revealed | None:
        """Take a reaction as the listener's word; None when no audition of theirs waits there."""
        async with self._database.read() as conn:
            audition = await auditions.of_message(conn, message_id)
        if audition is None or audition.user_id != user_id or audition.feedback_id is not None:
            return None
        try:
            return await self._judge(audition, up=up, source=source, message_id=message_id)
        except NotFoundError as error:
            log.info("a reaction to the audition in message %s is lost: %s", message_id, error)
            return None

    async def _judge(
        self, audition: Audition, *, up: bool, source: FeedbackSource, message_id: int
    ) -> Revealed:
        user_id, subject = audition.user_id, Subject(SubjectKind.TRACK, audition.track_id)
        card, _ = await self._recommender.why(
            user_id, audition.recommendation_id, audition.track_id
        )
        async with self._database.write() as conn:
            entry_id, thumbed, added = await add_thumb(
                conn,
                user_id,
                subject,
                up=up,
                source=source,
                message_id=message_id,
                now=self._clock.now(),
            )
            if await _is_open(conn, audition):
                await auditions.judge(conn, audition.recommendation_id, entry_id)
                thumbed = replace(thumbed, thumbs=Thumbs())  # what is said blind nobody else reads
        if added:
            self._tastes.follow(user_id)
        return Revealed(replace(card, promoted=True), thumbed)

    async def results(self, user_id: int, *, guild_id: int | None) -> tuple[PromotionResult, ...]:
        """Return how an artist's latest promotions were received blind, the newest first.

        Theirs is what they posted, and what others posted under a name they act for. A listener
        who likes hardly anything by others counts less (`core.fairness.vote_weight`).

        Args:
            user_id: the artist.
            guild_id: only what was promoted there; None: in any server.

        Raises:
            NotFoundError: they promoted nothing.
        """
        async with self._database.read() as conn:
            own = await promotions.of_artist(conn, user_id, guild_id=guild_id, limit=MOST_RESULTS)
            if not own:
                raise NotFoundError("You have promoted nothing here yet. `/promote track` does it.")
            told, due = await _told(conn, own)
        if due:
            async with self._database.write() as conn:
                told, due = await _told(conn, own)
                for number, new in due.items():
                    await auditions.tell(conn, number, new)
        return tuple(PromotionResult(one, (told | due).get(one.id)) for one in own)


async def _told(
    conn: AsyncConnection, own: Sequence[Promotion]
) -> tuple[dict[int, Totals], dict[int, Totals]]:
    """Return what was told of some promotions, and what is to be told in its place now.

    What was told is never worked out again: whoever takes a word back, likes something else or
    deletes their data changes nothing of it, for the difference would be what they said. They are
    left out when enough others have come. Who likes one artist only does not count: such an account
    is quickly made.
    """
    numbers = [one.id for one in own]
    told = await auditions.told(conn, numbers)
    said = await auditions.judged(conn, numbers)
    likes = await votes.likes_by_artist(conn, sorted({one.user_id for one in said}))
    counted = [one for one in said if len(likes.get(one.user_id, ())) > 1]
    due = {}
    for number in numbers:
        here = [one for one in counted if one.promotion_id == number]
        before = told[number].listeners if number in told else 0
        if published(len(here)) > before:
            weights = {one.user_id: vote_weight(likes[one.user_id]) for one in here}
            new = totals(_verdicts(here), weights)
            if new is not None:
                due[number] = new
    return told, due


async def _is_open(conn: AsyncConnection, audition: Audition) -> bool:
    """Tell whether nothing was said to it so far, whoever was quicker meanwhile."""
    now = await auditions.by_id(conn, audition.recommendation_id)
    return now is not None and now.feedback_id is None


def _verdicts(said: Iterable[Judged]) -> list[Verdict]:
    read = [(one, Explanation.from_json(one.explanation)) for one in said]
    return [
        Verdict(one.user_id, one.value > 0, one.expected, shown.reasons if shown else ())
        for one, shown in read
    ]
