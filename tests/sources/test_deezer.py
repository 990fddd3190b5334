from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from bot.core.models import AudioFeatures, ExternalId
from bot.demo.outside import UNPACED
from bot.demo.servers.deezer import DeezerServer, error
from bot.demo.servers.loopback import RateWindow, says
from bot.demo.servers.songs import Song
from bot.errors import BadAnswerError, QuestionRefusedError, SourceUnavailableError
from bot.sources.answers import Json
from bot.sources.deezer import Deezer, complaint, parse_track, parse_tracks
from bot.sources.host import TRIES
from bot.sources.http import Http
from bot.sources.service import Trouble
from bot.sources.values import Popularity, SourceTrack
from tests.fakes import FakeClock

SUNFLOWER = Song("Sunflower", "Low", isrc="USKR30100001", deezer_id=31, features={"tempo": 92.5})
OTHERS = [Song(f"Song {n}", "Low", deezer_id=100 + n) for n in range(150)]


@pytest.fixture
async def server() -> AsyncIterator[DeezerServer]:
    songs = [SUNFLOWER, *OTHERS]
    async with DeezerServer(songs=songs, playlists={"7": songs}) as server:
        yield server


@pytest.fixture
def client(http: Http, server: DeezerServer) -> Deezer:
    return Deezer(http, server.base, UNPACED)


async def test_a_track_is_found_by_id_and_by_isrc(client: Deezer) -> None:
    expected = SourceTrack(
        title="Sunflower",
        artist="Low",
        ids=(ExternalId("deezer", "31"), ExternalId("isrc", "USKR30100001")),
        artist_ids=(ExternalId("deezer", "1000"),),
        album="An Album",
        year=1994,
        duration_ms=215_000,
        explicit=False,
        features=AudioFeatures(tempo=92.5),
        popularity=(Popularity("deezer", 250_000),),
        url="https://www.deezer.com/track/31",
    )

    assert await client.track("31") == expected
    assert await client.track_by_isrc("USKR30100001") == expected


async def test_no_data_in_a_200_is_a_miss_that_is_kept(
    client: Deezer, server: DeezerServer
) -> None:
    assert await client.track_by_isrc("USKR39999999") is None
    assert await client.track_by_isrc("USKR39999999") is None
    assert len(server.calls) == 1


async def test_a_used_up_quota_in_a_200_is_waited_out_and_no_miss(
    http: Http, clock: FakeClock
) -> None:
    window = RateWindow(1, timedelta(seconds=1), clock.now)
    async with DeezerServer(songs=[SUNFLOWER], window=window) as server:
        client = Deezer(http, server.base, UNPACED)

        assert await client.track("31") is not None
        assert await client.track_by_isrc("USKR30100001") is not None

        assert server.limited > 0


async def test_a_quota_that_stays_used_up_is_no_answer(
    client: Deezer, server: DeezerServer
) -> None:
    server.misbehave(*[says(error(4))] * TRIES)

    with pytest.raises(SourceUnavailableError):
        await client.track("31")

    assert await client.track("31") is not None


async def test_search_looks_in_title_and_artist(client: Deezer, server: DeezerServer) -> None:
    assert [track.title for track in await client.search('Sunflower"', "Low")] == ["Sunflower"]
    assert [track.title for track in await client.search_text("low song 3", limit=2)] == [
        "Song 3",
        "Song 13",
    ]
    assert server.calls[0].query["q"] == 'artist:"Low" track:"Sunflower"'


async def test_a_blank_question_is_refused(client: Deezer) -> None:
    with pytest.raises(QuestionRefusedError):
        await client.search_text("")


async def test_a_playlist_comes_in_pages(client: Deezer) -> None:
    first = await client.playlist("7")
    assert first is not None
    assert first.next_offset == 100
    second = await client.playlist("7", offset=first.next_offset)
    assert second is not None

    assert first.total == 151
    assert len(first.tracks + second.tracks) == 151
    assert second.next_offset is None
    assert await client.playlist("8") is None


async def test_an_id_cannot_lead_elsewhere(client: Deezer, server: DeezerServer) -> None:
    assert await client.track("../user/me?x=") is None

    assert server.calls[0].path == "/track/../user/me?x="


async def test_an_answer_of_another_form_is_no_miss(client: Deezer, server: DeezerServer) -> None:
    bodies: list[Json] = [[], {"tracks": []}, "text"]
    for body in bodies:
        server.misbehave(says(body), says(body))
        with pytest.raises(BadAnswerError):
            await client.track("31")
        with pytest.raises(BadAnswerError):
            await client.search_text("sunflower")

    assert await client.track("31") is not None


def test_what_is_missing_or_0_is_unknown() -> None:
    row = {"title": "A", "artist": {"name": "B"}, "bpm": 0, "duration": 0, "rank": None}

    assert parse_track(row) == SourceTrack("A", "B")
    assert parse_track({"title": "A", "artist": None}) is None
    assert parse_track({}) is None
    assert parse_tracks({"data": [row, {}, None]}) == [SourceTrack("A", "B")]
    with pytest.raises(BadAnswerError):
        parse_tracks({"tracks": []})


@pytest.mark.parametrize(
    ("answer", "trouble"),
    [
        ({"error": {"code": 4}}, Trouble.BUSY),
        ({"error": {"code": "800"}}, Trouble.MISSING),
        ({"error": {"code": 300}}, Trouble.DENIED),
        ({"error": {"message": "new"}}, Trouble.REFUSED),
        ({"error": []}, None),
        ({"data": []}, None),
        (None, None),
    ],
)
def test_errors_are_read_from_the_answer(answer: object, trouble: Trouble | None) -> None:
    assert complaint(200, answer) is trouble


async def test_artists_are_found_with_their_followers(client: Deezer, server: DeezerServer) -> None:
    server.fans["Low"] = 4321

    (low,) = await client.find_artists('"Low"')

    assert (low.name, low.id_in("deezer"), low.fans) == ("Low", "1000", 4321)
    assert await client.find_artists("Nobody") == []


async def test_related_artists_come_in_their_order(http: Http) -> None:
    songs = [Song("Song", name, deezer_id=n) for n, name in enumerate(["Low", "Ida", "Red"], 1)]
    async with DeezerServer(songs=songs, related={"Low": ["Red", "Ida"]}) as server:
        client = Deezer(http, server.base, UNPACED)

        related = await client.related_artists("1000")

    assert [(one.name, one.similarity) for one in related] == [("Red", 1.0), ("Ida", 0.5)]


async def test_top_tracks_come_best_first_even_without_isrcs(
    client: Deezer, server: DeezerServer
) -> None:
    server.lists_isrcs = False

    top = await client.top_tracks("1000", limit=3)

    assert len(top) == 3
    assert {one.id_in("isrc") for one in top} == {None}
    assert await client.top_tracks("5") == []
