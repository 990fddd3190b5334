from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from bot.core.models import ExternalId
from bot.demo.outside import UNPACED
from bot.demo.servers.loopback import RateWindow, says
from bot.demo.servers.musicbrainz import MusicBrainzServer
from bot.demo.servers.songs import Song
from bot.errors import BadAnswerError
from bot.sources.answers import Json
from bot.sources.http import Http
from bot.sources.musicbrainz import MusicBrainz, parse_recording, parse_recordings
from bot.sources.values import SourceArtist, SourceTrack
from tests.fakes import FakeClock

LOW = "8e8b8e4c-8f2e-4b8e-9a52-7f4a6f5b1c11"


def mbid(number: int) -> str:
    return f"00000000-0000-4000-8000-{number:012d}"


def song(number: int, title: str = "") -> Song:
    return Song(
        title or f"Song {number}",
        "Low",
        isrc=f"USKR3{number % 90:07d}",
        mbid=mbid(number),
        artist_mbid=LOW,
        genres=("Slowcore", "indie rock"),
    )


@pytest.fixture
async def server() -> AsyncIterator[MusicBrainzServer]:
    songs = [song(number) for number in range(150)]
    async with MusicBrainzServer(songs=songs, merged={mbid(999): mbid(3)}) as server:
        yield server


@pytest.fixture
def client(http: Http, server: MusicBrainzServer) -> MusicBrainz:
    return MusicBrainz(http, server.base, UNPACED)


async def test_a_recording_is_read_whole(client: MusicBrainz) -> None:
    expected = SourceTrack(
        title="Song 3",
        artist="Low",
        ids=(ExternalId("mbid", mbid(3)), ExternalId("isrc", "USKR30000003")),
        artist_ids=(ExternalId("mbid", LOW),),
        album="An Album",
        year=1994,
        duration_ms=215_000,
        genres=("slowcore", "indie rock"),
    )

    assert await client.recording(mbid(3)) == expected
    assert await client.recording(mbid(999)) == expected


async def test_an_artist_has_genres(client: MusicBrainz) -> None:
    low = SourceArtist("Low", (ExternalId("mbid", LOW),), ("slowcore", "indie rock"))

    assert await client.artist(LOW) == low
    assert await client.artist(mbid(1)) is None
    assert await client.artist("../user") is None


async def test_names_are_quoted_for_the_search(http: Http) -> None:
    odd = Song('What? "Now" (AC/DC)', "!!!", mbid=mbid(1))
    async with MusicBrainzServer(songs=[odd]) as server:
        client = MusicBrainz(http, server.base, UNPACED)

        found = await client.search(odd.title, odd.artist)

        assert [track.title for track in found] == [odd.title]
        assert await client.search("Other", "!!!") == []


async def test_who_asks_too_fast_waits_and_learns_all(http: Http, clock: FakeClock) -> None:
    window = RateWindow(1, timedelta(seconds=1), clock.now)
    async with MusicBrainzServer(songs=[song(1), song(2)], window=window) as server:
        client = MusicBrainz(http, server.base, UNPACED)

        assert await client.recording(mbid(1)) is not None
        assert await client.recording(mbid(2)) is not None

        assert server.limited > 0


async def test_an_answer_of_another_form_is_no_miss(
    client: MusicBrainz, server: MusicBrainzServer
) -> None:
    bodies: list[Json] = [{"recording-list": []}, [], "x"]
    for body in bodies:
        server.misbehave(says(body), says(body))
        with pytest.raises(BadAnswerError):
            await client.recording(mbid(3))
        with pytest.raises(BadAnswerError):
            await client.search("Song 3", "Low")

    assert await client.recording(mbid(3)) is not None


def test_missing_and_null_fields_are_unknown() -> None:
    artists = [{"name": "A", "joinphrase": " & ", "artist": None}, {"name": "B"}]
    row = {"title": "X", "artist-credit": artists, "length": None, "isrcs": None, "releases": [1]}

    assert parse_recording(row) == SourceTrack("X", "A", artist_credit="A & B")
    assert parse_recordings({"recordings": [{"title": "X"}, {"artist-credit": artists}]}) == []


def test_voted_down_genres_are_left_out() -> None:
    genres = [{"name": "Pop", "count": -1}, {"name": "Folk", "count": 2}, {"count": 1}]
    row = {"title": "X", "artist-credit": [{"name": "A"}], "genres": genres}

    assert parse_recording(row) == SourceTrack("X", "A", genres=("folk",))


async def test_artists_are_found_by_name_and_by_what_people_call_them(http: Http) -> None:
    songs = [
        song(1),
        Song("Hey", "A+B (duo)", mbid=mbid(2), artist_mbid=mbid(7), genres=("noise",)),
    ]
    async with MusicBrainzServer(songs=songs) as server:
        client = MusicBrainz(http, server.base, UNPACED)

        (duo,) = await client.find_artists("A+B (duo)")
        noisy = await client.artists_of_genre("noise")

    assert duo == SourceArtist("A+B (duo)", (ExternalId("mbid", mbid(7)),), ("noise",))
    assert noisy == [duo]


async def test_the_recordings_of_an_artist_come_with_their_isrcs(client: MusicBrainz) -> None:
    found = await client.recordings_by(LOW, limit=5)

    assert [one.id_in("isrc") for one in found] == [f"USKR3{n:07d}" for n in range(5)]
    assert await client.recordings_by("no id") == []
