from collections.abc import AsyncIterator

import pytest

from bot.core.models import AudioFeatures, ExternalId
from bot.demo.outside import UNPACED
from bot.demo.servers.loopback import says, status
from bot.demo.servers.reccobeats import ReccoBeatsServer
from bot.demo.servers.songs import Song
from bot.errors import BadAnswerError, SourceUnavailableError
from bot.sources.host import TRIES
from bot.sources.http import Http
from bot.sources.reading import features
from bot.sources.reccobeats import ReccoBeats, by_asked, parse_track
from bot.sources.values import Popularity, SourceTrack

FEATURES = {
    "acousticness": 0.9, "danceability": 0.4, "energy": 0.2, "instrumentalness": 0.01, "key": 9,
    "liveness": 0.1, "loudness": -14.2, "mode": 1, "speechiness": 0.03, "tempo": 87.5,
    "valence": 0.3,
}  # fmt: skip


def spotify_id(number: int) -> str:
    return f"{number:022d}"


def song(number: int) -> Song:
    return Song(
        f"Song {number}",
        "Low",
        spotify_id=spotify_id(number),
        isrc=f"USKR3{number:07d}",
        reccobeats_id=f"00000000-0000-4000-8000-{number:012d}",
        features={**FEATURES, "tempo": 60 + number / 10},
    )


@pytest.fixture
async def server() -> AsyncIterator[ReccoBeatsServer]:
    async with ReccoBeatsServer(songs=[song(number) for number in range(1000)]) as server:
        yield server


@pytest.fixture
def client(http: Http, server: ReccoBeatsServer) -> ReccoBeats:
    return ReccoBeats(http, server.base, UNPACED)


async def test_a_thousand_tracks_take_25_calls_once(
    client: ReccoBeats, server: ReccoBeatsServer
) -> None:
    ids = [spotify_id(number) for number in range(1000)]

    found = await client.audio_features(ids)
    again = await client.audio_features(ids)

    assert len(server.calls) == 25
    assert found == again
    assert {one: row.tempo for one, row in found.items()} == {
        spotify_id(number): 60 + number / 10 for number in range(1000)
    }


async def test_ids_of_any_kind_are_answered_and_unknown_ones_left_out(
    client: ReccoBeats, server: ReccoBeatsServer
) -> None:
    asked = [
        spotify_id(3),
        spotify_id(5000),
        "USKR30000004",
        "00000000-0000-4000-8000-000000000005",
        "no id, at all",
    ]

    found = await client.audio_features(asked)

    assert {one: row.tempo for one, row in found.items()} == {
        asked[0]: 60.3,
        asked[2]: 60.4,
        asked[3]: 60.5,
    }
    assert asked[4] not in server.calls[0].query["ids"]
    await client.audio_features(asked)
    assert len(server.calls) == 1


async def test_tracks_have_names_and_popularity(client: ReccoBeats) -> None:
    found = await client.tracks([spotify_id(7)])

    assert found == {
        spotify_id(7): SourceTrack(
            title="Song 7",
            artist="Low",
            ids=(
                ExternalId("spotify", spotify_id(7)),
                ExternalId("isrc", "USKR30000007"),
                ExternalId("reccobeats", "00000000-0000-4000-8000-000000000007"),
            ),
            duration_ms=215_000,
            popularity=(Popularity("reccobeats", 30),),
        )
    }


async def test_what_was_learned_before_an_outage_is_not_asked_again(
    client: ReccoBeats, server: ReccoBeatsServer
) -> None:
    ids = [spotify_id(number) for number in range(100)]
    await client.audio_features(ids[:40])
    server.misbehave(*[status(503)] * TRIES)
    with pytest.raises(SourceUnavailableError):
        await client.audio_features(ids)
    calls = len(server.calls)

    assert len(await client.audio_features(ids)) == 100

    assert len(server.calls) == calls + 2


async def test_an_answer_of_another_form_is_no_miss(
    client: ReccoBeats, server: ReccoBeatsServer
) -> None:
    server.misbehave(says({"contents": []}))

    with pytest.raises(BadAnswerError):
        await client.audio_features([spotify_id(1)])

    assert len(await client.audio_features([spotify_id(1)])) == 1


def test_missing_null_and_impossible_fields_are_unknown() -> None:
    row = {"danceability": None, "energy": 1.2, "key": -1, "loudness": -60, "tempo": "x", "mode": 1}

    assert features(row) == AudioFeatures(mode=1)
    assert features({}) == AudioFeatures()
    assert features({**FEATURES, "tempo": 0, "danceability": 0}) == AudioFeatures()


@pytest.mark.parametrize(
    "row",
    [{}, {"trackTitle": "A"}, {"trackTitle": " ", "artists": [{"name": "B"}]}, {"artists": None}],
)
def test_a_track_needs_a_title_and_an_artist(row: dict[str, object]) -> None:
    assert parse_track(row) is None


def test_popularity_that_is_not_told_is_unknown_and_not_0() -> None:
    row = {"trackTitle": "A", "artists": [{"name": "B"}, {"name": "C"}], "popularity": None}

    track = parse_track(row)

    assert track == SourceTrack("A", "B", artist_credit="B, C")


def test_rows_belong_to_ids_by_name_and_never_by_place() -> None:
    href = f"https://open.spotify.com/track/{spotify_id(2)}"
    rows = [{"href": href, "id": "own"}, {"href": None}, {}, "junk"]

    assert by_asked([spotify_id(1), spotify_id(2)], {"content": rows}) == {
        spotify_id(1): None,
        spotify_id(2): rows[0],
    }
