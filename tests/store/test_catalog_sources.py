"""What each source said, and that all of it goes when it is to be forgotten."""

from datetime import date
from typing import Any

from sqlalchemy import insert, select

from bot.store import catalog_sources
from bot.store.catalog_sources import Source
from bot.store.columns import catalog_version
from bot.store.engine import Database
from bot.store.tables import feature_provenance, popularity, tracks
from tests.stored import StoredTrack, add_tracks

SONGS = [
    StoredTrack(
        "A", "Ann", {"energy": 0.1, "tempo": 100.0, "feature_source": "old"}, popularity=50
    ),
    StoredTrack("B", "Ann", {"energy": 0.2, "tempo": 90.0, "feature_source": "other"}),
    StoredTrack("C", "Ben"),
]


async def fill(database: Database) -> list[int]:
    """A was measured by old, and its energy later by good; the tempo of B is by old."""
    async with database.write() as conn:
        a, b, c = await add_tracks(conn, SONGS)
        rows = [(a, "energy", "good"), (b, "tempo", "old")]
        await conn.execute(
            insert(feature_provenance),
            [
                {"track_id": track, "feature": name, "source": source, "confidence": 0.5}
                for track, name, source in rows
            ],
        )
        told: list[tuple[int, str, date | None]] = [
            (a, "old", date(2025, 1, 2)), (b, "old", date(2026, 3, 4)), (c, "good", None),
        ]  # fmt: skip
        await conn.execute(
            insert(popularity),
            [
                {"track_id": track, "source": source, "value": 1.0, "observed_on": on}
                for track, source, on in told
            ],
        )
    return [a, b, c]


async def features(database: Database) -> dict[str, tuple[Any, ...]]:
    query = select(tracks.c.title, tracks.c.energy, tracks.c.tempo, tracks.c.feature_source)
    async with database.read() as conn:
        return {row[0]: tuple(row)[1:] for row in await conn.execute(query)}


async def test_sources_are_told_with_their_age(database: Database) -> None:
    await fill(database)

    async with database.read() as conn:
        found = {one.name: one for one in await catalog_sources.sources(conn)}

    assert found["old"] == Source("old", 2, 2, 0, date(2025, 1, 2), date(2026, 3, 4))
    assert found["good"] == Source("good", 1, 1, 0, None, None)
    assert (found["other"].popularity, found["other"].features) == (0, 1)


async def test_what_a_source_said_goes_and_what_others_said_stays(database: Database) -> None:
    await fill(database)
    async with database.read() as conn:
        before = await catalog_version(conn)

    async with database.write() as conn:
        done = await catalog_sources.forget(conn, "old")

    assert (done.popularity, done.features) == (2, 2)
    assert await features(database) == {
        "A": (0.1, None, None),
        "B": (0.2, None, "other"),
        "C": (None, None, None),
    }
    async with database.read() as conn:
        assert "old" not in {one.name for one in await catalog_sources.sources(conn)}
        assert await catalog_version(conn) == before + 1
        stamped = select(tracks.c.title).where(tracks.c.version == before + 1)
        assert sorted(await conn.scalars(stamped)) == ["A", "B"]


async def test_who_said_nothing_has_nothing_to_be_forgotten(database: Database) -> None:
    await fill(database)
    async with database.read() as conn:
        before = await catalog_version(conn)

    async with database.write() as conn:
        done = await catalog_sources.forget(conn, "nobody")

    assert not done.is_something
    async with database.read() as conn:
        assert await catalog_version(conn) == before
