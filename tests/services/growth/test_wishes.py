"""Ratings of artists whom nobody knows yet, when several things happen to one at once."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from sqlalchemy import Table, func, select

from bot.core.models import Acquainted
from bot.demo.outside import World
from bot.demo.servers.loopback import says
from bot.errors import SourceUnavailableError, UserError
from bot.services import Services, build_services
from bot.services.growth import GrowthPlan, Unfulfilled
from bot.store import wishes
from bot.store.engine import Database
from bot.store.tables import artist_wishes, feedback, users
from tests.conftest import NOON
from tests.fakes import FakeClock
from tests.outside import open_outside
from tests.services.growth.scenes import songs_by
from tests.stored import StoredTrack, add_tracks

ANN = 1
LOW = "Low"


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock(NOON)


@pytest.fixture
async def world(database: Database, clock: FakeClock) -> AsyncIterator[World]:
    async with open_outside(database, clock, songs_by(LOW, 1, 3)) as world:
        yield world


@pytest.fixture
def services(database: Database, clock: FakeClock, world: World) -> Services:
    return build_services(database, clock, world.outside, growth_plan=GrowthPlan())


async def count(database: Database, table: Table) -> int:
    async with database.read() as conn:
        return int(await conn.scalar(select(func.count()).select_from(table)) or 0)


@pytest.mark.both
async def test_nothing_of_people_comes_back_who_have_themselves_deleted_meanwhile(
    database: Database, services: Services
) -> None:
    async with database.write() as conn:
        await add_tracks(conn, [StoredTrack("The one we have", LOW)])
    people = range(1, 13)
    waiting = [await services.wishes.wish(one, LOW, 5) for one in people]

    await asyncio.gather(
        *(services.wishes.fulfil(one.id) for one in waiting),
        *(services.privacy.delete(one) for one in people),
    )

    for table in (feedback, artist_wishes, users):
        assert await count(database, table) == 0


@pytest.mark.both
async def test_the_job_and_who_asked_note_a_rating_once(
    database: Database, services: Services
) -> None:
    wish = await services.wishes.wish(ANN, LOW, 5)

    done = await asyncio.gather(*(services.wishes.fulfil(wish.id) for _ in range(2)))

    assert [isinstance(one, Acquainted) for one in done].count(True) == 1
    assert Unfulfilled.GONE in done
    assert await count(database, feedback) == 1


async def test_of_two_ratings_of_one_artist_the_newer_counts(
    database: Database, services: Services
) -> None:
    older = await services.wishes.wish(ANN, LOW, 1)
    newer = await services.wishes.wish(ANN, "LOW", 4)

    assert await services.wishes.fulfil(older.id) is Unfulfilled.GONE
    done = await services.wishes.fulfil(newer.id)

    assert isinstance(done, Acquainted)
    assert done.rated is not None
    assert (done.rated.score, done.rated.before) == (4, None)


async def test_an_artist_without_a_song_is_not_called_unknown(
    database: Database, clock: FakeClock
) -> None:
    async with open_outside(database, clock, songs_by("Somebody Else", 2, 1)) as world:
        world.deezer.misbehave(says({"data": [{"id": 5, "name": "Silent", "nb_fan": 3}]}))
        services = build_services(database, clock, world.outside, growth_plan=GrowthPlan())
        wish = await services.wishes.wish(ANN, "Silent", 5)

        assert await services.wishes.fulfil(wish.id) is Unfulfilled.UNHEARD


async def test_where_it_may_not_grow_any_more_nobody_is_asked(
    database: Database, clock: FakeClock, world: World, services: Services
) -> None:
    wish = await services.wishes.wish(ANN, LOW, 5)
    afterwards = build_services(database, clock, world.outside, growth_plan=None)

    with pytest.raises(SourceUnavailableError, match="may not grow"):
        await afterwards.wishes.job(wish.id)
    with pytest.raises(UserError, match="do not get to know new ones"):
        await afterwards.wishes.wish(ANN, LOW, 5)

    assert not world.calls
    async with database.read() as conn:
        assert await wishes.get(conn, wish.id) == wish


@pytest.mark.both
async def test_a_name_with_a_sign_that_no_database_takes_is_kept_without_it(
    services: Services,
) -> None:
    wish = await services.wishes.wish(ANN, "Lo\0w", 5)

    assert wish.name == "Lo w"


async def test_a_name_that_is_endless_when_spelled_out_is_none(services: Services) -> None:
    with pytest.raises(UserError, match="no name of an artist"):
        await services.wishes.wish(ANN, "\ufdfa" * 290, 5)
