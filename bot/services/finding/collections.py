"""Playlists and albums behind a link: what is on them, and which of it the catalogue knows."""

import asyncio
import logging
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final, Protocol

from bot.clock import Clock
from bot.core.catalog import Asked, Link, LinkKind, ShortLink, read_text
from bot.errors import AccessError, SourceError, SourceUnavailableError, UserError
from bot.services.catalog import Known, admit, key_of, known_track
from bot.services.finding.lookup import Outside
from bot.services.finding.track_lists import NAME_SOME, Reading, not_there
from bot.sources.values import SourceTrack
from bot.store import catalog_memory
from bot.store.engine import Database

log = logging.getLogger(__name__)

PATIENCE_S: Final = 20.0
"""Nobody waits longer for a list; what of it is answered later is kept for the next time."""
MOST_ADMITTED: Final = 100
"""So many tracks of one list, at most, become new ones of the catalogue."""

_NO_LIST: Final = (
    "I see no link to a playlist or an album there. Copy the share link of one on Spotify, Deezer, "
    "Apple Music, Audius, MusicBrainz, ListenBrainz, YouTube Music, TIDAL, SoundCloud or Bandcamp."
)
_LEADS_ELSEWHERE: Final = (
    "That short link leads to no playlist or album of a music service I know, so I did not follow "
    "it. Open it yourself and copy the address of the list."
)


class SpotifyTokens(Protocol):
    """Knows who has linked an account of Spotify."""

    async def spotify_token(self, user_id: int) -> str | None:
        """Return a token that is still good; None when the listener has linked no account.

        Raises:
            AccessError: the link has ended.
        """
        ...


@dataclass(frozen=True, slots=True)
class CollectionTrack:
    """One track of a list."""

    told: SourceTrack
    track_id: int | None
    """None: the catalogue does not have it."""


@dataclass(frozen=True, slots=True)
class Collection:
    """A playlist or an album, as far as it could be read."""

    kind: LinkKind
    """Playlist or album."""
    service: str
    url: str
    """Its page, in one normal form."""
    title: str | None
    owner: str | None
    """The artist of an album; on a playlist, who made it."""
    tracks: tuple[CollectionTrack, ...]
    total: int | None
    """How many it has; None: nobody says."""
    unread: str | None
    """Why a part, or all of it, is missing, as a sentence without its full stop."""

    @property
    def track_ids(self) -> tuple[int, ...]:
        """Those that the catalogue has, each once, in the order of the list."""
        ids = (one.track_id for one in self.tracks)
        return tuple(dict.fromkeys(one for one in ids if one is not None))


class Collections:
    """Reads lists, and takes what is on them into the catalogue."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        outside: Outside | None = None,
        tokens: SpotifyTokens | None = None,
    ) -> None:
        self._database = database
        self._clock = clock
        self._outside = outside
        self._tokens = tokens

    def knows(self, asked: Asked) -> bool:
        """Tell whether a link leads to a list, as far as it can be told without asking anybody."""
        if isinstance(asked, ShortLink):
            return self._outside is not None
        return isinstance(asked, Link) and asked.is_list

    async def read(self, asked: Asked, *, user_id: int) -> Collection:
        """Read the list behind a link, and find its tracks in the catalogue.

        A list that its service tells nothing about has no tracks, and `unread` says why.

        Args:
            user_id: who asks; the account of Spotify they have linked may be used.

        Raises:
            UserError: there is no link to a list.
            NotFoundError: there is no such list, or it is private.
            SourceUnavailableError: its service does not answer.
        """
        link = await self._link(asked)
        reading = await self._read(link, user_id)
        kind = LinkKind.PLAYLIST if link.kind is LinkKind.PLAYLIST else LinkKind.ALBUM
        return Collection(
            kind=kind,
            service=link.service,
            url=link.url,
            title=reading.title,
            owner=reading.owner,
            tracks=await self._matched(reading.tracks),
            total=reading.total,
            unread=reading.unread,
        )

    async def admit(self, collection: Collection) -> Collection:
        """Take unknown tracks of a list into the catalogue, the first `MOST_ADMITTED` of them.

        Their features are asked for at once, many in one call; that goes on in the background when
        it takes longer than seconds.
        """
        new = [one.told for one in collection.tracks if one.track_id is None][:MOST_ADMITTED]
        if not new or self._outside is None:
            return collection
        async with self._database.write() as conn:
            added = await admit(conn, new, on=self._clock.now().date())
        log.info("%d tracks of a list were taken in", len(set(added)))
        await self._outside.enrichment.enrich_now(list(dict.fromkeys(added)))
        ids = iter(added)
        tracks = tuple(
            replace(one, track_id=next(ids, None)) if one.track_id is None else one
            for one in collection.tracks
        )
        return replace(collection, tracks=tracks)

    async def _link(self, asked: Asked) -> Link:
        if isinstance(asked, Link) and asked.is_list:
            return asked
        if self._outside is None or not isinstance(asked, ShortLink):
            raise UserError(_NO_LIST)
        try:
            page = await self._outside.sources.short_links.target(asked.url)
        except SourceError as error:
            raise SourceUnavailableError(
                "I cannot find out where that short link leads right now. Open it yourself and "
                "copy the address of the list."
            ) from error
        target = read_text(page or "")
        if not (isinstance(target, Link) and target.is_list):
            raise UserError(_LEADS_ELSEWHERE)
        return target

    async def _read(self, link: Link, user_id: int) -> Reading:
        if self._outside is None:
            return Reading(unread=f"I cannot ask any music service here; {NAME_SOME}")
        token = None
        if link.service == "Spotify" and link.kind is LinkKind.PLAYLIST:
            token = await self._token(user_id)
        try:
            async with asyncio.timeout(PATIENCE_S):
                return await self._outside.lists.read(link, token=token)
        except AccessError as error:  # no key is needed: the list is not for everybody
            raise not_there(link) from error
        except (SourceError, TimeoutError) as error:
            until = error.until if isinstance(error, SourceUnavailableError) else None
            log.info("%s is not read: %s", link.url, error)
            raise SourceUnavailableError(
                f"{link.service} does not tell me what is on that list right now. Try again in a "
                f"few minutes, or {NAME_SOME}.",
                until,
            ) from error

    async def _token(self, user_id: int) -> str | None:
        if self._tokens is None:
            return None
        try:
            return await self._tokens.spotify_token(user_id)
        except SourceError as error:
            log.info("a playlist of Spotify is read without its owner: %s", error)
            return None

    async def _matched(self, tracks: Sequence[SourceTrack]) -> tuple[CollectionTrack, ...]:
        """Find tracks in the catalogue with a few queries: by their ids, then by their names."""
        keys = [key_of(one) for one in tracks]
        values: defaultdict[str, list[str]] = defaultdict(list)
        for told in tracks:
            for one in told.ids:
                values[one.namespace].append(one.value)
        async with self._database.read() as conn:
            found = await catalog_memory.look_up(conn, dict(values), list(dict.fromkeys(keys)))
        known = Known.of(found)
        return tuple(
            CollectionTrack(told, known_track(told, key, known))
            for told, key in zip(tracks, keys, strict=True)
        )
