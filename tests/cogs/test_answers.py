"""An answer of several picks: reactions, its buttons, its menus, and a message for each."""

import asyncio

import discord
import pytest
from simcord.actors import MemberActor
from simcord.results import InteractionResult

from bot.core.models import Feedback, FeedbackKind, Subject, SubjectKind
from bot.store import feedback, listeners, picks
from tests.cogs.conftest import World
from tests.cogs.test_discover import (
    answer,
    cards,
    latest,
    posts,
    pressed_in_menu,
    rate_some,
    taste_of,
)


@pytest.fixture
async def three(world: World) -> World:
    """One answer of three picks, for ann."""
    await rate_some(world, world.ann)
    await world.ann.slash(world.channel, "discover", count=3)
    return world


async def said(world: World, actor: MemberActor) -> list[Feedback]:
    async with world.database.read() as conn:
        return await feedback.counting(conn, actor.id)


def ids(message: discord.Message, action: str) -> list[str]:
    """Return the ids of the buttons of one kind, top to bottom."""
    return [
        item.custom_id
        for row in message.components
        for item in getattr(row, "children", ())
        if (item.custom_id or "").startswith(action)
    ]


def up_labels(message: discord.Message) -> list[str | None]:
    return [row.children[0].label for row in message.components]  # type: ignore[union-attr]


@pytest.mark.both
async def test_a_reaction_on_several_picks_is_half_a_thumb_on_each(three: World) -> None:
    before = await taste_of(three, three.ben)

    await three.ben.react(latest(three), "👍")

    entries = await said(three, three.ben)
    assert [(one.kind, one.value) for one in entries] == [(FeedbackKind.THUMB, 0.5)] * 3
    assert await taste_of(three, three.ben) != before
    assert up_labels(latest(three)) == ["1 👍", "2 👍", "3 👍"], "Discord shows the reaction itself"

    await three.ben.unreact(latest(three), "👍")

    assert await said(three, three.ben) == []
    assert await taste_of(three, three.ben) == before


async def test_half_a_thumb_leaves_alone_what_was_judged_itself(three: World) -> None:
    first = ids(latest(three), "pick:down")[0]
    await three.ben.click(latest(three), custom_id=first)

    await three.ben.react(latest(three), "👍")

    assert sorted(one.value for one in await said(three, three.ben)) == [-1.0, 0.5, 0.5]
    await three.ben.click(latest(three), custom_id=ids(latest(three), "pick:up")[1])
    assert sorted(one.value for one in await said(three, three.ben)) == [-1.0, 0.5, 1.0]


async def test_undo_takes_a_reaction_to_several_picks_back_as_a_whole(three: World) -> None:
    await three.ben.react(latest(three), "👎")
    shown = await three.ben.slash(three.channel, "history")

    result = await three.ben.slash(three.channel, "undo")

    assert shown.response is not None
    assert "½ 👎" in (shown.response.embeds[0].description or "")
    assert "Taken back: ½ 👎 for **" in answer(result)
    assert "and 2 other picks." in answer(result)
    assert await said(three, three.ben) == []


async def test_each_row_of_buttons_is_about_its_own_pick_also_after_a_restart(three: World) -> None:
    await three.restart()
    second = ids(latest(three), "pick:up")[1]

    await three.ben.click(latest(three), custom_id=second)

    (entry,) = await said(three, three.ben)
    assert entry.subject == Subject(SubjectKind.TRACK, int(second.split(":")[2]))
    assert up_labels(latest(three)) == ["1 👍", "2 👍 1", "3 👍"]


async def test_a_button_of_another_pick_than_those_shown_does_nothing(three: World) -> None:
    message = latest(three)
    async with three.database.write() as conn:
        await conn.exec_driver_sql("delete from posts where place = 2")

    result = await three.ben.click(message, custom_id=ids(message, "pick:up")[2])

    assert "is of a pick that is gone" in answer(result)
    assert await said(three, three.ben) == []


async def test_a_message_of_the_former_kind_still_works(three: World) -> None:
    track_id = int(ids(latest(three), "pick:up")[0].split(":")[2])
    channel = three.bot().get_channel(three.channel.id)
    assert isinstance(channel, discord.TextChannel)
    view = discord.ui.View(timeout=None)
    for action in ("up", "down", "why", "more"):
        view.add_item(discord.ui.Button(label="Old", custom_id=f"pick:{action}:{track_id}:0"))
    view.add_item(discord.ui.Button(label="Open", url="https://example.com"))
    view.stop()
    post = await channel.send("A former version of me", view=view)
    async with three.database.write() as conn:
        await picks.note_post(conn, post.id, Subject(SubjectKind.TRACK, track_id))

    await three.ben.click(post, custom_id=f"pick:up:{track_id}:0")
    await three.ann.react(latest(three), "👍")

    assert [one.value for one in await said(three, three.ben)] == [1.0]
    assert up_labels(latest(three)) == ["2"]


async def test_a_server_can_have_a_message_for_each_pick_and_private_ones_stay_together(
    world: World,
) -> None:
    boss = world.guild.add_member(
        world.env.create_user("boss"),
        roles=[world.guild.create_role("boss", permissions=discord.Permissions(manage_guild=True))],
    )
    await rate_some(world, world.ann)
    shown = await boss.slash(world.channel, "settings picks", layout="apart")
    await world.ann.slash(world.channel, "discover", count=3)

    assert shown.response is not None
    assert "a message for each" in str(shown.response.embeds[0].to_dict())
    assert [len(one.embeds) for one in posts(world)] == [1, 1, 1]
    await world.ben.react(latest(world), "👍")
    assert [one.value for one in await said(world, world.ben)] == [1.0]
    private = await world.ann.slash(world.channel, "discover", count=3, private=True)
    assert private.response is not None
    assert len(private.response.embeds) == 3
    await boss.slash(world.channel, "settings reset", what="picks")
    await world.ann.slash(world.channel, "discover", count=2)
    assert len(latest(world).embeds) == 2


async def menu_of(world: World, result: InteractionResult) -> discord.Message:
    assert result.ephemeral
    assert result.response is not None
    return result.response.message


async def test_play_shows_a_bare_link_alone_and_remembers_the_service(three: World) -> None:
    play = ids(latest(three), "pick:play")[0]

    opened = await menu_of(three, await three.ben.click(latest(three), custom_id=play))

    assert "://" in opened.content
    (menu,) = opened.components[0].children  # type: ignore[union-attr]
    assert isinstance(menu, discord.SelectMenu)
    await three.restart()
    await three.ben.select(opened, ["Deezer"], custom_id=menu.custom_id)
    again = await menu_of(three, await three.ben.click(latest(three), custom_id=play))
    assert "https://www.deezer.com/search/" in again.content
    of_another = await menu_of(three, await three.ann.click(latest(three), custom_id=play))
    assert "deezer" not in of_another.content, "what one chose is their own"
    async with three.database.read() as conn:
        assert await listeners.listens_on(conn, three.ben.id) == "Deezer"
    await three.bot().services.privacy.delete(three.ben.id)
    async with three.database.read() as conn:
        assert await listeners.listens_on(conn, three.ben.id) is None


async def test_a_menu_that_is_not_noted_yet_is_waited_for(three: World) -> None:
    play = ids(latest(three), "pick:play")[0]
    opened = await menu_of(three, await three.ben.click(latest(three), custom_id=play))
    (menu,) = opened.components[0].children  # type: ignore[union-attr]
    assert isinstance(menu, discord.SelectMenu)
    async with three.database.write() as conn:
        await conn.exec_driver_sql("delete from posts where guild_id is null")

    with three.bot().posts.under_way(three.channel.id):
        choosing = asyncio.create_task(
            three.ben.select(opened, ["Deezer"], custom_id=menu.custom_id)
        )
        for _ in range(20):
            await three.bot().services.feedback.shown_in(opened.id)
        await three.bot().services.menus.note(opened.id, int(play.split(":")[2]))
    await choosing

    async with three.database.read() as conn:
        assert await listeners.listens_on(conn, three.ben.id) == "Deezer"


async def test_never_this_artist_is_for_whoever_pressed_and_can_be_taken_back(
    three: World,
) -> None:
    result = await pressed_in_menu(three, three.ann, "pick:never")

    assert result.ephemeral
    assert "You will not be shown **" in answer(result)
    async with three.database.read() as conn:
        (muted,) = await feedback.mutes(conn, three.ann.id)
    assert muted.subject.kind is SubjectKind.ARTIST
    catalog = await three.bot().services.catalog.get()
    rows = set(catalog.rows_of_artists([muted.subject.id]).tolist())
    for _ in range(6):
        await three.ann.slash(three.channel, "discover", count=5)
        three.clock.move(days=1)
    recommended = {
        int(one.split(":")[2]) for post in posts(three)[1:] for one in ids(post, "pick:up")
    }
    assert not rows & set(catalog.rows_of(sorted(recommended)).tolist())
    assert "Taken back: never again for **" in answer(await three.ann.slash(three.channel, "undo"))
    async with three.database.read() as conn:
        assert await feedback.mutes(conn, three.ann.id) == []
    assert await said(three, three.ben) == []


async def test_several_picks_have_no_one_track_to_find_similar_ones_of(three: World) -> None:
    result = await three.ben.context_menu(three.channel, "Find similar", target=latest(three))

    assert "Press ⋯ beside the one you mean" in answer(result)


async def test_answers_of_many_do_not_wait_for_one_that_discord_holds_up(world: World) -> None:
    await rate_some(world, world.ann)
    with world.bot().posts.under_way(world.channel.id):
        async with asyncio.timeout(60):
            await world.ann.slash(world.channel, "discover", count=3)

    assert len(cards(world)) == 3
