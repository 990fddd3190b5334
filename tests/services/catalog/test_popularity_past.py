"""The past of popularity: kept once a month, resumed, forgotten, and told."""

from datetime import datetime

import pytest
from sqlalchemy import insert, select, update

from bot.core.catalog import Kept, month_of, past_of
from bot.services.catalog import POPULARITY, PopularityPast
from bot.services.upkeep import Jobs
from bot.store import catalog_sources, popularity_past
from bot.store.engine import Database
from bot.store.tables import popularity, popularity_history, popularity_months
from tests.conftest import NOON
from tests.fakes import FakeClock
from tests.stored import StoredTrack, add_tracks, remove_track

MONTH = month_of(NOON.date())
SONGS = [
    StoredTrack(f"Song {number}", f"Artist {number}", popularity=float(number))
    for number in range(10)
]


@pytest.fixture
async def ids(database: Database) -> list[int]:
    async with database.write() as conn:
        return await add_tracks(conn, SONGS)


async def kept(database: Database) -> list[tuple[int, str, int, int]]:
    async with database.read() as conn:
        rows = await conn.execute(
            select(popularity_history).order_by(*popularity_history.primary_key.columns)
        )
        return [tuple(row) for row in rows]


async def set_value(
    database: Database, track_id: int, value: float, source: str = "spotify"
) -> None:
    async with database.write() as conn:
        own = popularity.c.track_id == track_id, popularity.c.source == source
        await conn.execute(update(popularity).where(*own).values(value=value))


async def look(database: Database, clock: FakeClock) -> datetime:
    return await PopularityPast(database, clock).look(0)


async def test_the_first_look_keeps_all_but_zeros_and_the_next_month_what_changed(
    database: Database, ids: list[int]
) -> None:
    clock = FakeClock(NOON)

    await look(database, clock)
    first = await kept(database)
    await set_value(database, ids[1], 50.0)
    clock.move(days=30)
    await look(database, clock)
    second = [row for row in await kept(database) if row[2] == MONTH + 1]

    levels = [round((number + 0.5 + 2.5) / 15 * 1000) for number in range(10)]
    assert first == [(ids[number], "spotify", MONTH, levels[number]) for number in range(1, 10)]
    assert second[0] == (ids[1], "spotify", MONTH + 1, levels[9])
    assert [row[0] for row in second] == ids[1:]  # it passed all of them
    async with database.read() as conn:
        assert await popularity_past.months_looked_at(conn) == {"spotify": [MONTH, MONTH + 1]}


async def test_a_month_without_a_change_is_noted_and_keeps_no_row(
    database: Database, ids: list[int]
) -> None:
    clock = FakeClock(NOON)
    await look(database, clock)
    before = await kept(database)

    clock.move(days=30)
    await look(database, clock)

    assert await kept(database) == before
    async with database.read() as conn:
        (one,) = await popularity_past.kept_past(conn)
        told = past_of(
            (await popularity_past.past_of_tracks(conn, ids))[ids[9]],
            {"spotify": [MONTH, MONTH + 1]},
        )
    assert (one.first, one.last, one.months, one.rows) == (MONTH, MONTH + 1, 2, 9)
    assert told == [(MONTH, 0.8), (MONTH + 1, 0.8)]


async def test_a_second_look_in_a_month_changes_nothing_whatever_came_in(
    database: Database, ids: list[int]
) -> None:
    clock = FakeClock(NOON)
    await look(database, clock)
    before = await kept(database)

    await set_value(database, ids[1], 50.0)
    again = await look(database, clock)

    assert await kept(database) == before
    assert (again - clock.now()).days == 1


async def test_a_look_that_broke_off_is_gone_on_with(database: Database, ids: list[int]) -> None:
    clock = FakeClock(NOON)
    await look(database, clock)
    whole = await kept(database)
    async with database.write() as conn:
        await conn.execute(popularity_months.delete())
        await conn.execute(
            popularity_history.delete().where(popularity_history.c.track_id > ids[4])
        )

    await set_value(database, ids[2], 2.5)
    await look(database, clock)

    assert await kept(database) == whole
    async with database.read() as conn:
        assert await popularity_past.months_looked_at(conn) == {"spotify": [MONTH]}


async def test_a_clock_that_went_back_rewrites_no_past(database: Database, ids: list[int]) -> None:
    clock = FakeClock(NOON)
    await look(database, clock)
    before = await kept(database)

    clock.move(days=-60)
    await look(database, clock)

    assert await kept(database) == before


async def test_a_source_that_first_speaks_in_the_month_is_looked_at_the_next_day(
    database: Database, ids: list[int]
) -> None:
    clock = FakeClock(NOON)
    jobs, past = Jobs(database, clock), PopularityPast(database, clock)
    jobs.handle(POPULARITY, past.look)
    await past.begin()
    clock.move(hours=1)
    await jobs.run_due()
    async with database.write() as conn:
        row = {"track_id": ids[3], "source": "deezer", "value": 9.0, "observed_on": None}
        await conn.execute(insert(popularity).values(row))

    await past.begin()  # a restart plans nothing anew
    done_at_once = await jobs.run_due()
    clock.move(days=1)
    await jobs.run_due()

    assert done_at_once == 0
    assert (ids[3], "deezer", MONTH, 500) in await kept(database)


async def test_what_is_forgotten_or_removed_has_no_past(database: Database, ids: list[int]) -> None:
    async with database.write() as conn:
        row = {"track_id": ids[3], "source": "deezer", "value": 9.0, "observed_on": None}
        await conn.execute(insert(popularity).values(row))
    await look(database, FakeClock(NOON))

    async with database.write() as conn:
        await remove_track(conn, ids[3])
        await catalog_sources.forget(conn, "spotify")

    assert await kept(database) == []
    async with database.read() as conn:
        assert await popularity_past.months_looked_at(conn) == {"deezer": [MONTH]}


async def test_what_was_forgotten_during_a_look_is_not_kept_by_it(
    database: Database, ids: list[int]
) -> None:
    async with database.read() as conn:
        piece = await popularity_past.piece_after(conn, "spotify", 0, MONTH)
    assert piece is not None
    async with database.write() as conn:
        await catalog_sources.forget(conn, "spotify")

    async with database.write() as conn:
        await popularity_past.keep(conn, "spotify", MONTH, piece.track_ids, piece.kept)
        await popularity_past.note_look(conn, "spotify", MONTH)

    assert await kept(database) == []
    async with database.read() as conn:
        assert await popularity_past.months_looked_at(conn) == {}


async def test_the_artist_who_rose_is_named_with_the_past_of_the_song(
    database: Database, ids: list[int]
) -> None:
    clock = FakeClock(NOON)
    past = PopularityPast(database, clock)
    async with database.write() as conn:
        await add_tracks(conn, [StoredTrack("Hits", "Various Artists", popularity=0.5)])
    await past.look(0)
    for value in (4.5, 50.0):
        await set_value(database, ids[1], value)
        clock.move(days=31)
        await past.look(0)

    (first, *_) = await past.rising(months=12, limit=3)
    (latest, *_) = await past.rising(months=1, limit=1)

    assert (first.artist, first.song) == ("Artist 1", "Song 1")
    assert [month for month, _ in first.past] == [MONTH, MONTH + 1, MONTH + 2]
    assert first.before == pytest.approx(3 / 14)
    assert first.after == pytest.approx(11 / 14)
    assert latest.before > first.before


async def test_the_past_of_tracks_is_told_by_source_and_month(
    database: Database, ids: list[int]
) -> None:
    await look(database, FakeClock(NOON))

    async with database.read() as conn:
        found = await popularity_past.past_of_tracks(conn, [ids[0], ids[9]])

    assert found == {ids[9]: [Kept(ids[9], "spotify", MONTH, 800)]}
