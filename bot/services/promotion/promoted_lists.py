"""Playlists and albums on their way to be promoted: what is on them, and whom they suit."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass

from bot.clock import Clock
from bot.core.ai import AiRule
from bot.core.catalog import Asked, Link, LinkKind, read_text, service_of, service_url
from bot.core.promotion import (
    MOST_PROMOTED,
    Listing,
    PreparedPromotion,
    PromotionKind,
    Suitability,
    promotion_text,
    read_tracklist,
)
from bot.errors import SourceUnavailableError, UserError
from bot.services.finding import Collection, Collections, Lookup, find_mentions
from bot.services.promotion.permission import Asker, may_promote
from bot.services.promotion.promotions import Draft, Promotions
from bot.services.server import Audience
from bot.store.engine import Database

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Named:
    """Tracks that the artist named themselves."""

    mentions: Sequence[Asked]
    found: Sequence[int | None]

    @property
    def track_ids(self) -> list[int]:
        return [number for number in self.found if number is not None]

    @property
    def unknown(self) -> tuple[str, ...]:
        both = zip(self.mentions, self.found, strict=True)
        return tuple(one.text for one, number in both if number is None)


class ListPromotions:
    """Prepares promotions of playlists and albums."""

    def __init__(
        self,
        database: Database,
        promotions: Promotions,
        lookup: Lookup,
        collections: Collections,
        audience: Audience,
        clock: Clock,
    ) -> None:
        self._database = database
        self._promotions = promotions
        self._lookup = lookup
        self._collections = collections
        self._audience = audience
        self._clock = clock

    async def prepare(
        self, asker: Asker, kind: PromotionKind, *, url: str, text: str, tracks: str = ""
    ) -> PreparedPromotion:
        """Check a list against all rules, find its tracks and keep it, ready to be posted.

        Tracks of it that are new join the catalogue, as far as `Collections.admit` takes them.

        Args:
            asker: the artist, or who acts for them.
            kind: a playlist or an album.
            url: see `core.catalog.service_url`.
            text: see `core.promotion.promotion_text`.
            tracks: some that are on it, see `core.promotion.read_tracklist`.

        Raises:
            UserError: the link, text, name or tracks cannot be used.
            NotAllowedError: the server does not let them promote; see `permission.may_promote`.
            NotFoundError: there is no such list, or it is private.
            TooSoonError: a cooldown runs, or the link or all tracks were promoted here lately.
        """
        url, text, mentions = service_url(url), promotion_text(text), read_tracklist(tracks)
        now = self._clock.now()
        async with self._database.read() as conn:
            # Nobody is asked anything for a promotion that is not allowed.
            await may_promote(conn, asker, url=url, text=text, now=now)
            found = await find_mentions(conn, mentions)
        listing, read = await self._read(asker, kind, read_text(url))
        named = _Named(mentions, await self._lookup.ask_for_mentions(mentions, found))
        on_it = read.track_ids if read is not None else ()
        track_ids = list(dict.fromkeys([*named.track_ids, *on_it]))
        told = () if read is None else (read.title, read.owner)
        sound, suits = await self._audience.sound(track_ids), await self._suits(asker, track_ids)
        kept = await self._promotions.keep(
            asker,
            Draft(
                kind,
                read.url if read is not None else url,
                text,
                title=None if read is None else read.title,
                track_ids=sorted(track_ids[:MOST_PROMOTED]),
                words=[one for one in told if one],
            ),
        )
        return PreparedPromotion(
            kept.promotion,
            channel_id=kept.allowed.rules.promotion_channel_id,
            recognized=len(named.track_ids),
            unknown=named.unknown,
            sound=sound,
            claim=kept.allowed.claim,
            repeated=kept.repeated,
            listing=listing,
            suits=suits,
            shows_ai=kept.allowed.rules.ai is not AiRule.ALLOW,
        )

    async def _read(
        self, asker: Asker, kind: PromotionKind, asked: Asked
    ) -> tuple[Listing | None, Collection | None]:
        """Read the list behind a link; nothing where its service tells nobody what is on lists."""
        if not self._collections.knows(asked):
            if isinstance(asked, Link) and asked.track is not None:
                raise UserError("That link leads to a single track: use `/promote track`.")
            return None, None
        if isinstance(asked, Link):
            _check_kind(asked.kind, kind)  # also where its service does not answer
        try:
            read = await self._collections.read(asked, user_id=asker.user_id)
        except SourceUnavailableError as error:
            log.info("a list is promoted unread: %s", error)
            return Listing(0, 0, None, f"{service_of(asked.text)} did not answer"), None
        _check_kind(read.kind, kind)
        known = sum(one.track_id is not None for one in read.tracks)
        listing = Listing(len(read.tracks), known, read.total, read.unread)
        return listing, await self._collections.admit(read)

    async def _suits(self, asker: Asker, track_ids: Sequence[int]) -> Suitability | None:
        if asker.guild_id is None:
            return None
        return await self._audience.suits(
            track_ids, guild_id=asker.guild_id, asker_id=asker.user_id
        )


def _check_kind(leads_to: LinkKind, kind: PromotionKind) -> None:
    """Refuse a playlist that is to be promoted as an album, and an album as a playlist.

    Raises:
        UserError: it is one.
    """
    is_playlist = leads_to is LinkKind.PLAYLIST
    if is_playlist != (kind is PromotionKind.PLAYLIST):
        other, command = ("a playlist", "playlist") if is_playlist else ("an album", "album")
        raise UserError(f"That link leads to {other}: use `/promote {command}`.")
