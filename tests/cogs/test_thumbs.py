"""Reactions that arrive twice, late, together, and in several skin tones."""

import pytest

from tests.cogs.conftest import World
from tests.cogs.test_discover import labels, latest, rate_some
from tests.cogs.trouble import held_back, repeating


@pytest.fixture
async def posted(world: World) -> World:
    """One pick of ann's, that ben reacts to."""
    await rate_some(world, world.ann)
    await world.ann.slash(world.channel, "discover", count=1)
    return world


def count(world: World) -> str | None:
    return labels(latest(world))["up"]


@pytest.mark.both
@pytest.mark.parametrize("first", ["👍", "👍🏽"])
async def test_a_thumb_stands_as_long_as_one_of_its_skin_tones_does(
    posted: World, first: str
) -> None:
    second = "👍" if first == "👍🏽" else "👍🏽"
    await posted.ben.react(latest(posted), first)
    await posted.ben.react(latest(posted), second)
    assert count(posted) == "1"

    await posted.ben.unreact(latest(posted), first)
    assert count(posted) == "1"

    await posted.ben.unreact(latest(posted), second)
    assert count(posted) is None


async def test_a_reaction_that_arrives_after_its_removal_does_not_stay(posted: World) -> None:
    with held_back(posted.env, "MESSAGE_REACTION_ADD"):
        await posted.ben.react(latest(posted), "👍")
        await posted.ben.unreact(latest(posted), "👍")
    await posted.env.settle()

    assert count(posted) is None


async def test_a_reaction_given_again_after_a_removal_alone_counts(posted: World) -> None:
    with repeating(posted.env, "MESSAGE_REACTION_REMOVE"):
        await posted.ben.react(latest(posted), "👍")
        await posted.ben.unreact(latest(posted), "👍")
        await posted.ben.react(latest(posted), "👍")

    assert count(posted) == "1"


async def test_a_reaction_that_arrives_twice_counts_once(posted: World) -> None:
    with repeating(posted.env, "MESSAGE_REACTION_ADD"):
        await posted.ben.react(latest(posted), "👍")
    assert count(posted) == "1"

    await posted.ben.unreact(latest(posted), "👍")

    assert count(posted) is None
