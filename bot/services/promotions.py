"""Artists show their playlists: checked, kept, voted on."""

import logging
from dataclasses import replace
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.clock import Clock
from bot.core.links import service_url
from bot.core.models import FeedbackSource, Subject, SubjectKind, Thumbs
from bot.core.promotion import (
    SAME_URL_AGAIN_AFTER,
    PreparedPromotion,
    Promotion,
    promotion_text,
    read_tracklist,
)
from bot.core.suitability import sound_of
from bot.errors import NotFoundError, TooSoonError
from bot.services.catalog import LiveCatalog
from bot.services.feedback import FeedbackLedger
from bot.services.lookup import Lookup
from bot.services.mentions import find_mentions
from bot.services.permission import Asker, may_promote
from bot.store import listeners, picks, promotions
from bot.store.engine import Database

log = logging.getLogger(__name__)


class Promotions:
    """Everything about promotions except their look.

    A promotion travels in three steps: `prepare` keeps it, somebody posts it, `posted` notes where;
    when the posting fails, `abandon` forgets it again.
    """

    def __init__(
        self,
        database: Database,
        catalog: LiveCatalog,
        ledger: FeedbackLedger,
        clock: Clock,
        lookup: Lookup | None = None,
    ) -> None:
        self._database = database
        self._catalog = catalog
        self._ledger = ledger
        self._clock = clock
        self._lookup = lookup

    async def prepare(
        self, asker: Asker, *, url: str, text: str, tracks: str = ""
    ) -> PreparedPromotion:
        """Check a promotion against all rules, find its tracks and keep it, ready to be posted.

        Args:
            asker: the artist, or who acts for them.
            url: see `core.links.service_url`.
            text: see `core.promotion.promotion_text`.
            tracks: see `core.promotion.read_tracklist`.

        Raises:
            UserError: the link, text, name or tracks cannot be used.
            NotAllowedError: the server does not let them promote; see `permission.may_promote`.
            TooSoonError: a cooldown runs, or the link or all tracks were promoted here lately.
        """
        url, text, mentions = service_url(url), promotion_text(text), read_tracklist(tracks)
        now = self._clock.now()
        async with self._database.read() as conn:
            # Nobody is asked anything for a promotion that is not allowed.
            await may_promote(conn, asker, url=url, text=text, now=now)
            found = await find_mentions(conn, mentions)
        if self._lookup is not None:
            found = await self._lookup.ask_for_mentions(mentions, found)
        catalog = await self._catalog.get()
        track_ids = sorted({number for number in found if number is not None})
        async with self._database.write() as conn:
            allowed = await may_promote(conn, asker, url=url, text=text, now=now)
            fresh = await _fresh(conn, track_ids, guild_id=asker.guild_id, now=now)
            await listeners.ensure(conn, asker.user_id, now=now)
            promotion = await promotions.add(
                conn,
                asker.user_id,
                guild_id=asker.guild_id,
                url=url,
                text=text,
                track_ids=fresh,
                claim_id=None if allowed.claim is None else allowed.claim.id,
                now=now,
            )
        unknown = [m.text for m, number in zip(mentions, found, strict=True) if number is None]
        return PreparedPromotion(
            promotion,
            channel_id=allowed.rules.promotion_channel_id,
            recognized=len(mentions) - len(unknown),
            unknown=tuple(unknown),
            sound=sound_of(catalog, track_ids),
            claim=allowed.claim,
            repeated=len(track_ids) - len(fresh),
        )

    async def posted(self, promotion: Promotion, message_id: int, *, channel_id: int) -> Promotion:
        """Note in which message a promotion stands, so that votes on it count."""
        async with self._database.write() as conn:
            await promotions.set_posted(conn, promotion.id, message_id, channel_id=channel_id)
            await picks.note_post(conn, message_id, Subject(SubjectKind.PROMOTION, promotion.id))
        return replace(promotion, message_id=message_id, channel_id=channel_id)

    async def abandon(self, promotion: Promotion) -> None:
        """Forget a promotion that could not be posted; it costs no turn."""
        async with self._database.write() as conn:
            await promotions.remove_unposted(conn, promotion.id)

    async def get(self, promotion_id: int) -> Promotion:
        """Return a promotion.

        Raises:
            NotFoundError: it was taken back, or removed by moderators.
        """
        async with self._database.read() as conn:
            promotion = await promotions.by_id(conn, promotion_id)
        if promotion is None:
            raise NotFoundError(
                "This promotion was taken back by its artist; votes no longer count."
            )
        if promotion.removed_at is not None:
            raise NotFoundError(
                "This promotion was removed by the moderators; votes no longer count."
            )
        return promotion

    async def vote(self, user_id: int, promotion_id: int, *, up: bool) -> tuple[Promotion, Thumbs]:
        """Take a vote: one a listener, the last word counts. It says nothing about their taste.

        Raises:
            NotFoundError: the promotion was taken back or removed.
            NotAllowedError: it is their own.
        """
        promotion = await self.get(promotion_id)
        if promotion.message_id is None:
            raise NotFoundError(
                "That promotion is only just being posted. Press again in a moment."
            )
        thumbed = await self._ledger.thumb(
            user_id,
            Subject(SubjectKind.PROMOTION, promotion_id),
            up=up,
            source=FeedbackSource.BUTTON,
            message_id=promotion.message_id,
        )
        return promotion, thumbed.thumbs


async def _fresh(
    conn: AsyncConnection, track_ids: list[int], *, guild_id: int | None, now: datetime
) -> list[int]:
    """Return the tracks that were not promoted in this server lately.

    Raises:
        TooSoonError: all of them were.
    """
    if guild_id is None or not track_ids:
        return track_ids
    again = await promotions.repeated(
        conn, track_ids, guild_id=guild_id, since=now - SAME_URL_AGAIN_AFTER, now=now
    )
    fresh = [track_id for track_id in track_ids if track_id not in again]
    if not fresh:
        raise TooSoonError(
            "All of these tracks were promoted here in the last 30 days. Name others, or wait."
        )
    return fresh
