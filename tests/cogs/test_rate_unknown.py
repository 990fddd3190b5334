"""An artist whom nobody here has is got to know while their listener waits."""

from collections.abc import AsyncIterator

import pytest
from aiohttp import web
from simcord.backend.errors import SetupError
from sqlalchemy import Table, func, select

from bot.demo.outside import World as Services
from bot.demo.outside import open_outside
from bot.demo.servers.songs import Song
from bot.services.finding.lookup import Outside
from bot.services.growth import GrowthPlan
from bot.services.growth.wishes import AT_A_TIME
from bot.store.engine import Database
from bot.store.tables import acquaintances, artist_wishes, jobs
from tests.cogs.conftest import World
from tests.cogs.test_departures import forget
from tests.cogs.test_discover import answer
from tests.cogs.test_which import options
from tests.fakes import FakeClock
from tests.outside import virtual
from tests.services.growth.scenes import songs_by

LOW, IDA = "Low", "Ida"


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


async def rate(world: World, name: str, score: int = 5) -> str:
    """Rate an artist; return what the message says in the end."""
    return answer(await world.ann.slash(world.channel, "rate artist", artist=name, score=score))


async def count(database: Database, table: Table) -> int:
    async with database.read() as conn:
        return int(await conn.scalar(select(func.count()).select_from(table)) or 0)


@pytest.mark.both
async def test_a_favourite_whom_nobody_has_is_there_a_moment_later(world: World) -> None:
    said = await rate(world, "low")

    assert said.startswith("🔎 I know **Low** now: 25 songs, and 1 artist like them.")
    assert "★★★★★ for **Low**" in said
    history = await world.ann.slash(world.channel, "history")
    assert history.response is not None
    assert "**Low**" in (history.response.embeds[0].description or "")
    assert await count(world.database, artist_wishes) == 0


async def test_music_like_theirs_can_be_found_at_once(world: World) -> None:
    await rate(world, LOW)

    found = await world.ann.slash(world.channel, "similar", track="Low – Song 3 by 1")

    assert found.response is not None
    assert "Ida" in str([embed.to_dict() for embed in found.response.embeds])


async def test_when_nobody_answers_it_says_that_it_goes_on_by_itself(
    world: World, services: Services
) -> None:
    services.fail()

    said = await rate(world, LOW)

    assert said.startswith("The music services do not answer right now. I ask for **Low** again")
    assert await count(world.database, artist_wishes) == 1


async def test_what_could_not_be_asked_is_done_later_even_after_a_restart(
    world: World, services: Services
) -> None:
    services.fail()
    await rate(world, LOW, score=4)
    services.fail(0.0)
    await world.restart()
    world.clock.move(minutes=10)

    await world.bot().services.jobs.run_due()

    history = await world.ann.slash(world.channel, "history")
    assert history.response is not None
    assert "★★★★☆ **Low**" in (history.response.embeds[0].description or "")
    assert await count(world.database, artist_wishes) == 0


async def test_after_two_days_of_silence_it_is_given_up(world: World, services: Services) -> None:
    services.fail()
    await rate(world, LOW)
    world.clock.move(days=3)

    await world.bot().services.jobs.run_due()

    assert await count(world.database, artist_wishes) == 0


async def test_nobody_knows_a_name_that_is_none(world: World) -> None:
    said = await rate(world, "Xyzzy Quux Plugh")

    assert said.startswith("I asked around, and nobody knows an artist called **Xyzzy Quux Plugh**")
    assert await count(world.database, artist_wishes) == 0
    assert await count(world.database, acquaintances) == 0
    history = await world.ann.slash(world.channel, "history")
    assert "Xyzzy" not in answer(history)


async def test_who_looks_alike_is_offered_first_and_the_other_still_got_to_know(
    world: World,
) -> None:
    result = await world.ann.slash(world.channel, "rate artist", artist="Baklun", score=5)
    last = options(result)[-1]

    assert last["label"] == "None of these: get to know “Baklun”"
    assert result.response is not None
    said = await world.ann.select(result.response, [last["value"]])

    assert answer(said).startswith("I asked around, and nobody knows an artist called **Baklun**")


async def test_nobody_else_can_answer_for_who_was_asked(world: World) -> None:
    result = await world.ann.slash(world.channel, "rate artist", artist="Baklun", score=5)
    assert result.response is not None

    with pytest.raises(SetupError):  # it is private: Discord shows it to nobody else
        await world.ben.select(result.response, [options(result)[-1]["value"]])

    assert await count(world.database, artist_wishes) == 0


@pytest.mark.parametrize("name", ["???", "x" * 400, "https://example.org/low"])
async def test_what_is_no_name_is_told_so(world: World, name: str) -> None:
    said = await rate(world, name)

    assert "getting to know" not in said
    assert await count(world.database, artist_wishes) == 0


async def test_an_older_rating_is_not_called_unknown_because_a_newer_took_its_place(
    world: World, services: Services
) -> None:
    async def rates_again(_request: web.Request) -> web.StreamResponse:
        await world.bot().services.wishes.wish(world.ann.id, LOW, 2)
        return web.json_response({"data": []})

    services.deezer.misbehave(rates_again)

    said = await rate(world, LOW)

    assert said.startswith("This rating of **Low** does not wait any more")
    assert await count(world.database, artist_wishes) == 1


async def test_a_name_full_of_signs_is_offered_as_it_was_typed(world: World) -> None:
    name = "Baklun " + "*_" * 40

    last = options(await world.ann.slash(world.channel, "rate artist", artist=name, score=5))[-1]

    assert last["label"] == f"None of these: get to know “{name}”"[:99] + "…"


async def test_too_many_at_a_time_are_put_off(world: World) -> None:
    for number in range(AT_A_TIME):
        await rate(world, f"Nobody Number {number} Xq")

    assert "Name more in ten minutes" in await rate(world, "One Too Many Xq")

    world.clock.move(minutes=11)
    assert (await rate(world, "One Too Many Xq")).startswith("I asked around")


async def test_what_waits_is_shown_and_deleted_with_the_person(
    world: World, services: Services
) -> None:
    services.fail()
    await rate(world, "Zwischenraum")
    shown = await world.ann.slash(world.channel, "privacy show")
    assert shown.response is not None
    assert "1 artist you rated whom I am getting to know" in str(
        [embed.to_dict() for embed in shown.response.embeds]
    )

    await forget(world, world.ann)
    services.fail(0.0)
    world.clock.move(minutes=10)
    await world.bot().services.jobs.run_due()

    assert await count(world.database, artist_wishes) == 0
    history = await world.ann.slash(world.channel, "history")
    assert "Zwischenraum" not in answer(history)
    async with world.database.read() as conn:
        kinds = (await conn.scalars(select(jobs.c.kind))).all()
    assert "meet" not in kinds


@pytest.mark.parametrize("growth_plan", [None])
async def test_where_it_may_not_grow_the_answer_is_as_before(
    world: World, services: Services, growth_plan: None
) -> None:
    said = await rate(world, LOW)

    assert said.startswith("I know no artist like that.")
    assert not services.calls
