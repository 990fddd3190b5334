import discord
import pytest
from simcord.actors import MemberActor
from simcord.results import InteractionResult

from bot.app import BSide
from bot.ui import help as ui
from bot.ui import replies
from cogs.about import command_lines
from tests.cogs.conftest import World
from tests.cogs.test_discover import answer
from tests.cogs.test_start import ids, items, shown, words

MANAGERS_ROOTS = {"moderate", "server"}


def manager(world: World) -> MemberActor:
    role = world.guild.create_role("mods", permissions=discord.Permissions(manage_guild=True))
    return world.guild.add_member(world.env.create_user("mia"), roles=[role])


def topics(result: InteractionResult) -> list[str]:
    (menu,) = [one for one in items(shown(result)) if one.get("options")]
    return [one["value"] for one in menu["options"]]


async def read_all(world: World, actor: MemberActor) -> str:
    """Read the help and each of its topics."""
    result = await actor.slash(world.channel, "help")
    text = words(shown(result))
    for topic in topics(result):
        told = await actor.select(shown(result), [topic], custom_id="help:topic")
        assert told.response is not None
        text += words(told.response)
    return text


@pytest.mark.both
async def test_help_names_every_command_that_discord_knows_to_who_may_use_it(world: World) -> None:
    mia = manager(world)

    text = await read_all(world, mia)

    for name in mia.available_commands(world.channel):
        assert f"`/{name}`" in text
    assert "`/server promotions` – " in text
    for name, about in (
        ("Find similar", "message"),
        ("Rate this", "message"),
        ("See taste", "person"),
    ):
        assert f"**{name}** (Right-click (or hold) a {about} → Apps) – " in text


async def test_who_manages_nothing_reads_nothing_of_what_managers_do(world: World) -> None:
    text = await read_all(world, world.ann)

    assert "/rate track" in text
    assert "/digest join" in text
    assert "/settings me" in text
    assert "/moderate" not in text
    assert "/server" not in text


async def test_what_is_for_managers_is_not_in_the_slash_menu_of_others(world: World) -> None:
    def roots(actor: MemberActor) -> set[str]:
        return {name.partition(" ")[0] for name in actor.available_commands(world.channel)}

    assert not roots(world.ann) & MANAGERS_ROOTS
    names = world.ann.available_commands(world.channel)
    assert {name for name in names if name.startswith("digest ")} == {
        "digest join", "digest leave", "digest me", "digest show",
    }  # fmt: skip
    assert roots(manager(world)) >= MANAGERS_ROOTS


async def test_the_topic_of_managers_is_refused_to_others(world: World) -> None:
    bot = world.bot()
    channel = bot.get_channel(world.channel.id)
    assert isinstance(channel, discord.TextChannel)
    lines = list(command_lines(bot.tree))
    posted = await channel.send("forged", view=ui.under(lines, manages=True))

    result = await world.ann.select(posted, ["managers"], custom_id="help:topic")

    assert answer(result) == ui.NOT_YOURS


async def test_a_topic_of_another_version_is_told(world: World) -> None:
    channel = world.bot().get_channel(world.channel.id)
    assert isinstance(channel, discord.TextChannel)
    menu: discord.ui.Select[discord.ui.View] = discord.ui.Select(
        custom_id="help:topic", options=[discord.SelectOption(label="Old", value="old")]
    )
    view = discord.ui.View(timeout=None)
    view.add_item(menu)
    posted = await channel.send("old", view=view)

    result = await world.ann.select(posted, ["old"], custom_id="help:topic")

    assert answer(result) == replies.NO_LONGER_WORKS


async def test_help_is_four_steps_and_a_way_to_begin(world: World) -> None:
    result = await world.ann.slash(world.channel, "help")

    assert "I find the B-sides" in words(shown(result))
    assert words(shown(result)).count("**") == 8
    begun = await world.ann.click(shown(result), custom_id="start:begin")
    assert ids(shown(begun), "start:artist")


async def test_topics_turn_after_a_restart(world: World) -> None:
    result = await world.ann.slash(world.channel, "help")
    await world.restart()

    told = await world.ann.select(shown(result), ["privacy"], custom_id="help:topic")

    assert told.response is not None
    assert told.response.id == shown(result).id
    assert "/privacy delete" in words(told.response)


async def test_help_works_in_a_direct_message(world: World) -> None:
    await world.ann.user.send_dm("hello")

    result = await world.ann.user.slash("help")

    assert "I find the B-sides" in words(shown(result))
    assert "managers" not in topics(result)


async def test_every_command_has_a_description(world: World) -> None:
    assert isinstance(world.env.bot, BSide)
    lines = [line for line in command_lines(world.env.bot.tree) if not line.menu]

    assert len(lines) > 5
    assert all(len(line.description) > 5 for line in lines)
