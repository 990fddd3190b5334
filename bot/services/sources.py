"""The music services that may be asked, joined over one way out."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TypeVar

from bot.clock import Clock
from bot.errors import TokenExpiredError
from bot.sources.audius import Audius
from bot.sources.deezer import Deezer
from bot.sources.http import Http
from bot.sources.itunes import ITunes
from bot.sources.lastfm import LastFm
from bot.sources.listenbrainz import Labs, ListenBrainz
from bot.sources.musicbrainz import MusicBrainz
from bot.sources.odesli import Odesli
from bot.sources.oembed import OEmbed
from bot.sources.pictures import Pictures
from bot.sources.reccobeats import ReccoBeats
from bot.sources.short_links import ShortLinks
from bot.sources.spotify import Spotify, SpotifyAccounts
from bot.sources.values import Grant, Page, SourceTrack, TrackList

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Keys:
    """What the operator has of the services that want a key; all work without."""

    lastfm: str | None = None
    listenbrainz: str | None = None
    odesli: str | None = None
    spotify_id: str | None = None
    spotify_secret: str | None = None


class SpotifyApp:
    """Asks Spotify in the name of the app, for what belongs to no listener."""

    def __init__(self, spotify: Spotify, accounts: SpotifyAccounts, clock: Clock) -> None:
        self._spotify = spotify
        self._accounts = accounts
        self._clock = clock
        self._grant: Grant | None = None
        self._renewing = asyncio.Lock()

    async def track(self, track_id: str) -> SourceTrack | None:
        """Return a recording by Spotify's id; raise `SourceError` when there is no answer."""
        return await self._ask(lambda token: self._spotify.track(token, track_id))

    async def album(self, album_id: str) -> TrackList | None:
        """Return an album with its first 50 tracks; raise `SourceError` when there is no answer."""
        return await self._ask(lambda token: self._spotify.album(token, album_id))

    async def album_tracks(self, album_id: str, *, offset: int) -> Page | None:
        """Return a further page of an album; raise `SourceError` when there is no answer."""
        return await self._ask(
            lambda token: self._spotify.album_tracks(token, album_id, offset=offset)
        )

    async def _ask(self, question: Callable[[str], Awaitable[T]]) -> T:
        try:
            return await question(await self._token())
        except TokenExpiredError:
            self._grant = None
            return await question(await self._token())

    async def _token(self) -> str:
        async with self._renewing:
            if self._grant is None or not self._grant.is_fresh(self._clock.now()):
                self._grant = await self._accounts.app_grant()
            return self._grant.access_token


@dataclass(frozen=True, slots=True)
class SpotifyUsers:
    """Asks Spotify in the name of listeners who agreed to it."""

    api: Spotify
    consent: SpotifyAccounts


@dataclass(frozen=True, slots=True)
class Sources:
    """Every service that can be asked; None: its key is missing."""

    reccobeats: ReccoBeats
    listenbrainz: ListenBrainz
    labs: Labs
    musicbrainz: MusicBrainz
    deezer: Deezer
    itunes: ITunes
    audius: Audius
    odesli: Odesli
    oembed: OEmbed
    pictures: Pictures
    short_links: ShortLinks
    lastfm: LastFm | None = None
    spotify: SpotifyApp | None = None
    spotify_users: SpotifyUsers | None = None


def build_sources(http: Http, keys: Keys) -> Sources:
    """Join the services over one way out."""
    users = app = None
    if keys.spotify_id:
        consent = SpotifyAccounts(http, keys.spotify_id, keys.spotify_secret)
        users = SpotifyUsers(Spotify(http.timing), consent)
        if keys.spotify_secret:
            app = SpotifyApp(users.api, consent, http.timing.clock)
    return Sources(
        reccobeats=ReccoBeats(http),
        listenbrainz=ListenBrainz(http, token=keys.listenbrainz),
        labs=Labs(http),
        musicbrainz=MusicBrainz(http),
        deezer=Deezer(http),
        itunes=ITunes(http),
        audius=Audius(http),
        odesli=Odesli(http, keys.odesli),
        oembed=OEmbed(http),
        pictures=Pictures(http),
        short_links=ShortLinks(http),
        lastfm=LastFm(http, keys.lastfm) if keys.lastfm else None,
        spotify=app,
        spotify_users=users,
    )
