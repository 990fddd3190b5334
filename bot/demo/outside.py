"""The music services on the loopback interface, joined as the bot joins the real ones."""

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import Final

from bot.demo.servers.audius import AudiusServer
from bot.demo.servers.deezer import DeezerServer
from bot.demo.servers.itunes import ITunesServer
from bot.demo.servers.labs import LabsServer
from bot.demo.servers.lastfm import LastFmServer
from bot.demo.servers.listenbrainz import ListenBrainzServer
from bot.demo.servers.loopback import LoopbackService
from bot.demo.servers.musicbrainz import MusicBrainzServer
from bot.demo.servers.odesli import OdesliServer
from bot.demo.servers.oembed import OEmbedServer
from bot.demo.servers.pictures import PictureServer
from bot.demo.servers.reccobeats import ReccoBeatsServer
from bot.demo.servers.songs import Song
from bot.demo.servers.spotify import SpotifyAccountsServer, SpotifyServer
from bot.services import ask_outside
from bot.services.finding import KeptAnswers, Outside
from bot.services.sources import Sources, SpotifyApp, SpotifyUsers
from bot.sources.audius import Audius
from bot.sources.deezer import Deezer
from bot.sources.host import Pace, Timing
from bot.sources.http import Http, open_session
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
from bot.store.engine import Database

LASTFM_KEY: Final = "k"
UNPACED: Final = Pace(100_000, 1)
"""Nobody on the loopback interface needs to be spared."""


@dataclass
class World:
    """Every service with its server; all know the same songs, as far as these name them."""

    reccobeats: ReccoBeatsServer
    listenbrainz: ListenBrainzServer
    labs: LabsServer
    musicbrainz: MusicBrainzServer
    deezer: DeezerServer
    itunes: ITunesServer
    audius: AudiusServer
    odesli: OdesliServer
    oembed: OEmbedServer
    pictures: PictureServer
    lastfm: LastFmServer
    spotify: SpotifyServer
    accounts: SpotifyAccountsServer
    sources: Sources
    outside: Outside

    def fail(self, share: float = 1.0) -> None:
        """Let every service fail in this share of its calls from now on."""
        for server in self.servers:
            server.failing_share = share

    @property
    def servers(self) -> list[LoopbackService]:
        """All of them."""
        return [one for one in vars(self).values() if isinstance(one, LoopbackService)]

    @property
    def calls(self) -> int:
        """How often any of them was asked."""
        return sum(len(server.calls) for server in self.servers)


@asynccontextmanager
async def open_outside(
    database: Database,
    timing: Timing,
    songs: Sequence[Song],
    *,
    with_keys: bool = False,
    pictures: Callable[[Http], Pictures] | None = None,
) -> AsyncIterator[World]:
    """Start the services.

    Args:
        songs: what there is to know; each service knows those that carry its id.
        with_keys: ask those too that want a key.
        pictures: makes what asks for covers; None: all of them are at the loopback service.
    """
    clock = timing.clock
    async with AsyncExitStack() as stack:
        enter = stack.enter_async_context
        reccobeats = await enter(ReccoBeatsServer(songs=[s for s in songs if s.reccobeats_id]))
        listenbrainz = await enter(ListenBrainzServer(songs=[s for s in songs if s.mbid]))
        labs = await enter(LabsServer(songs=[s for s in songs if s.mbid]))
        musicbrainz = await enter(MusicBrainzServer(songs=[s for s in songs if s.mbid]))
        deezer = await enter(DeezerServer(songs=[s for s in songs if s.deezer_id]))
        itunes = await enter(ITunesServer(songs=[s for s in songs if s.apple_id]))
        audius = await enter(AudiusServer(songs=[s for s in songs if s.audius_id]))
        odesli = await enter(OdesliServer(songs=list(songs)))
        oembed = await enter(OEmbedServer(songs=[s for s in songs if s.spotify_id]))
        shown = await enter(PictureServer())
        lastfm = await enter(LastFmServer(songs=list(songs), key=LASTFM_KEY))
        spotify = await enter(SpotifyServer(songs=[s for s in songs if s.spotify_id]))
        accounts = await enter(SpotifyAccountsServer(api=spotify, client_secret="s"))  # noqa: S106
        # The simulated Discord waits for every timer, and open connections have some.
        name = "B-Side/demo (https://example.org)"
        session = await enter(open_session(name, keep_alive=False))
        http = Http(session, answers=KeptAnswers(database, clock), timing=timing)
        users = SpotifyUsers(
            Spotify(timing, spotify.base, UNPACED),
            SpotifyAccounts(http, "app", "s", accounts.base, UNPACED),
        )
        sources = Sources(
            reccobeats=ReccoBeats(http, reccobeats.base, UNPACED),
            listenbrainz=ListenBrainz(http, listenbrainz.base, UNPACED),
            labs=Labs(http, labs.base, UNPACED),
            musicbrainz=MusicBrainz(http, musicbrainz.base, UNPACED),
            deezer=Deezer(http, deezer.base, UNPACED),
            itunes=ITunes(http, itunes.base, UNPACED),
            audius=Audius(http, audius.base, UNPACED),
            odesli=Odesli(http, base=odesli.base, pace=UNPACED),
            oembed=OEmbed(http, oembed.base, UNPACED),
            pictures=pictures(http) if pictures else Pictures(http, shown.base, UNPACED),
            short_links=ShortLinks(http, {"https://link.deezer.com": deezer.base}, UNPACED),
            lastfm=LastFm(http, LASTFM_KEY, lastfm.base, UNPACED) if with_keys else None,
            spotify=SpotifyApp(users.api, users.consent, clock) if with_keys else None,
            spotify_users=users if with_keys else None,
        )
        outside = ask_outside(database, sources, clock, timing.sleep)
        try:
            yield World(
                reccobeats, listenbrainz, labs, musicbrainz, deezer, itunes, audius, odesli,
                oembed, shown, lastfm, spotify, accounts, sources, outside,
            )  # fmt: skip
        finally:
            await outside.enrichment.close()
