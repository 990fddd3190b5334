"""`/discover ask:`, a wish in words."""

import json
import logging

import discord
import pytest
from simcord.actors import MemberActor
from simcord.results import InteractionResult, ResponseMessage
from sqlalchemy import func, select

from bot.store.search_updates import SearchUpdates
from bot.store.tables import albums, artists, asked_wishes, tracks
from tests.cogs.conftest import World
from tests.cogs.test_discover import answer, button, latest, posts, rate_some
from tests.cogs.test_start import Presses, are_picks, words
from tests.stored import StoredTrack, add_tracks

SLOW_SAD = {"valence": 0.05, "energy": 0.1, "tempo": 80.0, "instrumentalness": 0.95, "year": 1994}
FAST = {"valence": 0.6, "energy": 0.9, "tempo": 170.0, "instrumentalness": 0.9, "year": 1995}
SUNG = {"valence": 0.06, "energy": 0.1, "tempo": 84.0, "instrumentalness": 0.0, "year": 1993}
LATE = {"valence": 0.04, "energy": 0.1, "tempo": 82.0, "instrumentalness": 0.96, "year": 2012}
SONGS = [
    StoredTrack("Slow Rain", "Lowland", SLOW_SAD, ("dream pop",)),
    StoredTrack("Grey", "Harbour", {**SLOW_SAD, "tempo": 85.0}, ("dream pop",)),
    StoredTrack("Rush", "Comet", FAST, ("dream pop", "techno")),
    StoredTrack("Voices", "Choirboy", SUNG, ("dream pop",)),
    StoredTrack("Lately", "Newcomers", LATE, ("dream pop",)),
    StoredTrack("Beetle Song", "The Beetles", {**SLOW_SAD, "tempo": 90.0}, ("beat",)),
]


@pytest.fixture(autouse=True)
async def _songs(world: World) -> None:
    async with world.database.write() as conn:
        last = {
            table.name: int(await conn.scalar(select(func.max(table.c.id))) or 0)
            for table in (tracks, albums, artists)
        }
        await add_tracks(conn, SONGS)
        await SearchUpdates(conn, last).finish()


async def asked(world: World, words: str, **options: object) -> InteractionResult:
    return await world.ann.slash(world.channel, "discover", ask=words, **options)


def titles(message: discord.Message) -> list[str]:
    return [(one.title or "").rpartition(" · ")[2] for one in message.embeds]


def first_lines(message: discord.Message) -> list[str]:
    return message.content.splitlines()


async def kept(world: World) -> int:
    async with world.database.read() as conn:
        return int(await conn.scalar(select(func.count()).select_from(asked_wishes)) or 0)


def last(result: InteractionResult) -> ResponseMessage:
    """Return what came last, which only the one who asked sees."""
    shown = result.followups[-1] if result.followups else result.response
    assert shown is not None
    assert shown.ephemeral
    return shown


def options_of(shown: ResponseMessage) -> list[dict[str, str]]:
    (row,) = shown.components
    return list(row["components"][0]["options"])


def labeled(message: discord.Message, label: str) -> str:
    """Return the id of the button whose label begins so."""
    return next(
        item.custom_id or ""
        for row in message.components
        for item in getattr(row, "children", ())
        if (item.label or "").startswith(label)
    )


@pytest.mark.both
async def test_a_wish_in_words_is_obeyed_and_told_in_a_line(world: World) -> None:
    await rate_some(world, world.ann)

    await asked(world, "sad dream pop from the 90s, no vocals, not too fast, female vocals")

    found = latest(world)
    assert sorted(titles(found)) == ["Grey", "Slow Rain"]
    assert first_lines(found)[0] == (
        "Understood: sad · instrumental · dream pop · up to 120 BPM · 1990–1999. "
        "Ignored: “female vocals”."
    )


async def test_words_that_turn_no_dial_lift_the_titles_that_hold_them(world: World) -> None:
    await rate_some(world, world.ann)

    await asked(world, "rainy dream pop", count=1)

    assert titles(latest(world)) == ["Slow Rain"]
    assert "Titles and genres with “rainy” count more." in latest(world).content
    why = await world.ann.click(latest(world), custom_id=button(latest(world), "pick:why"))
    assert why.response is not None
    fields = {field.name: field.value or "" for field in why.response.embeds[0].fields}
    assert "the words you asked" in fields["What spoke for it"]


async def test_what_is_not_wanted_stays_away(world: World) -> None:
    await rate_some(world, world.ann)

    await asked(world, "dream pop, no techno, not Lowland, not instrumental")

    assert titles(latest(world)) == ["Voices"]
    assert first_lines(latest(world))[0] == (
        "Understood: with vocals · dream pop · no techno · without Lowland."
    )
    assert "Only 1 track of 3" in latest(world).content


async def test_an_option_counts_more_than_the_words_and_the_answer_says_so(world: World) -> None:
    await rate_some(world, world.ann)

    await asked(world, "5 sad songs from the 80s", years="1990-1999", count=1, genre="dream pop")

    found = latest(world)
    assert len(titles(found)) == 1
    assert first_lines(found)[0] == (
        "Understood: 1 track · sad · dream pop · 1990–1999. "
        "Your `count` and `years` count more than the words."
    )


async def test_more_tracks_than_an_answer_holds_are_said_to_be_too_many(world: World) -> None:
    await rate_some(world, world.ann)

    await asked(world, "20 calm songs")

    assert "20 tracks are more than an answer holds." in latest(world).content
    assert len(titles(latest(world))) == 5


async def test_an_artist_after_like_is_found(world: World) -> None:
    await rate_some(world, world.ann)

    await asked(world, "like Lowland but not too fast", count=1)

    assert "Like **Lowland**." in latest(world).content
    assert titles(latest(world)) != ["Slow Rain"]


async def test_when_it_is_not_sure_who_is_meant_the_bot_asks_and_keeps_the_rest(
    world: World,
) -> None:
    await rate_some(world, world.ann)
    shown = last(await asked(world, "sad dream pop like Lowl, female vocals"))
    choices = options_of(shown)
    assert "Lowland" in choices[0]["label"]
    assert shown.content == "Ignored: “female vocals”.\nWhich one do you mean?"

    await world.restart()
    await world.ann.select(shown, [choices[0]["value"]])

    assert "Understood: sad · dream pop." in latest(world).content
    assert "Like **Lowland**." in latest(world).content
    assert set(titles(latest(world))) <= {"Grey", "Voices", "Lately"}


async def test_who_is_not_wanted_and_nearly_called_like_somebody_is_asked_for(
    world: World,
) -> None:
    await rate_some(world, world.ann)
    shown = last(await asked(world, "sad beat, not the beetle"))
    choices = options_of(shown)
    assert choices[0]["label"] == "The Beetles"

    after = await world.ann.select(shown, [choices[0]["value"]])

    assert after.response is not None
    (empty,) = after.response.embeds
    assert "Understood: sad · beat · without The Beetles." in (empty.description or "")
    assert "is by an artist you left out" in (empty.description or "")
    assert labeled(after.response.message, "Nobody left out")


async def test_who_is_not_wanted_and_unknown_is_said_to_be_ignored(world: World) -> None:
    await rate_some(world, world.ann)

    await asked(world, "sad dream pop without autotune")

    assert "Ignored: “autotune”." in latest(world).content


async def test_an_option_that_is_like_something_goes_with_words(world: World) -> None:
    await rate_some(world, world.ann)

    await asked(world, "sad, like Harbour", like="Lowland")

    assert "Understood: sad." in latest(world).content
    assert "Like **Lowland**." in latest(world).content
    assert "Your `like` counts more than the words." in latest(world).content


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("fast but slow", "“fast” and “slow” cannot both hold. Leave one of them out"),
        ("happy, sad", "“sad” and “happy” cannot both hold."),
        ("before 1980 and after 2000", "“2001 or later” and “1979 or earlier” cannot both hold"),
        ("😭🌧️", "I see no word in that. I know English words for moods"),
        ("x" * 2000, "That is 2,000 characters long; I read wishes of up to 500."),
        ("traurige Musik ohne Gesang", "I know English words for moods"),
        ("quelque chose de triste", "I know English words for moods"),
        ("banana", "I do not understand “banana”. I know English words for moods"),
        ("something", "I understood nothing of that. I know English words for moods"),
        ("like Qwertz Zzyx", "I know no music called “Qwertz Zzyx”."),
        ("sad https://youtu.be/dQw4w9WgXcQ", "Put the link into `like:`"),
        ("shoegaze", "I do not understand “shoegaze”."),
    ],
)
async def test_what_cannot_be_answered_gets_a_sentence_and_a_way_on(
    world: World, typed: str, sentence: str
) -> None:
    await rate_some(world, world.ann)

    result = await asked(world, typed)

    assert sentence in last(result).content
    assert len(answer(result)) <= 2000
    assert await kept(world) == 0
    if "English" in sentence:
        assert "Try `sad drum and bass from the 90s" in answer(result)
        assert " or `3 calm acoustic songs" in answer(result)


async def test_a_genre_the_catalogue_has_not_is_told(world: World) -> None:
    await rate_some(world, world.ann)

    await asked(world, "sad shoegaze or dream pop")

    assert "My catalogue has no genre “shoegaze”." in latest(world).content
    assert "dream pop" in first_lines(latest(world))[0]


async def test_an_empty_answer_can_be_loosened_after_a_restart(world: World) -> None:
    await rate_some(world, world.ann)
    result = await asked(world, "sad dream pop over 150 bpm without Lowland", private=True)
    assert result.ephemeral
    assert result.response is not None
    (empty,) = result.response.embeds
    assert "Understood: sad · dream pop · 150 BPM or more · without Lowland." in (
        empty.description or ""
    )
    message = result.response.message
    await world.restart()
    shown = last(await world.ann.click(message, custom_id=labeled(message, "Any tempo")))

    assert shown.content.startswith("Understood: sad · dream pop · without Lowland.")
    assert shown.embeds


async def test_where_one_part_alone_is_not_too_much_two_can_be_dropped(world: World) -> None:
    await rate_some(world, world.ann)
    result = await asked(world, "sad beat over 150 bpm from the 2010s")
    assert result.response is not None
    (empty,) = result.response.embeds
    assert (empty.fields[0].value or "").startswith("Any year, any genre: ")

    message = result.response.message
    await world.ann.click(message, custom_id=labeled(message, "Any year, any tempo (1)"))

    assert titles(latest(world)) == ["Beetle Song"]
    assert first_lines(latest(world))[0] == "Understood: sad · beat."


async def test_what_if_is_worked_out_for_the_same_words_after_a_restart(world: World) -> None:
    await rate_some(world, world.ann)
    async with world.database.write() as conn:
        await add_tracks(conn, [StoredTrack("Hit", "Star", SLOW_SAD, ("rock",), popularity=90)])
        await add_tracks(conn, [StoredTrack("One", "Few", SLOW_SAD, ("rock",), popularity=9)])
    await asked(world, "sad dream pop under 100 bpm, hardly known", count=1)
    assert latest(world).embeds
    await world.restart()

    why = await world.ann.click(latest(world), custom_id=button(latest(world), "pick:why"))
    assert why.response is not None
    message = why.response.message
    what_if = await world.ann.click(message, custom_id=button(message, "pick:elsewhere"))

    assert "would have been 1st" in answer(what_if) or "would have been 2nd" in answer(what_if)


async def test_more_like_a_pick_of_a_wish_in_words_is_found(world: World) -> None:
    await rate_some(world, world.ann)
    await asked(world, "sad dream pop", count=1)
    await world.restart()

    opened = await world.ann.click(latest(world), custom_id=button(latest(world), "pick:menu"))
    assert opened.response is not None
    message = opened.response.message
    more = await world.ann.click(message, custom_id=button(message, "pick:more"))

    assert more.ephemeral
    assert "Like **" in answer(more)


async def test_a_stranger_is_asked_for_artists_privately_and_then_gets_what_they_asked_for(
    world: World,
) -> None:
    newcomer = Presses(world, world.ben)
    await newcomer.begin(ask="sad, under 100 bpm, no vocals")
    assert "Which artists do you love?" in words(newcomer.message)
    assert posts(world) == []

    await newcomer.press("start:artist")
    await world.restart()
    await newcomer.press("start:picks")

    assert are_picks(newcomer.message)
    assert newcomer.message.content.startswith("Understood: sad · instrumental · up to 100 BPM.")


async def test_a_stranger_who_names_a_genre_gets_picks_of_it_at_once(world: World) -> None:
    result = await world.ben.slash(world.channel, "discover", ask="dream pop from the 90s")

    assert result.ephemeral
    assert "Understood: dream pop · 1990–1999." in answer(result)


async def test_what_is_asked_privately_is_seen_by_nobody_else_and_stands_in_no_log(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    await rate_some(world, world.ann)
    before = len(world.channel.history())

    result = await asked(world, "sad songs for zygomatic heartbreak", private=True)
    await asked(world, "zygomatic", private=True)

    assert result.ephemeral
    assert "Ignored: “zygomatic”." in answer(result)
    assert len(world.channel.history()) == before
    ours = [one for one in caplog.records if one.name.startswith(("bot", "cogs"))]
    assert not any("zygomatic" in one.getMessage() for one in ours)


async def rows_about(world: World, actor: MemberActor) -> str:
    result = await actor.slash(world.channel, "privacy show")
    assert result.response is not None
    return result.response.embeds[0].fields[0].value or ""


async def test_what_was_asked_is_shown_by_privacy_kept_without_the_text_and_deleted(
    world: World,
) -> None:
    await rate_some(world, world.ann)
    await asked(world, "sad zygomatic dream pop over 150 bpm")
    message = latest(world)
    assert "1 wish you asked for in words" in await rows_about(world, world.ann)
    assert "in words" not in await rows_about(world, world.ben)
    async with world.database.read() as conn:
        row = (await conn.execute(select(asked_wishes))).one()
    assert "zygomatic" not in row.asked + row.wish
    assert json.loads(row.asked)["moods"] == ["sad"]

    await world.bot().services.privacy.delete(world.ann.id)

    assert await kept(world) == 0
    gone = await world.ben.click(message, custom_id=button(message, "again"))
    assert "I no longer keep that wish. `/discover ask:` takes a new one." in answer(gone)


async def test_a_public_button_answers_whoever_presses_by_their_own_taste(world: World) -> None:
    await rate_some(world, world.ann)
    await rate_some(world, world.ben, count=2)
    await asked(world, "sad dream pop over 150 bpm")
    message = latest(world)

    await world.ben.click(message, custom_id=labeled(message, "Any tempo"))

    assert latest(world).content.startswith("Understood: sad · dream pop.")
    assert await kept(world) == 1


@pytest.mark.parametrize("words", ["no explicit lyrics", "sad dream pop, nothing explicit"])
async def test_who_wants_nothing_explicit_is_told_where_that_is_said(
    world: World, words: str
) -> None:
    await rate_some(world, world.ann)

    said = await asked(world, words)

    shown = said.followups[-1] if said.followups else said.response
    assert shown is not None
    assert "`/settings me` leaves out what is explicit" in shown.content
