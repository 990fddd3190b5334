"""Gets to know an artist whom a listener rates and nobody here has, and keeps the rating then."""

import logging
from collections import deque
from datetime import datetime, timedelta
from enum import Enum, auto
from typing import Final

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.clock import Clock
from bot.core.catalog import LONGEST_KEY, Asked, Names, artist_key, holds_link
from bot.core.models import Acquainted, Choice, Rated, SearchHit, Subject, SubjectKind
from bot.errors import NotFoundError, SourceUnavailableError, UserError
from bot.services.finding import MAX_TEXT, Lookup
from bot.services.growth.growing import Growth
from bot.services.growth.meeting import Grown
from bot.services.taste import FeedbackLedger
from bot.store import acquaintances, jobs, listeners, wishes
from bot.store.engine import Database
from bot.store.wishes import FAVORITE, Wish

log = logging.getLogger(__name__)

MEET: Final = "meet"
"""The kind of the job that does what was interrupted, or could not be done yet."""
AT_A_TIME: Final = 10
"""So many artists may be named by one listener in ten minutes."""
_SPAN: Final = timedelta(minutes=10)
_GIVEN_UP_AFTER: Final = timedelta(days=2)
_TAKEN_OVER_AFTER: Final = timedelta(minutes=3)
"""Who was asked should be done by then; else the job does it."""


class Unfulfilled(Enum):
    """Why nothing was rated."""

    UNKNOWN = auto()
    """No service knows the artist."""
    UNHEARD = auto()
    """Services know the artist, but no song of theirs."""
    GONE = auto()
    """The rating is not waited for any more: fulfilled, replaced or deleted."""


class ArtistWishes:
    """Takes ratings of artists whom nobody knows yet."""

    def __init__(
        self,
        database: Database,
        lookup: Lookup,
        ledger: FeedbackLedger,
        growth: Growth | None,
        clock: Clock,
    ) -> None:
        """Take who gets to know artists; None: nobody is asked."""
        self._database = database
        self._lookup = lookup
        self._ledger = ledger
        self._growth = growth
        self._clock = clock
        self._lately: deque[tuple[datetime, int]] = deque()
        """When artists were named in the last ten minutes, and by whom.

        Whoever has themselves deleted meanwhile may not name more for it.
        """

    @property
    def is_possible(self) -> bool:
        """Whether we get to know artists."""
        return self._growth is not None and self._growth.is_on

    async def meant(self, asked: Asked) -> SearchHit | tuple[Choice, ...] | None:
        """Return the artist who is meant, as `Lookup.meant` does; None: we may get to know them.

        Raises: as `Lookup.meant`, when we may not.
        """
        try:
            return await self._lookup.meant(asked, (SubjectKind.ARTIST,))
        except NotFoundError:
            if not self.is_possible or not isinstance(asked, Names) or holds_link(asked.text):
                raise
            return None

    async def wish(self, user_id: int, name: str, score: int) -> Wish:
        """Keep a rating until its artist is known.

        Args:
            user_id: the listener.
            name: as they typed it.
            score: 1 … 5, or `FAVORITE`: they chose the artist to begin with.

        Raises:
            UserError: the name is none, too many were named lately, or we get to know nobody.
        """
        if not self.is_possible:
            raise UserError("I know no artist like that, and do not get to know new ones here.")
        name = " ".join(name.replace("\0", " ").split())  # which PostgreSQL does not take
        key, now = artist_key(name), self._clock.now()
        if not 0 < len(key) <= LONGEST_KEY or len(name) > MAX_TEXT:
            raise UserError("That is no name of an artist. Write it as it stands on their records.")
        while self._lately and now - self._lately[0][0] >= _SPAN:
            self._lately.popleft()
        if sum(who == user_id for _, who in self._lately) >= AT_A_TIME:
            raise UserError(
                f"I am getting to know {AT_A_TIME} artists for you already. Name more in ten "
                "minutes."
            )
        self._lately.append((now, user_id))
        async with self._database.write() as conn:
            await listeners.ensure(conn, user_id, now=now)
            wish = await wishes.add(conn, user_id, key, name, score, now=now)
            await jobs.plan(conn, MEET, wish.id, now + _TAKEN_OVER_AFTER)
        return wish

    async def fulfil(self, wish_id: int) -> Acquainted | Unfulfilled:
        """Get to know the artist of a rating, and keep it.

        Raises:
            SourceUnavailableError: the services do not answer, or the operator lets us ask nobody
                any more; it is tried again by itself.
        """
        async with self._database.read() as conn:
            wish = await wishes.get(conn, wish_id)
            known = None if wish is None else await acquaintances.artist_id(conn, wish.key)
        if wish is None:
            return Unfulfilled.GONE
        grown = None if known else await self._met(wish.name)
        async with self._database.write() as conn:
            if not await wishes.remove(conn, wish_id):
                return Unfulfilled.GONE
            await jobs.drop(conn, MEET, wish_id)
            found = await acquaintances.artist_id(conn, wish.key)
            if found is None:
                return Unfulfilled.UNHEARD if grown else Unfulfilled.UNKNOWN
            songs = await acquaintances.songs_of(conn, wish.key)
            hit, rated = await self._say(conn, wish, found)
        self._ledger.follow(wish.user_id)
        return Acquainted(hit, rated, songs, max(grown.artists - 1, 0) if grown else 0)

    async def _say(
        self, conn: AsyncConnection, wish: Wish, artist_id: int
    ) -> tuple[SearchHit, Rated | None]:
        subject = Subject(SubjectKind.ARTIST, artist_id)
        if wish.score == FAVORITE:
            (hit,) = await self._ledger.choose_within(conn, wish.user_id, [subject])
            return hit, None
        rated = await self._ledger.rate_within(conn, wish.user_id, subject, wish.score)
        return rated.hit, rated

    async def _met(self, name: str) -> Grown | None:
        if self._growth is None or not self._growth.is_on:
            raise SourceUnavailableError("The catalogue may not grow by itself any more.")
        return await self._growth.meet(name)

    async def job(self, wish_id: int) -> datetime | None:
        """Do what was interrupted; give up on what nobody could tell for days."""
        async with self._database.read() as conn:
            wish = await wishes.get(conn, wish_id)
        if wish is not None and self._clock.now() - wish.wished_at > _GIVEN_UP_AFTER:
            log.info("an artist stays unknown: the services did not answer for days")
            async with self._database.write() as conn:
                await wishes.remove(conn, wish_id)
            return None
        await self.fulfil(wish_id)
        return None
