"""Picks in a browser: an address that opens once, and a page that takes thumbs for an hour.

The address is shown to one listener in Discord. Opening it puts a second secret into a cookie of
the browser, so nobody who finds the address later sees anything. Both secrets are kept nowhere.
"""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from bot.clock import Clock
from bot.core.models import Feedback, FeedbackSource, Subject, SubjectKind
from bot.core.ranking import ChosenTrack, Explanation, PickCard
from bot.errors import NotFoundError
from bot.services.catalog import LiveCatalog
from bot.services.discover import cards_of
from bot.services.sharing.pages import Address, SharedPages, mark_of
from bot.services.taste import FeedbackLedger
from bot.store import feedback, jobs, picks, track_labels
from bot.store import visits as store
from bot.store.engine import Database

END_VISITS: Final = "end-visits"
"""The kind of the job that removes visits whose time is over."""
WAITS_FOR: Final = timedelta(minutes=15)
"""So long an address can be opened."""
STANDS_FOR: Final = timedelta(hours=1)
"""So long the page can be used once it is opened."""
MOST: Final = 5
"""So many visits of one listener there are at once; the oldest makes room."""

_SECRET_BYTES: Final = 24
_GONE: Final = "There is no such page."


@dataclass(frozen=True, slots=True)
class ShownPicks:
    """What the page of a visit shows."""

    cards: tuple[PickCard, ...]
    said: Mapping[int, Feedback]
    """By track: what the listener has said of it and counts."""
    ends_at: datetime


class Visits:
    """Shows picks in a browser, and takes what is said there."""

    def __init__(
        self,
        database: Database,
        catalog: LiveCatalog,
        ledger: FeedbackLedger,
        pages: SharedPages,
        clock: Clock,
    ) -> None:
        self._database = database
        self._catalog = catalog
        self._ledger = ledger
        self._pages = pages
        self._clock = clock

    def check(self) -> None:
        """Do nothing, where picks can be shown in a browser.

        Raises:
            UserError: the operator has set up no pages.
        """
        self._pages.address("/picks")

    async def invite(self, user_id: int, message_id: int, cards: Sequence[PickCard]) -> Address:
        """Make the address of a page with some picks; they are as good as posted.

        Args:
            user_id: whom they were made for.
            message_id: the snowflake of what they asked: thumbs on the page are kept under it.
            cards: kept as shown.

        Raises:
            UserError: the operator has set up no pages.
        """
        secret = secrets.token_urlsafe(_SECRET_BYTES)
        url = self._pages.address(f"/picks/{secret}")
        ends_at = self._clock.now() + WAITS_FOR
        async with self._database.write() as conn:
            await picks.set_message(conn, [one.recommendation_id for one in cards], message_id)
            await store.add(conn, user_id, message_id, mark_of(secret), ends_at=ends_at)
            await store.remove_but(conn, user_id, MOST)
            if await jobs.planned_for(conn, END_VISITS, 0) is None:
                await jobs.plan(conn, END_VISITS, 0, ends_at)
        return Address(url, ends_at)

    async def withdraw(self, user_id: int, message_id: int) -> None:
        """End a visit whose address could not be given, and forget its picks."""
        async with self._database.write() as conn:
            await picks.remove_in(conn, message_id, now=self._clock.now())
            await store.remove(conn, user_id, message_id)

    async def waits(self, secret: str) -> bool:
        """Tell whether the address with this secret can be opened."""
        async with self._database.read() as conn:
            return await store.waits(conn, mark_of(secret), now=self._clock.now())

    async def open(self, secret: str) -> str:
        """Use an address up; return the secret by which its page is found from now on.

        Raises:
            NotFoundError: it never was, is used up, revoked, or its time is over.
        """
        new, now = secrets.token_urlsafe(_SECRET_BYTES), self._clock.now()
        marks = mark_of(secret), mark_of(new)
        async with self._database.write() as conn:
            if not await store.open_(conn, *marks, now=now, ends_at=now + STANDS_FOR):
                raise NotFoundError(_GONE)
        return new

    async def shown(self, secret: str) -> ShownPicks:
        """Return what the page shows: picks that the catalogue does not hold any more are left out.

        Raises:
            NotFoundError: there is no such page any more.
        """
        catalog = await self._catalog.at_hand()
        async with self._database.read() as conn:
            visit = await store.opened(conn, mark_of(secret), now=self._clock.now())
            if visit is None:
                raise NotFoundError(_GONE)
            chosen = {
                one.id: ChosenTrack(row, explanation, one.promotion_id)
                for one in await picks.all_in(conn, visit.message_id)
                if (row := catalog.row_of(one.track_id)) is not None
                and (explanation := Explanation.from_json(one.explanation)) is not None
            }
            cards = await cards_of(
                conn, catalog, visit.user_id, list(chosen.values()), list(chosen)
            )
            ids = [card.track.id for card in cards]
            released = {
                one.track.id: await track_labels.of_track(conn, one.track.id)
                for one in cards
                if one.independent  # of most tracks nobody tells
            }
            said = await feedback.counting_about_tracks(conn, visit.user_id, ids)
        told = (replace(one, released_by=released.get(one.track.id, ())) for one in cards)
        return ShownPicks(tuple(told), said, visit.ends_at)

    async def thumb(self, secret: str, track_id: int, *, up: bool) -> None:
        """Take a thumb on a pick of the page, as that under a message of Discord.

        Raises:
            NotFoundError: there is no such page any more, or the track is not on it.
            NotAllowedError: it promotes what is the listener's own.
        """
        async with self._database.read() as conn:
            visit = await store.opened(conn, mark_of(secret), now=self._clock.now())
            shown = await picks.in_message(conn, visit.message_id) if visit else {}
        if visit is None or track_id not in shown:
            raise NotFoundError(_GONE)
        await self._ledger.thumb(
            visit.user_id,
            Subject(SubjectKind.TRACK, track_id),
            up=up,
            source=FeedbackSource.WEB,
            message_id=visit.message_id,
        )

    async def count(self, user_id: int) -> int:
        """Return how many addresses and opened pages somebody has."""
        async with self._database.read() as conn:
            return await store.count(conn, user_id, now=self._clock.now())

    async def end_all(self, user_id: int) -> int:
        """End every visit of somebody; return how many there were."""
        async with self._database.write() as conn:
            return await store.remove_but(conn, user_id, 0)

    async def lapse(self, _subject_id: int) -> datetime | None:
        """Remove visits whose time is over; return when the next one's is."""
        async with self._database.write() as conn:
            return await store.remove_ended(conn, now=self._clock.now())
