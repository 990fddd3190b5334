"""`/digest me`: a direct message for who asks for it, once, and never long after it was due."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import discord
import pytest
from simcord.actors import MemberActor
from simcord.results import InteractionResult
from sqlalchemy import delete, func, select, update

from bot.core.models import Subject, SubjectKind
from bot.core.server import FEWEST, Hitch, OwnDigest
from bot.demo.outside import World as Services
from bot.services import build_services
from bot.services.finding.lookup import Outside
from bot.services.server.own_digests import NO_TASTE, OWN
from bot.store import jobs, own_digests
from bot.store.engine import Database
from bot.store.tables import posts, recommendations
from bot.ui import own_digest as ui
from cogs.digest.sending import nonce_of
from tests.cogs.conftest import World
from tests.cogs.test_artist import another
from tests.cogs.test_discover import answer, button, labels, rate_some
from tests.cogs.test_stored import press
from tests.fakes import FakeClock
from tests.outside import open_outside
from tests.services.discover.test_releases import LOVED, album

# The clock of the tests stands at noon on Friday, 20 November 2026.
NEXT_FRIDAY = datetime(2026, 11, 27, 12, tzinfo=UTC)


@pytest.fixture
async def services(database: Database, clock: FakeClock) -> AsyncIterator[Services]:
    songs = [album(1, LOVED, days_ago=-4), album(2, "Nobody At All"), album(3, LOVED, days_ago=-20)]
    async with open_outside(database, clock, songs) as services:
        yield services


@pytest.fixture
def outside(services: Services) -> Outside | None:
    return services.outside


@pytest.fixture
def boss(world: World) -> MemberActor:
    role = world.guild.create_role("boss", permissions=discord.Permissions(manage_guild=True))
    return world.guild.add_member(world.env.create_user("boss"), roles=[role])


async def ask(
    world: World, actor: MemberActor, how_often: str | None = "weekly", **options: Any
) -> str:
    given = options if how_often is None else {"how_often": how_often, **options}
    result = await actor.slash(world.channel, "digest me", **given)
    assert result.ephemeral
    return answer(result)


async def begin(world: World, actor: MemberActor, how_often: str = "weekly") -> None:
    """Let somebody love an artist and ask for a digest."""
    await actor.slash(world.channel, "rate artist", artist="artist:14", score=5)
    await ask(world, actor, how_often)


def close_messages(world: World) -> None:
    """Let Discord refuse the next message as it does for people who take none."""
    world.env.inject_error("POST", "/channels/*/messages", status=403, code=50007)


async def run_due(world: World) -> int:
    done = await world.bot().services.jobs.run_due()
    await world.env.settle()
    return done


def inbox(actor: MemberActor) -> list[discord.Message]:
    """Return what the bot has written to somebody."""
    return actor.user.dm_channel.history()


def sent(actor: MemberActor) -> list[discord.Message]:
    """Return the digests among it."""
    return [one for one in inbox(actor) if one.embeds]


def besides(message: discord.Message) -> dict[str, str]:
    return {one.name or "": one.value or "" for one in message.embeds[-1].fields}


async def kept(world: World, actor: MemberActor) -> OwnDigest | None:
    async with world.database.read() as conn:
        return await own_digests.get(conn, actor.id)


async def due(world: World, actor: MemberActor) -> datetime | None:
    async with world.database.read() as conn:
        return await jobs.planned_for(conn, OWN, actor.id)


async def click(actor: MemberActor, message: discord.Message, action: str) -> InteractionResult:
    result = await actor.user.click(message, custom_id=button(message, action))
    assert isinstance(result, InteractionResult)
    return result


@pytest.mark.both
async def test_a_digest_comes_once_when_it_is_due_and_then_every_week(world: World) -> None:
    await begin(world, world.ann)

    early = await run_due(world)
    world.clock.move(days=7)
    on_time = [await run_due(world), await run_due(world)]

    assert (early, on_time) == (0, [1, 0])
    (first,) = sent(world.ann)
    assert [one.title is not None for one in first.embeds] == [True, True, True, False]
    title = "**Your weekly digest**, which you asked for with `/digest me`"
    assert first.content.splitlines()[0] == title
    rows = [[item.label for item in row.children] for row in first.components]  # type: ignore[union-attr]
    picks = [[f"{number} 👍", None, "▶", "Why", "⋯"] for number in (1, 2, 3)]
    assert rows == [*picks, ["No more of these"]]
    assert besides(first)["New, and it fits"].startswith("[**Album 1**](https://musicbrainz.org/")
    assert "1." not in besides(first)["New, and it fits"][:5]
    assert await due(world, world.ann) == datetime(2026, 12, 4, 12, tzinfo=UTC)
    world.clock.move(days=7)
    await run_due(world)
    second = sent(world.ann)[1]
    assert not {one.title for one in first.embeds[:3]} & {one.title for one in second.embeds[:3]}
    assert "Album 1" not in str(second.embeds[-1].to_dict()), "no release is told twice"


async def test_the_first_word_says_what_will_come_and_holds_the_way_out(world: World) -> None:
    await world.ann.slash(world.channel, "rate artist", artist="artist:14", score=5)

    said = await ask(world, world.ann)

    assert said.startswith(
        "Your digest comes as a direct message, every Friday at 12:00 UTC. The next one comes <t:"
    )
    (hello,) = inbox(world.ann)
    assert hello.content.startswith(
        "Here comes your digest, every Friday at 12:00 UTC: three picks"
    )
    over = await click(world.ann, hello, "digest:stop")
    assert answer(over) == ui.ENDED


async def test_a_monthly_digest_comes_on_the_first_such_day_of_each_month(world: World) -> None:
    await begin(world, world.ann, "monthly")
    came = []

    for _ in range(70):
        world.clock.move(days=1)
        if await run_due(world):
            came.append(world.clock.now().date().isoformat())

    assert came == ["2026-12-04", "2027-01-01"]
    assert sent(world.ann)[0].content.startswith("**Your monthly digest**")


async def test_day_and_hour_are_those_that_are_asked_for(world: World) -> None:
    await begin(world, world.ann)

    said = await ask(world, world.ann, None, day=0, hour=7)
    shown = await ask(world, world.ann, None)

    assert "every Monday at 7:00 UTC" in said
    assert "every Monday at 7:00 UTC" in shown
    assert await due(world, world.ann) == datetime(2026, 11, 23, 7, tzinfo=UTC)
    assert len(inbox(world.ann)) == 1, "the first word is said once"


async def test_another_day_brings_no_second_digest_in_the_same_week(world: World) -> None:
    await begin(world, world.ann)
    world.clock.move(days=7)
    await run_due(world)

    await ask(world, world.ann, None, day=5)

    assert await due(world, world.ann) == datetime(2026, 12, 5, 12, tzinfo=UTC)


@pytest.mark.both
async def test_the_buttons_of_a_digest_work_and_the_way_out_stays(world: World) -> None:
    await begin(world, world.ann)
    world.clock.move(days=7)
    await run_due(world)
    await world.restart()

    (digest,) = sent(world.ann)
    thumb = await click(world.ann, digest, "pick:up")
    await world.env.settle()
    (after,) = sent(world.ann)
    played = await click(world.ann, after, "pick:play")
    why = await click(world.ann, after, "pick:why")
    menu = await click(world.ann, after, "pick:menu")

    assert "👍" in answer(thumb)
    assert after.components[0].children[0].label == "1 👍 1"  # type: ignore[union-attr]
    assert after.components[3].children[0].label == "No more of these"  # type: ignore[union-attr]
    assert len(after.embeds) == 4
    assert answer(played).startswith("http")
    assert why.response is not None
    assert why.response.embeds
    assert "**" in answer(menu)
    await world.ann.user.slash("undo")
    await world.env.settle()
    (undone,) = sent(world.ann)
    assert undone.components[0].children[0].label == "1 👍"  # type: ignore[union-attr]
    assert labels(undone)["stop"] == "No more of these"


async def test_one_press_ends_it_after_a_restart_too(world: World) -> None:
    await begin(world, world.ann)
    world.clock.move(days=7)
    await run_due(world)
    await world.restart()

    first = await click(world.ann, sent(world.ann)[0], "digest:stop")
    again = await click(world.ann, sent(world.ann)[0], "digest:stop")

    assert first.ephemeral
    assert (answer(first), answer(again)) == (ui.ENDED, ui.NONE)
    world.clock.move(days=7)
    assert await run_due(world) == 0
    assert len(sent(world.ann)) == 1
    assert await kept(world, world.ann) is None


async def test_off_ends_it_and_me_alone_says_what_there_is(world: World, boss: MemberActor) -> None:
    nothing = await ask(world, world.ann, None)
    await begin(world, world.ann)
    alone = await ask(world, world.ann, None)
    await boss.slash(world.channel, "server digest on", channel=world.channel)
    mine = await ask(world, world.ann, None)
    over = await ask(world, world.ann, "off")

    assert nothing == ui.NONE
    assert "every Friday at 12:00 UTC" in mine
    assert "It also tells what is liked in Test Guild" in mine
    assert "Test Guild has no digest of its own" in alone
    assert over == ui.ENDED
    assert await due(world, world.ann) is None


async def test_a_stop_that_somebody_forges_ends_their_own_and_nobody_elses(world: World) -> None:
    await begin(world, world.ann)

    result = await press(world, "digest:stop", world.ben)

    assert result.ephemeral
    assert answer(result) == ui.NONE
    assert await kept(world, world.ann) is not None


async def test_whoever_forges_a_pick_of_a_digest_learns_nothing(world: World) -> None:
    await begin(world, world.ann)
    world.clock.move(days=7)
    await run_due(world)
    (digest,) = sent(world.ann)

    for action in ("pick:why", "pick:up", "pick:menu", "pick:play"):
        result = await press(world, button(digest, action), world.ben)
        assert "is of a pick that is gone" in answer(result)


async def test_others_see_only_their_own_setting(world: World) -> None:
    await begin(world, world.ann)

    assert await ask(world, world.ben, None) == ui.NONE
    await world.ben.slash(world.channel, "rate artist", artist="artist:14", score=5)
    await ask(world, world.ben, "off")

    assert await kept(world, world.ann) is not None
    assert inbox(world.ben) == []


async def test_who_has_no_taste_is_told_a_way_on_and_gets_nothing(world: World) -> None:
    said = await ask(world, world.ann)
    other = await ask(world, world.ben, None, hour=3)

    assert (said, other) == (NO_TASTE, NO_TASTE)
    assert "/start" in said
    assert inbox(world.ann) == []
    assert await kept(world, world.ann) is None


async def test_who_took_everything_back_gets_nothing_and_is_told_why(world: World) -> None:
    await begin(world, world.ann)
    await world.ann.slash(world.channel, "undo")

    world.clock.move(days=7)
    done = [await run_due(world), await run_due(world)]

    assert (done, sent(world.ann)) == ([1, 0], [])
    assert "nothing was left to pick" in await ask(world, world.ann, None)
    assert await due(world, world.ann) == datetime(2026, 12, 4, 12, tzinfo=UTC)


async def test_without_how_often_there_is_nothing_to_begin(world: World) -> None:
    await rate_some(world, world.ann)

    assert "Say how often" in await ask(world, world.ann, None, hour=3)


async def test_who_takes_no_messages_is_told_how_to_open_and_is_not_written_to(
    world: World,
) -> None:
    await world.ann.slash(world.channel, "rate artist", artist="artist:14", score=5)
    close_messages(world)

    said = await ask(world, world.ann)
    shown = await ask(world, world.ann, None)
    world.clock.move(days=14)
    done = await run_due(world)

    assert said == shown == ui.OPEN
    assert (done, inbox(world.ann)) == (0, [])
    again = await ask(world, world.ann)
    assert "every Friday" in again
    assert len(inbox(world.ann)) == 1


async def test_who_closes_their_messages_later_is_asked_once_and_never_again(
    world: World,
) -> None:
    await begin(world, world.ann)
    close_messages(world)

    world.clock.move(days=7)
    first = await run_due(world)
    world.clock.move(days=21)
    later = await run_due(world)

    assert (first, later) == (1, 0)
    assert sent(world.ann) == []
    assert await ask(world, world.ann, None) == ui.OPEN
    async with world.database.read() as conn:
        assert await conn.scalar(select(func.count()).select_from(recommendations)) == 0


async def test_a_digest_that_is_late_by_more_than_a_day_is_left_out(world: World) -> None:
    await begin(world, world.ann)

    world.clock.move(days=8, minutes=1)
    await world.restart()
    await run_due(world)

    assert sent(world.ann) == []
    plan = await kept(world, world.ann)
    assert plan is not None
    assert plan.hitch is Hitch.LATE
    assert "I was away when it was due" in await ask(world, world.ann, None)
    assert await due(world, world.ann) == datetime(2026, 12, 4, 12, tzinfo=UTC)


async def test_a_digest_that_is_late_by_less_comes_after_the_restart(world: World) -> None:
    await begin(world, world.ann)

    world.clock.move(days=7, hours=23)
    await world.restart()
    done = [await run_due(world), await run_due(world)]

    assert done == [1, 0]
    assert len(sent(world.ann)) == 1
    assert await due(world, world.ann) == datetime(2026, 12, 4, 12, tzinfo=UTC)


@pytest.mark.both
async def test_a_digest_that_a_crash_kept_from_being_sent_is_sent_after_the_restart(
    world: World,
) -> None:
    await begin(world, world.ann)
    world.clock.move(days=7)
    plan = await kept(world, world.ann)
    assert plan is not None
    assert await world.bot().services.own_digests.begin_sending(plan)

    await world.restart()
    await run_due(world)

    assert len(sent(world.ann)) == 1
    assert await due(world, world.ann) == datetime(2026, 12, 4, 12, tzinfo=UTC)


def agree_on_time(world: World) -> None:
    """Set the clock of the simulated Discord to that of the bot."""
    ahead = world.clock.now() - world.env.now()
    world.env.backend.advance_clock(ahead.total_seconds())


async def crash_after_sending(world: World) -> OwnDigest:
    """Send Ann's digest, and let a crash keep the bot from noting it."""
    await begin(world, world.ann)
    world.clock.move(days=7)
    agree_on_time(world)
    plan = await kept(world, world.ann)
    assert plan is not None
    await run_due(world)
    async with world.database.write() as conn:
        await conn.execute(delete(posts).where(posts.c.guild_id.is_(None)))
        await conn.execute(update(recommendations).values(message_id=None))
        await own_digests.put(conn, replace(plan, sending_since=NEXT_FRIDAY))
    return plan


@pytest.mark.both
async def test_a_digest_that_a_crash_let_through_is_not_sent_again_and_its_buttons_work(
    world: World,
) -> None:
    await crash_after_sending(world)

    await world.restart()
    await run_due(world)

    (digest,) = sent(world.ann)
    after = await kept(world, world.ann)
    assert after is not None
    assert (after.sending_since, after.last_sent_at, after.hitch) == (None, NEXT_FRIDAY, None)
    assert "👍" in answer(await click(world.ann, digest, "pick:up"))
    assert (await click(world.ann, digest, "pick:why")).response is not None


async def test_where_discord_does_not_tell_whether_a_digest_arrived_none_is_sent(
    world: World,
) -> None:
    await crash_after_sending(world)
    world.env.inject_error("GET", "/channels/*/messages", status=400, times=None)

    await world.restart()
    await run_due(world)

    assert len(sent(world.ann)) == 1
    assert "I send none twice" in await ask(world, world.ann, None)


async def test_an_answer_of_discord_that_is_lost_brings_no_second_digest(world: World) -> None:
    await begin(world, world.ann)
    world.clock.move(days=7)
    plan = await kept(world, world.ann)
    assert plan is not None
    world.env.inject_error("POST", "/channels/*/messages", status=501)

    await run_due(world)
    after = await kept(world, world.ann)
    world.clock.move(minutes=2)
    await run_due(world)

    assert after is not None
    assert after.sending_since == NEXT_FRIDAY, "it may have arrived, for all the bot knows"
    assert len(sent(world.ann)) == 1


@pytest.mark.both
async def test_a_digest_whose_job_was_not_told_that_it_is_done_is_not_sent_again(
    world: World,
) -> None:
    await begin(world, world.ann)
    world.clock.move(days=7)
    await run_due(world)
    async with world.database.write() as conn:
        await jobs.plan(conn, OWN, world.ann.id, NEXT_FRIDAY)

    await world.restart()
    await run_due(world)

    assert len(sent(world.ann)) == 1
    assert await due(world, world.ann) == datetime(2026, 12, 4, 12, tzinfo=UTC)


async def test_a_digest_keeps_to_what_is_muted_and_says_so(world: World) -> None:
    await begin(world, world.ann)
    world.clock.move(days=7)
    own, plan = world.bot().services.own_digests, await kept(world, world.ann)
    assert plan is not None
    issue = await own.prepare(plan, server=None)
    assert issue is not None
    await own.dropped(issue)
    nearest = issue.found.picks[0].track
    artist = Subject(SubjectKind.ARTIST, nearest.artist_id)
    await world.bot().services.muting.mute(world.ann.id, artist)

    await run_due(world)

    (digest,) = sent(world.ann)
    assert f"left out, because you muted **{nearest.artist}**" in digest.content
    assert not [
        one for one in digest.embeds if f"**{nearest.artist}** ·" in (one.description or "")
    ]


@pytest.mark.both
async def test_of_two_processes_one_sends_it(world: World, outside: Outside | None) -> None:
    await begin(world, world.ann)
    world.clock.move(days=7)
    plan = await kept(world, world.ann)
    assert plan is not None
    other = build_services(world.database, world.clock, outside).own_digests

    begun = [await other.begin_sending(plan), await other.begin_sending(plan)]
    issue = await other.prepare(plan, server=None)
    assert issue is not None
    await other.sent(plan, issue, 77)

    assert begun == [True, False]
    assert await run_due(world) == 1, "the job finds that it is done"
    assert sent(world.ann) == []


async def test_when_discord_fails_it_is_tried_again_with_the_same_name(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    await begin(world, world.ann)
    world.clock.move(days=7)
    plan = await kept(world, world.ann)
    assert plan is not None
    world.env.inject_error("POST", "/channels/*/messages", status=400, code=0)
    await run_due(world)
    nothing = list(sent(world.ann))
    again = await kept(world, world.ann)
    assert again is not None

    world.clock.move(minutes=2)
    await run_due(world)

    assert nothing == []
    assert len(sent(world.ann)) == 1
    assert nonce_of(plan) == nonce_of(again)
    assert len(nonce_of(plan)) <= 25
    assert "it is tried again" in caplog.text


async def test_when_discord_fails_for_a_day_the_digest_is_left_out(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    await begin(world, world.ann)
    world.clock.move(days=7)
    world.env.inject_error("POST", "/channels/*/messages", status=400, times=None)
    for _ in range(4):
        await run_due(world)
        world.clock.move(hours=7)

    world.env.backend.faults.clear()
    await run_due(world)

    assert sent(world.ann) == []
    plan = await kept(world, world.ann)
    assert plan is not None
    assert plan.hitch is Hitch.LATE
    assert await due(world, world.ann) == datetime(2026, 12, 4, 12, tzinfo=UTC)
    assert "it is tried again" in caplog.text


async def test_a_digest_does_not_wait_for_music_services(world: World, services: Services) -> None:
    await begin(world, world.ann)
    services.fail()

    world.clock.move(days=7)
    await run_due(world)

    (digest,) = sent(world.ann)
    assert [one.title is not None for one in digest.embeds] == [True, True, True]


async def test_whoever_ends_it_while_it_is_put_together_gets_nothing(world: World) -> None:
    await begin(world, world.ann)
    world.clock.move(days=7)
    own, plan = world.bot().services.own_digests, await kept(world, world.ann)
    assert plan is not None
    issue = await own.prepare(plan, server=None)
    assert issue is not None

    await ask(world, world.ann, "off")

    assert not await own.begin_sending(plan)


async def liked_here(world: World, boss: MemberActor, *, on: bool = True) -> str:
    """Let five people like a pick that everybody sees; return its title."""
    if on:
        await boss.slash(world.channel, "server digest on", channel=world.channel, day=2)
    await rate_some(world, world.ben)
    await world.ben.slash(world.channel, "discover", count=1, obscurity=0)
    post = next(one for one in reversed(world.channel.history()) if one.components)
    for actor in (world.ben, boss, *(another(world, f"o{one}") for one in range(FEWEST - 2))):
        await actor.click(post, custom_id=button(post, "pick:up"))
    return post.embeds[0].title or ""


async def test_a_digest_tells_what_is_liked_in_the_server_where_it_was_asked_for(
    world: World, boss: MemberActor
) -> None:
    await begin(world, world.ann)
    world.clock.move(days=3)
    title = await liked_here(world, boss)

    world.clock.move(days=4)
    await run_due(world)

    told = besides(sent(world.ann)[0])["Liked most in Test Guild"]
    assert told.startswith("👍 5 · **")
    assert title in told
    assert "ben" not in str(sent(world.ann)[0].embeds[-1].to_dict())


async def test_of_a_server_of_another_process_it_asks_discord(
    world: World, boss: MemberActor
) -> None:
    await begin(world, world.ann)
    world.clock.move(days=3)
    title = await liked_here(world, boss)
    guild = world.bot().get_guild(world.guild.id)
    assert guild is not None
    world.bot()._connection._remove_guild(guild)  # as in a process that has other shards

    world.clock.move(days=4)
    await run_due(world)

    assert title in besides(sent(world.ann)[0])["Liked most in Test Guild"]


async def test_it_tells_nothing_where_fewer_than_five_like_it(
    world: World, boss: MemberActor
) -> None:
    await begin(world, world.ann)
    world.clock.move(days=3)
    await liked_here(world, boss)
    post = next(one for one in reversed(world.channel.history()) if "pick" in str(one.components))
    await world.ben.click(post, custom_id=button(post, "pick:down"))

    world.clock.move(days=4)
    await run_due(world)

    assert list(besides(sent(world.ann)[0])) == ["New, and it fits"]


async def test_it_tells_nothing_of_a_server_that_has_no_digest(
    world: World, boss: MemberActor
) -> None:
    await begin(world, world.ann)
    world.clock.move(days=3)
    await liked_here(world, boss, on=False)

    world.clock.move(days=4)
    await run_due(world)

    assert list(besides(sent(world.ann)[0])) == ["New, and it fits"]


async def test_it_tells_nothing_to_who_may_not_see_the_channel_of_that_servers_digest(
    world: World, boss: MemberActor
) -> None:
    await begin(world, world.ann)
    world.clock.move(days=3)
    role = world.guild.create_role("staff")
    hidden = world.guild.create_text_channel(
        "staff",
        overwrites={
            world.guild.default_role: discord.PermissionOverwrite(view_channel=False),
            role: discord.PermissionOverwrite(view_channel=True),
        },
    )
    await liked_here(world, boss, on=False)
    await world.bot().services.digests.switch_on(
        world.guild.id, hidden.id, weekday=2, hour=1, obscurity=50
    )

    world.clock.move(days=4)
    await run_due(world)

    assert list(besides(sent(world.ann)[0])) == ["New, and it fits"]


async def test_who_left_the_server_is_told_nothing_of_it_any_more(
    world: World, boss: MemberActor
) -> None:
    await begin(world, world.ann)
    world.clock.move(days=3)
    await liked_here(world, boss)
    world.guild.remove_member(world.ann)

    world.clock.move(days=4)
    await run_due(world)

    assert list(besides(sent(world.ann)[0])) == ["New, and it fits"]
    plan = await kept(world, world.ann)
    assert plan is not None
    assert plan.guild_id is None


async def test_a_server_that_the_bot_leaves_is_in_no_digest_any_more(world: World) -> None:
    await begin(world, world.ann)
    guild = world.bot().get_guild(world.guild.id)
    assert guild is not None

    await guild.leave()
    await world.env.settle()

    plan = await kept(world, world.ann)
    assert plan is not None
    assert plan.guild_id is None


async def test_it_can_be_asked_for_in_a_direct_message(world: World) -> None:
    await world.ann.user.slash("rate artist", artist="artist:14", score=5)

    result = await world.ann.user.slash("digest me", how_often="weekly")

    assert "every Friday" in answer(result)
    plan = await kept(world, world.ann)
    assert plan is not None
    assert plan.guild_id is None
    for name in ("join", "leave", "show"):
        refused = await world.ann.user.slash(f"digest {name}")
        assert answer(refused) == "This works in a server, not in a direct message."


async def test_privacy_shows_it_and_deleting_ends_it(world: World) -> None:
    await begin(world, world.ann)

    shown = await world.ann.slash(world.channel, "privacy show")
    await world.bot().services.privacy.delete(world.ann.id)
    world.clock.move(days=7)

    assert shown.response is not None
    assert "how often you want a digest of your own" in (
        shown.response.embeds[0].fields[0].value or ""
    )
    assert await kept(world, world.ann) is None
    assert await due(world, world.ann) is None
    await run_due(world)
    assert sent(world.ann) == []
