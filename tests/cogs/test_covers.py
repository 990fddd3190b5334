"""Covers under picks: the answer does not wait for them, one edit shows them, and they stay."""

import csv
from collections.abc import AsyncIterator

import discord
import pytest

import bot.starter
from bot.app import Options, Pace
from bot.demo.outside import World as Services
from bot.demo.servers.pictures import picture
from bot.demo.servers.songs import Song
from bot.services.finding import Outside
from bot.store.engine import Database
from bot.ui import sharing
from bot.ui.page_buttons import SHARE
from tests.cogs.conftest import World
from tests.cogs.test_answers import ids, up_labels
from tests.cogs.test_audition import heard, near_tracks, now_of, promote
from tests.cogs.test_discover import latest, rate_some
from tests.fakes import FakeClock
from tests.outside import open_outside

PATH = "/images/cover/abc/250x250.jpg"
URL = f"https://cdn-images.dzcdn.net{PATH}"
RED = discord.Color(0xC03020)


@pytest.fixture
async def services(database: Database, clock: FakeClock) -> AsyncIterator[Services]:
    with bot.starter.GAMES.open(encoding="utf-8", newline="") as file:
        songs = [
            Song(row["title"], row["artist"], deezer_id=number, cover=URL)
            for number, row in enumerate(csv.DictReader(file), start=1)
        ]
    async with open_outside(database, clock, songs) as services:
        services.pictures.pictures[PATH] = picture("#c03020", kind="PNG")
        yield services


@pytest.fixture
def outside(services: Services) -> Outside | None:
    return services.outside


def shown(message: discord.Message) -> list[tuple[str | None, discord.Color | None]]:
    return [(one.thumbnail.url, one.color) for one in message.embeds]


@pytest.mark.both
async def test_an_answer_gets_its_covers_and_the_next_one_has_them_at_once(
    world: World, services: Services
) -> None:
    await rate_some(world, world.ann)
    await world.ann.slash(world.channel, "discover", count=3)
    await world.env.settle()

    assert shown(latest(world)) == [(URL, RED)] * 3
    assert len(ids(latest(world), "pick:up")) == 3, "the buttons are still there"
    assert len(services.pictures.calls) == 3
    services.fail()
    await world.restart()
    await rate_some(world, world.ben)
    await world.ben.slash(world.channel, "discover", count=3)

    assert shown(latest(world)) == [(URL, RED)] * 3, "the same taste is shown the same"
    assert len(services.pictures.calls) == 3


async def test_a_digest_comes_with_its_covers(world: World) -> None:
    await rate_some(world, world.ann)
    await world.ann.slash(world.channel, "digest me", how_often="weekly")
    world.clock.move(days=7)

    await world.bot().services.jobs.run_due()
    await world.env.settle()

    (digest,) = [one for one in world.ann.user.dm_channel.history() if one.embeds]
    assert shown(digest)[:3] == [(URL, RED)] * 3


async def test_a_cover_takes_no_thumb_away(world: World) -> None:
    await rate_some(world, world.ann)
    await world.ann.slash(world.channel, "discover", count=2)
    await world.ben.click(latest(world), custom_id=ids(latest(world), "pick:up")[1])
    await world.env.settle()

    assert up_labels(latest(world)) == ["1 👍", "2 👍 1"]
    assert shown(latest(world)) == [(URL, RED)] * 2


async def test_each_pick_of_its_own_message_gets_its_cover(world: World) -> None:
    await world.want_picks_apart()
    await rate_some(world, world.ann)
    await world.ann.slash(world.channel, "discover", count=2)
    await world.env.settle()

    messages = [one for one in world.channel.history() if one.embeds and one.components]
    assert [shown(one) for one in messages[-2:]] == [[(URL, RED)]] * 2


async def test_an_answer_that_only_its_listener_sees_gets_its_covers(world: World) -> None:
    await rate_some(world, world.ann)
    result = await world.ann.slash(world.channel, "discover", count=1, private=True)
    await world.env.settle()

    assert result.response is not None
    assert result.response.embeds[0].thumbnail.url == URL


async def test_services_that_are_down_leave_the_answer_as_it_is(
    world: World, services: Services
) -> None:
    services.fail()
    await rate_some(world, world.ann)
    await world.ann.slash(world.channel, "discover", count=2)
    await world.env.settle()

    assert [url for url, _ in shown(latest(world))] == [None, None]


async def test_an_answer_that_was_deleted_meanwhile_is_no_error(
    world: World, services: Services
) -> None:
    await rate_some(world, world.ann)
    await world.ann.slash(world.channel, "discover", count=1)
    async with world.database.write() as conn:
        await conn.exec_driver_sql("delete from covers")
    await world.ann.slash(world.channel, "discover", count=1)
    channel = world.bot().get_channel(world.channel.id)
    assert isinstance(channel, discord.TextChannel)
    await channel.get_partial_message(latest(world).id).delete()
    await world.env.settle()

    assert world.env.errors == []


async def test_a_blind_audition_shows_no_cover_that_would_name_it(
    world: World,
) -> None:
    await rate_some(world, world.ann)
    await world.ann.slash(world.channel, "audition join")
    (track,) = await near_tracks(world, world.ann, count=1)
    await promote(world, track.id)
    await world.bot().services.covers.look_up([track.id])

    message = await heard(world, world.ann)
    await world.env.settle()

    assert now_of(world, message).embeds[0].thumbnail.url is None


class TestSwitchedOff:
    @pytest.fixture
    def options(self) -> Options:
        return Options(covers=False, pace=Pace(acknowledge=(0,), ask=(0,), label=0))

    async def test_an_operator_can_have_nobody_asked(
        self, world: World, services: Services
    ) -> None:
        await rate_some(world, world.ann)
        await world.ann.slash(world.channel, "discover", count=3)
        await world.env.settle()

        assert services.calls == 0
        assert [url for url, _ in shown(latest(world))] == [None] * 3


class TestPages:
    """Where lists can be shared as pages."""

    @pytest.fixture
    def public_url(self) -> str | None:
        return "https://music.example"

    async def test_a_page_gets_the_covers_of_its_tracks_when_it_is_made(self, world: World) -> None:
        await rate_some(world, world.ann)
        listed = await world.ann.slash(world.channel, "playlist")
        assert listed.response is not None
        asked = await world.ann.click(listed.response, label=SHARE)
        assert asked.response is not None

        await world.ann.click(asked.response, label=sharing.MAKE)

        (kept,) = await world.bot().services.shared_pages.of(world.ann.id)
        assert kept.page.entries
        assert {one.cover for one in kept.page.entries} == {URL}
