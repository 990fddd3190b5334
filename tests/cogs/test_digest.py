"""`/digest`: opt-in, weekly, one message, once."""

import re
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime
from typing import Any

import discord
import pytest
from simcord.actors import MemberActor
from simcord.builders import ChannelHandle
from simcord.results import InteractionResult

from bot.app.digest_posts import nonce_of
from bot.core.server.digest import FEWEST, Digest
from bot.demo.outside import World as Services
from bot.services.finding.lookup import Outside
from bot.services.server.digests import KIND
from bot.store import digests, jobs, listeners
from bot.store.engine import Database
from bot.ui.pick_buttons import Like
from tests.cogs.conftest import World
from tests.cogs.labels import OWN, tell
from tests.cogs.test_artist import another
from tests.cogs.test_discover import button
from tests.cogs.test_promote import answer
from tests.conftest import NOON
from tests.fakes import FakeClock
from tests.outside import open_outside
from tests.services.discover.test_releases import LOVED, album

# The clock of the tests stands at noon on Friday, 20 November 2026.


@pytest.fixture
async def services(database: Database, clock: FakeClock) -> AsyncIterator[Services]:
    songs = [
        album(1, LOVED, genres=("chiptune",)),
        album(2, "Nobody At All"),
        album(3, LOVED, days_ago=-7),
    ]
    async with open_outside(database, clock, songs) as services:
        yield services


@pytest.fixture
def outside(services: Services) -> Outside | None:
    return services.outside


@pytest.fixture
def boss(world: World) -> MemberActor:
    role = world.guild.create_role("boss", permissions=discord.Permissions(manage_guild=True))
    return world.guild.add_member(world.env.create_user("boss"), roles=[role])


@pytest.fixture
def stage(world: World) -> ChannelHandle:
    return world.guild.create_text_channel("digest")


async def switch_on(
    world: World, boss: MemberActor, stage: ChannelHandle, **options: Any
) -> InteractionResult:
    return await boss.slash(world.channel, "server digest on", channel=stage, **options)


async def joined(world: World, *actors: MemberActor, others: int | None = None) -> None:
    """Let listeners who love the same artist join, and so many others that they are five."""
    missing = max(0, FEWEST - len(actors)) if others is None else others
    crowd = [another(world, f"other{number}") for number in range(missing)]
    for actor in (*actors, *crowd):
        await actor.slash(world.channel, "rate artist", artist="artist:14", score=5)
        await actor.slash(world.channel, "digest join")


async def run_due(world: World) -> int:
    done = await world.bot().services.jobs.run_due()
    await world.env.settle()
    return done


async def kept(world: World) -> Digest | None:
    async with world.database.read() as conn:
        return await digests.get(conn, world.guild.id)


async def due(world: World) -> datetime | None:
    async with world.database.read() as conn:
        return await jobs.planned_for(conn, KIND, world.guild.id)


async def shown(world: World, actor: MemberActor) -> dict[str, str]:
    result = await actor.slash(world.channel, "digest show")
    assert result.ephemeral
    message = result.followups[-1] if result.followups else result.response
    assert message is not None
    (embed,) = message.embeds
    return {field.name or "": field.value or "" for field in embed.fields}


@pytest.mark.both
async def test_a_digest_is_posted_once_when_it_is_due_and_then_every_week(
    world: World, boss: MemberActor, stage: ChannelHandle
) -> None:
    await switch_on(world, boss, stage)
    await joined(world, world.ann)

    early = await run_due(world)
    world.clock.move(hours=5)
    on_time = [await run_due(world), await run_due(world)]

    assert len(stage.history()) == 1
    assert (early, on_time) == (0, [1, 0])
    assert await due(world) == datetime(2026, 11, 27, 17, tzinfo=world.clock.now().tzinfo)
    world.clock.move(days=7)
    await run_due(world)
    first, second = (one.embeds[0] for one in stage.history())
    assert first.description is not None
    assert second.description is not None
    assert first.title == second.title == "New music of the last 7 days"
    assert ("Album 1" in first.description, "Album 3" in first.description) == (True, False)
    assert ("Album 1" in second.description, "Album 3" in second.description) == (False, True)


async def test_a_digest_says_how_many_it_fits_and_never_whom(
    world: World, boss: MemberActor, stage: ChannelHandle
) -> None:
    await switch_on(world, boss, stage, obscurity=0)
    await joined(world, world.ann, world.ben)

    await boss.slash(world.channel, "server digest now")

    (post,) = stage.history()
    embed = post.embeds[0]
    lines = (embed.description or "").split("\n")
    assert lines[0].startswith("**1.** [**Album 1**](https://musicbrainz.org/")
    assert lines[0].endswith(" · fits 5 of 5 · chiptune")
    assert embed.footer.text == (
        "Chosen by the tastes of 5 members who joined · /digest join lets your taste count"
    )
    assert not {"ann", "ben"} & set(str(embed.to_dict()).split())
    more = await world.ann.click(post, custom_id=button(post, "again:"))
    assert more.ephemeral


async def test_without_members_a_digest_goes_by_what_was_liked_here(
    world: World, boss: MemberActor, stage: ChannelHandle
) -> None:
    for number in (1, 2, 3):
        await world.ann.slash(world.channel, "rate track", track=f"track:{number}", score=5)
    await world.want_picks_apart()
    await world.ann.slash(world.channel, "discover", count=2, obscurity=0)
    result = await world.ann.slash(world.channel, "discover", count=1, obscurity=0, private=True)
    assert result.response is not None
    hidden = result.response.message
    liked, _ = [m for m in world.channel.history() if m.components]
    others = [another(world, f"other{number}") for number in range(3)]
    for actor, post in (*((one, liked) for one in (world.ben, boss, *others)), (world.ann, hidden)):
        await actor.click(post, custom_id=button(post, "pick:up"))
    pressed = Like.read(button(liked, "pick:up"))
    assert isinstance(pressed, Like)
    await tell(world, OWN, [pressed.track_id])
    await switch_on(world, boss, stage, obscurity=0)

    await boss.slash(world.channel, "server digest now")

    embed = stage.history()[0].embeds[0]
    fields = {field.name: field.value or "" for field in embed.fields}
    assert fields["Liked most here"].startswith("👍 5 · **")
    assert fields["Liked most here"].endswith(" · 🌱 independent")
    assert (liked.embeds[0].title or "") in fields["Liked most here"]
    assert len(fields["Liked most here"].split("\n")) == 1
    assert "by what was liked under the picks of this server" in (embed.footer.text or "")


async def test_without_likes_it_goes_by_what_was_picked_here(
    world: World, boss: MemberActor, stage: ChannelHandle
) -> None:
    for actor in (world.ann, world.ben, *(another(world, f"other{number}") for number in range(3))):
        await actor.slash(world.channel, "rate artist", artist="artist:14", score=5)
        await actor.slash(world.channel, "discover", count=1, obscurity=0)
    await switch_on(world, boss, stage, obscurity=0)

    await boss.slash(world.channel, "server digest now")

    assert "by what I was asked for in this server" in (
        stage.history()[0].embeds[0].footer.text or ""
    )


async def test_a_digest_with_nothing_to_say_is_not_posted_and_says_why(
    world: World, boss: MemberActor, stage: ChannelHandle
) -> None:
    await switch_on(world, boss, stage)

    result = await boss.slash(world.channel, "server digest now")
    world.clock.move(days=1)
    await run_due(world)

    assert answer(result).startswith("There is nothing to post yet")
    assert stage.history() == []
    assert (await shown(world, boss))["What went wrong"].startswith("There is nothing to post yet")
    assert await due(world) == datetime(2026, 11, 27, 17, tzinfo=world.clock.now().tzinfo)


async def test_a_restart_forgets_no_digest(
    world: World, boss: MemberActor, stage: ChannelHandle
) -> None:
    await switch_on(world, boss, stage)
    await joined(world, world.ann)

    world.clock.move(hours=5)
    await world.restart()
    await run_due(world)

    assert len(stage.history()) == 1


async def test_after_a_long_outage_one_digest_makes_up_for_all(
    world: World, boss: MemberActor, stage: ChannelHandle, services: Services
) -> None:
    await switch_on(world, boss, stage)
    await joined(world, world.ann)
    world.clock.move(hours=5)
    await run_due(world)

    services.listenbrainz.songs.append(album(5, LOVED, days_ago=-9))
    world.clock.move(days=24)
    done = [await run_due(world), await run_due(world)]

    assert done == [1, 0]
    assert len(stage.history()) == 2
    last = stage.history()[-1].embeds[0]
    assert last.title == "New music of the last 24 days"
    assert "Album 5" in (last.description or "")


async def test_a_digest_that_a_crash_may_have_posted_is_not_posted_again(
    world: World, boss: MemberActor, stage: ChannelHandle
) -> None:
    await switch_on(world, boss, stage)
    await joined(world, world.ann)
    world.clock.move(hours=5)
    plan = await kept(world)
    assert plan is not None
    assert await world.bot().services.digests.begin_sending(plan)

    await world.restart()
    await run_due(world)

    assert stage.history() == []
    after = await kept(world)
    assert after is not None
    assert (after.sending_since, after.last_sent_at) == (None, world.clock.now())
    world.clock.move(days=7)
    await run_due(world)
    assert len(stage.history()) == 1


async def test_a_digest_is_posted_by_one_at_a_time_until_that_one_has_crashed(
    world: World, boss: MemberActor, stage: ChannelHandle
) -> None:
    await switch_on(world, boss, stage)
    await joined(world, world.ann)
    plan = await kept(world)
    assert plan is not None
    assert await world.bot().services.digests.begin_sending(plan)

    early = await boss.slash(world.channel, "server digest now")
    world.clock.move(hours=1)
    late = await boss.slash(world.channel, "server digest now")

    assert "just being posted" in answer(early)
    assert answer(late).startswith("Posted: https://")
    assert len(stage.history()) == 1


async def test_services_that_are_down_delay_a_digest(
    world: World, boss: MemberActor, stage: ChannelHandle, services: Services
) -> None:
    await switch_on(world, boss, stage)
    await joined(world, world.ann)
    services.fail()
    world.clock.move(hours=5)

    await run_due(world)
    assert stage.history() == []

    services.fail(0)
    world.clock.move(hours=1)
    await run_due(world)
    assert len(stage.history()) == 1


async def test_a_refusal_by_discord_is_tried_again_and_posted_once(
    world: World, boss: MemberActor, stage: ChannelHandle
) -> None:
    await switch_on(world, boss, stage)
    await joined(world, world.ann)
    world.env.inject_error("POST", f"/channels/{stage.id}/messages", status=400, times=1)
    world.clock.move(hours=5)

    await run_due(world)
    assert stage.history() == []

    world.clock.move(minutes=2)
    await run_due(world)
    assert len(stage.history()) == 1


async def test_a_deleted_channel_switches_the_digest_off_and_show_says_why(
    world: World, boss: MemberActor, stage: ChannelHandle
) -> None:
    await switch_on(world, boss, stage)
    await joined(world, world.ann)
    world.env.backend.delete_channel(stage.id)
    world.clock.move(hours=5)

    await run_due(world)

    fields = await shown(world, boss)
    assert "The channel of the digest is gone." in fields["What went wrong"]
    assert "Switched off" in fields
    assert await due(world) is None
    assert fields["Joined"] == "5 members"


async def test_a_channel_closed_to_the_bot_switches_it_off_and_on_begins_anew(
    world: World, boss: MemberActor
) -> None:
    me = world.env.bot.user
    assert me is not None
    stage = world.guild.create_text_channel("soon closed")
    await switch_on(world, boss, stage)
    await joined(world, world.ann)
    world.env.backend.delete_channel(stage.id)
    world.clock.move(hours=5)
    await run_due(world)
    closed = discord.PermissionOverwrite(send_messages=False)
    other = world.guild.create_text_channel("closed", overwrites={me: closed})

    refused = await switch_on(world, boss, other)
    await switch_on(world, boss, world.channel)

    assert "I cannot post in" in answer(refused)
    fields = await shown(world, boss)
    assert "What went wrong" not in fields
    assert fields["Joined"] == "5 members"


async def test_off_forgets_the_digest_and_who_joined(
    world: World, boss: MemberActor, stage: ChannelHandle
) -> None:
    await switch_on(world, boss, stage)
    await joined(world, world.ann)

    first = await boss.slash(world.channel, "server digest off")
    again = await boss.slash(world.channel, "server digest off")

    assert "is off. I removed the list of members who had joined it" in answer(first)
    assert answer(again) == "This server has no weekly digest."
    world.clock.move(days=1)
    assert await run_due(world) == 0
    assert stage.history() == []
    await switch_on(world, boss, stage)
    assert (await shown(world, boss))["Joined"] == "0 members"


async def test_joining_and_leaving_are_told_and_counted(
    world: World, boss: MemberActor, stage: ChannelHandle
) -> None:
    before = await world.ann.slash(world.channel, "digest join")
    await switch_on(world, boss, stage)

    said = [
        answer(await world.ann.slash(world.channel, f"digest {word}"))
        for word in ("leave", "join", "join")
    ]
    mine, other = await shown(world, world.ann), await shown(world, boss)
    left = await world.ann.slash(world.channel, "digest leave")

    assert answer(before).startswith("This server has no weekly digest.")
    assert [one.split(":")[0].split(".")[0] for one in said] == [
        "You had not joined this server's weekly digest",
        "You joined",
        "You have joined already",
    ]
    assert (mine["Joined"], other["Joined"]) == (
        "fewer than 5 members, you among them",
        "fewer than 5 members",
    )
    assert answer(left).startswith("You left")


async def test_who_left_the_server_does_not_count(
    world: World, boss: MemberActor, stage: ChannelHandle
) -> None:
    await switch_on(world, boss, stage, obscurity=0)
    await joined(world, world.ann, world.ben, others=4)
    world.guild.remove_member(world.ben)

    await boss.slash(world.channel, "server digest now")

    assert "fits 5 of 5" in (stage.history()[0].embeds[0].description or "")
    async with world.database.read() as conn:
        assert world.ben.id not in await digests.members(conn, world.guild.id)


async def test_nothing_is_told_of_the_tastes_or_likes_of_fewer_than_five(
    world: World, boss: MemberActor, stage: ChannelHandle
) -> None:
    await switch_on(world, boss, stage, obscurity=0)
    await joined(world, world.ann, world.ben, others=3)
    await world.ann.slash(world.channel, "discover", count=1, obscurity=0)
    (pick,) = [one for one in world.channel.history() if one.components]
    for actor in (world.ann, world.ben, boss):
        await actor.click(pick, custom_id=button(pick, "pick:up"))
    world.guild.remove_member(world.ben)

    result = await boss.slash(world.channel, "server digest now")

    assert answer(result).startswith("There is nothing to post yet")
    assert stage.history() == []
    assert (await shown(world, boss))["Joined"] == "fewer than 5 members"


async def test_a_release_that_fits_fewer_than_five_does_not_say_how_many(
    world: World, boss: MemberActor, stage: ChannelHandle
) -> None:
    await switch_on(world, boss, stage, obscurity=0)
    await joined(world, world.ann, others=0)
    for number in range(4):
        other = another(world, f"quiet{number}")
        await other.slash(world.channel, "rate artist", artist="artist:14", score=1)
        await other.slash(world.channel, "rate track", track=f"track:{number + 1}", score=5)
        await other.slash(world.channel, "digest join")

    await boss.slash(world.channel, "server digest now")

    (post,) = stage.history()
    said = str(post.embeds[0].to_dict())
    assert "by the tastes of 5 members" in said
    assert "Album 1" in said
    assert not re.search("[Ff]its [1-4] of", said)


async def test_privacy_shows_and_deletes_that_one_joined(
    world: World, boss: MemberActor, stage: ChannelHandle
) -> None:
    await switch_on(world, boss, stage)
    await joined(world, world.ann, others=0)

    result = await world.ann.slash(world.channel, "privacy show")
    async with world.database.write() as conn:
        await listeners.delete_everything(conn, world.ann.id, now=world.clock.now())

    assert result.response is not None
    assert "1 weekly digest you joined" in (result.response.embeds[0].fields[0].value or "")
    async with world.database.read() as conn:
        assert await digests.members(conn, world.guild.id) == []


@pytest.mark.parametrize("name", ["on", "off", "now"])
async def test_only_those_who_manage_the_server_change_the_digest(world: World, name: str) -> None:
    options = {"channel": world.channel} if name == "on" else {}
    command = next(c for c in await world.bot().tree.fetch_commands() if c.name == "server")
    world.guild.set_command_permissions(command, {world.ann: True})

    result = await world.ann.slash(world.channel, f"server digest {name}", **options)

    assert answer(result) == "You need the permission Manage Server for this."


async def test_a_server_that_the_bot_leaves_is_forgotten(
    world: World, boss: MemberActor, stage: ChannelHandle
) -> None:
    await switch_on(world, boss, stage)
    guild = world.bot().get_guild(world.guild.id)
    assert guild is not None

    await guild.leave()
    await world.env.settle()

    assert await kept(world) is None
    assert await due(world) is None


def test_first_digests_of_two_servers_are_two_messages_for_discord() -> None:
    first, other = (Digest(guild_id, 1, 4, 17, 50) for guild_id in (2**63 - 1, 2**63 - 2))
    later = replace(first, last_sent_at=NOON)

    names = {nonce_of(one) for one in (first, other, later)}

    assert len(names) == 3
    assert max(map(len, names)) <= 25
