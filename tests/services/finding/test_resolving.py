"""Links and names that the catalogue does not hold, asked of services on the loopback interface."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import insert, select

from bot.core.catalog import read_text
from bot.core.models import ExternalId, ReleasedBy, SubjectKind, Track
from bot.demo.outside import World
from bot.demo.servers.loopback import Fault, html, redirect, says, status
from bot.demo.servers.songs import Song
from bot.errors import NotFoundError, SourceUnavailableError
from bot.services.finding.lookup import Lookup
from bot.store import catalog, columns, track_labels
from bot.store.engine import Database
from bot.store.tables import external_ids, feature_provenance, popularity
from tests.fakes import FakeClock
from tests.outside import open_outside
from tests.stored import StoredTrack, add_tracks

TRACKS = (SubjectKind.TRACK,)
FEATURES = {
    "acousticness": 0.9, "danceability": 0.4, "energy": 0.2, "instrumentalness": 0.01, "key": 9,
    "liveness": 0.1, "loudness": -14.2, "mode": 1, "speechiness": 0.03, "tempo": 87.5,
    "valence": 0.3,
}  # fmt: skip
LULLABY = Song(
    "Lullaby",
    "Low",
    album="I Could Live in Hope",
    duration_ms=584_000,
    isrc="USKR39400001",
    mbid="11111111-1111-4111-8111-111111111111",
    spotify_id="6f807x0ima9a1j3VPbc7VN",
    reccobeats_id="00000000-0000-4000-8000-000000000001",
    deezer_id=31,
    apple_id=41,
    audius_id="D7KyD",
    features=FEATURES,
)
LIVE = replace(
    LULLABY, title="Lullaby (Live)", isrc="USKR39400002", mbid=None, spotify_id=None,
    reccobeats_id=None, deezer_id=32, apple_id=None, audius_id=None,
)  # fmt: skip
OWN_LINKS = {
    "deezer": "https://www.deezer.com/en/track/31?utm_source=x",
    "apple": "https://music.apple.com/us/album/lullaby/1?i=41",
    "audius": "https://audius.co/low/lullaby",
    "musicbrainz": f"https://musicbrainz.org/recording/{LULLABY.mbid}",
    "spotify": f"https://open.spotify.com/intl-de/track/{LULLABY.spotify_id}?si=1",
}


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
async def world(database: Database, clock: FakeClock) -> AsyncIterator[World]:
    async with open_outside(database, clock, [LULLABY, LIVE]) as world:
        yield world


@pytest.fixture
def lookup(database: Database, world: World) -> Lookup:
    return Lookup(database, world.outside)


async def stored(database: Database) -> list[Track]:
    async with database.read() as conn:
        return await catalog.tracks_by_ids(conn, list(range(1, 20)))


@pytest.mark.parametrize("link", OWN_LINKS.values(), ids=OWN_LINKS.keys())
async def test_a_link_becomes_a_measured_track_without_any_key(
    lookup: Lookup, database: Database, link: str
) -> None:
    hit = await lookup.resolve(read_text(f"<{link}>"), TRACKS)

    (track,) = await stored(database)
    assert (hit.subject.id, hit.title, hit.artist) == (track.id, "Lullaby", "Low")
    assert track.features.energy == 0.2
    assert await lookup.unmeasured(hit.subject) == ()


async def test_a_track_keeps_where_each_of_its_numbers_comes_from(
    lookup: Lookup, database: Database
) -> None:
    await lookup.resolve(read_text(OWN_LINKS["deezer"]), TRACKS)

    async with database.read() as conn:
        origins = {row.feature: row for row in await conn.execute(select(feature_provenance))}
        counts = [tuple(row) for row in await conn.execute(select(popularity))]
    assert {name: row.source for name, row in origins.items()} == dict.fromkeys(
        FEATURES, "reccobeats"
    )
    assert {row.confidence for row in origins.values()} == {0.9}
    assert counts == [(1, "deezer", 250_000.0, date(2026, 11, 20))]


async def test_all_links_of_one_recording_are_one_track(lookup: Lookup, database: Database) -> None:
    hits = [await lookup.resolve(read_text(link), TRACKS) for link in OWN_LINKS.values()]

    assert len({hit.subject for hit in hits}) == 1
    (track,) = await stored(database)
    assert {one.namespace for one in track.external_ids} >= {
        "deezer", "apple", "audius", "mbid", "spotify", "isrc",
    }  # fmt: skip


async def test_a_link_to_an_upload_of_its_artist_tells_that_they_released_it(
    lookup: Lookup, database: Database
) -> None:
    hit = await lookup.resolve(read_text(OWN_LINKS["audius"]), TRACKS)

    async with database.read() as conn:
        told = await track_labels.of_track(conn, hit.subject.id)
    assert told == (ReleasedBy("audius", independent=True),)


async def test_a_link_is_asked_about_once(lookup: Lookup, world: World) -> None:
    for _ in range(3):
        await lookup.resolve(read_text(OWN_LINKS["deezer"]), TRACKS)

    assert world.deezer.paths == ["/track/31"]


async def test_a_link_that_many_paste_at_once_is_one_question_and_one_track(
    lookup: Lookup, database: Database, world: World
) -> None:
    hits = await asyncio.gather(
        *(lookup.resolve(read_text(OWN_LINKS["deezer"]), TRACKS) for _ in range(20))
    )

    assert len({hit.subject for hit in hits}) == 1
    assert len(await stored(database)) == 1
    assert world.deezer.paths == ["/track/31"]


async def test_a_recording_of_the_catalogue_is_found_by_name_and_learns_its_link(
    lookup: Lookup, database: Database
) -> None:
    facts = {"duration_ms": 582_000, "energy": 0.5, "danceability": 0.5, "instrumentalness": 0.5}
    async with database.write() as conn:
        await add_tracks(conn, [StoredTrack("Lullaby - Remastered", "LOW", facts)])

    hit = await lookup.resolve(read_text(OWN_LINKS["apple"]), TRACKS)

    assert hit.title == "Lullaby - Remastered"
    (track,) = await stored(database)
    assert ExternalId("apple", "41") in track.external_ids
    assert (track.features.energy, track.album, track.year) == (0.5, LULLABY.album, 1994)


@pytest.mark.parametrize("duration", [500_000, None])
async def test_another_duration_is_another_recording_an_unknown_one_is_not(
    lookup: Lookup, database: Database, duration: int | None
) -> None:
    async with database.write() as conn:
        await add_tracks(conn, [StoredTrack("Lullaby", "Low", {"duration_ms": duration})])

    hit = await lookup.resolve(read_text(OWN_LINKS["deezer"]), TRACKS)

    assert hit.subject.id == (1 if duration is None else 2)


async def test_an_isrc_counts_more_than_a_name(lookup: Lookup, database: Database) -> None:
    async with database.write() as conn:
        await add_tracks(conn, [StoredTrack("Lullaby", "Low"), StoredTrack("Wiegenlied", "Low")])
        known = {"namespace": "isrc", "value": LULLABY.isrc, "track_id": 2}
        await conn.execute(insert(external_ids).values(known))

    hit = await lookup.resolve(read_text(OWN_LINKS["deezer"]), TRACKS)

    assert hit.title == "Wiegenlied"


@pytest.mark.parametrize(
    "text",
    ["Low – Lullaby", "lullaby - LOW", "Low - Lullaby (2014 Remaster)"],
)
async def test_artist_and_title_become_a_track(
    lookup: Lookup, database: Database, text: str
) -> None:
    hit = await lookup.resolve(read_text(text), TRACKS)

    assert (hit.title, hit.artist) == ("Lullaby", "Low")
    assert [track.title for track in await stored(database)] == ["Lullaby"]


async def test_a_version_that_is_asked_for_is_the_one_that_is_found(lookup: Lookup) -> None:
    assert (
        await lookup.resolve(read_text("Low – Lullaby (Live)"), TRACKS)
    ).title == "Lullaby (Live)"


@pytest.mark.parametrize("text", ["Low – Lullaby (Demo)", "Can – Lullaby", "Low – Lulla"])
async def test_what_only_looks_alike_is_not_taken(
    lookup: Lookup, database: Database, text: str
) -> None:
    with pytest.raises(NotFoundError, match="I know no track like that"):
        await lookup.resolve(read_text(text), TRACKS)

    assert await stored(database) == []


async def test_words_without_a_dash_are_asked_of_nobody(lookup: Lookup, world: World) -> None:
    with pytest.raises(NotFoundError):
        await lookup.resolve(read_text("lullaby low"), TRACKS)

    assert world.calls == 0


async def test_names_are_searched_on_when_the_first_service_fails(
    lookup: Lookup, world: World
) -> None:
    world.deezer.failing_share = 1.0

    assert (await lookup.resolve(read_text("Low – Lullaby"), TRACKS)).title == "Lullaby"
    assert world.itunes.calls


async def test_a_short_link_is_followed(lookup: Lookup, world: World) -> None:
    world.deezer.misbehave(redirect("https://www.deezer.com/track/31?deferredFl=1"))

    hit = await lookup.resolve(read_text("https://link.deezer.com/s/abc"), TRACKS)

    assert hit.title == "Lullaby"


async def test_a_link_of_another_service_leads_there_by_odesli(
    database: Database, lookup: Lookup, world: World
) -> None:
    answer = {
        "entityUniqueId": "YOUTUBE_VIDEO::dQw4w9WgXcQ",
        "linksByPlatform": {
            "youtube": {"url": "https://y", "entityUniqueId": "YOUTUBE_VIDEO::dQw4w9WgXcQ"},
            "deezer": {"url": "https://d", "entityUniqueId": "DEEZER_SONG::31"},
        },
        "entitiesByUniqueId": {
            "YOUTUBE_VIDEO::dQw4w9WgXcQ": {
                "id": "dQw4w9WgXcQ", "type": "song", "title": "Lullaby",
                "artistName": "Low - Topic",
            },
            "DEEZER_SONG::31": {"id": "31", "type": "song"},
        },
    }  # fmt: skip
    world.odesli.misbehave(says(answer))

    hit = await lookup.resolve(read_text("https://youtu.be/dQw4w9WgXcQ"), TRACKS)

    assert (hit.title, hit.artist) == ("Lullaby", "Low")
    (track,) = await stored(database)
    assert ExternalId("youtube", "dQw4w9WgXcQ") in track.external_ids
    assert ExternalId("isrc", str(LULLABY.isrc)) in track.external_ids


async def test_what_only_odesli_knows_is_usable_and_not_measured(
    database: Database, lookup: Lookup, world: World
) -> None:
    answer = {
        "entityUniqueId": "BANDCAMP_SONG::7",
        "linksByPlatform": {"bandcamp": {"url": "https://b", "entityUniqueId": "BANDCAMP_SONG::7"}},
        "entitiesByUniqueId": {
            "BANDCAMP_SONG::7": {"id": "7", "type": "song", "title": "Moth", "artistName": "Eel"}
        },
    }
    world.odesli.misbehave(says(answer))

    hit = await lookup.resolve(read_text("https://eel.bandcamp.com/track/moth"), TRACKS)

    assert (hit.title, hit.artist) == ("Moth", "Eel")
    assert "energy" in await lookup.unmeasured(hit.subject)
    (track,) = await stored(database)
    assert track.external_ids == (ExternalId("bandcamp", "eel/moth"),)


async def test_spotify_is_asked_for_what_reccobeats_does_not_know_when_there_is_a_key(
    database: Database, clock: FakeClock
) -> None:
    song = replace(LULLABY, reccobeats_id=None)
    async with open_outside(database, clock, [song], with_keys=True) as world:
        lookup = Lookup(database, world.outside)
        for _ in range(2):
            clock.move(days=1)
            hit = await lookup.resolve(read_text(OWN_LINKS["spotify"]), TRACKS)

        assert hit.title == "Lullaby"
        assert len(world.accounts.calls) == 1
        assert world.odesli.calls == []


@pytest.mark.parametrize(
    "text", [*OWN_LINKS.values(), "https://youtu.be/dQw4w9WgXcQ", "Low – Lullaby"]
)
async def test_services_that_do_not_answer_are_told_and_nothing_is_written(
    database: Database, lookup: Lookup, world: World, text: str
) -> None:
    world.fail()

    with pytest.raises(SourceUnavailableError, match="Try again in a"):
        await lookup.resolve(read_text(text), TRACKS)

    assert await stored(database) == []
    async with database.read() as conn:
        assert await columns.catalog_version(conn) == 0


@pytest.mark.parametrize("fault", [status(503), html()], ids=["503", "a web page"])
async def test_a_passing_fault_is_not_noticed(lookup: Lookup, world: World, fault: Fault) -> None:
    world.deezer.misbehave(fault)

    assert (await lookup.resolve(read_text(OWN_LINKS["deezer"]), TRACKS)).title == "Lullaby"


async def test_a_link_to_nothing_is_told(lookup: Lookup, database: Database) -> None:
    with pytest.raises(NotFoundError, match="not in my catalogue"):
        await lookup.resolve(read_text("https://www.deezer.com/track/999"), TRACKS)

    assert await stored(database) == []


async def test_a_measuring_service_that_is_down_leaves_a_usable_track(
    lookup: Lookup, world: World
) -> None:
    world.reccobeats.failing_share = 1.0

    hit = await lookup.resolve(read_text(OWN_LINKS["deezer"]), TRACKS)

    assert "danceability" in await lookup.unmeasured(hit.subject)
    assert "tempo" not in await lookup.unmeasured(hit.subject)  # Deezer told it


async def test_without_services_the_catalogue_answers_alone(database: Database) -> None:
    with pytest.raises(NotFoundError, match="not in my catalogue"):
        await Lookup(database).resolve(read_text(OWN_LINKS["deezer"]), TRACKS)
