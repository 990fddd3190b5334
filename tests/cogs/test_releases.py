"""`/releases` over services on the loopback interface."""

from collections.abc import AsyncIterator
from dataclasses import replace

import discord
import pytest
from sqlalchemy import select

from bot.core.catalog import Sort
from bot.core.models import Subject, SubjectKind
from bot.demo.outside import World as Services
from bot.services.finding.lookup import Outside
from bot.store.engine import Database
from bot.store.tables import artists
from tests.cogs.conftest import World
from tests.cogs.test_discover import answer, button, latest
from tests.fakes import FakeClock
from tests.outside import open_outside
from tests.services.discover.test_releases import LOVED, album


@pytest.fixture
async def services(database: Database, clock: FakeClock) -> AsyncIterator[Services]:
    async with open_outside(
        database, clock, [album(1, LOVED), album(2, "Nobody At All")]
    ) as services:
        yield services


@pytest.fixture
def outside(services: Services) -> Outside | None:
    return services.outside


async def love(world: World) -> None:
    await world.ann.slash(world.channel, "rate artist", artist="artist:14", score=5)


async def shown(world: World, **options: object) -> discord.Embed:
    result = await world.ann.slash(world.channel, "releases", **({"obscurity": 0} | options))
    message = result.followups[-1] if result.followups else result.response
    assert message is not None
    return message.embeds[0]


@pytest.mark.both
async def test_releases_lists_what_fits_with_date_kind_link_and_reason(world: World) -> None:
    await love(world)

    embed = await shown(world)

    lines = (embed.description or "").split("\n")
    assert embed.title == "New in the last 14 days, for ann"
    assert lines[0].startswith("**1.** [**Album 1**](https://musicbrainz.org/release-group/")
    assert ") by LupusMechanicus · " in lines[0]
    assert len(lines) == (embed.description or "").count("](")
    fields = {field.name: field.value or "" for field in embed.fields}
    assert "Left out: 1 whose artists and genres I do not know." in fields["This list"]


async def test_a_release_that_is_still_to_come_is_marked(world: World, services: Services) -> None:
    await love(world)
    services.listenbrainz.songs[:] = [album(3, LOVED, days_ago=-5)]

    embed = await shown(world)

    assert "🗓️ out on 25 November" in (embed.description or "")


async def test_what_was_said_of_the_artist_is_told_to_the_listener_alone(world: World) -> None:
    await love(world)

    public, private = await shown(world), await shown(world, private=True)

    assert "you gave 5" not in (public.description or "")
    assert "you gave 5" in (private.description or "")


async def test_more_like_this_opens_discover_for_the_artist(world: World) -> None:
    await love(world)
    await shown(world)

    result = await world.ben.click(latest(world), custom_id=button(latest(world), "again:"))

    assert result.ephemeral
    assert result.response is not None
    assert "Like **LupusMechanicus**" in result.response.content


async def test_a_newcomer_is_offered_a_start(world: World) -> None:
    embed = await shown(world)

    assert "I do not know your taste yet" in (embed.description or "")
    result = await world.ann.click(latest(world), label="Find out what I like")
    assert result.response is not None
    assert result.response.embeds[0].title == "Which artists do you love?"


async def test_nothing_that_fits_says_what_was_left_out(world: World, services: Services) -> None:
    await love(world)
    services.listenbrainz.songs[:] = [album(2, "Nobody At All")]

    embed = await shown(world)

    assert embed.title == "Nothing new that fits"
    assert "1 whose artists and genres I do not know" in (embed.description or "")


async def test_services_that_are_down_are_told_in_a_sentence(
    world: World, services: Services
) -> None:
    await love(world)
    services.fail()

    result = await world.ann.slash(world.channel, "releases")

    assert "None of the music services that tell what is new answers" in answer(result)


async def test_a_service_that_is_down_is_told_beside_the_others(
    world: World, services: Services
) -> None:
    await love(world)
    services.audius.failing_share = 1

    embed = await shown(world)

    told = "Audius did not answer, so its releases are missing."
    assert told in [field.value for field in embed.fields]


async def fill_pages(world: World, services: Services) -> None:
    """Let 25 albums come out by artists that sound like what ann loves."""
    await love(world)
    async with world.database.read() as conn:
        names = list(await conn.scalars(select(artists.c.name).order_by(artists.c.id)))
    services.listenbrainz.songs[:] = [album(n, name) for n, name in enumerate(names, 1)]


def pages(world: World) -> str:
    return latest(world).embeds[0].footer.text or ""


async def test_pages_are_turned_in_place_also_after_a_restart(
    world: World, services: Services
) -> None:
    await fill_pages(world, services)
    first = (await shown(world)).description
    assert pages(world).startswith("Page 1 of ")

    await world.restart()
    await world.ann.click(latest(world), label="More →")

    assert pages(world).startswith("Page 2 of ")
    second = latest(world).embeds[0].description or ""
    assert second.startswith("**11.** ")
    assert second != first
    await world.ann.click(latest(world), label="← Back")
    assert latest(world).embeds[0].description == first


async def test_turning_the_page_of_somebody_else_gives_a_list_of_ones_own(
    world: World, services: Services
) -> None:
    await fill_pages(world, services)
    await shown(world)

    result = await world.ben.click(latest(world), label="More →")

    assert result.ephemeral
    assert pages(world).startswith("Page 1 of ")
    message = result.followups[-1] if result.followups else result.response
    assert message is not None
    assert "I do not know your taste yet" in (message.embeds[0].description or "")


async def test_a_full_page_stays_within_what_discord_takes(
    world: World, services: Services
) -> None:
    await fill_pages(world, services)
    services.listenbrainz.songs[:] = [
        replace(one, album=f"{one.album} " + "*_[x](y)" * 40) for one in services.listenbrainz.songs
    ]

    embed = await shown(world)

    assert len(embed.description or "") <= 4096
    assert len((embed.description or "").splitlines()) == 10


async def test_what_is_by_who_is_muted_or_live_is_left_out_and_counted(
    world: World, services: Services
) -> None:
    await love(world)
    muting = world.bot().services.muting
    services.listenbrainz.songs[:] = [
        album(1, LOVED), replace(album(2, LOVED), album="Live at Leeds")
    ]  # fmt: skip

    await muting.want(world.ann.id, Sort.LIVE, wanted=False)
    without_live = await shown(world)
    await muting.mute(world.ann.id, Subject(SubjectKind.ARTIST, 14), 30)
    nothing = await shown(world)

    assert "Live at Leeds" not in (without_live.description or "")
    assert "1 that you muted" in str(without_live.to_dict())
    assert nothing.title == "Nothing new that fits"
    assert "Left out: 2 that you muted." in (nothing.description or "")
