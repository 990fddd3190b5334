"""A newcomer names artists whom nobody here has: they are got to know."""

from collections.abc import AsyncIterator

import pytest

from bot.demo.outside import World as Services
from bot.demo.outside import open_outside
from bot.demo.servers.songs import Song
from bot.services.finding.lookup import Outside
from bot.services.growth import GrowthPlan
from bot.services.growth.wishes import AT_A_TIME
from bot.store.engine import Database
from bot.store.tables import artist_wishes
from tests.cogs.conftest import World
from tests.cogs.test_departures import forget
from tests.cogs.test_rate_unknown import IDA, LOW, count
from tests.cogs.test_start import (
    ARTISTS,
    Presses,
    are_picks,
    artist_names,
    favorites,
    ids,
    items,
    words,
)
from tests.fakes import FakeClock
from tests.outside import virtual
from tests.services.growth.scenes import songs_by


@pytest.fixture
async def services(database: Database, clock: FakeClock) -> AsyncIterator[Services]:
    songs: list[Song] = [*songs_by(LOW, 1, 30), *songs_by(IDA, 2, 5)]
    async with open_outside(database, virtual(clock), songs) as world:
        world.deezer.related[LOW] = [IDA]
        yield world


@pytest.fixture
def outside(services: Services) -> Outside:
    return services.outside


@pytest.fixture
def growth_plan() -> GrowthPlan:
    return GrowthPlan()


@pytest.fixture
def ann(world: World) -> Presses:
    return Presses(world, world.ann)


async def name(ann: Presses, *names: str) -> None:
    await ann.begin()
    typed = {f"artist{place}": one for place, one in enumerate(names)}
    await ann.fill_in("start:name", **typed)


@pytest.mark.both
async def test_picks_come_by_the_known_ones_while_the_others_are_got_to_know(
    world: World, ann: Presses
) -> None:
    (known,) = await artist_names(world, 1)

    await name(ann, known, LOW)

    assert are_picks(ann.message)
    assert "🔎 I am getting to know **Low**" in words(ann.message)
    assert f"For somebody who loves **{known}**:" in words(ann.message)
    assert len(await favorites(world, world.ann)) == 2
    assert await count(world.database, artist_wishes) == 0


@pytest.mark.both
async def test_where_all_are_new_the_picks_come_in_the_same_message_a_moment_later(
    world: World, ann: Presses
) -> None:
    await name(ann, LOW)

    assert are_picks(ann.message)
    assert "For somebody who loves **Low**:" in words(ann.message)
    assert ann.count == 2


async def test_a_name_that_no_service_knows_leads_back_to_the_start(
    world: World, ann: Presses
) -> None:
    await name(ann, "Xyzzy Quux Plugh")

    assert "I asked around, and nobody knows **Xyzzy Quux Plugh**" in words(ann.message)
    assert len(ids(ann.message, ARTISTS)) == 5
    assert await favorites(world, world.ann) == []


async def test_when_the_services_are_down_it_says_so_and_the_favorite_comes_later(
    world: World, ann: Presses, services: Services
) -> None:
    services.fail()
    await name(ann, LOW)
    assert "The music services do not answer right now" in words(ann.message)
    assert len(ids(ann.message, ARTISTS)) == 5
    services.fail(0.0)
    await world.restart()
    world.clock.move(minutes=10)

    await world.bot().services.jobs.run_due()

    assert len(await favorites(world, world.ann)) == 1
    await ann.press(ARTISTS)
    assert "**Low** and **" in words(ann.message)


async def test_who_is_meant_may_be_none_of_those_we_have(world: World, ann: Presses) -> None:
    await name(ann, "Baklun", LOW)
    assert "🔎 I am getting to know **Low**" in words(ann.message)
    (menu,) = [one for one in items(ann.message) if one.get("options")]
    assert menu["options"][-2]["label"] == "None of these: get to know “Baklun”"

    await ann.choose(menu["options"][-2]["value"])

    assert are_picks(ann.message)
    assert "I am getting to know **Baklun**" in words(ann.message)
    assert len(await favorites(world, world.ann)) == 1


async def test_too_many_new_names_are_put_off(world: World, ann: Presses) -> None:
    ledger = world.bot().services.favorites
    for number in range(AT_A_TIME):
        await ledger.name(world.ann.id, [f"Nobody Number {number} Xq"])

    await name(ann, "One Too Many Xq")

    assert "Name more in ten minutes" in words(ann.message)
    assert len(ids(ann.message, ARTISTS)) == 5


async def test_what_waits_is_deleted_with_the_person(
    world: World, ann: Presses, services: Services
) -> None:
    services.fail()
    await name(ann, LOW)

    await forget(world, world.ann)

    assert await count(world.database, artist_wishes) == 0
