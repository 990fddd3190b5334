"""What listeners see when Discord, or the way to it, fails in between."""

from collections.abc import Callable

import pytest
from sqlalchemy import text

from bot.ui import replies
from tests.cogs.conftest import World
from tests.cogs.test_discover import answer, button, cards, labels, latest, posts, rate_some
from tests.cogs.trouble import bad_gateway, cut, losing, repeating

CALLBACK = "POST /interactions/*"
ANSWER = "PATCH /webhooks/*"
POST = "POST /webhooks/*"
ERRORS = pytest.mark.parametrize("error", [bad_gateway, cut])
AFTER = pytest.mark.parametrize("after", [True, False], ids=["carried out", "not carried out"])


async def ratings(world: World) -> int:
    async with world.database.read() as conn:
        return int(await conn.scalar(text("select count(*) from feedback")) or 0)


@ERRORS
@AFTER
@pytest.mark.both
async def test_a_rating_counts_when_the_reply_to_its_acknowledgement_got_lost(
    world: World, error: Callable[[], Exception], after: bool
) -> None:
    with losing(world.env, CALLBACK, error, after=after) as trembling:
        result = await world.ann.slash(world.channel, "rate track", track="track:1", score=5)

    assert not trembling.left
    assert "★★★★★" in answer(result)
    assert await ratings(world) == 1


@ERRORS
@AFTER
async def test_a_rating_is_told_when_its_answer_got_lost(
    world: World, error: Callable[[], Exception], after: bool
) -> None:
    with losing(world.env, ANSWER, error, after=after) as trembling:
        result = await world.ann.slash(world.channel, "rate track", track="track:1", score=5)

    assert not trembling.left
    assert "★★★★★" in answer(result)
    assert await ratings(world) == 1
    assert result.followups == []


async def test_after_a_rating_that_counted_nobody_reads_that_nothing_happened(
    world: World,
) -> None:
    with losing(world.env, ANSWER, bad_gateway, after=False, times=5):
        result = await world.ann.slash(world.channel, "rate track", track="track:1", score=5)

    world.expected_errors.append(Exception)
    assert answer(result) == replies.ANSWER_LOST
    assert await ratings(world) == 1


@ERRORS
async def test_a_thumb_counts_when_the_reply_to_its_acknowledgement_got_lost(
    world: World, error: Callable[[], Exception]
) -> None:
    await rate_some(world, world.ann)
    await world.ann.slash(world.channel, "discover", count=1)

    with losing(world.env, CALLBACK, error):
        result = await world.ben.click(latest(world), custom_id=button(latest(world), "pick:up"))

    assert [one.content.partition(":")[0] for one in result.followups] == ["👍 Counted"]
    assert labels(latest(world))["up"] == "1"


@ERRORS
@AFTER
@pytest.mark.parametrize("lost", [ANSWER, POST])
async def test_picks_are_posted_once_when_an_answer_got_lost(
    world: World, error: Callable[[], Exception], after: bool, lost: str
) -> None:
    await rate_some(world, world.ann)

    if lost == POST:  # only the first answers the command itself
        await world.want_picks_apart()
    with losing(world.env, lost, error, after=after) as trembling:
        await world.ann.slash(world.channel, "discover", count=3)

    assert not trembling.left
    assert len(cards(world)) == 3
    async with world.database.read() as conn:
        kept = (await conn.scalars(text("select message_id from recommendations"))).all()
    shown = [post.id for post in posts(world) for _ in post.embeds]
    assert sorted(kept) == sorted(shown)


async def test_an_interaction_that_arrives_twice_is_answered_once(world: World) -> None:
    await rate_some(world, world.ann)

    with repeating(world.env, "INTERACTION_CREATE"):
        rated = await world.ann.slash(world.channel, "rate track", track="track:9", score=5)
        await world.ann.slash(world.channel, "discover", count=1)
        up = button(latest(world), "pick:up")
        pressed = await world.ben.click(latest(world), custom_id=up)

    assert "★★★★★" in answer(rated)
    assert len(posts(world)) == 1
    assert len(pressed.followups) == 1
    assert await ratings(world) == 5


async def test_what_another_bot_of_the_same_token_answers_is_left_to_it(world: World) -> None:
    world.env.inject_error("POST", "/interactions/*", status=400, code=40060)
    world.expected_errors.append(Exception)

    result = await world.ann.slash(world.channel, "rate track", track="track:1", score=5)

    assert not result.acknowledged
    assert await ratings(world) == 0


async def test_what_goes_wrong_after_a_public_promise_is_told_privately(world: World) -> None:
    before = len(world.channel.history())

    for command, options in (
        ("similar", {"track": "zzzz qqqq xxxx"}),
        ("discover", {"like": "zzzz qqqq xxxx"}),
        ("artist card", {"name": "zzzz qqqq xxxx"}),
    ):
        result = await world.ann.slash(world.channel, command, **options)

        assert "I know no" in answer(result)
        last = result.followups[-1] if result.followups else result.response
        assert last is not None
        assert last.ephemeral
    assert len(world.channel.history()) == before


async def test_a_promise_whose_answer_comes_too_late_is_taken_away(world: World) -> None:
    await rate_some(world, world.ann)
    before = len(world.channel.history())
    world.env.inject_error("*", "/webhooks/*", status=401, code=50027, times=None)
    world.expected_errors.append(Exception)

    await world.ann.slash(world.channel, "discover", count=1)

    assert len(world.channel.history()) == before
