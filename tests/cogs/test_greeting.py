"""A server is greeted once, where it can be, and by its buttons three things begin."""

from typing import Any

import discord
import pytest
from simcord.actors import MemberActor
from simcord.backend.errors import SetupError

from bot.services import build_services
from bot.store import greetings
from bot.ui import greeting as ui
from tests.cogs.conftest import World
from tests.cogs.test_about import manager
from tests.cogs.test_discover import answer
from tests.cogs.test_start import ids, shown, words

HELLO = "Hello, I am B-Side"


@pytest.fixture
def is_greeted() -> bool:
    return False


def guild_of(world: World) -> discord.Guild:
    guild = world.bot().get_guild(world.guild.id)
    assert guild is not None
    return guild


def open_system_channel(world: World, *, closed: bool = False) -> None:
    """Make the channel of the tests the one where Discord says who has come."""
    stored = world.env.backend.get_guild(world.guild.id)
    stored.system_channel_id = world.channel.id
    guild = guild_of(world)
    guild._system_channel_id = world.channel.id
    if closed:
        for role in guild.roles:
            role._permissions = 0


async def come(world: World) -> None:
    """Let the bot hear that it was invited."""
    cog = world.bot().get_cog("Greeting")
    assert cog is not None
    await cog.on_guild_join(guild_of(world))  # type: ignore[attr-defined]


def hellos(world: World) -> list[discord.Message]:
    return [one for one in world.channel.history() if one.embeds and one.embeds[0].title == HELLO]


async def privately(world: World, actor: MemberActor) -> bool:
    """Use a command; return whether a private greeting follows its answer."""
    result = await actor.slash(world.channel, "history")
    found = [one for one in result.followups if one.embeds and one.embeds[0].title == HELLO]
    assert all(one.ephemeral for one in found)
    return bool(found)


@pytest.mark.both
async def test_it_greets_once_in_the_system_channel(world: World) -> None:
    open_system_channel(world)

    await come(world)
    await come(world)
    await world.restart()
    await come(world)

    assert len(hellos(world)) == 1
    assert not await privately(world, manager(world))


@pytest.mark.both
async def test_two_processes_do_not_both_greet(world: World) -> None:
    other = build_services(world.database, world.clock)
    open_system_channel(world)

    assert await other.greetings.take(world.guild.id)
    await come(world)

    assert hellos(world) == []


async def test_without_a_system_channel_the_first_manager_is_greeted_privately(
    world: World,
) -> None:
    await come(world)
    mia = manager(world)

    assert hellos(world) == []
    assert not await privately(world, world.ann)
    assert await privately(world, mia)
    assert not await privately(world, mia)


async def test_where_it_may_not_write_the_first_manager_is_greeted(world: World) -> None:
    open_system_channel(world, closed=True)
    await come(world)

    assert hellos(world) == []
    async with world.database.read() as conn:
        assert not await greetings.is_greeted(conn, world.guild.id)


async def test_a_greeting_that_discord_refuses_is_made_up_for(
    world: World, expected_errors: list[type[Exception]]
) -> None:
    open_system_channel(world)
    world.env.inject_error("POST", "/channels/*/messages", status=403)
    await come(world)
    assert hellos(world) == []

    assert await privately(world, manager(world))


async def test_a_server_it_has_long_been_in_is_not_greeted(world: World) -> None:
    guild_of(world).me.joined_at = discord.utils.utcnow().replace(year=2020)

    assert not await privately(world, manager(world))


async def test_who_invites_it_again_is_greeted_again(world: World) -> None:
    open_system_channel(world)
    await come(world)
    world.bot().dispatch("guild_remove", guild_of(world))
    await world.env.settle()

    await come(world)

    assert len(hellos(world)) == 2


async def posted(world: World) -> discord.Message:
    open_system_channel(world)
    await come(world)
    return hellos(world)[0]


async def test_anybody_may_begin_from_the_greeting_each_privately(world: World) -> None:
    hello = await posted(world)

    for actor in (world.ann, world.ben):
        begun = await actor.click(hello, custom_id="start:begin")
        assert ids(shown(begun), "start:artist")

    told = await world.ben.click(hello, custom_id="help:show")
    assert "/discover" in words(shown(told))
    assert len(hellos(world)) == 1


async def test_only_managers_choose_channels(world: World) -> None:
    hello = await posted(world)

    refused = await world.ann.click(hello, custom_id="greet:channels")

    assert "You need the permission Manage Server" in answer(refused)
    asked = await manager(world).click(hello, custom_id="greet:channels")
    with pytest.raises(SetupError):  # it is private: Discord shows it to nobody else
        await world.ann.select(shown(asked), [world.channel], custom_id="greet:promotions")


async def test_the_chosen_channels_are_those_of_promotions_and_the_digest(world: World) -> None:
    mia = manager(world)
    asked = shown(await mia.click(await posted(world), custom_id="greet:channels"))
    await world.restart()

    first = await mia.select(asked, [world.channel], custom_id="greet:promotions")
    second = await mia.select(asked, [world.channel], custom_id="greet:digest")

    assert f"Promotions appear in {world.channel.mention} now" in answer(first)
    assert world.channel.mention in answer(second)
    rules = await world.bot().services.rules.get(world.guild.id)
    assert rules.promotion_channel_id == world.channel.id
    plan = await world.bot().services.digests.get(world.guild.id)
    assert (plan.channel_id, plan.weekday, plan.hour) == (world.channel.id, 4, 17)


async def test_only_the_operator_is_told_that_the_catalogue_is_small(world: World) -> None:
    mia = manager(world)
    hello = await posted(world)
    before: Any = await mia.click(hello, custom_id="greet:channels")
    application = world.bot().application
    assert application is not None
    application.team = None
    application.owner = await world.bot().fetch_user(mia.id)

    after = await mia.click(hello, custom_id="greet:channels")

    assert ui.SMALL not in answer(before)
    assert ui.SMALL in answer(after)
