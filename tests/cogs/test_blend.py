"""`/blend`: one list for those who pressed for it, and for nobody else."""

import asyncio
import re

import discord
import pytest
from simcord.actors import MemberActor
from simcord.results import InteractionResult
from sqlalchemy import func, select

from bot.core.models import Subject, SubjectKind
from bot.errors import TooSoonError
from bot.services.discover import Blended
from bot.services.discover.invitations import OVER
from bot.store import blends as store
from bot.store import tables
from bot.ui import blends as ui
from tests.cogs.conftest import World
from tests.cogs.test_artist import another
from tests.cogs.test_discover import answer


async def love(world: World, actor: MemberActor, *tracks: int) -> None:
    """Let somebody love some tracks."""
    for number in tracks:
        subject = Subject(SubjectKind.TRACK, number)
        await world.bot().services.feedback.rate(actor.id, subject, 5)


async def love_apart(world: World) -> None:
    """Let both have a taste, each one of their own."""
    await love(world, world.ann, 1, 2, 3)
    await love(world, world.ben, 101, 102, 103)


def last(world: World) -> discord.Message:
    return world.channel.history()[-1]


async def invite(world: World, **options: object) -> discord.Message:
    """Let Ann ask; return her invitation."""
    await world.ann.slash(world.channel, "blend", **options)
    return last(world)


async def press(
    world: World, actor: MemberActor, message: discord.Message, label: str
) -> InteractionResult:
    """Press the button whose label begins so."""
    now = again(world, message)
    found = next(one for one in buttons(now) if (one.label or "").startswith(label))
    return await actor.click(now, custom_id=found.custom_id)


def again(world: World, message: discord.Message) -> discord.Message:
    """Return a message as it stands now."""
    return next(one for one in world.channel.history() if one.id == message.id)


def told(result: InteractionResult) -> str:
    """Return what was said to whoever pressed alone."""
    (said,) = result.followups
    assert said.ephemeral
    return said.content


def called(world: World, message: discord.Message) -> list[int]:
    """Return who is called by a message, and not only named in it."""
    return world.env.backend.messages[message.channel.id][message.id].ping_user_ids


def byline(pick: discord.Embed) -> str:
    """Return the name of a pick's artist."""
    return (pick.description or "").split("**")[1].replace("\\", "")


def buttons(message: discord.Message) -> list[discord.Button]:
    return [
        item
        for row in message.components
        for item in getattr(row, "children", ())
        if isinstance(item, discord.Button)
    ]


async def count(world: World, name: str) -> int:
    async with world.database.read() as conn:
        table = tables.metadata.tables[name]
        return int(await conn.scalar(select(func.count()).select_from(table)) or 0)


async def made(world: World) -> discord.Message:
    """Let Ann and Ben make a list; return its message."""
    invitation = await invite(world)
    await press(world, world.ben, invitation, ui.JOIN)
    await press(world, world.ann, invitation, ui.MAKE)
    return last(world)


@pytest.mark.both
async def test_two_who_agreed_get_one_list_with_a_number_for_each(world: World) -> None:
    await love_apart(world)
    invitation = await invite(world)
    assert invitation.content == (
        f"<@{world.ann.id}> asks you all for a blend. In so far: <@{world.ann.id}>."
    )
    assert called(world, invitation) == []
    assert "What everyone here will see" in (invitation.embeds[0].description or "")
    assert [one.label for one in buttons(invitation)] == ["I'm in", "Leave", "Make it (1)"]
    assert buttons(invitation)[2].disabled

    joined = await press(world, world.ben, invitation, ui.JOIN)
    assert told(joined) == ui.JOINED
    assert buttons(again(world, invitation))[2].label == "Make it (2)"
    await press(world, world.ann, invitation, ui.MAKE)

    post = last(world)
    lines = post.content.split("\n")
    assert lines[0] == "**A blend for ann and ben**"
    assert lines[1].startswith("I know of nothing you all share. Only ann: ")
    assert " · only ben: " in lines[1]
    assert len(post.embeds) == 5
    for place, embed in enumerate(post.embeds, start=1):
        assert (embed.title or "").startswith(f"{place} · ")
        said = (embed.description or "").split("\n")[1]
        assert re.fullmatch(r"For ann \*\*\.\d\d\*\* · for ben \*\*\.\d\d\*\*", said)
    assert [one.label for one in buttons(post)[:5]] == ["1 👍", None, "▶", "Why", "⋯"]
    over = again(world, invitation)
    assert over.content == f"The blend is made: [here is the list]({post.jump_url})."
    assert not buttons(over)
    assert not over.embeds


async def test_the_list_serves_both_whose_tastes_have_nothing_in_common(world: World) -> None:
    await love_apart(world)

    post = await made(world)

    fits = [
        [float(one) for one in re.findall(r"\*\*(\.\d\d)\*\*", embed.description or "")]
        for embed in post.embeds
    ]
    for_ann, for_ben = (sum(one > 0.5 for one in column) for column in zip(*fits, strict=True))
    assert for_ann >= 2
    assert for_ben >= 2


async def test_whoever_presses_under_the_list_presses_for_their_own_taste(world: World) -> None:
    await love_apart(world)
    post = await made(world)
    cara = another(world)

    for actor in (world.ann, cara):
        await press(world, actor, post, "1 👍")
    why = await press(world, world.ben, post, "Why")
    play = await press(world, cara, post, "▶")

    assert buttons(again(world, post))[0].label == "1 👍 2"
    assert why.ephemeral
    assert play.ephemeral
    assert why.response is not None
    told_why = str(why.response.embeds[0].to_dict())
    assert "ann" not in told_why.lower().split()


async def test_the_list_is_nobodys_picks_again_for_a_month(world: World) -> None:
    await love_apart(world)
    first = await made(world)
    for actor in (world.ann, world.ben):
        await actor.slash(world.channel, "discover", count=5)
    second = await made(world)

    titles = [
        {(embed.title or "").partition(" · ")[2] for embed in message.embeds}
        for message in world.channel.history()
        if message.embeds and "1 👍" in [one.label for one in buttons(message)]
    ]
    assert len(titles) == 4
    assert titles[0] == {(one.title or "").partition(" · ")[2] for one in first.embeds}
    assert not titles[0] & (titles[1] | titles[2] | titles[3])
    assert not titles[3] & (titles[1] | titles[2])
    assert second.embeds


async def test_what_one_of_them_never_wants_is_left_out_for_all(world: World) -> None:
    await love_apart(world)
    before = await made(world)
    artists = {byline(one) for one in before.embeds}
    async with world.database.read() as conn:
        query = select(tables.artists.c.id).where(tables.artists.c.name.in_(artists))
        muted = list(await conn.scalars(query))
    assert len(muted) == len(artists) == 5
    for artist_id in muted:
        artist = Subject(SubjectKind.ARTIST, artist_id)
        await world.bot().services.muting.mute(world.ben.id, artist)
    world.clock.move(days=31)

    post = await made(world)

    assert not artists & {byline(one) for one in post.embeds}
    assert "never" not in post.content


async def test_only_who_asked_can_make_the_list(world: World) -> None:
    await love_apart(world)
    invitation = await invite(world)
    await press(world, world.ben, invitation, ui.JOIN)
    cara = another(world)

    results = [await press(world, actor, invitation, ui.MAKE) for actor in (world.ben, cara)]

    for result in results:
        assert told(result).startswith("Only who asked for the blend can make it.")
    assert last(world).id == invitation.id


@pytest.mark.parametrize("by_menu", [False, True], ids=["command", "menu"])
async def test_an_invitation_to_somebody_lets_nobody_else_in(world: World, by_menu: bool) -> None:
    await love_apart(world)
    cara = another(world)
    await love(world, cara, 201, 202)
    if by_menu:
        await world.ann.context_menu(world.channel, "Blend with", target=world.ben)
    else:
        await world.ann.slash(world.channel, "blend", **{"with": world.ben})
    invitation = last(world)
    assert invitation.content.startswith(f"<@{world.ann.id}> asks <@{world.ben.id}> for a blend.")
    assert called(world, invitation) == [world.ben.id]

    refused = await press(world, cara, invitation, ui.JOIN)
    welcome = await press(world, world.ben, invitation, ui.JOIN)

    assert "for two others" in told(refused)
    assert told(welcome) == ui.JOINED
    assert await count(world, "blend_members") == 2


async def test_a_bot_oneself_and_a_stranger_cannot_be_asked(world: World) -> None:
    await love_apart(world)
    robot = world.guild.add_member(world.env.create_user("robot", bot=True))

    with_bot = await world.ann.slash(world.channel, "blend", **{"with": robot})
    by_menu = await world.ann.context_menu(world.channel, "Blend with", target=robot)
    alone = await world.ann.slash(world.channel, "blend", **{"with": world.ann})

    assert answer(with_bot) == answer(by_menu) == ui.BOTS_CANNOT
    assert answer(alone) == ui.YOURSELF
    assert not world.channel.history()


async def test_who_has_no_taste_is_told_the_way_to_one(world: World) -> None:
    asked = await world.ann.slash(world.channel, "blend")
    assert "`/start`" in answer(asked)
    assert not [one for one in world.channel.history() if one.components]
    await love(world, world.ann, 1, 2)
    invitation = await invite(world)

    result = await press(world, world.ben, invitation, ui.JOIN)

    assert "`/start` takes a minute; then press *I'm in* again." in told(result)
    assert await count(world, "blend_members") == 1


async def test_one_may_leave_again_and_alone_there_is_no_list(world: World) -> None:
    await love_apart(world)
    invitation = await invite(world)
    await press(world, world.ben, invitation, ui.JOIN)

    left = await press(world, world.ben, invitation, ui.LEAVE)
    twice = await press(world, world.ben, invitation, ui.LEAVE)

    assert (told(left), told(twice)) == (ui.LEFT, ui.NOT_IN)
    now = again(world, invitation)
    assert now.content.endswith(f"In so far: <@{world.ann.id}>.")
    assert buttons(now)[2].disabled


async def test_who_asked_calls_it_off_by_leaving(world: World) -> None:
    await love_apart(world)
    invitation = await invite(world)
    await press(world, world.ben, invitation, ui.JOIN)

    await press(world, world.ann, invitation, ui.LEAVE)

    now = again(world, invitation)
    assert now.content == ui.called_off(world.ann.id)
    assert not buttons(now)
    assert await count(world, "blends") == await count(world, "blend_members") == 0


async def test_all_of_it_outlives_restarts_and_a_second_press(world: World) -> None:
    await love_apart(world)
    invitation = await invite(world)
    await world.restart()
    await press(world, world.ben, invitation, ui.JOIN)
    second = await press(world, world.ben, invitation, ui.JOIN)
    await world.restart()
    number = ui.Make.read(buttons(again(world, invitation))[2].custom_id or "")
    assert number is not None
    blends, people = world.bot().services.blends, (world.ann.id, world.ben.id)
    both = await asyncio.gather(
        *(
            blends.make(number.blend_id, world.ann.id, guild_id=world.guild.id, here=people)
            for _ in range(2)
        ),
        return_exceptions=True,
    )
    (made_once,) = (one for one in both if isinstance(one, Blended))
    await blends.dropped(made_once)
    await press(world, world.ann, invitation, ui.MAKE)

    assert told(second) == ui.IN_ALREADY
    lists = [one for one in world.channel.history() if one.content.startswith("**A blend for")]
    assert len(lists) == 1
    assert [type(one) for one in both if one is not made_once] == [TooSoonError]
    await world.restart()
    thumb = await press(world, world.ben, lists[0], "1 👍")
    assert "Counted" in told(thumb)


async def test_a_list_whose_making_a_crash_cut_short_can_be_made_again(world: World) -> None:
    await love_apart(world)
    invitation = await invite(world)
    await press(world, world.ben, invitation, ui.JOIN)
    number = ui.Make.read(buttons(again(world, invitation))[2].custom_id or "")
    assert number is not None
    await world.bot().services.invitations.take(number.blend_id, world.ann.id)
    await world.restart()

    early = [
        await press(world, actor, invitation, label)
        for actor, label in ((world.ann, ui.MAKE), (world.ben, ui.LEAVE))
    ]
    world.clock.move(minutes=6)
    await press(world, world.ann, invitation, ui.MAKE)

    assert [told(one) for one in early] == ["The list is being made just now."] * 2
    assert last(world).content.startswith("**A blend for ann and ben**")


async def test_nothing_of_what_they_like_is_named_in_public(world: World) -> None:
    await love_apart(world)
    async with world.database.read() as conn:
        query = select(tables.tracks.c.title).where(tables.tracks.c.id.in_([1, 2, 3, 101, 102]))
        liked = list(await conn.scalars(query))

    post = await made(world)

    public = post.content + str([one.to_dict() for one in post.embeds])
    assert liked
    assert not [title for title in liked if title in public]


async def test_an_invitation_lapses_after_an_hour(world: World) -> None:
    await love_apart(world)
    invitation = await invite(world)
    await press(world, world.ben, invitation, ui.JOIN)
    world.clock.move(minutes=61)

    cara = another(world)
    late = await press(world, cara, invitation, ui.JOIN)

    assert told(late) == OVER
    assert not buttons(again(world, invitation))
    await world.bot().services.jobs.run_due()
    assert await count(world, "blends") == await count(world, "blend_members") == 0


async def test_invitations_that_lapse_are_removed_and_younger_ones_stay(world: World) -> None:
    await love_apart(world)
    await invite(world)
    world.clock.move(minutes=30)
    await world.bot().services.invitations.invite(world.ben.id)

    world.clock.move(minutes=31)
    await world.bot().services.jobs.run_due()
    left = await count(world, "blends")
    world.clock.move(minutes=30)
    await world.bot().services.jobs.run_due()

    assert (left, await count(world, "blends")) == (1, 0)


async def test_who_left_the_server_or_has_no_taste_any_more_is_left_out(world: World) -> None:
    await love_apart(world)
    cara, dan = another(world), another(world, "dan")
    for actor in (cara, dan):
        await love(world, actor, 201, 202)
    invitation = await invite(world)
    for actor in (world.ben, cara, dan):
        await press(world, actor, invitation, ui.JOIN)
    world.guild.remove_member(cara)
    for _ in range(2):
        await dan.slash(world.channel, "undo")

    await press(world, world.ann, invitation, ui.MAKE)

    post = last(world)
    assert post.content.startswith("**A blend for ann and ben**")
    assert f"Without <@{cara.id}> and <@{dan.id}>: " in post.content
    assert "For cara" not in str([one.to_dict() for one in post.embeds])


async def test_when_nobody_else_is_left_there_is_no_list_and_it_can_be_tried_again(
    world: World,
) -> None:
    await love_apart(world)
    invitation = await invite(world)
    await press(world, world.ben, invitation, ui.JOIN)
    world.guild.remove_member(world.ben)

    first = await press(world, world.ann, invitation, ui.MAKE)
    cara = another(world)
    await love(world, cara, 201, 202)
    await press(world, cara, invitation, ui.JOIN)
    await press(world, world.ann, invitation, ui.MAKE)

    assert told(first).startswith("Of those who joined only you are left")
    assert last(world).content.startswith("**A blend for ann and cara**")


async def test_the_eleventh_is_not_let_in(world: World) -> None:
    await love(world, world.ann, 1, 2)
    invitation = await invite(world)
    crowd = [another(world, f"other{number}") for number in range(10)]
    for actor in crowd:
        await love(world, actor, 5, 6)

    said = [told(await press(world, actor, invitation, ui.JOIN)) for actor in crowd]
    await press(world, world.ann, invitation, ui.MAKE)

    assert said[:9] == [ui.JOINED] * 9
    assert said[9].startswith("10 have joined")
    assert "for other8" in (last(world).embeds[0].description or "")


async def debts(world: World, *actors: MemberActor) -> list[float]:
    async with world.database.read() as conn:
        return await store.owed(conn, [one.id for one in actors])


async def test_what_one_missed_is_owed_in_the_next_list_of_the_same_people(world: World) -> None:
    await love_apart(world)
    await made(world)
    owed = await debts(world, world.ann, world.ben)
    assert owed[0] == pytest.approx(-owed[1])
    async with world.database.write() as conn:
        debt = {world.ann.id: -0.9, world.ben.id: 0.9}
        await store.keep_owed(conn, debt, now=world.clock.now())

    post = await made(world)

    assert "Your last blend gave ben less, so this one leans their way." in post.content
    fits = [re.findall(r"\*\*(\.\d\d)\*\*", one.description or "") for one in post.embeds]
    for_ann, for_ben = (sum(float(one) for one in each) for each in zip(*fits, strict=True))
    assert for_ben > for_ann
    after = await debts(world, world.ann, world.ben)
    assert after[1] < 0.9


async def test_deleting_ones_data_ends_invitations_and_all_debts_of_ones_groups(
    world: World,
) -> None:
    await love_apart(world)
    await made(world)
    waiting = await invite(world)
    await press(world, world.ben, waiting, ui.JOIN)
    data = await world.bot().services.privacy.show(world.ben.id)
    assert (data.invitations, data.blends) == (1, 1)

    await world.bot().services.privacy.delete(world.ben.id)

    assert await count(world, "blend_debts") == 0
    assert await count(world, "blend_members") == 1
    asked = await press(world, world.ann, waiting, ui.MAKE)
    assert told(asked).startswith("You are alone so far")
    await world.bot().services.privacy.delete(world.ann.id)
    assert await count(world, "blends") == 0
    again_later = await press(world, world.ben, waiting, ui.JOIN)
    assert told(again_later) == OVER


async def test_a_list_that_comes_out_short_does_not_tell_what_one_of_them_mutes(
    world: World,
) -> None:
    await love_apart(world)
    catalog = await world.bot().services.catalog.get()
    names = sorted({int(one) for one in catalog.artist_ids})
    for artist_id in names[3:]:
        artist = Subject(SubjectKind.ARTIST, artist_id)
        await world.bot().services.muting.mute(world.ben.id, artist)

    post = await made(world)

    assert 0 < len(post.embeds) < 5
    assert f"Only {len(post.embeds)} track" in post.content
    assert "nothing else is new to all of you." in post.content
    assert not re.search("mute|live|instrumental|explicit|versions", post.content)


async def test_ten_long_names_and_long_titles_make_a_list_that_discord_takes(
    world: World,
) -> None:
    crowd = [another(world, f"{number}{'*_' * 15}") for number in range(10)]
    async with world.database.write() as conn:
        await conn.execute(tables.tracks.update().values(title="*" * 200))
        await conn.execute(tables.albums.update().values(title="_" * 200))
        longer = tables.artists.c.name + "_" * 180
        await conn.execute(tables.artists.update().values(name=longer))
    await world.restart()
    for number, actor in enumerate(crowd):
        await love(world, actor, *range(30 * number + 1, 30 * number + 4))
    await crowd[0].slash(world.channel, "blend")
    invitation = last(world)
    for actor in crowd[1:]:
        await press(world, actor, invitation, ui.JOIN)

    await press(world, crowd[0], invitation, ui.MAKE)

    post = last(world)
    assert len(post.embeds) == 5
    assert all((one.description or "").count(" **.") == 10 for one in post.embeds)
