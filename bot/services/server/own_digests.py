"""Digests that listeners asked for themselves: planned, put together and noted, each sent once.

It is noted that a digest is being sent before it is sent. When the bot stops in between, or the
answer of Discord is lost, it is looked for among the messages before it is sent again. Where that
cannot be told it counts as sent, because in a private message none is better than two, and the next
one makes up for it. One that is late by more than a day is left out.
"""

import logging
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final

from bot.clock import Clock
from bot.core.models import Feedback, Subject, SubjectKind
from bot.core.ranking import PickCard, StartOffer, Wish
from bot.core.releases import RankedRelease, ReleaseWish
from bot.core.server import (
    LATEST,
    PICKS,
    Every,
    Hitch,
    LikedPick,
    OwnDigest,
    OwnIssue,
    next_own,
    own_days,
)
from bot.errors import SourceError, UserError
from bot.services.discover import Recommender, Releases
from bot.services.finding import Covers
from bot.services.server.digests import Digests
from bot.services.upkeep import TAKEN_FOR
from bot.store import listeners, picks
from bot.store import own_digests as store
from bot.store.engine import Database

log = logging.getLogger(__name__)

OWN: Final = store.KIND
"""The kind of the jobs."""
NO_TASTE: Final = (
    "I do not know your taste yet, so I would have nothing to send you. Begin with `/start` or "
    "`/rate artist`, then ask for your digest again. Nothing was switched on."
)
_HOW_OFTEN: Final = "You have no digest of your own yet. Say how often: `/digest me weekly`."


class OwnDigests:
    """Plans digests, and puts them together."""

    def __init__(
        self,
        database: Database,
        recommender: Recommender,
        releases: Releases,
        digests: Digests,
        covers: Covers,
        clock: Clock,
    ) -> None:
        self._database = database
        self._recommender = recommender
        self._releases = releases
        self._digests = digests
        self._covers = covers
        self._clock = clock

    async def find(self, user_id: int) -> OwnDigest | None:
        """Return somebody's digest; None: they asked for none."""
        async with self._database.read() as conn:
            return await store.get(conn, user_id)

    async def switch_on(
        self,
        user_id: int,
        every: Every | None,
        *,
        weekday: int | None,
        hour: int | None,
        guild_id: int | None,
    ) -> OwnDigest:
        """Send somebody a digest from now on, in place of what they asked for before.

        Args:
            user_id: the listener.
            every: None: as before.
            weekday: 0 is Monday. None: as before, else the day on which they ask.
            hour: in UTC. None: as before, else the hour in which they ask.
            guild_id: the server where they ask; None: elsewhere, and the one before stays.

        Raises:
            UserError: there is nothing to go by: no taste, or no `every`.
        """
        if not await self._recommender.has_taste(user_id):
            raise UserError(NO_TASTE)
        async with self._database.turn(f"own digest {user_id}"):
            return await self._switch_on(user_id, every, weekday, hour, guild_id)

    async def _switch_on(
        self,
        user_id: int,
        every: Every | None,
        weekday: int | None,
        hour: int | None,
        guild_id: int | None,
    ) -> OwnDigest:
        now = self._clock.now()
        async with self._database.write() as conn:
            before = await store.get(conn, user_id)
            if before is None:
                if every is None:
                    raise UserError(_HOW_OFTEN)
                before = OwnDigest(user_id, every, now.weekday(), now.hour, guild_id, None)
            digest = replace(
                before,
                every=every or before.every,
                weekday=before.weekday if weekday is None else weekday,
                hour=before.hour if hour is None else hour,
                guild_id=guild_id or before.guild_id,
                hitch=None,
            )
            digest = replace(digest, due_at=self._next(digest))
            await listeners.ensure(conn, user_id, now=now)
            await store.put(conn, digest)
        return digest

    async def switch_off(self, user_id: int) -> bool:
        """Forget somebody's digest; return whether they had one."""
        async with self._database.write() as conn:
            return await store.remove(conn, user_id)

    async def prepare(
        self, digest: OwnDigest, *, server: str | None, covers: bool = True
    ) -> OwnIssue | None:
        """Put together what a digest says now; None: there is nothing to pick.

        The picks are kept as shown; call `sent` or `dropped` with what became of them.

        Args:
            digest: the plan.
            server: the name of the server of which it tells; None: of none.
            covers: look for those that are not known yet.
        """
        found = await self._recommender.discover(
            digest.user_id, Wish(count=PICKS, private=True), guild_id=None
        )
        if isinstance(found, StartOffer) or not found.picks:
            return None
        if covers:
            found = replace(found, picks=await self._with_covers(found.picks))
        now = self._clock.now()
        days = own_days(digest, now)
        release, said = await self._release(digest.user_id, days)
        liked: tuple[LikedPick, ...] = ()
        if server is not None and digest.guild_id is not None:
            liked = await self._digests.liked(digest.guild_id, days)
        return OwnIssue(digest.every, found, now.date(), release, said, liked, server)

    async def _with_covers(self, cards: tuple[PickCard, ...]) -> tuple[PickCard, ...]:
        known = await self._covers.look_up([one.track.id for one in cards if one.cover is None])
        return tuple(replace(one, cover=known.get(one.track.id, one.cover)) for one in cards)

    async def _release(
        self, user_id: int, days: int
    ) -> tuple[RankedRelease | None, dict[int, Feedback]]:
        """Return the new release that fits best; a digest does without one rather than wait."""
        try:
            found = await self._releases.for_listener(user_id, ReleaseWish(days), ahead=0)
        except (SourceError, UserError) as error:
            log.info("a digest goes without a new release: %s", error)
            return None, {}
        if found is None or not found.ranking.shown:
            return None, {}
        return found.ranking.shown[0], found.said

    def is_late(self, digest: OwnDigest) -> bool:
        """Return whether a digest is to be left out, because it would come too late."""
        return digest.due_at is not None and self._clock.now() > digest.due_at + LATEST

    def is_due(self, digest: OwnDigest) -> bool:
        """Return whether a digest is to be sent by now."""
        return digest.due_at is not None and self._clock.now() >= digest.due_at

    async def begin_sending(self, digest: OwnDigest) -> bool:
        """Note that it is being sent from now on; False when it is not to be sent any more."""
        now = self._clock.now()
        async with self._database.write() as conn:
            return await store.begin_sending(conn, digest, now=now, crashed_before=now - TAKEN_FOR)

    async def sent(self, digest: OwnDigest, issue: OwnIssue, message_id: int) -> datetime | None:
        """Note that it was sent, and what its message shows; return when the next one is due."""
        await self._recommender.posted(issue.found.picks, message_id)
        return await self._end(digest, sent_at=self._clock.now())

    async def found(
        self, digest: OwnDigest, message_id: int, shown: Sequence[tuple[int, int]]
    ) -> datetime | None:
        """Count a digest as sent that did arrive, and note what its message shows.

        Args:
            digest: the plan.
            message_id: its message.
            shown: track and recommendation of each pick, in order.
        """
        tracks = [Subject(SubjectKind.TRACK, track_id) for track_id, _ in shown]
        async with self._database.write() as conn:
            await picks.set_message(conn, [number for _, number in shown], message_id)
            await picks.note_post(conn, message_id, *tracks)
        return await self._end(digest, sent_at=digest.sending_since)

    async def taken_for_sent(self, digest: OwnDigest) -> datetime | None:
        """Count a digest as sent when nobody can tell whether it was."""
        return await self._end(digest, sent_at=digest.sending_since, hitch=Hitch.UNSURE)

    async def left_out(self, digest: OwnDigest, hitch: Hitch) -> datetime | None:
        """Note that there is none this time, and why; return when the next one is due."""
        return await self._end(digest, sent_at=None, hitch=hitch)

    async def closed(self, digest: OwnDigest) -> None:
        """Write to somebody no more who takes no messages, until they ask again."""
        async with self._database.write() as conn:
            await store.end_sending(conn, digest, sent_at=None, due_at=None, hitch=Hitch.CLOSED)

    async def not_sent(self, digest: OwnDigest) -> None:
        """Note that Discord did not take it; it is tried again."""
        async with self._database.write() as conn:
            await store.end_sending(conn, digest, sent_at=None, due_at=digest.due_at)

    async def dropped(self, issue: OwnIssue) -> None:
        """Forget picks that were not sent, so that they may come again."""
        await self._recommender.dropped(issue.found.picks)

    async def leave_server(self, digest: OwnDigest) -> None:
        """Tell somebody nothing of a server any more that they, or the bot, have left."""
        if digest.guild_id is not None:
            async with self._database.write() as conn:
                await store.leave_server(conn, digest.user_id, digest.guild_id)

    async def forget_guild(self, guild_id: int) -> None:
        """Tell nobody anything of a server that the bot has left."""
        async with self._database.write() as conn:
            await store.forget_guild(conn, guild_id)

    async def _end(
        self, digest: OwnDigest, *, sent_at: datetime | None, hitch: Hitch | None = None
    ) -> datetime | None:
        due_at = self._next(replace(digest, last_sent_at=sent_at or digest.last_sent_at))
        async with self._database.write() as conn:
            await store.end_sending(conn, digest, sent_at=sent_at, due_at=due_at, hitch=hitch)
        return due_at

    def _next(self, digest: OwnDigest) -> datetime:
        return next_own(
            digest.every,
            digest.weekday,
            digest.hour,
            now=self._clock.now(),
            last_sent_at=digest.last_sent_at,
        )
