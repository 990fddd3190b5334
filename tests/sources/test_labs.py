from collections.abc import AsyncIterator

import pytest

from bot.core.models import ExternalId
from bot.demo.outside import UNPACED
from bot.demo.servers.labs import LabsServer
from bot.demo.servers.loopback import html, says
from bot.demo.servers.songs import Song
from bot.errors import BadAnswerError, QuestionRefusedError
from bot.sources.http import Http
from bot.sources.listenbrainz import Labs
from bot.sources.values import SimilarTrack, SourceArtist, SourceTrack

LOW, IDA = "2bea8d8b-1a2a-4d56-8e9e-0d4d2f8d7a01", "2bea8d8b-1a2a-4d56-8e9e-0d4d2f8d7a02"
SONG, OTHER = "3bea8d8b-1a2a-4d56-8e9e-0d4d2f8d7a01", "3bea8d8b-1a2a-4d56-8e9e-0d4d2f8d7a02"
SONGS = [
    Song("Words", "Low", mbid=SONG, artist_mbid=LOW),
    Song("Maybe Maybe", "Ida", mbid=OTHER, artist_mbid=IDA),
]


@pytest.fixture
async def server() -> AsyncIterator[LabsServer]:
    async with LabsServer(
        songs=SONGS, related={"Low": ["Ida"]}, together={SONG: [SONGS[1]]}
    ) as server:
        yield server


@pytest.fixture
def client(http: Http, server: LabsServer) -> Labs:
    return Labs(http, server.base, UNPACED)


async def test_similar_artists_come_with_their_score_as_a_share(
    client: Labs, server: LabsServer
) -> None:
    server.misbehave(
        says(
            [
                {"artist_mbid": IDA, "name": "Ida", "score": 40, "reference_mbid": LOW},
                {"artist_mbid": LOW, "name": "Red", "score": 80, "comment": "", "gender": None},
                {"artist_mbid": "x", "name": "Broken", "score": 9},
                {"artist_mbid": IDA, "name": "Nothing", "score": None},
            ]
        )
    )

    assert await client.similar_artists(LOW) == [
        SourceArtist("Red", (ExternalId("mbid", LOW),), similarity=1.0),
        SourceArtist("Ida", (ExternalId("mbid", IDA),), similarity=0.5),
    ]


async def test_answers_are_kept(client: Labs, server: LabsServer) -> None:
    assert [one.name for one in await client.similar_artists(LOW)] == ["Ida"]
    assert [one.name for one in await client.similar_artists(LOW)] == ["Ida"]
    assert len(server.calls) == 1


async def test_similar_recordings_name_their_artist(client: Labs) -> None:
    expected = SourceTrack(
        "Maybe Maybe", "Ida", (ExternalId("mbid", OTHER),), artist_ids=(ExternalId("mbid", IDA),)
    )
    assert await client.similar_recordings(SONG) == [SimilarTrack(expected, 1.0)]


async def test_what_is_no_id_is_not_asked(client: Labs, server: LabsServer) -> None:
    assert await client.similar_artists("Low") == []
    assert await client.similar_recordings("?") == []
    assert not server.calls


async def test_an_algorithm_that_is_gone_is_a_refusal(client: Labs, server: LabsServer) -> None:
    server.misbehave(html(400))

    with pytest.raises(QuestionRefusedError):
        await client.similar_artists(LOW)


async def test_nonsense_is_no_answer(client: Labs, server: LabsServer) -> None:
    server.misbehave(*[says("what?")] * 4)

    with pytest.raises(BadAnswerError):
        await client.similar_artists(LOW)
