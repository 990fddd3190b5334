"""Asks the music services what a playlist or an album holds.

A service that tells nobody is not asked; where it says that an album is also on Deezer or in
Apple's store (Odesli knows), it is read there.
"""

import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import Final, TypeAlias

from bot.core.catalog import Link, LinkKind, read_text
from bot.errors import AccessError, NotFoundError, SourceError
from bot.services.sources import Sources, SpotifyApp
from bot.sources.values import Page, SourceTrack, TrackList

log = logging.getLogger(__name__)

MOST_TRACKS: Final = 200
"""The most that are read of one list."""

NAME_SOME: Final = "name some of its tracks with tracks:"
SPOTIFY_NEEDS_OWNER: Final = (
    "Spotify lets me read a playlist only when its owner has linked their account with "
    f"/link spotify; {NAME_SOME}"
)
_READ_ELSEWHERE: Final = ("Deezer", "Apple Music")

_NextPage: TypeAlias = Callable[[int], Awaitable[Page | None]]


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read of a list."""

    title: str | None = None
    owner: str | None = None
    tracks: tuple[SourceTrack, ...] = ()
    """In their order, at most `MOST_TRACKS`."""
    total: int | None = None
    """How many the list has; None: the service does not say."""
    unread: str | None = None
    """Why a part, or all of it, is missing, as a sentence without its full stop."""


class TrackLists:
    """Reads lists, each where its service, or another one, tells what it holds."""

    def __init__(self, sources: Sources) -> None:
        self._sources = sources

    async def read(self, link: Link, *, token: str | None = None) -> Reading:
        """Read a list from its beginning, with a handful of calls.

        Args:
            token: of the Spotify account that the one who asks has linked.

        Raises:
            NotFoundError: there is no such list, or it is private.
            SourceError: its service does not answer.
        """
        sources, value = self._sources, link.value
        match link.service, link.kind:
            case "Deezer", LinkKind.ALBUM:
                found = await _paged(
                    await sources.deezer.album_head(value),
                    lambda offset: sources.deezer.album(value, offset=offset),
                )
            case "Deezer", _:
                found = await _paged(
                    await sources.deezer.playlist_head(value),
                    lambda offset: sources.deezer.playlist(value, offset=offset),
                )
            case "Apple Music", LinkKind.ALBUM:
                found = await sources.itunes.album(value, country=link.storefront or "us")
            case "MusicBrainz", _:
                found = await self._on_musicbrainz(link)
            case "ListenBrainz", _:
                found = await sources.listenbrainz.playlist(value)
            case "Audius", _:
                found = await sources.audius.playlist(link.url)
            case "Spotify", LinkKind.PLAYLIST:
                return await self._spotify_playlist(link, token)
            case "Spotify", _ if sources.spotify is not None:
                return await self._spotify_album(link, sources.spotify)
            case _:
                return await self._elsewhere(link)
        return _reading(found, link)

    async def _on_musicbrainz(self, link: Link) -> TrackList | None:
        mbid: str | None = link.value
        if link.kind is LinkKind.RELEASE_GROUP:
            mbid = await self._sources.musicbrainz.first_release(link.value)
        return None if mbid is None else await self._sources.musicbrainz.release(mbid)

    async def _spotify_album(self, link: Link, app: SpotifyApp) -> Reading:
        try:
            found = await _paged(
                await app.album(link.value),
                lambda offset: app.album_tracks(link.value, offset=offset),
            )
        except AccessError as error:  # a wrong key is the operator's business
            log.warning("%s", error)
            return await self._elsewhere(link)
        return _reading(found, link)

    async def _spotify_playlist(self, link: Link, token: str | None) -> Reading:
        users = self._sources.spotify_users
        if users is None or token is None:
            return await self._spotify_card(link)
        try:
            found = await _paged(
                await users.api.playlist_head(token, link.value),
                lambda offset: users.api.playlist(token, link.value, offset=offset),
            )
        except AccessError as error:
            log.info("a playlist of Spotify is not read: %s", error)
            found = None
        return await self._spotify_card(link) if found is None else _reading(found, link)

    async def _spotify_card(self, link: Link) -> Reading:
        """Return what a playlist is called, which Spotify tells everybody of a public one."""
        try:
            card = await self._sources.oembed.card(link.url)
        except SourceError as error:
            log.info("a playlist of Spotify stays without its title: %s", error)
            return Reading(unread=SPOTIFY_NEEDS_OWNER)
        if card is None:
            raise not_there(link)
        return Reading(title=card.title, owner=card.author, unread=SPOTIFY_NEEDS_OWNER)

    async def _elsewhere(self, link: Link) -> Reading:
        """Read an album on a service that tells what it holds, if one has it."""
        unread = (
            f"{link.service} does not tell me anything about its {_lists(link.kind)}; {NAME_SOME}"
        )
        if link.kind is LinkKind.PLAYLIST:
            return Reading(unread=unread)
        try:
            pages = await self._sources.odesli.album_pages(link.url)
            found = {
                one.service: one
                for one in map(read_text, pages)
                if isinstance(one, Link) and one.is_list
            }
            for service in _READ_ELSEWHERE:
                if service in found:
                    return await self.read(found[service])
        except (SourceError, NotFoundError) as error:
            log.info("%s is not read elsewhere: %s", link.url, error)
        return Reading(unread=unread)


def not_there(link: Link) -> NotFoundError:
    """Return the error for a list that its service does not show us."""
    what = "playlist" if link.kind is LinkKind.PLAYLIST else "album"
    return NotFoundError(
        f"{link.service} shows me no such {what}: it is private, deleted, or the link is not "
        "complete. Make it public, or copy its share link again."
    )


async def _paged(head: TrackList | None, ask: _NextPage) -> TrackList | None:
    """Read a list page by page; None when it is not there, or not any more."""
    if head is None:
        return None
    tracks, offset, total = list(head.page.tracks), head.page.next_offset, head.page.total
    while offset is not None and offset < MOST_TRACKS:
        page = await ask(offset)
        if page is None:
            return None
        tracks += page.tracks
        offset, total = page.next_offset, page.total if total is None else total
    return replace(head, page=Page(tuple(tracks), total, offset))


def _reading(found: TrackList | None, link: Link) -> Reading:
    if found is None:
        raise not_there(link)
    tracks, total = found.page.tracks[:MOST_TRACKS], found.page.total
    if link.kind is not LinkKind.PLAYLIST:
        tracks = tuple(replace(one, album=one.album or found.title) for one in tracks)
    return Reading(found.title, found.owner, tracks, total, _missing(found.page, total))


def _missing(page: Page, total: int | None) -> str | None:
    """Say what of a list was not read; None when nothing is missing."""
    known = f"{total:,}" if total is not None else "more"
    if page.next_offset is not None or len(page.tracks) > MOST_TRACKS:
        return f"I read the first {MOST_TRACKS} of {known} tracks"
    left_out = (total or 0) - len(page.tracks)
    if left_out <= 0:
        return None
    return (
        f"{left_out:,} of {known} tracks are left out: they are hidden, local files, or not music"
    )


def _lists(kind: LinkKind) -> str:
    return "playlists" if kind is LinkKind.PLAYLIST else "albums"
