import pytest
import simcord

from bot.core.models import Subject, SubjectKind
from bot.ui import profile as ui
from tests.cogs.conftest import World

PNG = b"\x89PNG\r\n\x1a\n"


async def rate_some(world: World, user_id: int, *, score: int = 5) -> None:
    for number in (1, 2, 3):
        subject = Subject(SubjectKind.TRACK, number)
        await world.bot().services.feedback.rate(user_id, subject, score)


async def open_profile(world: World, user_id: int) -> None:
    await world.bot().services.privacy.set_profile_public(user_id, True)


def shown(result: simcord.InteractionResult) -> simcord.ResponseMessage:
    assert result.response is not None
    return result.response


def told(result: simcord.InteractionResult) -> str:
    """Return the private sentence that came instead of a profile."""
    messages = [*([result.response] if result.response else []), *result.followups]
    assert [one.ephemeral for one in messages] == [True]
    return messages[0].content


async def test_somebody_new_is_told_privately_how_to_start(world: World) -> None:
    result = await world.ann.slash(world.channel, "profile")

    assert result.ephemeral
    embed = shown(result).embeds[0]
    assert embed.title == "Your taste"
    assert "`/rate track`" in (embed.description or "")
    assert shown(result).attachments == []


@pytest.mark.both
async def test_ones_own_profile_is_private_and_a_picture_with_words(world: World) -> None:
    await rate_some(world, world.ann.id)

    result = await world.ann.slash(world.channel, "profile")

    assert result.ephemeral
    embed = shown(result).embeds[0]
    fields = {one.name: one.value or "" for one in embed.fields}
    assert "Tracks" in fields
    assert fields["How obscure"].startswith("Unknown")
    assert fields["From"] == "3 ratings (average 5.0)\nabout 3 tracks"
    assert "Only you see this" in (embed.footer.text or "")
    (picture,) = shown(result).attachments
    assert "radar chart" in (picture.description or "")
    assert "Artists: " in (picture.description or "")
    assert (await picture.read()).startswith(PNG)
    assert embed.image.url is None, "inside an embed Discord would show no alt text"


async def test_ones_own_profile_stays_private_until_it_is_shared(world: World) -> None:
    await rate_some(world, world.ann.id)
    await open_profile(world, world.ann.id)
    own = await world.ann.slash(world.channel, "profile")
    assert own.ephemeral
    await world.restart()

    await world.ann.click(shown(own), label="Share")

    (posted,) = world.channel.history()
    assert posted.content == "Shared by ann"
    assert "radar chart" in (posted.attachments[0].description or "")
    assert not posted.components


async def test_only_ones_own_profile_has_periods(world: World) -> None:
    await rate_some(world, world.ben.id)
    await open_profile(world, world.ben.id)

    week = await world.ben.slash(world.channel, "profile", period="week")
    others = await world.ann.slash(world.channel, "profile", member=world.ben, period="week")

    assert (shown(week).embeds[0].title or "").startswith("Your taste, ")
    assert told(others) == ui.ONLY_YOUR_PERIODS


async def test_others_see_nothing_that_comes_from_listening(world: World) -> None:
    await rate_some(world, world.ben.id)
    await open_profile(world, world.ben.id)
    before = await world.ann.slash(world.channel, "profile", member=world.ben)
    await world.play(world.ben.id, "Secretly Played", days=range(40))

    after = await world.ann.slash(world.channel, "profile", member=world.ben)
    own = await world.ben.slash(world.channel, "profile")

    assert shown(after).embeds == shown(before).embeds
    pictures = [shown(one).attachments[0] for one in (before, after)]
    assert pictures[0].description == pictures[1].description
    assert await pictures[0].read() == await pictures[1].read()
    assert "Secretly Played" in (shown(own).attachments[0].description or "")


async def test_naming_oneself_is_ones_own_profile(world: World) -> None:
    result = await world.ann.slash(world.channel, "profile", member=world.ann)

    assert result.ephemeral
    assert shown(result).embeds[0].title == "Your taste"


@pytest.mark.parametrize("score", [1, 3])
async def test_who_likes_nothing_has_no_picture_and_no_error(world: World, score: int) -> None:
    await rate_some(world, world.ann.id, score=score)

    result = await world.ann.slash(world.channel, "profile")

    assert "know of nothing that you like" in (shown(result).embeds[0].description or "")
    assert shown(result).attachments == []
    assert not shown(result).components


async def test_a_hidden_profile_looks_like_that_of_somebody_unknown(world: World) -> None:
    await rate_some(world, world.ben.id)
    stranger = world.guild.add_member(world.env.create_user("cem"))

    hidden = await world.ann.slash(world.channel, "profile", member=world.ben)
    unknown = await world.ann.slash(world.channel, "profile", member=stranger)

    assert "`/privacy profile`" in told(hidden)
    assert told(hidden) == told(unknown)
    assert world.channel.history() == []


async def test_the_open_profile_of_another_is_shown_to_everybody(world: World) -> None:
    await rate_some(world, world.ben.id)
    await open_profile(world, world.ben.id)

    result = await world.ann.slash(world.channel, "profile", member=world.ben)

    assert not shown(result).ephemeral
    assert shown(result).embeds[0].title == "The taste of ben"
    assert len(shown(result).attachments) == 1


async def test_the_open_profile_of_another_may_be_empty(world: World) -> None:
    await open_profile(world, world.ben.id)

    result = await world.ann.slash(world.channel, "profile", member=world.ben)

    assert "nothing has been rated" in (shown(result).embeds[0].description or "")


async def test_a_profile_that_was_closed_again_is_hidden(world: World) -> None:
    await world.ben.slash(world.channel, "privacy profile", visible=True)
    await world.ben.slash(world.channel, "privacy profile", visible=False)

    result = await world.ann.slash(world.channel, "profile", member=world.ben)

    assert "`/privacy profile`" in told(result)


async def test_somebody_who_left_keeps_an_open_profile(world: World) -> None:
    await rate_some(world, world.ben.id)
    await open_profile(world, world.ben.id)
    world.guild.remove_member(world.ben)

    result = await world.ann.slash(world.channel, "profile", member=world.ben.user)

    assert shown(result).embeds[0].title == "The taste of ben"


async def test_a_bot_has_no_profile(world: World) -> None:
    other = world.guild.add_member(world.env.create_user("jukebox", bot=True))

    result = await world.ann.slash(world.channel, "profile", member=other)

    assert told(result) == ui.BOTS_HAVE_NONE


async def test_a_name_is_shown_as_it_stands(world: World) -> None:
    fan = world.guild.add_member(world.env.create_user("夜*鹿*"))
    await open_profile(world, fan.id)

    result = await world.ann.slash(world.channel, "profile", member=fan)

    assert shown(result).embeds[0].title == r"The taste of 夜\*鹿\*"


async def test_a_profile_works_in_a_direct_message(world: World) -> None:
    await rate_some(world, world.ann.id)

    own = await world.ann.user.slash("profile")

    assert shown(own).embeds[0].title == "Your taste"
    assert len(shown(own).attachments) == 1


async def test_an_open_profile_of_another_works_in_a_direct_message(world: World) -> None:
    await rate_some(world, world.ben.id)
    await open_profile(world, world.ben.id)

    result = await world.ann.user.slash("profile", member=world.ben.user)

    assert shown(result).embeds[0].title == "The taste of ben"


async def test_the_fourth_profile_in_half_a_minute_has_to_wait(world: World) -> None:
    for _ in range(3):
        await world.ann.slash(world.channel, "profile")

    result = await world.ann.slash(world.channel, "profile")

    assert "Try again in" in told(result)
