import asyncio
from typing import Any

import discord
import pytest
from simcord.actors import MemberActor
from simcord.results import InteractionResult, ResponseMessage
from sqlalchemy import text

from bot.app import BSide
from bot.core.models import FeedbackSource, Subject, SubjectKind
from bot.core.promotion import Decision
from bot.errors import NotFoundError
from bot.store import claims, feedback, listeners, moderation, promotions
from tests.cogs.conftest import World
from tests.cogs.test_artist import URL, another, answer, artist, helped, posts, promote, shown

SUBCOMMANDS = [
    "queue",
    "rings",
    "log",
    "ban",
    "unban",
    "bans",
    "claim list",
    "claim verify",
    "claim mute",
    "claim unmute",
    "claim remove",
    "block add",
    "block remove",
    "block show",
]


@pytest.fixture
def boss(world: World) -> MemberActor:
    role = world.guild.create_role("boss", permissions=discord.Permissions(manage_guild=True))
    return world.guild.add_member(world.env.create_user("boss"), roles=[role])


async def moderate(
    world: World, boss: MemberActor, command: str, /, **options: Any
) -> InteractionResult:
    return await boss.slash(world.channel, f"moderate {command}", **options)


async def report(
    world: World, actor: MemberActor, reason: str = "not their music", promotion: int = 1
) -> InteractionResult:
    post = posts(world.channel)[promotion - 1]
    form = await actor.click(post, custom_id=f"report:{promotion}")
    return await actor.submit_modal(form, {"reason": reason})


async def reported_message(world: World, boss: MemberActor, place: int = 0) -> ResponseMessage:
    """Return a message of the queue."""
    result = await moderate(world, boss, "queue")
    return result.followups[place]


async def in_picks(world: World, actor: MemberActor) -> list[int]:
    """Return the promotions whose tracks may be promoted to somebody."""
    async with world.database.read() as conn:
        found = await promotions.promoted_track_ids(
            conn,
            actor.id,
            guild_id=world.guild.id,
            since=world.clock.now().replace(year=2000),
            hidden_after=3,
            now=world.clock.now(),
        )
    return sorted({number for number, _ in found})


async def promote_track(world: World, actor: MemberActor) -> None:
    assert "Posted: " in await promote(world, actor, tracks="Emxx52 – Humanitarian")


async def log_lines(world: World, boss: MemberActor) -> str:
    return shown(await moderate(world, boss, "log"))[0].description or ""


# ----------------------------------------------------------------------------- reports


@pytest.mark.both
async def test_a_report_is_taken_once_a_person_and_shown_in_the_queue(
    world: World, boss: MemberActor
) -> None:
    await promote(world, world.ann)

    first = await report(world, world.ben, "  not\ntheirs *at all* ")
    again = await report(world, world.ben)
    queue = await moderate(world, boss, "queue")

    assert first.ephemeral
    assert "Thank you" in answer(first)
    assert "reported this promotion before" in answer(again)
    assert queue.response is not None
    assert queue.response.content == "1 reported promotion waits."
    (message,) = queue.followups
    assert message.ephemeral
    fields = {field.name: field.value or "" for field in message.embeds[0].fields}
    assert fields["1 open report"] == "• not theirs \\*at all\\*"
    assert f"<@{world.ann.id}>" in fields["Posted"]
    assert posts(world.channel)[0].jump_url in fields["Posted"]
    assert str(world.ben.id) not in str(message.embeds[0].to_dict())


async def test_a_report_without_words_is_refused(world: World, boss: MemberActor) -> None:
    await promote(world, world.ann)

    result = await report(world, world.ben, "!!!")

    assert "Say in a few words" in answer(result)
    assert (
        answer(await moderate(world, boss, "queue")) == "There are no open reports, and no appeals."
    )


async def test_three_open_reports_take_a_promotion_out_of_the_picks_until_it_is_kept(
    world: World, boss: MemberActor
) -> None:
    await promote_track(world, world.ann)
    others = [another(world, f"other{number}") for number in range(3)]
    for other in others[:2]:
        assert "nobody's picks" not in answer(await report(world, other))
    assert await in_picks(world, world.ben) == [1]

    third = await report(world, others[2])
    hidden = await in_picks(world, world.ben)
    message = await reported_message(world, boss)
    await boss.click(message.message, custom_id="moderate:1:keep")

    assert "Until then it is in nobody's picks" in answer(third)
    assert hidden == []
    assert await in_picks(world, world.ben) == [1]
    assert "kept: promotion 1" in await log_lines(world, boss)
    assert "answers 3 open reports" in await log_lines(world, boss)


async def test_keeping_leaves_the_post_alone_and_happens_once(
    world: World, boss: MemberActor
) -> None:
    await promote(world, world.ann)
    await report(world, world.ben)
    first, second = [await reported_message(world, boss) for _ in range(2)]

    done = await boss.click(first.message, custom_id="moderate:1:keep")
    again = await boss.click(second.message, custom_id="moderate:1:keep")

    assert done.response is not None
    assert "moderators decided to keep it" in answer(again)
    assert posts(world.channel)[0].embeds[0].title == "A playlist on Spotify"


@pytest.mark.parametrize("first", [Decision.KEEP, Decision.REMOVE, Decision.BAN])
async def test_what_two_moderators_press_at_once_is_decided_once(
    world: World, boss: MemberActor, first: Decision
) -> None:
    await promote(world, world.ann)
    await report(world, world.ben)
    reports = world.bot().services.reports
    decisions = [first, *(one for one in Decision if one is not first)]

    done = await asyncio.gather(
        *(
            reports.decide(number, guild_id=world.guild.id, promotion_id=1, decision=decision)
            for number, decision in enumerate(decisions)
        ),
        return_exceptions=True,
    )

    assert sum(isinstance(one, NotFoundError) for one in done) == 2
    async with world.database.read() as conn:
        query = "select count(*) from moderation_log where action in ('kept', 'removed')"
        assert await conn.scalar(text(query)) == 1


async def test_a_promotion_that_was_kept_is_removed_only_after_another_report(
    world: World, boss: MemberActor
) -> None:
    await promote(world, world.ann)
    await report(world, world.ben)
    first, second = [await reported_message(world, boss) for _ in range(2)]
    await boss.click(first.message, custom_id="moderate:1:keep")

    late = await boss.click(second.message, custom_id="moderate:1:remove")

    assert "moderators decided to keep it" in answer(late)
    assert posts(world.channel)[0].embeds[0].title == "A playlist on Spotify"


async def test_removing_takes_the_post_the_picks_and_the_votes(
    world: World, boss: MemberActor
) -> None:
    await promote_track(world, world.ann)
    post = posts(world.channel)[0]
    await world.ben.react(post, "👍")
    await report(world, world.ben)
    message = await reported_message(world, boss)

    await boss.click(message.message, custom_id="moderate:1:remove")

    (notice,) = [one for one in world.channel.history() if one.id == post.id]
    assert notice.embeds[0].description == "This promotion was removed by the moderators."
    assert notice.components == []
    assert await in_picks(world, world.ben) == []
    cara = another(world)
    await cara.react(post, "👍")
    services = world.bot().services
    subject = Subject(SubjectKind.PROMOTION, 1)
    for vote in (
        services.promotions.vote(cara.id, 1, up=True),
        services.feedback.thumb(
            cara.id, subject, up=True, source=FeedbackSource.BUTTON, message_id=post.id
        ),
    ):
        with pytest.raises(NotFoundError, match="removed by the moderators"):
            await vote
    async with world.database.read() as conn:
        assert await feedback.counting(conn, cara.id) == []
    assert "removed: promotion 1" in await log_lines(world, boss)


async def test_banning_also_mutes_the_name_and_stops_who_posted_it(
    world: World, boss: MemberActor
) -> None:
    await artist(world, world.ann, "claim", name="Low")
    await helped(world, world.ann, world.ben)
    await promote(world, world.ann)
    await report(world, another(world))
    message = await reported_message(world, boss)

    await boss.click(message.message, custom_id="moderate:1:ban")
    world.clock.move(days=31)
    by_poster = await promote(world, world.ann)
    by_hand = await promote(world, world.ben)

    assert "You are banned from promoting" in by_poster
    assert "muted this artist's name" in by_hand
    lines = await log_lines(world, boss)
    assert "banned: who posted promotion 1" in lines
    assert "muted: the name Low" in lines


async def test_decisions_work_after_a_restart_and_only_for_who_manages_the_server(
    world: World, boss: MemberActor
) -> None:
    stage = world.guild.create_text_channel("moderators")
    await boss.slash(world.channel, "server moderation", channel=stage)
    await promote(world, world.ann)
    await report(world, world.ben)
    (told,) = posts(stage)
    await world.restart()

    refused = await world.ben.click(told, custom_id="moderate:1:remove")
    await boss.click(told, custom_id="moderate:1:remove")

    assert "You need the permission Manage Server" in answer(refused)
    (told,) = [one for one in stage.history() if one.id == told.id]
    assert told.embeds[0].title == "Removed: promotion 1"
    assert told.components == []
    assert posts(world.channel) == []


async def test_the_report_button_works_after_a_restart(world: World, boss: MemberActor) -> None:
    await promote(world, world.ann)
    await world.restart()

    await report(world, world.ben)

    assert "1 reported promotion" in (await moderate(world, boss, "queue")).response.content  # type: ignore[union-attr]


async def test_a_closed_moderation_channel_leaves_the_report_in_the_queue(
    world: World, boss: MemberActor
) -> None:
    stage = world.guild.create_text_channel("moderators")
    await boss.slash(world.channel, "server moderation", channel=stage)
    await promote(world, world.ann)
    world.env.inject_error("POST", f"/channels/{stage.id}/messages", status=403, code=50013)

    result = await report(world, world.ben)

    assert "Thank you" in answer(result)
    assert len((await moderate(world, boss, "queue")).followups) == 1


async def test_a_post_that_cannot_be_changed_is_told_to_the_moderator(
    world: World, boss: MemberActor
) -> None:
    await promote(world, world.ann)
    await report(world, world.ben)
    message = await reported_message(world, boss)
    post = posts(world.channel)[0]
    await world.env.bot.http.delete_message(world.channel.id, post.id)

    await boss.click(message.message, custom_id="moderate:1:remove")

    (embed,) = message.message.embeds
    assert embed.title == "Removed: promotion 1"
    assert "delete it yourself" in (embed.fields[1].value or "")


async def test_a_promotion_outside_of_servers_has_no_report_button(world: World) -> None:
    user = world.ann.user
    await user.send_dm("hello")

    result = await user.slash("promote playlist", url=URL, text="Quiet songs")

    (post,) = (one for one in result.followups if one.embeds)
    assert "report:" not in str(post.components)
    with pytest.raises(NotFoundError, match="Only promotions in a server have moderators"):
        await world.bot().services.reports.report(world.ben.id, 1, "spam")


async def test_the_queue_shows_five_and_says_how_many_wait(world: World, boss: MemberActor) -> None:
    await boss.slash(
        world.channel, "server promotions", user_cooldown_hours=0, server_cooldown_minutes=0
    )
    for number in range(6):
        await promote(world, world.ann, url=f"https://a{number}.bandcamp.com")
    for number in range(1, 7):
        await report(world, world.ben, promotion=number)

    result = await moderate(world, boss, "queue")

    assert result.response is not None
    assert result.response.content.startswith(
        "6 reported promotions wait. These 5 have waited longest"
    )
    assert [one.embeds[0].title for one in result.followups] == [
        f"Reported: promotion {number}" for number in range(1, 6)
    ]


# ----------------------------------------------------------------------------- rings


async def test_rings_shows_promotions_liked_by_who_likes_nothing_else_in_counts(
    world: World, boss: MemberActor
) -> None:
    await promote(world, world.ann)
    ring = [another(world, f"ring{number}") for number in range(4)]
    for member in ring[:3]:
        await member.click(posts(world.channel)[0], custom_id="promotion:1:up")
    before = shown(await moderate(world, boss, "rings"))[0].description

    await ring[3].click(posts(world.channel)[0], custom_id="promotion:1:up")
    embed = shown(await moderate(world, boss, "rings"))[0]

    assert before == "No promotion of the last 90 days has suspicious 👍."
    assert "**Promotion 1**" in (embed.description or "")
    assert "👍 4 · 👎 0; 4 of the 👍 from accounts that like hardly any other artist" in (
        embed.description or ""
    )
    assert "weigh 1.3" in (embed.description or "")
    assert all(str(member.id) not in (embed.description or "") for member in ring)


# ----------------------------------------------------------------------------- names


async def test_names_are_verified_and_shown_with_a_mark(world: World, boss: MemberActor) -> None:
    await artist(world, world.ann, "claim", name="Low", page="https://low.bandcamp.com")

    done = await moderate(world, boss, "claim verify", name="low")
    again = await moderate(world, boss, "claim verify", name="Low")
    card = shown(await artist(world, world.ben, "card", name="Low"))[0]
    await promote(world, world.ann)
    listed = shown(await moderate(world, boss, "claim list"))[0].description or ""
    await moderate(world, boss, "claim verify", name="Low", verified=False)

    assert answer(done) == "**Low** is verified."
    assert "is verified already" in answer(again)
    assert card.title == "Low ✓"
    assert "verified by its moderators" in (card.description or "")
    assert posts(world.channel)[-1].embeds[0].author.name == "Promoted by Low ✓"
    assert f"**Low** ✓: <@{world.ann.id}>" in listed
    assert "https://low.bandcamp.com" in listed
    assert shown(await artist(world, world.ben, "card", name="Low"))[0].title == "Low"
    lines = await log_lines(world, boss)
    assert f"<@{boss.id}> verified: the name Low (<@{world.ann.id}>)" in lines
    assert "unverified: the name Low" in lines


async def test_a_muted_name_cannot_promote_nor_be_given_up(world: World, boss: MemberActor) -> None:
    await artist(world, world.ann, "claim", name="Low")
    await moderate(world, boss, "claim mute", name="Low")

    refused = await promote(world, world.ann)
    released = await artist(world, world.ann, "release", name="Low")
    listed = shown(await moderate(world, boss, "claim list"))[0].description or ""
    await moderate(world, boss, "claim unmute", name="Low")
    taken = await promote(world, world.ann)

    assert "have muted this artist's name" in refused
    assert "cannot be given up now" in answer(released)
    assert "**Low** muted" in listed
    assert "Posted: " in taken


async def test_a_removed_name_is_free_again(world: World, boss: MemberActor) -> None:
    await artist(world, world.ann, "claim", name="Low")
    await promote(world, world.ann)

    done = await moderate(world, boss, "claim remove", name="Low")
    unknown = await moderate(world, boss, "claim remove", name="Low")
    taken = await artist(world, world.ben, "claim", name="Low")

    assert "**Low** is free again" in answer(done)
    assert "Nobody has registered that name here" in answer(unknown)
    assert "**Low** is now registered to you" in answer(taken)
    async with world.database.read() as conn:
        assert await claims.people_behind(conn, 1) == {world.ann.id}


async def test_only_registered_or_verified_artists_promote_when_the_server_says_so(
    world: World, boss: MemberActor
) -> None:
    await boss.slash(world.channel, "server promotions", claims_required=True)
    without = await promote(world, world.ann)
    await artist(world, world.ann, "claim", name="Low")
    await boss.slash(world.channel, "server promotions", verified_only=True)
    unverified = await promote(world, world.ann)
    await moderate(world, boss, "claim verify", name="Low")

    verified = await promote(world, world.ann)

    assert "you can promote only under a registered name" in without
    assert "only verified artists may promote" in unverified
    assert "Posted: " in verified


# ----------------------------------------------------------------------------- bans, blocked terms


async def test_a_banned_person_neither_promotes_nor_claims_until_the_ban_ends(
    world: World, boss: MemberActor
) -> None:
    done = await moderate(world, boss, "ban", user=world.ann, days=2, reason="spam")

    promoting = await promote(world, world.ann)
    claiming = await artist(world, world.ann, "claim", name="Low")
    listed = shown(await moderate(world, boss, "bans"))[0].description or ""
    world.clock.move(days=2)
    later = await promote(world, world.ann)

    assert f"<@{world.ann.id}> may not promote here, until" in answer(done)
    assert "You are banned from promoting in this server" in promoting
    assert "It ends in 48 hours" in promoting
    assert "You are banned" in answer(claiming)
    assert f"<@{world.ann.id}>: ends" in listed
    assert "Posted: " in later
    assert "for 2 days, spam" in await log_lines(world, boss)


async def test_a_banned_name_is_nobodys(world: World, boss: MemberActor) -> None:
    await artist(world, world.ann, "claim", name="Low")
    await moderate(world, boss, "ban", artist="LOW")

    promoting = await promote(world, world.ann)
    claiming = await artist(world, world.ben, "claim", name="low")
    lifted = await moderate(world, boss, "unban", artist="Low")
    again = await moderate(world, boss, "unban", artist="Low")

    assert "This name is banned" in promoting
    assert "This name is banned" in answer(claiming)
    assert "may promote here again" in answer(lifted)
    assert "not banned here" in answer(again)
    assert "Posted: " in await promote(world, world.ann)


@pytest.mark.parametrize("both", [False, True])
async def test_a_ban_is_of_a_person_or_a_name(world: World, boss: MemberActor, both: bool) -> None:
    options = {"user": world.ann, "artist": "Low"} if both else {}

    result = await moderate(world, boss, "ban", **options)

    assert "Give either `user` or `artist`" in answer(result)
    assert shown(await moderate(world, boss, "bans"))[0].description == (
        "Nobody is banned from promoting here."
    )


async def test_blocked_terms_keep_texts_links_and_names_out(
    world: World, boss: MemberActor
) -> None:
    for kind, value in (("word", "Nitro"), ("domain", "bandcamp.com"), ("name", "Low")):
        done = await moderate(world, boss, "block add", kind=kind, value=value)
        assert f"The {kind} “" in answer(done)
    again = await moderate(world, boss, "block add", kind="word", value="NITRO!")

    text = await promote(world, world.ann, text="Free nitró inside")
    link = await promote(world, world.ann, url="https://low.bandcamp.com")
    name = await artist(world, world.ann, "claim", name="LÖW")
    page = await artist(world, world.ann, "claim", name="Can", page="https://can.bandcamp.com")
    listed = shown(await moderate(world, boss, "block show"))[0].description
    removed = await moderate(world, boss, "block remove", kind="word", value="nitro")
    missing = await moderate(world, boss, "block remove", kind="word", value="nitro")
    allowed = await promote(world, world.ann, text="Free nitro inside")

    assert "is blocked already" in answer(again)
    assert "blocked the word “nitro”" in text
    assert "blocked the domain “bandcamp.com”" in link
    assert "blocked the name “low”" in answer(name)
    assert "blocked the domain" in answer(page)
    assert listed == "domain: bandcamp.com\nname: low\nword: nitro"
    assert "allowed again" in answer(removed)
    assert "is not blocked" in answer(missing)
    assert "Posted: " in allowed


# ----------------------------------------------------------------------------- the log, and who may


async def test_the_log_turns_its_pages_after_a_restart(world: World, boss: MemberActor) -> None:
    for number in range(11):
        await moderate(world, boss, "block add", kind="word", value=f"word{number}")
    result = await moderate(world, boss, "log")
    first = shown(result)[0]
    await world.restart()
    assert result.response is not None

    turned = await boss.click(result.response.message, custom_id="modlog:1:Older")

    assert "word10" in (first.description or "")
    assert first.footer.text == "Page 1 of 2"
    assert turned is not None
    (embed,) = result.response.message.embeds
    assert embed.footer.text == "Page 2 of 2"
    assert (embed.description or "").endswith("blocked: the word word0")


async def test_an_empty_server_has_nothing_to_moderate(world: World, boss: MemberActor) -> None:
    for command, words in (
        ("log", "not decided anything"),
        ("bans", "Nobody is banned"),
        ("claim list", "Nobody has registered"),
        ("block show", "Nothing is blocked"),
    ):
        embed = shown(await moderate(world, boss, command))[0]
        assert words in (embed.description or "")


async def test_moderate_is_hidden_from_those_who_do_not_manage_the_server(world: World) -> None:
    mine = world.ann.available_commands(world.channel)

    assert not [name for name in mine if name.startswith("moderate")]


@pytest.mark.parametrize("name", SUBCOMMANDS)
async def test_moderate_asks_again_when_a_server_hands_it_to_anybody(
    world: World, name: str
) -> None:
    assert isinstance(world.env.bot, BSide)
    command = next(c for c in await world.env.bot.tree.fetch_commands() if c.name == "moderate")
    world.guild.set_command_permissions(command, {world.ann: True})
    options: dict[str, Any] = {}
    if name.startswith("claim") and name != "claim list":
        options = {"name": "Low"}
    elif name in ("block add", "block remove"):
        options = {"kind": "word", "value": "x"}

    result = await world.ann.slash(world.channel, f"moderate {name}", **options)

    assert answer(result) == "You need the permission Manage Server for this."


# ----------------------------------------------------------------------------- privacy


async def test_privacy_shows_and_deletes_what_moderation_keeps_but_bans(
    world: World, boss: MemberActor
) -> None:
    await artist(world, world.ann, "claim", name="Low")
    await promote(world, world.ann)
    await report(world, world.ben)
    await moderate(world, boss, "claim verify", name="Low")
    await moderate(world, boss, "ban", user=world.ben)

    ben = shown(await world.ben.slash(world.channel, "privacy show"))[1]["Kept"]
    managers = shown(await boss.slash(world.channel, "privacy show"))[1]["Kept"]
    async with world.database.write() as conn:
        for actor in (world.ben, boss):
            await listeners.delete_everything(conn, actor.id, now=world.clock.now())

    assert "1 report you wrote" in ben
    assert "1 line about or by you in moderation logs" in ben
    assert "1 ban by servers, which only their moderators can lift" in ben
    assert "2 lines about or by you" in managers
    async with world.database.read() as conn:
        for actor in (world.ben, boss):
            assert (await listeners.personal_data(conn, actor.id)).total == 0
        lines = await moderation.log(conn, world.guild.id, limit=9)
    assert [(one.moderator_id, one.user_id) for one in lines] == [
        (None, None),
        (None, world.ann.id),
    ]
    assert "You are banned" in await promote(world, world.ben, url="https://a.bandcamp.com")
    (waiting,) = (await moderate(world, boss, "queue")).followups
    assert waiting.embeds[0].fields[1].value == "• not their music"
