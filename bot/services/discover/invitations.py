"""Invitations to one list for several listeners: asked, joined, left, lapsed.

Nobody takes part who did not press for it, and of whoever did not, nothing is read or kept.
"""

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.clock import Clock
from bot.core.ranking import FEWEST, MOST
from bot.errors import NotAllowedError, NotFoundError, TooSoonError, UserError
from bot.services.catalog import LiveCatalog
from bot.services.taste import Tastes
from bot.store import blends as store
from bot.store import jobs, listeners
from bot.store.blends import Invitation
from bot.store.engine import Database

LAPSE: Final = "blend"
"""The kind of the job that removes invitations that nobody made."""
OPEN_FOR: Final = timedelta(hours=1)
MAKING_TAKES: Final = timedelta(minutes=5)
"""Whoever makes a list for longer has crashed."""

_NO_TASTE: Final = (
    "I do not know your taste yet, so I cannot blend it. `/start` takes a minute; then {}."
)
OVER: Final = (
    "This invitation is over: the list was made, it was called off, or an hour has passed. "
    "`/blend` asks anew."
)
_FULL: Final = f"{MOST} have joined, and I cannot blend more. `/blend` begins another one."
_NOT_ASKED: Final = "This invitation is for two others. `/blend` begins one of your own."
_NOT_YOURS: Final = "Only who asked for the blend can make it. You can join, or leave again."
_ALONE: Final = "You are alone so far: somebody else has to press *I'm in* first."
_MAKING: Final = "The list is being made just now."


class Invitations:
    """Keeps invitations."""

    def __init__(
        self, database: Database, catalog: LiveCatalog, tastes: Tastes, clock: Clock
    ) -> None:
        self._database = database
        self._catalog = catalog
        self._tastes = tastes
        self._clock = clock

    async def invite(self, user_id: int) -> Invitation:
        """Ask others for a list; whoever asks is in.

        Raises:
            UserError: they have no taste yet.
        """
        await self._check_taste(user_id, "ask again")
        now = self._clock.now()
        async with self._database.write() as conn:
            await listeners.ensure(conn, user_id, now=now)
            made = await store.add(conn, user_id, now=now)
            if await jobs.planned_for(conn, LAPSE, 0) is None:
                await jobs.plan(conn, LAPSE, 0, now + OPEN_FOR)
        return made

    async def find(self, blend_id: int) -> Invitation | None:
        """Return an invitation that is open; None when it is over."""
        async with self._database.read() as conn:
            return await self._open(conn, blend_id)

    async def join(self, blend_id: int, user_id: int, *, only: int = 0) -> bool:
        """Let somebody take part who asks for it; False when they do already.

        Args:
            blend_id: the invitation.
            user_id: who presses.
            only: who may join beside the one who asked; 0: everybody.

        Raises:
            NotFoundError: the invitation is over.
            NotAllowedError: it is for others.
            TooSoonError: the list is being made.
            UserError: they have no taste yet, or enough have joined.
        """
        found = await self._existing(blend_id)
        if user_id in found.members:
            return False
        if only not in (0, user_id):
            raise NotAllowedError(_NOT_ASKED)
        await self._check_taste(user_id, "press *I'm in* again")
        async with self._database.write() as conn:
            now_open = await self._changing(conn, blend_id)
            if user_id in now_open.members:
                return False
            if len(now_open.members) >= MOST:
                raise UserError(_FULL)
            now = self._clock.now()
            await listeners.ensure(conn, user_id, now=now)
            await store.join(conn, blend_id, user_id, now=now)
        return True

    async def leave(self, blend_id: int, user_id: int) -> bool:
        """Let somebody take part no longer; when it is who asked, it is called off.

        Returns:
            Whether they took part.

        Raises:
            NotFoundError: it is over already.
            TooSoonError: the list is being made.
        """
        async with self._database.write() as conn:
            found = await self._changing(conn, blend_id)
            if user_id == found.user_id:
                await store.remove(conn, blend_id)
            else:
                await store.leave(conn, blend_id, user_id)
        return user_id in found.members

    async def take(self, blend_id: int, user_id: int) -> Invitation:
        """Take an invitation, to make its list; nobody else takes it meanwhile.

        Raises:
            NotFoundError: it is over.
            NotAllowedError: somebody else asked for it.
            TooSoonError: its list is being made.
            UserError: nobody else has joined.
        """
        now = self._clock.now()
        async with self._database.write() as conn:
            found = await self._open(conn, blend_id)
            if found is None:
                raise NotFoundError(OVER)
            if found.user_id != user_id:
                raise NotAllowedError(_NOT_YOURS)
            if len(found.members) < FEWEST:
                raise UserError(_ALONE)
            if not await store.begin_making(
                conn, blend_id, now=now, crashed_before=now - MAKING_TAKES
            ):
                raise TooSoonError(_MAKING)
        return found

    async def give_back(self, blend_id: int) -> None:
        """Let an invitation be open again: no list came of it."""
        async with self._database.write() as conn:
            await store.end_making(conn, blend_id)

    async def lapse(self, _subject_id: int) -> datetime | None:
        """Remove invitations that nobody made; return when the next one lapses."""
        async with self._database.write() as conn:
            oldest = await store.remove_lapsed(conn, before=self._clock.now() - OPEN_FOR)
        return None if oldest is None else oldest + OPEN_FOR

    async def _open(self, conn: AsyncConnection, blend_id: int) -> Invitation | None:
        found = await store.find(conn, blend_id)
        lapsed = found is None or found.asked_at + OPEN_FOR <= self._clock.now()
        return None if lapsed else found

    async def _changing(self, conn: AsyncConnection, blend_id: int) -> Invitation:
        """Return an invitation that somebody joins or leaves."""
        found = await self._open(conn, blend_id)
        if found is None:
            raise NotFoundError(OVER)
        if found.making_since and found.making_since > self._clock.now() - MAKING_TAKES:
            raise TooSoonError(_MAKING)
        return found

    async def _existing(self, blend_id: int) -> Invitation:
        found = await self.find(blend_id)
        if found is None:
            raise NotFoundError(OVER)
        return found

    async def _check_taste(self, user_id: int, then: str) -> None:
        catalog = await self._catalog.at_hand()
        if not (await self._tastes.of(catalog, user_id)).profile.has_taste:
            raise UserError(_NO_TASTE.format(then))
