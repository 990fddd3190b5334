"""Artists show their playlists: checked, kept, voted on."""

import logging
from collections.abc import Collection
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.clock import Clock
from bot.core.links import service_url
from bot.core.models import FeedbackSource, Subject, SubjectKind, Thumbs
from bot.core.promotion import (
    SAME_URL_AGAIN_AFTER,
    GuildSettings,
    PreparedPromotion,
    Promotion,
    in_words,
    promotion_text,
    read_tracklist,
    time_left,
)
from bot.core.suitability import sound_of
from bot.errors import NotAllowedError, NotFoundError, TooSoonError
from bot.services.catalog import LiveCatalog
from bot.services.feedback import FeedbackLedger
from bot.services.lookup import Lookup
from bot.services.mentions import find_mentions
from bot.store import guild_settings, listeners, picks, promotions
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
        self,
        user_id: int,
        *,
        guild_id: int | None,
        role_ids: Collection[int],
        url: str,
        text: str,
        tracks: str = "",
    ) -> PreparedPromotion:
        """Check a promotion against all rules, find its tracks and keep it, ready to be posted.

        Args:
            user_id: the artist.
            guild_id: the server with its rules; None outside servers, where the defaults hold.
            role_ids: the artist's roles in that server.
            url: see `core.links.service_url`.
            text: see `core.promotion.promotion_text`.
            tracks: see `core.promotion.read_tracklist`.

        Raises:
            UserError: the link, text or tracks cannot be used.
            NotAllowedError: the server lets only a role promote, and the artist has it not.
            TooSoonError: a cooldown runs, or the link was promoted here lately.
        """
        url, text, mentions = service_url(url), promotion_text(text), read_tracklist(tracks)

        async def check(conn: AsyncConnection) -> GuildSettings:
            rules = GuildSettings()
            if guild_id is not None:
                rules = await guild_settings.get(conn, guild_id)
            _check_role(rules, guild_id, role_ids)
            await _check_time(conn, rules, user_id=user_id, guild_id=guild_id, url=url, now=now)
            return rules

        now = self._clock.now()
        async with self._database.read() as conn:
            await check(conn)  # nobody is asked anything for a promotion that is not allowed
            found = await find_mentions(conn, mentions)
        if self._lookup is not None:
            found = await self._lookup.ask_for_mentions(mentions, found)
        catalog = await self._catalog.get()
        track_ids = sorted({number for number in found if number is not None})
        async with self._database.write() as conn:
            rules = await check(conn)
            await listeners.ensure(conn, user_id, now=now)
            promotion = await promotions.add(
                conn,
                user_id,
                guild_id=guild_id,
                url=url,
                text=text,
                track_ids=track_ids,
                now=now,
            )
        unknown = [m.text for m, number in zip(mentions, found, strict=True) if number is None]
        return PreparedPromotion(
            promotion,
            channel_id=rules.promotion_channel_id,
            recognized=len(mentions) - len(unknown),
            unknown=tuple(unknown),
            sound=sound_of(catalog, track_ids),
        )

    async def posted(self, promotion: Promotion, message_id: int) -> Promotion:
        """Note in which message a promotion stands, so that votes on it count."""
        async with self._database.write() as conn:
            await promotions.set_posted(conn, promotion.id, message_id)
            await picks.note_post(conn, message_id, Subject(SubjectKind.PROMOTION, promotion.id))
        return replace(promotion, message_id=message_id)

    async def abandon(self, promotion: Promotion) -> None:
        """Forget a promotion that could not be posted; it costs no turn."""
        async with self._database.write() as conn:
            await promotions.remove_unposted(conn, promotion.id)

    async def get(self, promotion_id: int) -> Promotion:
        """Return a promotion.

        Raises:
            NotFoundError: it was taken back.
        """
        async with self._database.read() as conn:
            promotion = await promotions.by_id(conn, promotion_id)
        if promotion is None:
            raise NotFoundError(
                "This promotion was taken back by its artist; votes no longer count."
            )
        return promotion

    async def vote(self, user_id: int, promotion_id: int, *, up: bool) -> tuple[Promotion, Thumbs]:
        """Take a vote: one a listener, the last word counts. It says nothing about their taste.

        Raises:
            NotFoundError: the promotion was taken back.
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


def _check_role(rules: GuildSettings, guild_id: int | None, role_ids: Collection[int]) -> None:
    role_id = rules.promoter_role_id
    if role_id is not None and role_id != guild_id and role_id not in role_ids:
        raise NotAllowedError(
            f"Only members with the role <@&{role_id}> may promote in this server. "
            "Who manages it can change that with `/settings promotions`."
        )


async def _check_time(
    conn: AsyncConnection,
    rules: GuildSettings,
    *,
    user_id: int,
    guild_id: int | None,
    url: str,
    now: datetime,
) -> None:
    last = await promotions.last_by(conn, user_id, guild_id=guild_id, now=now)
    pause = timedelta(hours=rules.artist_cooldown_hours)
    left = time_left(last, pause, now)
    if left is not None:
        raise TooSoonError(
            f"You may promote once in {in_words(pause)} here. Try again in {in_words(left)}."
        )
    if guild_id is None:
        return
    last = await promotions.last_of(conn, url, guild_id=guild_id, now=now)
    left = time_left(last, SAME_URL_AGAIN_AFTER, now)
    if left is not None:
        raise TooSoonError(
            "This link was promoted here less than 30 days ago. "
            f"It may be promoted again in {in_words(left)}."
        )
    last = await promotions.last_in(conn, guild_id, now=now)
    pause = timedelta(minutes=rules.guild_cooldown_minutes)
    left = time_left(last, pause, now)
    if left is not None:
        raise TooSoonError(
            f"Somebody promoted here just now; this server takes one promotion in "
            f"{in_words(pause)}. Try again in {in_words(left)}."
        )
