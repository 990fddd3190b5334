"""Gaps of the catalogue, filled by services on the loopback interface."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from bot.core.models import AudioFeatures
from bot.demo.outside import World
from bot.demo.servers.loopback import says
from bot.demo.servers.songs import Song
from bot.errors import SourceUnavailableError
from bot.services.catalog.live import LiveCatalog
from bot.services.finding.answers import KeptAnswers
from bot.services.finding.enrichment import PATIENCE, Enrichment, EnrichmentReport
from bot.store import columns, measures
from bot.store.engine import Database
from bot.store.measures import Gap, Measured, TrackPopularity
from bot.store.tables import external_ids, feature_provenance, popularity, tracks
from tests.fakes import FakeClock
from tests.outside import open_outside
from tests.stored import StoredTrack, add_tracks

FEATURES = {"danceability": 0.4, "energy": 0.2, "instrumentalness": 0.01, "tempo": 87.5}
TODAY = date(2026, 11, 20)


def spotify_id(number: int) -> str:
    return f"{number:022d}"


def song(number: int, **facts: Any) -> Song:
    known: dict[str, Any] = {
        "spotify_id": spotify_id(number),
        "isrc": f"USKR3{number:07d}",
        "reccobeats_id": f"00000000-0000-4000-8000-{number:012d}",
        "features": FEATURES,
    }
    return Song(f"Song {number}", "Low", **{**known, **facts})


async def add_songs(database: Database, numbers: Sequence[int]) -> None:
    new = [StoredTrack(f"Song {n}", "Low", spotify=spotify_id(n)) for n in numbers]
    async with database.write() as conn:
        await add_tracks(conn, new)


async def fill(world: World, *gaps: Gap, limit: int | None = None) -> EnrichmentReport:
    report = EnrichmentReport()
    await world.outside.enrichment.fill_gaps(gaps or list(Gap), report, limit=limit)
    return report


async def known(database: Database, name: str) -> int:
    async with database.read() as conn:
        return int(await conn.scalar(select(func.count(tracks.c[name]))) or 0)


async def played(database: Database) -> dict[str, int]:
    async with database.read() as conn:
        return Counter(row.source for row in await conn.execute(select(popularity)))


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
async def world(database: Database, clock: FakeClock) -> AsyncIterator[World]:
    songs = [song(number) for number in range(1000)]
    async with open_outside(database, clock, songs) as world:
        yield world


async def test_a_thousand_tracks_are_measured_in_25_calls(database: Database, world: World) -> None:
    await add_songs(database, range(1000))

    report = await fill(world, Gap.FEATURES)

    assert await known(database, "energy") == 1000
    assert len(world.reccobeats.calls) == 25
    assert world.calls == 25
    assert (report.asked, report.learned[Gap.FEATURES]) == (1000, 1000)


async def test_popularity_is_asked_of_many_at_once_first(database: Database, world: World) -> None:
    await add_songs(database, range(100))

    report = await fill(world, Gap.POPULARITY)

    assert await played(database) == {"reccobeats": 100}
    assert world.calls == 3
    assert report.learned[Gap.POPULARITY] == 100


async def test_artists_whom_nobody_counts_are_asked_for_first_one_track_of_each(
    database: Database, world: World
) -> None:
    """Cleo is counted; of Ann and Ben nothing is known, and no service knows the first of Ann."""
    artists = ["Cleo", "Cleo", "Ann", "Ann", "Ann", "Ben", "Ben"]
    unheard = StoredTrack("Unheard", "Ann")
    new = [StoredTrack(f"Song {n}", name, spotify=spotify_id(n)) for n, name in enumerate(artists)]
    new[0] = replace(new[0], popularity=5)
    new[2] = unheard
    async with database.write() as conn:
        await add_tracks(conn, new)

    async def learned(limit: int) -> list[int]:
        await fill(world, Gap.POPULARITY, limit=limit)
        async with database.read() as conn:
            rows = await conn.scalars(select(popularity.c.track_id))
        return sorted(rows.all())

    assert await learned(1) == [1]
    assert await learned(2) == [1, 6]
    assert await learned(2) == [1, 4, 6]  # the first of Ann is asked for again, and then the next
    assert await learned(1) == [1, 2, 4, 6]  # now all are counted
    assert await learned(9) == [1, 2, 4, 5, 6, 7]


async def test_every_track_is_asked_for_once_however_many_there_are(
    database: Database, world: World
) -> None:
    new = [StoredTrack(f"Song {n}", f"Artist {n // 3}", spotify=spotify_id(n)) for n in range(1500)]
    async with database.write() as conn:
        await add_tracks(conn, new)

    report = await fill(world, Gap.POPULARITY)

    assert report.asked == 1500
    assert (report.learned[Gap.POPULARITY], report.unknown[Gap.POPULARITY]) == (1000, 500)


async def test_what_was_filled_or_is_unknown_is_not_asked_again(
    database: Database, world: World, clock: FakeClock
) -> None:
    await add_songs(database, range(990, 1010))
    first = await fill(world)
    calls = world.calls

    again = await fill(world)

    assert first.unknown == {Gap.FEATURES: 10, Gap.POPULARITY: 10}
    assert again.unknown == first.unknown
    assert world.calls == calls
    clock.move(days=8)
    await fill(world)
    assert world.calls > calls


async def test_each_batch_is_a_new_version_and_nothing_learned_is_none(
    database: Database, world: World
) -> None:
    await add_songs(database, range(995, 1005))
    async with database.read() as conn:
        before = await columns.catalog_version(conn)

    await fill(world)
    await fill(world)

    async with database.read() as conn:
        assert await columns.catalog_version(conn) == before + 2
        assert await columns.changed_count(conn, since=before) == 5


async def test_a_limit_is_kept(database: Database, world: World) -> None:
    await add_songs(database, range(50))

    await fill(world, Gap.FEATURES, limit=7)

    assert await known(database, "energy") == 7


async def test_a_track_without_ids_is_identified_by_deezer(
    database: Database, clock: FakeClock
) -> None:
    facts = {"duration_ms": 216_000}
    async with database.write() as conn:
        await add_tracks(conn, [StoredTrack("Song 1 (Remastered)", "LOW", facts)])
        await add_tracks(conn, [StoredTrack("Song 2", "Low", {"duration_ms": 100_000})])
    songs = [song(1, deezer_id=1), song(2, deezer_id=2)]
    async with open_outside(database, clock, songs) as world:
        report = await fill(world)

    assert report.learned == {Gap.FEATURES: 1, Gap.POPULARITY: 0}
    assert report.unknown[Gap.FEATURES] == 1  # its namesake is twice as long
    assert await played(database) == {"deezer": 1}
    async with database.read() as conn:
        names = {tuple(row) for row in await conn.execute(select(external_ids))}
    assert {("isrc", "USKR30000001", 1), ("deezer", "1", 1)} <= names


async def test_popularity_comes_from_whoever_knows_it(database: Database, clock: FakeClock) -> None:
    mbid = "22222222-2222-4222-8222-222222222222"
    songs = [
        song(1, popularity=12),
        song(2, reccobeats_id=None, mbid=mbid, listeners=77),
        song(3, reccobeats_id=None, deezer_id=3, deezer_rank=4),
        song(4, reccobeats_id=None, listeners=5),
        song(5, reccobeats_id=None, listeners=None),
    ]
    await add_songs(database, range(1, 6))
    async with database.write() as conn:
        await conn.execute(
            external_ids.insert(),
            [
                {"namespace": "mbid", "value": mbid, "track_id": 2},
                {"namespace": "isrc", "value": songs[2].isrc, "track_id": 3},
            ],
        )
    async with open_outside(database, clock, songs, with_keys=True) as world:
        report = await fill(world, Gap.POPULARITY)

    async with database.read() as conn:
        rows = [tuple(row) for row in await conn.execute(select(popularity))]
    assert rows == [
        (1, "reccobeats", 12.0, TODAY),
        (2, "listenbrainz", 77.0, TODAY),
        (3, "deezer", 4.0, TODAY),
        (4, "lastfm", 5.0, TODAY),
    ]
    assert report.unknown == {Gap.POPULARITY: 1}


async def test_a_wrong_key_does_without_that_service(database: Database, clock: FakeClock) -> None:
    await add_songs(database, [1, 2])
    async with open_outside(database, clock, [], with_keys=True) as world:
        world.lastfm.key = "another"
        report = await fill(world, Gap.POPULARITY)

    assert len(world.lastfm.calls) == 1
    assert report.unknown == {Gap.POPULARITY: 2}


async def test_an_answer_about_one_track_that_cannot_be_used_costs_only_this_one(
    database: Database, clock: FakeClock
) -> None:
    async with database.write() as conn:
        await add_tracks(conn, [StoredTrack("Song 1", "Low"), StoredTrack("Song 2", "Low")])
    songs = [song(1, deezer_id=1), song(2, deezer_id=2)]
    async with open_outside(database, clock, songs) as world:
        world.deezer.misbehave(says({"error": {"code": 500}}))
        report = await fill(world, Gap.FEATURES)

    assert (report.refused[Gap.FEATURES], report.learned[Gap.FEATURES]) == (1, 1)


async def test_garbage_in_place_of_an_answer_is_asked_for_again(
    database: Database, world: World
) -> None:
    await add_songs(database, range(500))
    world.reccobeats.misbehave(says({"content": 1}), says(["no", "rows"]), says("text"))

    report = await fill(world, Gap.FEATURES)

    assert report.learned == {Gap.FEATURES: 500}


async def test_a_batch_that_gets_nothing_but_garbage_is_left_out(
    database: Database, world: World
) -> None:
    await add_songs(database, range(500))
    world.reccobeats.misbehave(*[says({"content": 1})] * PATIENCE)

    report = await fill(world, Gap.FEATURES)

    assert (report.refused[Gap.FEATURES], report.learned[Gap.FEATURES]) == (400, 100)


async def test_services_that_stay_silent_end_it_with_a_sentence_and_keep_what_was_learned(
    database: Database, world: World
) -> None:
    await add_songs(database, range(1000))
    report = EnrichmentReport()

    def break_down(done: int, _size: int) -> None:
        world.fail(1.0 if done else 0.0)

    with pytest.raises(SourceUnavailableError, match="ReccoBeats"):
        await world.outside.enrichment.fill_gaps([Gap.FEATURES], report, progress=break_down)

    assert await known(database, "energy") == report.learned[Gap.FEATURES] == 400
    assert len(world.reccobeats.calls) < 10 + 4 * PATIENCE + 5


async def test_a_thousand_tracks_are_enriched_by_services_that_fail_three_times_in_ten(
    database: Database, clock: FakeClock
) -> None:
    """A third is unknown; in the end every track is enriched or honestly unknown."""
    songs = [song(number) for number in range(1000) if number % 3]
    await add_songs(database, range(1000))
    async with open_outside(database, clock, songs) as world:
        world.fail(0.3)
        report = await fill(world)
        asked = Counter(
            (call.path, one) for call in world.reccobeats.calls for one in _ids(call.query)
        )
        calls = world.calls
        world.fail(0.0)
        again = await fill(world)

        assert world.calls == calls  # no duplicate call for a kept answer
    expected = {Gap.FEATURES: 666, Gap.POPULARITY: 666}
    assert report.learned == expected
    assert report.unknown == again.unknown == {Gap.FEATURES: 334, Gap.POPULARITY: 334}
    assert not any(report.refused.values())
    assert await known(database, "energy") == 666
    assert await played(database) == {"reccobeats": 666}
    assert len(asked) == 2000


def _ids(query: Any) -> list[str]:
    return str(query["ids"]).split(",")


async def test_being_stopped_in_the_middle_loses_nothing(database: Database, world: World) -> None:
    await add_songs(database, range(1000))
    enrichment, report = world.outside.enrichment, EnrichmentReport()

    def stop(done: int, _size: int) -> None:
        if done:
            work.cancel()

    work = asyncio.create_task(enrichment.fill_gaps([Gap.FEATURES], report, progress=stop))
    await asyncio.wait([work])
    stored, calls = await known(database, "energy"), len(world.reccobeats.calls)
    await fill(world, Gap.FEATURES)

    assert work.cancelled()
    assert stored == report.learned[Gap.FEATURES] == 400
    assert calls <= 11
    assert len(world.reccobeats.calls) == 25


async def test_the_running_bot_fills_gaps_after_a_pause_and_goes_on(
    database: Database, world: World, clock: FakeClock
) -> None:
    await add_songs(database, range(10))
    slept: list[timedelta] = []

    async def sleep(seconds: float) -> None:
        slept.append(timedelta(seconds=seconds))
        if len(slept) == 1:
            assert world.calls == 0
        if len(slept) == 4:
            raise asyncio.CancelledError

    live = LiveCatalog(database)
    unmeasured = await live.get()
    enrichment = Enrichment(database, world.sources, KeptAnswers(database, clock), clock, sleep)
    with pytest.raises(asyncio.CancelledError):
        await enrichment.run(live.get)

    assert await known(database, "energy") == 10
    async with live._lock:
        renewed = await live.at_hand()
    assert (unmeasured.measured.sum(), renewed.measured.sum()) == (0, 10)
    assert min(slept) >= timedelta(minutes=5)


async def test_a_more_trusted_source_replaces_what_a_service_told_and_no_import(
    database: Database,
) -> None:
    async with database.write() as conn:
        await add_tracks(conn, [StoredTrack("Song", "Low", {"energy": 0.9})])

        def told(source: str, trust: float, **values: float) -> Measured:
            return Measured(1, source, trust, AudioFeatures(**values))  # type: ignore[arg-type]

        first = await measures.learn(conn, [told("deezer", 0.6, tempo=100.0)], [], on=TODAY)
        await measures.learn(conn, [told("x", 0.9, tempo=90.0, energy=0.1)], [], on=TODAY)
        last = await measures.learn(conn, [told("deezer", 0.6, tempo=50.0)], [], on=TODAY)

        row = (await conn.execute(select(tracks.c.tempo, tracks.c.energy))).one()
        origin = (await conn.execute(select(feature_provenance))).all()
    assert tuple(row) == (90.0, 0.9)
    assert [tuple(one) for one in origin] == [(1, "tempo", "x", 0.9)]
    assert (first, last) == ({1}, set())


async def test_popularity_of_a_source_is_that_of_its_last_word(database: Database) -> None:
    async with database.write() as conn:
        await add_tracks(conn, [StoredTrack("Song", "Low", popularity=80)])
        await measures.learn(conn, [], [TrackPopularity(1, "deezer", 5)], on=TODAY)
        changed = await measures.learn(conn, [], [TrackPopularity(1, "deezer", 3)], on=TODAY)
        same = await measures.learn(
            conn, [], [TrackPopularity(1, "deezer", 3)], on=date(2026, 12, 1)
        )

        known = select(popularity).order_by(popularity.c.source)
        rows = [tuple(row) for row in await conn.execute(known)]
    assert (changed, same) == ({1}, set())
    assert rows == [(1, "deezer", 3.0, date(2026, 12, 1)), (1, "spotify", 80.0, None)]
