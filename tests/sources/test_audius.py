from collections.abc import AsyncIterator
from datetime import date

import pytest

from bot.core.catalog import Link, read_text
from bot.core.models import AudioFeatures, ExternalId, ReleasedBy
from bot.demo.outside import UNPACED
from bot.demo.servers.audius import AudiusServer
from bot.demo.servers.loopback import html, redirect, says
from bot.demo.servers.songs import Song
from bot.errors import BadAnswerError
from bot.sources.answers import Json
from bot.sources.audius import Audius, parse_key, parse_track
from bot.sources.http import Http
from bot.sources.values import Popularity, SourceTrack

NIGHT = Song(
    "Night Bus",
    "Ann",
    audius_id="D7KyD",
    listens=912,
    features={"tempo": 121.5, "musical_key": "B flat minor"},
    genres=("electronic",),
)
OTHERS = [Song(f"Song {number}", "Ben", audius_id=f"id{number}") for number in range(150)]
LINK = "https://audius.co/ann/night-bus"


@pytest.fixture
async def server() -> AsyncIterator[AudiusServer]:
    async with AudiusServer(songs=[NIGHT, *OTHERS]) as server:
        yield server


@pytest.fixture
def client(http: Http, server: AudiusServer) -> Audius:
    return Audius(http, server.base, UNPACED)


async def test_a_link_is_resolved_to_its_recording(client: Audius, server: AudiusServer) -> None:
    found = await client.resolve(LINK)

    assert found == SourceTrack(
        title="Night Bus",
        artist="Ann",
        ids=(ExternalId("audius", "ann/night-bus"), ExternalId("audius_id", "D7KyD")),
        artist_ids=(ExternalId("audius_id", "u1"),),
        year=1994,
        released_on=date(1994, 5, 6),
        duration_ms=215_000,
        genres=("electronic",),
        features=AudioFeatures(tempo=121.5, key=10, mode=0),
        popularity=(Popularity("audius", 912),),
        url=LINK,
        released_by=ReleasedBy("audius", independent=True),
    )
    asked = read_text(LINK)
    assert isinstance(asked, Link)
    assert asked.track in found.ids
    assert await client.track("D7KyD") == found
    assert await client.resolve("https://audius.co/ann/other") is None
    assert server.calls[0].query["app_name"] == "B-Side"


async def test_search_and_underground_are_lists(client: Audius, server: AudiusServer) -> None:
    first = await client.underground()
    rest = await client.underground(offset=100)

    assert [len(first), len(rest)] == [100, 51]
    assert [track.title for track in await client.search_text("night ann")] == ["Night Bus"]
    assert await client.search_text("nothing like it") == []
    await client.underground()
    assert len(server.calls) == 4


async def test_a_resolved_link_does_not_lead_off_the_host(
    client: Audius, server: AudiusServer
) -> None:
    server.misbehave(redirect("http://169.254.169.254/v1/tracks/1"))

    with pytest.raises(BadAnswerError, match="another host"):
        await client.resolve(LINK)


async def test_answers_of_another_form_are_no_misses(client: Audius, server: AudiusServer) -> None:
    bodies: list[Json] = [[], {}, {"data": None}, {"data": 3}]
    for body in bodies:
        server.misbehave(says(body))
        with pytest.raises(BadAnswerError):
            await client.track("D7KyD")
    server.misbehave(says({"error": 1}), html())
    with pytest.raises(BadAnswerError):
        await client.search_text("night")

    assert len(await client.search_text("night")) == 1
    assert await client.track("D7KyD") is not None


def test_hidden_and_nameless_recordings_are_left_out() -> None:
    row = {"title": "A", "user": {"name": "B"}, "bpm": 0, "play_count": None}

    assert parse_track(row) == SourceTrack("A", "B")
    for change in ({"is_delete": True}, {"is_unlisted": True}, {"user": None}, {"title": ""}):
        assert parse_track({**row, **change}) is None


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("A minor", (9, 0)),
        ("C major", (0, 1)),
        ("B flat minor", (10, 0)),
        ("C flat major", (11, 1)),
        ("F# min", (6, 0)),
        ("Bbm", (10, 0)),
        ("g sharp maj", (8, 1)),
        ("B", (11, None)),
        ("8A", (None, None)),
        ("H minor", (None, None)),
        ("", (None, None)),
        (None, (None, None)),
    ],
)
def test_keys_are_read_as_pitch_class_and_mode(
    text: str | None, key: tuple[int | None, int | None]
) -> None:
    assert parse_key(text) == key


@pytest.mark.parametrize(
    ("sent", "told"),
    [
        ({"ddex_app": None}, ReleasedBy("audius", independent=True)),
        ({"ddex_app": "0x5f9b"}, None),
        ({}, None),
    ],
    ids=["the artist", "a distributor", "nobody knows"],
)
def test_who_uploaded_a_track_is_its_artist_unless_a_distributor_sent_it(
    sent: dict[str, str | None], told: ReleasedBy | None
) -> None:
    found = parse_track({"title": "Night", "user": {"name": "Ann"}, **sent})

    assert found is not None
    assert found.released_by == told
