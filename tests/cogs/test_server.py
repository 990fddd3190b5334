from typing import Any

import discord
import pytest
import simcord
from simcord.actors import MemberActor
from simcord.results import InteractionResult

from bot.app import BSide
from tests.cogs.conftest import World

ALL = {"hearings", "channel", "role", "hours", "share", "claims", "moderation"}


@pytest.fixture
def boss(world: World) -> MemberActor:
    role = world.guild.create_role("boss", permissions=discord.Permissions(manage_guild=True))
    return world.guild.add_member(world.env.create_user("boss"), roles=[role])


def shown(result: InteractionResult) -> dict[str, str]:
    assert result.ephemeral
    assert result.response is not None
    (embed,) = result.response.embeds
    return {field.name or "": field.value or "" for field in embed.fields}


def answer(result: InteractionResult) -> str:
    assert result.ephemeral
    assert result.response is not None
    return result.response.content


async def test_rules_show_the_defaults(world: World, boss: MemberActor) -> None:
    result = await boss.slash(world.channel, "server show")

    assert shown(result) == {
        "Promotions appear": "in the channel where `/promote` is used",
        "Who may promote": "everybody",
        "Each person": "one promotion in 24 hours",
        "Each artist": "one promotion in 24 hours",
        "The whole server": "one promotion in 30 minutes",
        "Names": "artists may register with `/artist claim`, but need not",
        "Picks": "all of an answer in one message",
        "Promoted picks": "at most one in 5",
        "Blind auditions": "5 for each promotion, without earning them",
        "Music made by AI": "has a label where its artist, or this bot's list, says so",
        "Reports": "in `/moderate queue`; 3 open reports keep a promotion out of the picks",
    }


@pytest.mark.both
async def test_rules_change_what_is_given_and_keep_the_rest(
    world: World, boss: MemberActor
) -> None:
    stage = world.guild.create_text_channel("promotions")
    role = world.guild.create_role("artists")
    await boss.slash(world.channel, "server promotions", channel=stage, role=role)

    await boss.slash(
        world.channel,
        "server promotions",
        user_cooldown_hours=1,
        artist_cooldown_hours=0,
        server_cooldown_minutes=1,
        one_in=8,
        hearings=12,
        claims_required=True,
    )
    await boss.slash(world.channel, "server moderation", channel=stage, reports_until_hidden=1)

    assert shown(await boss.slash(world.channel, "server show")) == {
        "Promotions appear": f"in <#{stage.id}>",
        "Who may promote": f"members with <@&{role.id}>",
        "Each person": "one promotion in 1 hour",
        "Each artist": "as often as they like",
        "The whole server": "one promotion in 1 minute",
        "Names": "artists register with `/artist claim` before they promote",
        "Picks": "all of an answer in one message",
        "Promoted picks": "at most one in 8",
        "Blind auditions": "12 for each promotion, without earning them",
        "Music made by AI": "has a label where its artist, or this bot's list, says so",
        "Reports": f"in <#{stage.id}> and in `/moderate queue`; "
        "1 open report keeps a promotion out of the picks",
    }


@pytest.mark.parametrize(
    ("what", "kept"),
    [
        ({"what": "channel"}, ALL - {"channel"}),
        ({"what": "role"}, ALL - {"role"}),
        ({"what": "cooldowns"}, ALL - {"hours"}),
        ({"what": "share"}, ALL - {"share"}),
        ({"what": "hearings"}, ALL - {"hearings"}),
        ({"what": "claims"}, ALL - {"claims"}),
        ({"what": "moderation"}, ALL - {"moderation"}),
        ({}, set()),
    ],
)
async def test_rules_reset_sets_back_one_thing_or_all(
    world: World, boss: MemberActor, what: dict[str, Any], kept: set[str]
) -> None:
    stage = world.guild.create_text_channel("promotions")
    role = world.guild.create_role("artists")
    await boss.slash(
        world.channel,
        "server promotions",
        channel=stage,
        role=role,
        user_cooldown_hours=720,
        artist_cooldown_hours=720,
        one_in=9,
        hearings=11,
        verified_only=True,
    )
    await boss.slash(world.channel, "server moderation", channel=stage, reports_until_hidden=7)

    fields = shown(await boss.slash(world.channel, "server reset", **what))

    assert (fields["Promotions appear"] != "in the channel where `/promote` is used") == (
        "channel" in kept
    )
    assert (fields["Who may promote"] != "everybody") == ("role" in kept)
    assert ("720" in fields["Each person"]) == ("hours" in kept)
    assert ("720" in fields["Each artist"]) == ("hours" in kept)
    assert ("9" in fields["Promoted picks"]) == ("share" in kept)
    assert ("11" in fields["Blind auditions"]) == ("hearings" in kept)
    assert ("verified" in fields["Names"]) == ("claims" in kept)
    assert ("7 open" in fields["Reports"]) == ("moderation" in kept)
    assert (f"<#{stage.id}>" in fields["Reports"]) == ("moderation" in kept)


@pytest.mark.parametrize("name", ["promotions", "moderation"])
async def test_rules_refuse_a_channel_that_is_closed_to_the_bot(
    world: World, boss: MemberActor, name: str
) -> None:
    me = world.env.bot.user
    assert me is not None
    closed = discord.PermissionOverwrite(view_channel=False, embed_links=False)
    stage = world.guild.create_text_channel("secret", overwrites={me: closed})

    result = await boss.slash(world.channel, f"server {name}", channel=stage)

    assert f"I cannot post in <#{stage.id}> yet" in answer(result)
    assert "View Channel" in answer(result)
    rules = shown(await boss.slash(world.channel, "server show"))
    assert rules["Promotions appear"] == "in the channel where `/promote` is used"


@pytest.mark.parametrize("name", ["promotions", "moderation"])
async def test_rules_without_any_change_say_how(world: World, boss: MemberActor, name: str) -> None:
    result = await boss.slash(world.channel, f"server {name}")

    assert "You changed nothing" in answer(result)


async def test_rules_of_one_server_are_not_those_of_another(
    world: World, boss: MemberActor
) -> None:
    await boss.slash(world.channel, "server promotions", user_cooldown_hours=1)
    other = world.env.create_guild("Other")
    channel = other.create_text_channel("music")
    role = other.create_role("boss", permissions=discord.Permissions(manage_guild=True))
    someone = other.add_member(world.env.create_user("someone"), roles=[role])

    rules = shown(await someone.slash(channel, "server show"))

    assert rules["Each person"] == "one promotion in 24 hours"


async def test_rules_are_hidden_from_those_who_do_not_manage_the_server(world: World) -> None:
    assert "server show" not in world.ann.available_commands(world.channel)
    with pytest.raises(simcord.SetupError):
        await world.ann.slash(world.channel, "server show")


@pytest.mark.parametrize("name", ["show", "promotions", "moderation", "reset"])
async def test_rules_ask_again_when_a_server_hands_them_to_anybody(world: World, name: str) -> None:
    assert isinstance(world.env.bot, BSide)
    command = next(c for c in await world.env.bot.tree.fetch_commands() if c.name == "server")
    world.guild.set_command_permissions(command, {world.ann: True})

    result = await world.ann.slash(world.channel, f"server {name}")

    assert answer(result) == "You need the permission Manage Server for this."


async def test_rules_are_not_offered_in_direct_messages(world: World) -> None:
    await world.ann.user.send_dm("hello")

    assert not [c for c in world.ann.user.available_commands() if c.startswith("server")]
