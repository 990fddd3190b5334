"""Each source has the abilities it is listed under; mypy reads these lines, pytest runs them."""

from bot.sources.abilities import FindsTracks, Named
from bot.sources.audius import Audius
from bot.sources.deezer import Deezer
from bot.sources.http import Http
from bot.sources.itunes import ITunes
from bot.sources.lastfm import LastFm
from bot.sources.listenbrainz import ListenBrainz
from bot.sources.musicbrainz import MusicBrainz
from bot.sources.odesli import Odesli
from bot.sources.oembed import OEmbed
from bot.sources.reccobeats import ReccoBeats
from bot.sources.short_links import ShortLinks


async def test_all_sources_are_made_with_their_real_addresses_and_paces(http: Http) -> None:
    by_words: list[FindsTracks] = [Deezer(http), ITunes(http), Audius(http)]
    named: list[Named] = [*by_words, ReccoBeats(http), LastFm(http, "key")]
    named += [ListenBrainz(http), MusicBrainz(http), Odesli(http, "key"), OEmbed(http)]

    assert all(len(source.name) <= 20 for source in named)
    assert await ShortLinks(http).target("https://other.example/s/abc") is None
