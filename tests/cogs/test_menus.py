"""The menus of messages and people: *Rate this* and *See taste*."""

from collections.abc import AsyncIterator

import discord
import pytest
from simcord import InteractionResult
from simcord.actors import MemberActor

from bot.core.models import Feedback, Subject, SubjectKind
from bot.demo.outside import World as Services
from bot.demo.servers.songs import Song
from bot.services.finding.lookup import Outside
from bot.store import feedback
from bot.store.engine import Database
from bot.ui import replies
from bot.ui.profile import BOTS_HAVE_NONE
from tests.cogs.conftest import World
from tests.cogs.test_discover import answer, button, latest, rate_some
from tests.cogs.test_profile import open_profile
from tests.cogs.test_stored import press
from tests.fakes import FakeClock
from tests.outside import open_outside

LINK = "https://www.deezer.com/track/{}"


@pytest.fixture
async def services(database: Database, clock: FakeClock) -> AsyncIterator[Services]:
    songs = [Song("Lullaby", "Low", deezer_id=31), Song("Moth", "Low", deezer_id=32)]
    async with open_outside(database, clock, songs) as services:
        yield services


@pytest.fixture
def outside(services: Services) -> Outside | None:
    return services.outside


async def rate_this(
    world: World, actor: MemberActor, message: discord.Message
) -> InteractionResult:
    result = await actor.context_menu(world.channel, "Rate this", target=message)
    assert result.ephemeral
    return result


def asked(result: InteractionResult) -> discord.Message:
    """Return the private message that asks."""
    last = result.followups[-1] if result.followups else result.response
    assert last is not None
    return last.message


def marked(message: discord.Message) -> list[str | None]:
    """Return the scores that are marked as given."""
    return [
        item.label
        for row in message.components
        for item in getattr(row, "children", ())
        if isinstance(item, discord.Button) and item.style is discord.ButtonStyle.primary
    ]


async def said_of(world: World, actor: MemberActor, track_id: int) -> Feedback | None:
    async with world.database.read() as conn:
        subject = Subject(SubjectKind.TRACK, track_id)
        return await feedback.counting_about(conn, actor.id, subject)


async def ratings_of(world: World, actor: MemberActor) -> list[tuple[str, float]]:
    async with world.database.read() as conn:
        return [(one.kind, one.value) for one in await feedback.counting(conn, actor.id)]


@pytest.mark.both
async def test_rate_this_rates_the_link_of_a_message_and_undo_takes_it_back(world: World) -> None:
    message = await world.ben.send(world.channel, f"this one! <{LINK.format(31)}?utm_source=x>")

    result = await rate_this(world, world.ann, message)
    asks = answer(result)
    await world.ann.click(asked(result), custom_id=button(asked(result), "rate:this"))
    pressed = await world.ann.click(asked(result), custom_id=rate_of(asked(result), 4))

    assert asks.startswith("How much do you like **Lullaby** by Low? 1: not for me")
    assert pressed.response is not None
    lines = pressed.response.content.splitlines()
    assert lines[0].startswith("★★★★☆ for **Lullaby** by Low. Before: ★☆☆☆☆.")
    assert lines[-1] == "-# Another press changes it, and `/undo` takes it back."
    assert marked(pressed.response.message) == ["4 ★"]
    assert await ratings_of(world, world.ann) == [("rating", 4.0)]
    assert await ratings_of(world, world.ben) == []
    await world.ann.slash(world.channel, "undo")
    assert await ratings_of(world, world.ann) == [("rating", 1.0)]


def rate_of(message: discord.Message, score: int) -> str:
    """Return the id of the button that gives a score."""
    return next(
        item.custom_id or ""
        for row in message.components
        for item in getattr(row, "children", ())
        if (item.custom_id or "").startswith("rate:this") and item.label == f"{score} ★"
    )


async def test_rate_this_works_on_a_pick_after_a_restart(world: World) -> None:
    await rate_some(world, world.ben)
    await world.ben.slash(world.channel, "discover", count=1)
    title = latest(world).embeds[0].title or ""

    result = await rate_this(world, world.ann, latest(world))
    await world.restart()
    pressed = await world.ann.click(asked(result), custom_id=rate_of(asked(result), 5))

    assert title in answer(result)
    assert title in answer(pressed)
    assert await ratings_of(world, world.ann) == [("rating", 5.0)]


async def test_of_several_picks_it_asks_which(world: World) -> None:
    await rate_some(world, world.ben)
    await world.ben.slash(world.channel, "discover", count=3)
    titles = [(one.title or "").split(" · ")[1] for one in latest(world).embeds]

    result = await rate_this(world, world.ann, latest(world))
    asks = answer(result)
    (menu,) = (item for row in asked(result).components for item in row.children)  # type: ignore[union-attr]
    assert isinstance(menu, discord.SelectMenu)
    await world.restart()
    chosen = await world.ann.select(asked(result), [menu.options[1].value])

    assert asks == "Which one do you mean? Nothing is rated yet."
    assert len(menu.options) == 4
    for option, title in zip(menu.options, titles, strict=False):
        assert option.label.startswith(title[:20].replace("\\", ""))
    assert chosen.response is not None
    assert titles[1] in chosen.response.content
    message = chosen.response.message
    pressed = await world.ann.click(message, custom_id=rate_of(message, 2))
    assert answer(pressed).startswith("★★☆☆☆ for **")
    assert await ratings_of(world, world.ann) == [("rating", 2.0)]


async def test_of_several_links_it_asks_which_and_none_of_them_rates_nothing(
    world: World,
) -> None:
    both = f"{LINK.format(31)} or {LINK.format(32)}? or {LINK.format(31)}, {LINK.format(99)}"
    message = await world.ben.send(world.channel, both)

    result = await rate_this(world, world.ann, message)
    (menu,) = (item for row in asked(result).components for item in row.children)  # type: ignore[union-attr]
    assert isinstance(menu, discord.SelectMenu)
    none = await world.ann.select(asked(result), ["none"])

    assert [one.label for one in menu.options] == ["Lullaby – Low", "Moth – Low", "None of these"]
    assert answer(none).startswith("Nothing was rated.")
    assert await ratings_of(world, world.ann) == []


@pytest.mark.parametrize(
    "text",
    [
        "just words",
        "🎉",
        "x" * 1900,
        "https://open.spotify.com/playlist/37i9dQZF1DXcBWIGoYBM5M",
        "track:5",
    ],
)
async def test_a_message_without_a_track_is_told_what_is_understood(
    world: World, text: str
) -> None:
    message = await world.ben.send(world.channel, text)

    result = await rate_this(world, world.ann, message)

    assert answer(result).startswith("I see no link to a track in that message.")
    assert asked(result).components == []


async def test_a_link_that_nobody_knows_and_services_that_are_down_are_sentences(
    world: World, services: Services
) -> None:
    message = await world.ben.send(world.channel, LINK.format(99))
    unknown = answer(await rate_this(world, world.ann, message))
    services.fail()
    other = await world.ben.send(world.channel, LINK.format(31))

    down = answer(await rate_this(world, world.ann, other))

    assert unknown.startswith("The track of that link is not in my catalogue.")
    assert "Try again in a few minutes." in down
    assert await ratings_of(world, world.ann) == []


async def test_the_link_of_a_promoted_track_is_understood(world: World) -> None:
    await world.ben.slash(
        world.channel, "promote track", link=LINK.format(31), text="Quiet songs for rain"
    )
    post = next(one for one in reversed(world.channel.history()) if one.embeds)

    result = await rate_this(world, world.ann, post)
    similar = await world.ann.context_menu(world.channel, "Find similar", target=post)

    assert "**Lullaby** by Low" in answer(result)
    assert answer(similar).startswith("Nothing of that track has been measured yet")


async def test_a_forged_score_rates_nothing(world: World) -> None:
    message = await world.ben.send(world.channel, LINK.format(31))
    mine = asked(await rate_this(world, world.ann, message))
    on_mine = rate_of(mine, 5)

    for custom_id in (on_mine, "rate:this:5:3", "rate:this:5:0"):
        assert answer(await press(world, custom_id, world.ben)) == replies.NO_LONGER_WORKS

    assert await ratings_of(world, world.ben) == []
    assert await ratings_of(world, world.ann) == []


async def test_see_taste_shows_an_open_profile_to_whoever_asks_and_nobody_else(
    world: World,
) -> None:
    await rate_some(world, world.ben)
    await open_profile(world, world.ben.id)
    before = len(world.channel.history(viewer=world.ben))

    result = await world.ann.context_menu(world.channel, "See taste", target=world.ben)

    assert result.ephemeral
    message = asked(result)
    assert message.embeds[0].title == "The taste of ben"
    assert "From ratings alone" in (message.embeds[0].footer.text or "")
    assert len(message.attachments) == 1
    assert message.components == []
    assert len(world.channel.history(viewer=world.ben)) == before


async def test_see_taste_says_of_a_closed_profile_no_more_than_of_nobodys(world: World) -> None:
    await rate_some(world, world.ben)
    stranger = world.guild.add_member(world.env.create_user("stranger"))

    closed = await world.ann.context_menu(world.channel, "See taste", target=world.ben)
    unknown = await world.ann.context_menu(world.channel, "See taste", target=stranger)

    assert closed.ephemeral
    assert unknown.ephemeral
    assert answer(closed) == answer(unknown)
    assert answer(closed) == "Their profile is private. They can show it with `/privacy profile`."
    assert asked(closed).embeds == asked(closed).attachments == []


async def test_see_taste_of_oneself_is_ones_own_profile(world: World) -> None:
    await rate_some(world, world.ann)

    result = await world.ann.context_menu(world.channel, "See taste", target=world.ann)

    assert result.ephemeral
    assert asked(result).embeds[0].title == "Your taste"


async def test_a_bot_has_no_taste_to_see(world: World) -> None:
    robot = world.guild.add_member(world.env.create_user("robot", bot=True))

    result = await world.ann.context_menu(world.channel, "See taste", target=robot)

    assert result.ephemeral
    assert answer(result) == BOTS_HAVE_NONE


async def test_the_fourth_taste_in_half_a_minute_has_to_wait(world: World) -> None:
    for _ in range(3):
        await world.ann.context_menu(world.channel, "See taste", target=world.ben)

    result = await world.ann.context_menu(world.channel, "See taste", target=world.ben)

    assert "Try again in" in answer(result)
