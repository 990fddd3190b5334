from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from bot.core.models import ExternalId
from bot.demo.outside import UNPACED
from bot.demo.servers.itunes import ITunesServer
from bot.demo.servers.loopback import RateWindow, status
from bot.demo.servers.songs import Song
from bot.errors import BadAnswerError, SourceUnavailableError
from bot.sources.host import TRIES
from bot.sources.http import Http
from bot.sources.itunes import ITunes, kept, parse_track, rows_of
from bot.sources.values import SourceTrack
from tests.fakes import FakeClock

SUNFLOWER = Song("Sunflower", "Low", isrc="USKR30100001", apple_id=11)
OTHERS = [Song(f"Song {number}", "Low", apple_id=number) for number in range(100, 180)]


@pytest.fixture
async def server() -> AsyncIterator[ITunesServer]:
    async with ITunesServer(songs=[SUNFLOWER, *OTHERS]) as server:
        yield server


@pytest.fixture
def client(http: Http, server: ITunesServer) -> ITunes:
    return ITunes(http, server.base, UNPACED)


async def test_a_track_is_found_by_id_and_words(client: ITunes) -> None:
    expected = SourceTrack(
        title="Sunflower",
        artist="Low",
        ids=(ExternalId("apple", "11"),),
        artist_ids=(ExternalId("apple", "9"),),
        album="An Album",
        year=1994,
        duration_ms=215_000,
        explicit=False,
        genres=("slowcore",),
        url="https://music.apple.com/us/album/x/1?i=11",
    )

    assert await client.tracks(["11"]) == {"11": expected}
    assert await client.search_text("sunflower low") == [expected]
    assert len(await client.search_text("song", limit=3)) == 3


async def test_many_ids_share_a_call_and_misses_are_kept(
    client: ITunes, server: ITunesServer
) -> None:
    ids = [str(number) for number in range(100, 200)]

    assert len(await client.tracks([*ids, "x", ""])) == 80
    assert len(await client.tracks(ids)) == 80

    assert len(server.calls) == 2


async def test_too_fast_is_a_403_that_is_waited_out(http: Http, clock: FakeClock) -> None:
    window = RateWindow(1, timedelta(seconds=1), clock.now)
    async with ITunesServer(songs=[SUNFLOWER], window=window) as server:
        client = ITunes(http, server.base, UNPACED)

        await client.search_text("sunflower")
        assert await client.tracks(["11"])

        assert server.limited > 0


async def test_a_403_that_stays_is_no_miss(client: ITunes, server: ITunesServer) -> None:
    server.misbehave(*[status(403)] * TRIES)

    with pytest.raises(SourceUnavailableError):
        await client.search_text("sunflower")

    assert len(await client.search_text("sunflower")) == 1


def test_missing_fields_are_unknown_and_nameless_songs_left_out() -> None:
    assert parse_track({"trackName": "A", "artistName": "B"}) == SourceTrack("A", "B")
    assert parse_track({"trackName": "A", "artistName": None}) is None
    assert rows_of({"results": [{"kind": "music-video"}, None]}) == []
    for parse in (rows_of, kept):
        with pytest.raises(BadAnswerError):
            parse({"errorMessage": "?"})
