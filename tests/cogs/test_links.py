"""Links and names that the catalogue does not hold, pasted into the commands."""

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from bot.core.models import Subject, SubjectKind
from bot.demo.outside import World as Services
from bot.demo.servers.loopback import says
from bot.demo.servers.songs import Song
from bot.services.finding.lookup import Outside
from bot.store import catalog, feedback
from bot.store.engine import Database
from tests.cogs.conftest import World
from tests.cogs.test_discover import answer, latest
from tests.cogs.test_promote import answer as private_answer
from tests.cogs.test_promote import posts, promote
from tests.fakes import FakeClock
from tests.outside import open_outside

FEATURES = {
    "acousticness": 0.9, "danceability": 0.4, "energy": 0.2, "instrumentalness": 0.01, "key": 9,
    "liveness": 0.1, "loudness": -14.2, "mode": 1, "speechiness": 0.03, "tempo": 87.5,
    "valence": 0.3,
}  # fmt: skip
LULLABY = Song(
    "Lullaby",
    "Low",
    isrc="USKR39400001",
    spotify_id="6f807x0ima9a1j3VPbc7VN",
    reccobeats_id="00000000-0000-4000-8000-000000000001",
    deezer_id=31,
    features=FEATURES,
)
UNMEASURED = replace(
    LULLABY, title="Moth", isrc="USKR39400002", spotify_id=None, reccobeats_id=None, deezer_id=32,
    features={},
)  # fmt: skip
BY_A_KNOWN_ARTIST = replace(UNMEASURED, title="New", artist='"Marine" Baklund', deezer_id=33)
LINK = "https://www.deezer.com/track/31"


@pytest.fixture
async def services(database: Database, clock: FakeClock) -> AsyncIterator[Services]:
    songs = [LULLABY, UNMEASURED, BY_A_KNOWN_ARTIST]
    async with open_outside(database, clock, songs) as services:
        yield services


@pytest.fixture
def outside(services: Services) -> Outside | None:
    return services.outside


async def newest(world: World) -> tuple[int, str]:
    async with world.database.read() as conn:
        (track,) = await catalog.tracks_by_ids(conn, [322])
    return track.id, track.title


async def test_a_deezer_link_is_rated(world: World) -> None:
    result = await world.ann.slash(world.channel, "rate track", track=LINK, score=5)

    assert answer(result).startswith("★★★★★ for **Lullaby** by Low.")
    assert "Not measured" not in answer(result)
    track_id, title = await newest(world)
    assert title == "Lullaby"
    async with world.database.read() as conn:
        said = await feedback.counting_about(
            conn, world.ann.id, Subject(SubjectKind.TRACK, track_id)
        )
    assert said is not None
    assert said.value == 5


@pytest.mark.both
async def test_what_was_rated_by_a_link_shapes_the_taste(world: World) -> None:
    await world.ann.slash(world.channel, "rate track", track=LINK, score=5)

    catalog_now = await world.bot().services.catalog.get()
    row = catalog_now.row_of(322)

    assert row is not None
    assert catalog_now.measured[row]
    result = await world.ann.slash(world.channel, "discover")
    assert len(latest(world).embeds) == 3
    assert result.acknowledged


async def test_a_track_that_nobody_measured_is_rated_and_says_so(world: World) -> None:
    result = await world.ann.slash(world.channel, "rate track", track="Low – Moth", score=4)

    text = answer(result)
    assert text.startswith("★★★★☆ for **Moth** by Low.")
    assert "Not measured yet: danceability, energy, cheerfulness" in text


async def test_similar_takes_a_link(world: World) -> None:
    result = await world.ann.slash(world.channel, "similar", track=LINK)

    assert latest(world).embeds
    assert any("Like **Lullaby** by Low." in message.content for message in world.channel.history())
    assert not result.ephemeral


async def test_similar_goes_by_the_artist_of_a_track_that_nobody_measured(world: World) -> None:
    link = "https://www.deezer.com/track/33"
    await world.ann.slash(world.channel, "similar", track=link)

    first = next(m for m in world.channel.history() if "Like **New**" in m.content)
    assert "Not measured yet: " in first.content
    assert first.embeds


async def test_find_similar_reads_a_link_in_a_message(world: World) -> None:
    message = await world.ben.send(world.channel, f"this one! <{LINK}?utm_source=x>")

    result = await world.ann.context_menu(world.channel, "Find similar", target=message)

    assert result.response is not None
    assert result.response.ephemeral
    assert result.response.content.splitlines() == [
        "Like **Lullaby** by Low.",
        "-# Press 👍 or 👎: your own taste learns from it.",
    ]


async def test_discover_takes_a_link_to_be_like(world: World) -> None:
    await world.ann.slash(world.channel, "discover", like=LINK)

    assert any("Like **Lullaby** by Low." in message.content for message in world.channel.history())


async def test_promote_asks_for_tracks_that_the_catalogue_lacks(
    world: World, services: Services
) -> None:
    services.oembed.playlists["37i9dQZF1DXcBWIGoYBM5M"] = "Mine"
    result = await promote(world, tracks=f"{LINK}; Low – Moth; nobody – nothing")

    fields = {field.name: field.value or "" for field in posts(world.channel)[0].embeds[0].fields}
    assert fields["Tracks"] == "I know 2 of 3 named tracks"
    assert "measured on 1 of its tracks" in fields["Suits"]
    assert "• nobody – nothing" in private_answer(result)


@pytest.mark.parametrize("command", ["rate", "similar"])
async def test_services_that_are_down_are_told_in_a_sentence(
    world: World, services: Services, command: str
) -> None:
    services.fail()

    if command == "rate":
        result = await world.ann.slash(world.channel, "rate track", track=LINK, score=5)
    else:
        result = await world.ann.slash(world.channel, "similar", track=LINK)

    assert "Try again in a few minutes." in answer(result)
    async with world.database.read() as conn:
        assert await catalog.tracks_by_ids(conn, [322]) == []


async def test_a_promotion_does_without_services_that_are_down(
    world: World, services: Services
) -> None:
    services.fail()

    await promote(world, tracks=LINK)

    fields = {field.name: field.value for field in posts(world.channel)[0].embeds[0].fields}
    assert fields["Tracks"] == "I know 0 of 1 named track"


async def test_an_answer_that_cannot_be_used_is_told_without_its_details(
    world: World, services: Services
) -> None:
    strange = says({"strange": 1})
    services.deezer.misbehave(strange)
    services.odesli.misbehave(strange)

    result = await world.ann.slash(world.channel, "rate track", track=LINK, score=5)

    assert "A music service sent an answer that I cannot read" in answer(result)
