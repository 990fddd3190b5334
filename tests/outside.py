"""The music services on the loopback interface, joined as the bot joins the real ones."""

import asyncio
import random
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

from bot.services import ask_outside
from bot.services.answers import KeptAnswers
from bot.services.lookup import Outside
from bot.services.sources import Sources, SpotifyApp
from bot.sources.audius import Audius
from bot.sources.deezer import Deezer
from bot.sources.host import Timing
from bot.sources.http import Http, open_session
from bot.sources.itunes import ITunes
from bot.sources.lastfm import LastFm
from bot.sources.listenbrainz import ListenBrainz
from bot.sources.musicbrainz import MusicBrainz
from bot.sources.odesli import Odesli
from bot.sources.reccobeats import ReccoBeats
from bot.sources.short_links import ShortLinks
from bot.sources.spotify import Spotify, SpotifyAccounts
from bot.store.engine import Database
from tests.fakes import FakeClock
from tests.sources.conftest import UNPACED
from tests.sources.servers.audius import AudiusServer
from tests.sources.servers.deezer import DeezerServer
from tests.sources.servers.itunes import ITunesServer
from tests.sources.servers.lastfm import LastFmServer
from tests.sources.servers.listenbrainz import ListenBrainzServer
from tests.sources.servers.loopback import LoopbackService
from tests.sources.servers.musicbrainz import MusicBrainzServer
from tests.sources.servers.odesli import OdesliServer
from tests.sources.servers.reccobeats import ReccoBeatsServer
from tests.sources.servers.songs import Song
from tests.sources.servers.spotify import SpotifyAccountsServer, SpotifyServer

LASTFM_KEY = "k"


@dataclass
class World:
    """Every service with its server; all know the same songs, as far as these name them."""

    reccobeats: ReccoBeatsServer
    listenbrainz: ListenBrainzServer
    musicbrainz: MusicBrainzServer
    deezer: DeezerServer
    itunes: ITunesServer
    audius: AudiusServer
    odesli: OdesliServer
    lastfm: LastFmServer
    spotify: SpotifyServer
    accounts: SpotifyAccountsServer
    sources: Sources
    outside: Outside

    def fail(self, share: float = 1.0) -> None:
        """Let every service fail so often from now on."""
        for server in self.servers:
            server.failing_share = share

    @property
    def servers(self) -> list[LoopbackService]:
        return [
            self.reccobeats, self.listenbrainz, self.musicbrainz, self.deezer, self.itunes,
            self.audius, self.odesli, self.lastfm, self.spotify, self.accounts,
        ]  # fmt: skip

    @property
    def calls(self) -> int:
        return sum(len(server.calls) for server in self.servers)


@asynccontextmanager
async def open_outside(
    database: Database,
    clock: FakeClock,
    songs: Sequence[Song],
    *,
    with_keys: bool = False,
) -> AsyncIterator[World]:
    """Start the services; waiting for them moves the clock and takes no time."""

    async def sleep(seconds: float) -> None:
        clock.move(seconds=seconds)
        await asyncio.sleep(0)

    timing = Timing(clock, random.Random(1), sleep)  # noqa: S311
    async with AsyncExitStack() as stack:
        enter = stack.enter_async_context
        reccobeats = await enter(ReccoBeatsServer(songs=[s for s in songs if s.reccobeats_id]))
        listenbrainz = await enter(ListenBrainzServer(songs=[s for s in songs if s.mbid]))
        musicbrainz = await enter(MusicBrainzServer(songs=[s for s in songs if s.mbid]))
        deezer = await enter(DeezerServer(songs=[s for s in songs if s.deezer_id]))
        itunes = await enter(ITunesServer(songs=[s for s in songs if s.apple_id]))
        audius = await enter(AudiusServer(songs=[s for s in songs if s.audius_id]))
        odesli = await enter(OdesliServer(songs=list(songs)))
        lastfm = await enter(LastFmServer(songs=list(songs), key=LASTFM_KEY))
        spotify = await enter(SpotifyServer(songs=[s for s in songs if s.spotify_id]))
        accounts = await enter(SpotifyAccountsServer(api=spotify, client_secret="s"))  # noqa: S106
        session = await enter(open_session("B-Side/test (https://example.org)"))
        http = Http(session, answers=KeptAnswers(database, clock), timing=timing)
        app = SpotifyApp(
            Spotify(timing, spotify.base, UNPACED),
            SpotifyAccounts(http, "app", "s", accounts.base, UNPACED),
            clock,
        )
        sources = Sources(
            reccobeats=ReccoBeats(http, reccobeats.base, UNPACED),
            listenbrainz=ListenBrainz(http, listenbrainz.base, UNPACED),
            musicbrainz=MusicBrainz(http, musicbrainz.base, UNPACED),
            deezer=Deezer(http, deezer.base, UNPACED),
            itunes=ITunes(http, itunes.base, UNPACED),
            audius=Audius(http, audius.base, UNPACED),
            odesli=Odesli(http, base=odesli.base, pace=UNPACED),
            short_links=ShortLinks(http, [deezer.base], UNPACED),
            lastfm=LastFm(http, LASTFM_KEY, lastfm.base, UNPACED) if with_keys else None,
            spotify=app if with_keys else None,
        )
        outside = ask_outside(database, sources, clock, sleep)
        try:
            yield World(
                reccobeats, listenbrainz, musicbrainz, deezer, itunes, audius, odesli, lastfm,
                spotify, accounts, sources, outside,
            )  # fmt: skip
        finally:
            await outside.enrichment.close()
