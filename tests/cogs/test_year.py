import discord
import pytest
import simcord

from bot.core.models import Subject, SubjectKind
from bot.core.taste import Span
from bot.ui import stories as ui
from bot.ui.pictures.picture import Picture
from tests.cogs.conftest import World

PNG = b"\x89PNG\r\n\x1a\n"


async def rate(world: World, user_id: int, *numbers: int, score: int = 5) -> None:
    for number in numbers:
        subject = Subject(SubjectKind.TRACK, number)
        await world.bot().services.feedback.rate(user_id, subject, score)


def shown(result: simcord.InteractionResult) -> simcord.ResponseMessage:
    assert result.response is not None
    return result.response


def told(result: simcord.InteractionResult) -> str:
    """Return the private sentence that came instead of a picture."""
    messages = [*([result.response] if result.response else []), *result.followups]
    (sentence,) = [one for one in messages if one.content]
    assert sentence.ephemeral
    return sentence.content


def labels(message: simcord.ResponseMessage) -> dict[str, bool]:
    """Return the buttons, and which of them can be pressed."""
    return {
        button["label"]: not button.get("disabled", False)
        for row in message.components
        for button in row["components"]
    }


@pytest.mark.both
async def test_a_year_is_private_and_has_six_pages_that_one_turns(world: World) -> None:
    await rate(world, world.ann.id, *range(1, 21))
    await world.play(world.ann.id, "Secretly Played", days=range(0, 300, 9))

    result = await world.ann.slash(world.channel, "year")

    assert result.ephemeral
    page = shown(result)
    assert labels(page) == {"Back": False, "Next": True, "Share": True}
    titles, alts = [], []
    for place in range(1, 7):
        (picture,) = page.attachments
        assert (await picture.read()).startswith(PNG)
        assert f"{place} of 6" in (page.embeds[0].footer.text or "")
        titles.append((page.embeds[0].title or "").split(",")[0])
        alts.append(picture.description or "")
        if place < 6:
            await world.ann.click(page, label="Next")
    assert titles == [
        "What you loved", "Who was new", "How far off the radar", "Your months",
        "The sides of your taste", "You were early",
    ]  # fmt: skip
    assert "Secretly Played" in alts[0]
    assert "There is no past to compare with yet" in alts[5]
    assert world.channel.history() == []
    assert labels(page) == {"Back": True, "Next": False}, "a page that tells nothing is not shared"


async def test_pages_turn_and_are_shared_after_a_restart(world: World) -> None:
    await rate(world, world.ann.id, *range(1, 21))
    page = shown(await world.ann.slash(world.channel, "year"))
    await world.restart()

    await world.ann.click(page, label="Next")
    await world.restart()
    await world.ann.click(page, label="Share")

    assert (page.embeds[0].title or "").startswith("Who was new")
    (posted,) = world.channel.history()
    assert posted.content == "Shared by ann"
    assert "since your record began" in (posted.attachments[0].description or "")


async def test_somebody_else_gets_a_sentence_and_sees_nothing(world: World) -> None:
    await rate(world, world.ann.id, *range(1, 21))
    period = world.bot().services.stories.days(Span.YEAR)
    channel = world.bot().get_channel(world.channel.id)
    assert isinstance(channel, discord.TextChannel)
    drawn = Picture(PNG, "loved.png", "")
    view = ui.story_buttons(world.ann.id, "loved", period, drawn, pages=False)
    post = await channel.send(view=view)

    turned = await world.ben.click(post, label="Next")
    shared = await world.ben.click(post, label="Share")

    assert told(turned) == told(shared) == ui.NOT_YOURS
    assert [one.id for one in world.channel.history()] == [post.id]


async def test_a_picture_cannot_be_shared_again_and_again(world: World) -> None:
    await rate(world, world.ann.id, *range(1, 21))
    page = shown(await world.ann.slash(world.channel, "year"))

    for _ in range(10):
        last = await world.ann.click(page, label="Share")

    assert "Try again in" in told(last)
    assert len(world.channel.history()) < 10


async def test_a_story_whose_data_was_deleted_is_over(world: World) -> None:
    await rate(world, world.ann.id, *range(1, 21))
    page = shown(await world.ann.slash(world.channel, "year"))
    await world.bot().services.privacy.delete(world.ann.id)

    assert told(await world.ann.click(page, label="Next")) == ui.NOTHING_YET
    assert told(await world.ann.click(page, label="Share")) == ui.NOTHING_YET
    assert world.channel.history() == []


@pytest.mark.parametrize("command", ["year", "timeline"])
async def test_somebody_of_whom_nothing_is_known_gets_a_way_on(world: World, command: str) -> None:
    result = await world.ann.slash(world.channel, command)

    assert told(result) == ui.NOTHING_YET


@pytest.mark.parametrize("year", [0, 1969, 2027, 99_999])
async def test_a_year_that_cannot_be_is_refused_with_a_sentence(world: World, year: int) -> None:
    assert "Choose a year" in told(await world.ann.slash(world.channel, "year", year=year))


async def test_a_calendar_year_holds_its_own_days_alone(world: World) -> None:
    await world.play(world.ann.id, "Lately", days=[3, 4, 5])
    await world.play(world.ann.id, "Long Ago", days=[400, 401], title="Another")

    now = shown(await world.ann.slash(world.channel, "year", year=2026))
    before = shown(await world.ann.slash(world.channel, "year", year=2025))

    assert "Lately" in (now.attachments[0].description or "")
    assert "Long Ago" not in (now.attachments[0].description or "")
    assert "Long Ago" in (before.attachments[0].description or "")
    assert before.embeds[0].title == "What you loved, 2025"


@pytest.mark.parametrize(
    ("numbers", "score"),
    [
        pytest.param((1,), 5, id="one rating"),
        pytest.param(range(1, 9), 1, id="only dislikes"),
    ],
)
async def test_little_makes_pages_that_say_so_and_are_not_shared(
    world: World, numbers: range, score: int
) -> None:
    await rate(world, world.ann.id, *numbers, score=score)
    page = shown(await world.ann.slash(world.channel, "year"))

    for _ in range(4):
        await world.ann.click(page, label="Next")

    assert "Too little is known" in (page.attachments[0].description or "")
    assert labels(page) == {"Back": True, "Next": True}


async def test_a_timeline_is_private_and_tells_two_months(world: World) -> None:
    await rate(world, world.ann.id, 1, 2, 3)
    await world.play(world.ann.id, "Somebody", days=[40, 70])

    result = await world.ann.slash(world.channel, "timeline")

    assert result.ephemeral
    (picture,) = shown(result).attachments
    assert (picture.description or "").startswith("Taste by month, Sep 2026 to Nov 2026.")
    await world.ann.click(shown(result), label="Share")
    assert [one.content for one in world.channel.history()] == ["Shared by ann"]


async def test_turning_a_part_of_ones_map_is_no_music_of_that_month(world: World) -> None:
    await rate(world, world.ann.id, *range(1, 9))
    world.clock.move(days=62)
    await world.bot().services.feedback.turn(world.ann.id, 1, 2.0)
    await world.bot().services.muting.mute(world.ann.id, Subject(SubjectKind.ARTIST, 9))

    result = shown(await world.ann.slash(world.channel, "timeline"))
    month = await world.ann.slash(world.channel, "year", period="month")

    assert "A change needs two months" in (result.attachments[0].description or "")
    assert told(month) == ui.NOTHING_YET


async def test_one_month_has_no_timeline_yet(world: World) -> None:
    await rate(world, world.ann.id, 1, 2, 3)

    result = shown(await world.ann.slash(world.channel, "timeline"))

    assert "A change needs two months" in (result.attachments[0].description or "")
    assert labels(result) == {}
