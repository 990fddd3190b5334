"""The music services that may be asked, joined over one way out."""

import asyncio
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from bot.clock import Clock
from bot.errors import TokenExpiredError
from bot.sources.audius import Audius
from bot.sources.deezer import Deezer
from bot.sources.http import Http
from bot.sources.itunes import ITunes
from bot.sources.lastfm import LastFm
from bot.sources.listenbrainz import ListenBrainz
from bot.sources.musicbrainz import MusicBrainz
from bot.sources.odesli import Odesli
from bot.sources.reccobeats import ReccoBeats
from bot.sources.short_links import ShortLinks
from bot.sources.spotify import Spotify, SpotifyAccounts
from bot.sources.values import Grant, SourceTrack

_FRESH: Final = timedelta(minutes=1)
"""A token with less time left is not used any more."""


@dataclass(frozen=True, slots=True)
class Keys:
    """What the operator has of the services that want a key; all work without."""

    lastfm: str | None = None
    odesli: str | None = None
    spotify_id: str | None = None
    spotify_secret: str | None = None


class SpotifyApp:
    """Asks Spotify in the name of the app: for what belongs to no listener."""

    def __init__(self, spotify: Spotify, accounts: SpotifyAccounts, clock: Clock) -> None:
        self._spotify = spotify
        self._accounts = accounts
        self._clock = clock
        self._grant: Grant | None = None
        self._renewing = asyncio.Lock()

    @property
    def client(self) -> Spotify:
        """What asks in the name of listeners, too: the rate limit belongs to the app."""
        return self._spotify

    async def track(self, track_id: str) -> SourceTrack | None:
        """Return a recording by Spotify's id.

        Raises:
            SourceError: there is no answer.
        """
        try:
            return await self._spotify.track(await self._token(), track_id)
        except TokenExpiredError:
            self._grant = None
            return await self._spotify.track(await self._token(), track_id)

    async def _token(self) -> str:
        async with self._renewing:
            if self._grant is None or self._grant.expires_at - self._clock.now() < _FRESH:
                self._grant = await self._accounts.app_grant()
            return self._grant.access_token


@dataclass(frozen=True, slots=True)
class Sources:
    """Every service that can be asked; None: its key is missing."""

    reccobeats: ReccoBeats
    listenbrainz: ListenBrainz
    musicbrainz: MusicBrainz
    deezer: Deezer
    itunes: ITunes
    audius: Audius
    odesli: Odesli
    short_links: ShortLinks
    lastfm: LastFm | None = None
    spotify: SpotifyApp | None = None


def build_sources(http: Http, keys: Keys) -> Sources:
    """Join the services over one way out."""
    spotify = None
    if keys.spotify_id and keys.spotify_secret:
        accounts = SpotifyAccounts(http, keys.spotify_id, keys.spotify_secret)
        spotify = SpotifyApp(Spotify(http.timing), accounts, http.timing.clock)
    return Sources(
        reccobeats=ReccoBeats(http),
        listenbrainz=ListenBrainz(http),
        musicbrainz=MusicBrainz(http),
        deezer=Deezer(http),
        itunes=ITunes(http),
        audius=Audius(http),
        odesli=Odesli(http, keys.odesli),
        short_links=ShortLinks(http),
        lastfm=LastFm(http, keys.lastfm) if keys.lastfm else None,
        spotify=spotify,
    )
