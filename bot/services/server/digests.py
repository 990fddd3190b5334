"""The weekly digest of a server: planned, prepared, and noted, so that it is posted once.

It goes by the tastes of those who joined, blended evenly, if they are five or more; else by what
five or more gave a thumb up under the public picks of the server; without that, by what was picked
for five or more there, for all to see.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

import numpy as np
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.clock import Clock
from bot.core.catalog import Catalog
from bot.core.models import Subject, SubjectKind
from bot.core.server import (
    FEWEST,
    MOST_MEMBERS,
    Digest,
    DigestState,
    Issue,
    LikedPick,
    TasteOf,
    look_back,
    next_due,
)
from bot.core.taste import SEED, THUMB, Opinion, TasteProfile, build_taste
from bot.errors import NotFoundError, UserError
from bot.services.catalog import LiveCatalog
from bot.services.discover import Releases
from bot.services.taste import Tastes
from bot.services.threads import compute
from bot.services.upkeep import TAKEN_FOR
from bot.store import ai, jobs, listeners, subjects
from bot.store import digests as store
from bot.store.engine import Database

KIND: Final = "digest"
"""Of its jobs; they are about the server."""
LIKED_FOR: Final = timedelta(days=90)
"""How long a 👍 in a server says what the server likes."""
LIKED: Final = 5
"""The most liked picks that are named."""

_TRACKS: Final = 200
_NO_DIGEST: Final = (
    "This server has no weekly digest. Somebody who manages the server can begin one with "
    "`/server digest on`."
)
_FULL: Final = "{} members have joined this digest, and I cannot take more."
_NOTHING: Final = (
    "There is nothing to post yet: no new release fits what I know of this server's taste, and no "
    f"public pick was liked by {FEWEST} people this week. I tell nothing of fewer. `/digest join` "
    "and 👍 under picks tell me what it likes."
)


class Digests:
    """Plans digests and prepares them."""

    def __init__(
        self,
        database: Database,
        catalog: LiveCatalog,
        tastes: Tastes,
        releases: Releases,
        clock: Clock,
    ) -> None:
        self._database = database
        self._catalog = catalog
        self._tastes = tastes
        self._releases = releases
        self._clock = clock

    async def switch_on(
        self, guild_id: int, channel_id: int, *, weekday: int, hour: int, obscurity: int
    ) -> datetime:
        """Post a digest every week, in place of what was planned; return when the first is due."""
        due = next_due(weekday, hour, self._clock.now())
        async with self._database.write() as conn:
            before = await store.get(conn, guild_id)
            digest = Digest(guild_id, channel_id, weekday, hour, obscurity)
            if before is not None:
                digest = replace(
                    digest, last_sent_at=before.last_sent_at, sending_since=before.sending_since
                )
            await store.put(conn, digest)
            await jobs.plan(conn, KIND, guild_id, due)
        return due

    async def switch_off(self, guild_id: int) -> bool:
        """Forget a digest and who joined it; return whether there was one."""
        async with self._database.write() as conn:
            await jobs.drop(conn, KIND, guild_id)
            return await store.remove(conn, guild_id)

    async def get(self, guild_id: int) -> Digest:
        """Return the digest of a server; raise `NotFoundError` when it has none."""
        async with self._database.read() as conn:
            return await _existing(conn, guild_id)

    async def find(self, guild_id: int) -> Digest | None:
        """Return the digest of a server; None when it has none."""
        async with self._database.read() as conn:
            return await store.get(conn, guild_id)

    async def show(self, guild_id: int, user_id: int) -> DigestState:
        """Return the digest of a server with what surrounds it.

        Raises:
            NotFoundError: it has none.
        """
        async with self._database.read() as conn:
            digest = await _existing(conn, guild_id)
            members = await store.members(conn, guild_id)
            next_at = await jobs.planned_for(conn, KIND, guild_id) if digest.active else None
        return DigestState(digest, len(members), user_id in members, next_at)

    async def join(self, guild_id: int, user_id: int) -> bool:
        """Let a listener's taste count for the digest; return False when it did already.

        Raises:
            NotFoundError: the server has no digest.
            UserError: as many have joined as can be blended.
        """
        async with self._database.write() as conn:
            await _existing(conn, guild_id)
            members = await store.members(conn, guild_id)
            if user_id in members:
                return False
            if len(members) >= MOST_MEMBERS:
                raise UserError(_FULL.format(MOST_MEMBERS))
            await listeners.ensure(conn, user_id, now=self._clock.now())
            await store.join(conn, guild_id, user_id)
            return True

    async def leave(self, guild_id: int, user_id: int) -> bool:
        """Stop counting a listener's taste; return whether it counted."""
        async with self._database.write() as conn:
            return await store.leave(conn, guild_id, user_id)

    async def members(self, guild_id: int) -> list[int]:
        """Return who joined."""
        async with self._database.read() as conn:
            return await store.members(conn, guild_id)

    async def prepare(self, digest: Digest) -> Issue:
        """Put together what a digest says now.

        Raises:
            NotFoundError: there is nothing to say.
            UserError: no music service is connected.
            SourceUnavailableError: none answers.
        """
        now = self._clock.now()
        days = look_back(digest.last_sent_at, now)
        catalog = await self._catalog.at_hand()
        taste_of, tastes = await self._whose(catalog, digest.guild_id)
        liked = await self.liked(digest.guild_id, days)
        async with self._database.read() as conn:
            unwanted = await ai.left_out(conn, digest.guild_id)
        fresh = await self._releases.fresh(days, ahead=0)
        ranking = None
        if tastes:
            ranking = await self._releases.rank(
                catalog, tastes, fresh, obscurity=digest.obscurity, unwanted=unwanted
            )
            ranking = replace(ranking, muted=0)  # nobody muted what the server leaves out
        if not liked and (ranking is None or not ranking.shown):
            raise NotFoundError(_NOTHING)
        return Issue(
            days=days,
            today=fresh.today,
            taste_of=taste_of,
            members=len(tastes) if taste_of is TasteOf.MEMBERS else 0,
            ranking=ranking,
            liked=liked,
            silent=fresh.silent,
        )

    async def liked(self, guild_id: int, days: int) -> tuple[LikedPick, ...]:
        """Return what was liked most under the public picks of a server in so many days.

        Nothing is told of fewer than `FEWEST` people.
        """
        since = self._clock.now() - timedelta(days=days)
        catalog = await self._catalog.at_hand()
        async with self._database.read() as conn:
            counted = await store.liked_tracks(
                conn, guild_id, since=since, limit=LIKED, fewest=FEWEST
            )
            unwanted = await ai.left_out(conn, guild_id)
            if unwanted:
                barred = set(catalog.track_ids[unwanted.rows(catalog)].tolist())
                counted = [one for one in counted if one[0] not in barred]
            found = await _with_names(conn, counted)
        return tuple(replace(one, independent=_is_independent(catalog, one)) for one in found)

    async def _whose(
        self, catalog: Catalog, guild_id: int
    ) -> tuple[TasteOf | None, list[TasteProfile]]:
        """Return whose taste a digest goes by, and the tastes; none when nothing is known."""
        members = await self.members(guild_id)
        joined = [(await self._tastes.of(catalog, one)).profile for one in members]
        tastes = [taste for taste in joined if taste.has_taste]
        if len(tastes) >= FEWEST:
            return TasteOf.MEMBERS, tastes
        since = self._clock.now() - LIKED_FOR
        async with self._database.read() as conn:
            counted, shown = [], []
            if await store.count_likers(conn, guild_id, since=since) >= FEWEST:
                counted = await store.liked_tracks(conn, guild_id, since=since, limit=_TRACKS)
            if await store.count_listeners(conn, guild_id) >= FEWEST:
                shown = await store.shown_tracks(conn, guild_id, limit=_TRACKS)
        for taste_of, said in (
            (TasteOf.LIKED, [(one, THUMB, float(likes)) for one, likes in counted]),
            (TasteOf.SHOWN, [(one, SEED, 1.0) for one in shown]),
        ):
            opinions = _opinions(catalog, said)
            if opinions:
                return taste_of, [await compute(build_taste, catalog, opinions)]
        return None, []

    async def begin_sending(self, digest: Digest) -> bool:
        """Note that it is being posted from now on; False when somebody else does that."""
        now = self._clock.now()
        async with self._database.write() as conn:
            return await store.begin_sending(
                conn, digest.guild_id, now=now, crashed_before=now - TAKEN_FOR
            )

    async def sent(self, digest: Digest) -> None:
        """Note that it was posted."""
        async with self._database.write() as conn:
            await store.end_sending(conn, digest.guild_id, sent_at=self._clock.now())

    async def taken_for_sent(self, digest: Digest) -> None:
        """Count a digest as posted when a crash left it open whether it was."""
        async with self._database.write() as conn:
            await store.end_sending(conn, digest.guild_id, sent_at=digest.sending_since)

    async def not_sent(self, digest: Digest) -> None:
        """Note that Discord did not take it."""
        async with self._database.write() as conn:
            await store.end_sending(conn, digest.guild_id, sent_at=None)

    async def note_problem(self, digest: Digest, problem: str) -> None:
        """Note why there was none this time."""
        async with self._database.write() as conn:
            await store.note_problem(conn, digest.guild_id, problem, active=True)

    async def give_up(self, digest: Digest, problem: str) -> None:
        """Switch a digest off that cannot be posted; `/digest show` says why."""
        async with self._database.write() as conn:
            await store.note_problem(conn, digest.guild_id, problem, active=False)
            await jobs.drop(conn, KIND, digest.guild_id)

    def next_due(self, digest: Digest) -> datetime:
        """Return when it is due next: once, however many were missed."""
        return next_due(digest.weekday, digest.hour, self._clock.now())

    def soon(self) -> datetime:
        """Return when to try again what Discord cannot take at the moment."""
        return self._clock.now() + timedelta(minutes=15)


def _is_independent(catalog: Catalog, one: LikedPick) -> bool:
    row = catalog.row_of(one.hit.subject.id)
    return row is not None and catalog.is_independent(row)


async def _existing(conn: AsyncConnection, guild_id: int) -> Digest:
    digest = await store.get(conn, guild_id)
    if digest is None:
        raise NotFoundError(_NO_DIGEST)
    return digest


def _opinions(catalog: Catalog, said: Sequence[tuple[int, float, float]]) -> list[Opinion]:
    """Turn (track, value, weight) into opinions about those that the catalogue holds."""
    by_id = {track_id: (value, weight) for track_id, value, weight in said}
    rows = catalog.rows_of(np.array(list(by_id), np.int64))
    return [Opinion(int(row), *by_id[int(catalog.track_ids[row])]) for row in rows]


async def _with_names(
    conn: AsyncConnection, counted: Sequence[tuple[int, int]]
) -> tuple[LikedPick, ...]:
    asked = {Subject(SubjectKind.TRACK, track_id): likes for track_id, likes in counted}
    hits = await subjects.names(conn, list(asked))
    return tuple(LikedPick(hits[one], likes) for one, likes in asked.items() if one in hits)
