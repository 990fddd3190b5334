import asyncio
import re
from contextlib import AsyncExitStack

import discord
import pytest
from simcord.actors import MemberActor
from simcord.results import InteractionResult
from sqlalchemy import text

from bot.app import Options
from bot.core.models import Subject, SubjectKind
from bot.services.discover.line import SLOTS
from bot.store import feedback, picks, tastes
from tests.cogs.conftest import World
from tests.stored import StoredTrack, add_tracks, let_artists_be_known


async def rate_some(world: World, actor: MemberActor, *, count: int = 3) -> None:
    """Let somebody love the first tracks of the catalogue."""
    for number in range(1, count + 1):
        await actor.slash(world.channel, "rate track", track=f"track:{number}", score=5)


async def taste_of(world: World, actor: MemberActor) -> bytes | None:
    """Return the taste that is kept of somebody when the bot has caught up."""
    await world.bot().services.tastes.catch_up()
    async with world.database.read() as conn:
        kept = await tastes.read(conn, actor.id)
    return None if kept is None else kept.vector + kept.rest


def posts(world: World) -> list[discord.Message]:
    return [message for message in world.channel.history() if message.components]


def cards(world: World) -> list[discord.Embed]:
    """Return the embed of every pick that was posted."""
    return [one for message in posts(world) if "play" in labels(message) for one in message.embeds]


def labels(message: discord.Message) -> dict[str, str | None]:
    """Return the label of each button by what its id begins with; of the last pick."""
    return {
        (item.custom_id or "").split(":")[1]: item.label
        for row in message.components
        for item in getattr(row, "children", ())
        if isinstance(item, discord.Button) and item.custom_id
    }


def latest(world: World) -> discord.Message:
    return posts(world)[-1]


def button(message: discord.Message, action: str) -> str:
    return (
        next(
            item.custom_id
            for row in message.components
            for item in getattr(row, "children", ())
            if isinstance(item, discord.Button) and (item.custom_id or "").startswith(action)
        )
        or ""
    )


async def pressed_in_menu(world: World, actor: MemberActor, action: str) -> InteractionResult:
    """Open ⋯ under the latest pick, and press something there."""
    opened = await actor.click(latest(world), custom_id=button(latest(world), "pick:menu"))
    assert opened.ephemeral
    assert opened.response is not None
    message = opened.response.message
    return await actor.click(message, custom_id=button(message, action))


def answer(result: InteractionResult) -> str:
    assert result.followups or result.response
    last = result.followups[-1] if result.followups else result.response
    assert last is not None
    return last.content


@pytest.mark.both
async def test_an_answer_is_one_message_with_a_row_of_buttons_for_each_pick(world: World) -> None:
    await rate_some(world, world.ann)

    await world.ann.slash(world.channel, "discover", count=4)

    found = posts(world)
    assert len(found) == 1
    assert len({embed.title for embed in found[0].embeds}) == 4
    for number, embed in enumerate(found[0].embeds, start=1):
        lines = (embed.description or "").splitlines()
        assert (embed.title or "").startswith(f"{number} · ")
        assert len(lines) == 3
        assert "as you like it" in lines[1] or "Close to" in lines[1]
        assert lines[2].startswith("An artist nobody counts · ")
        assert not embed.fields
    rows = [[item.label for item in row.children] for row in found[0].components]  # type: ignore[union-attr]
    assert rows == [[f"{one} 👍", None, "▶", "Why", "⋯"] for one in (1, 2, 3, 4)]


async def test_discover_says_when_nobody_counts_any_artist(world: World) -> None:
    await rate_some(world, world.ann)

    await world.ann.slash(world.channel, "discover", obscurity=70)

    assert posts(world)[0].content.splitlines()[0] == (
        "Nobody counts these artists, so the dial of obscurity can change nothing."
    )


async def add_fame(world: World) -> None:
    """Store a star with a hit and a deep cut, two artists few know, and one nobody counts."""
    known = [("Hit", "Star", 95), ("B-Side", "Star", 2), ("One", "Small", 3), ("Two", "Little", 4)]
    async with world.database.write() as conn:
        await add_tracks(
            conn,
            [
                StoredTrack(
                    title,
                    artist,
                    {"energy": 0.99 if title == "Hit" else 0.4, "tempo": 100.0},
                    ("dream pop",),
                    popularity=value,
                )
                for title, artist, value in [*known, ("Three", "Nobody", None)]
            ],
        )


def known_as(world: World) -> dict[str, str]:
    """Return how well known each pick is called, by its title."""
    return {
        (embed.title or "").rpartition(" · ")[2]: (embed.description or "")
        .splitlines()[-1]
        .split(" · ")[0]
        for embed in cards(world)
    }


async def test_the_answer_counts_artists_by_fame_and_marks_deep_cuts_and_guesses(
    world: World,
) -> None:
    await add_fame(world)
    await rate_some(world, world.ann)

    await world.ann.slash(world.channel, "discover", obscurity=70, count=4, genre="dream pop")

    assert posts(world)[0].content.splitlines()[0] == (
        "Obscurity 70: 3 of 4 by artists outside the best-known 30 %; 1 deep cut; "
        "1 artist nobody counts."
    )
    assert known_as(world) == {
        "One": "An artist hardly anybody knows",
        "Two": "An artist few know",
        "Three": "An artist nobody counts",
        "B-Side": "A deep cut by a well-known artist",
    }


async def test_deep_cuts_come_alone_when_asked_and_the_filter_can_be_dropped(world: World) -> None:
    await add_fame(world)
    await rate_some(world, world.ann)

    await world.ann.slash(world.channel, "discover", count=2, genre="dream pop", deep_cuts="only")
    assert known_as(world) == {"B-Side": "A deep cut by a well-known artist"}
    assert posts(world)[0].content.startswith(
        "Obscurity 60: only deep cuts, which are little-known songs by famous artists. "
        "Only 1 track of 2"
    )

    result = await world.ann.slash(world.channel, "discover", mood="energetic", deep_cuts="only")
    assert result.response is not None
    (empty,) = result.response.embeds
    assert "are no little-known songs by famous artists" in (empty.description or "")
    message = result.response.message
    assert any((one or "").startswith("Not only deep cuts") for one in labels(message).values())
    before = len(known_as(world))
    await world.ann.click(message, custom_id=button(message, "again"))
    assert len(known_as(world)) > before


async def test_a_thumb_is_counted_once_and_changes_the_taste(world: World) -> None:
    await rate_some(world, world.ann)
    await world.ann.slash(world.channel, "discover", count=1)
    before = await taste_of(world, world.ann)

    result = await world.ann.click(latest(world), custom_id=button(latest(world), "pick:up"))

    assert "Counted" in answer(result)
    assert labels(latest(world))["up"] == "1"
    assert await taste_of(world, world.ann) != before
    again = await world.ann.click(latest(world), custom_id=button(latest(world), "pick:up"))
    assert "counts only once" in answer(again)
    assert labels(latest(world))["up"] == "1"


async def test_the_last_thumb_counts_whether_button_or_reaction(world: World) -> None:
    await rate_some(world, world.ann)
    await world.ann.slash(world.channel, "discover", count=1)

    await world.ann.react(latest(world), "👍")
    assert labels(latest(world)) | {"up": "1", "down": None} == labels(latest(world))
    await world.ann.click(latest(world), custom_id=button(latest(world), "pick:down"))

    assert labels(latest(world)) | {"up": None, "down": "1"} == labels(latest(world))
    await world.ann.unreact(latest(world), "👍")
    assert labels(latest(world)) | {"up": None, "down": "1"} == labels(latest(world))


async def test_taking_a_reaction_back_restores_the_taste_exactly(world: World) -> None:
    await rate_some(world, world.ann)
    await world.ann.slash(world.channel, "discover", count=1)
    before = await taste_of(world, world.ann)

    await world.ann.react(latest(world), "👎")
    assert await taste_of(world, world.ann) != before
    await world.ann.unreact(latest(world), "👎")

    assert await taste_of(world, world.ann) == before
    assert labels(latest(world))["down"] is None


async def test_anybody_may_react_each_for_their_own_taste(world: World) -> None:
    await rate_some(world, world.ann)
    await world.ann.slash(world.channel, "discover", count=1)
    anns = await taste_of(world, world.ann)

    await world.ben.react(latest(world), "👍🏽")

    assert await taste_of(world, world.ben) is not None
    assert await taste_of(world, world.ann) == anns
    assert labels(latest(world))["up"] == "1"


async def test_reactions_to_other_messages_and_with_other_emoji_do_not_count(world: World) -> None:
    await rate_some(world, world.ann)
    await world.ann.slash(world.channel, "discover", count=1)
    chatter = await world.ben.send(world.channel, "hello")

    await world.ben.react(chatter, "👍")
    await world.ben.react(latest(world), "🎉")

    async with world.database.read() as conn:
        assert await feedback.counting(conn, world.ben.id) == []


async def test_buttons_and_reactions_work_on_posts_from_before_a_restart(world: World) -> None:
    await rate_some(world, world.ann)
    await world.ann.slash(world.channel, "discover", count=1)
    await world.restart()

    await world.ann.click(latest(world), custom_id=button(latest(world), "pick:up"))
    await world.ben.react(latest(world), "👎")

    assert labels(latest(world)) | {"up": "1", "down": "1"} == labels(latest(world))
    result = await world.ann.click(latest(world), custom_id=button(latest(world), "pick:why"))
    assert result.response is not None
    assert result.response.embeds[0].fields[0].name == "What spoke for it"


async def asked_why(world: World, actor: MemberActor) -> discord.Message:
    result = await actor.click(latest(world), custom_id=button(latest(world), "pick:why"))
    assert result.response is not None
    assert result.response.ephemeral
    return result.response.message


async def test_the_numbers_behind_why_add_up_to_the_score_also_after_a_restart(
    world: World,
) -> None:
    await rate_some(world, world.ann)
    await world.ann.slash(world.channel, "discover", count=1)
    told = await asked_why(world, world.ann)
    await world.restart()

    result = await world.ann.click(told, custom_id=button(told, "pick:numbers"))

    assert result.response is not None
    assert result.response.ephemeral
    table = (result.response.embeds[0].description or "").strip("`\n").splitlines()
    values = [float(line.rsplit(maxsplit=1)[1]) for line in table]
    assert sum(values[:-1]) == pytest.approx(values[-1], abs=0.0005 * len(values))


async def test_why_tells_somebody_else_how_it_fits_them_and_not_the_listener(world: World) -> None:
    await rate_some(world, world.ann)
    await world.ann.slash(world.channel, "discover", count=1)

    result = await world.ben.click(latest(world), custom_id=button(latest(world), "pick:why"))

    assert result.response is not None
    assert "You have not rated anything yet" in (result.response.embeds[0].description or "")
    assert "numbers" not in labels(result.response.message)


async def test_where_it_stood_at_another_dial_is_worked_out_when_asked_for_the_listener_alone(
    world: World,
) -> None:
    await let_artists_be_known(world.database)
    await rate_some(world, world.ann)
    await rate_some(world, world.ben)
    await world.ann.slash(world.channel, "discover", count=1)
    told = await asked_why(world, world.ann)
    others = await asked_why(world, world.ben)

    result = await world.ann.click(told, custom_id=button(told, "pick:elsewhere"))

    assert result.response is not None
    assert result.response.ephemeral
    assert re.search(r"With the dial at 0, .* it would ", result.response.content)
    assert "elsewhere" not in labels(others)


async def test_of_a_pick_that_was_deleted_the_buttons_say_so(world: World) -> None:
    await let_artists_be_known(world.database)
    await rate_some(world, world.ann)
    await world.ann.slash(world.channel, "discover", count=1)
    told = await asked_why(world, world.ann)
    await world.bot().services.privacy.delete(world.ann.id)

    result = await world.ann.click(told, custom_id=button(told, "pick:elsewhere"))

    assert result.response is not None
    assert "I no longer keep that pick" in result.response.content


async def test_more_like_this_shows_similar_tracks_privately(world: World) -> None:
    await rate_some(world, world.ann)
    await world.ann.slash(world.channel, "discover", count=1)

    result = await pressed_in_menu(world, world.ben, "pick:more")

    assert result.ephemeral
    assert result.response is not None
    assert result.response.content.startswith("Like **")
    assert len(result.response.embeds) == 3


async def test_nothing_is_shown_twice(world: World) -> None:
    await rate_some(world, world.ann)
    for _ in range(3):
        await world.ann.slash(world.channel, "discover", count=5)

    titles = [(embed.title or "").partition(" · ")[2] for embed in cards(world)]
    assert len(titles) == len(set(titles)) == 15


async def test_what_was_shown_may_come_again_after_30_days(world: World) -> None:
    await rate_some(world, world.ann)
    world.clock.move(hours=2)  # none of it was rated just now
    await world.ann.slash(world.channel, "discover", count=5)
    first = {embed.title for embed in cards(world)}
    world.clock.move(days=31)

    await world.ann.slash(world.channel, "discover", count=5)

    assert {embed.title for embed in cards(world)[5:]} == first


async def test_an_empty_list_says_why_and_offers_to_loosen_it(world: World) -> None:
    await rate_some(world, world.ann)

    result = await world.ann.slash(world.channel, "discover", years="1950s")

    assert result.response is not None
    embed = result.response.embeds[0]
    assert embed.title == "Nothing is left"
    assert "left out: no year known" in (embed.description or "")
    await world.restart()
    await world.ann.click(
        result.response.message, custom_id=button(result.response.message, "again")
    )
    assert len(cards(world)) == 3


async def test_years_that_make_no_sense_get_a_sentence(world: World) -> None:
    result = await world.ann.slash(world.channel, "discover", years="yesterday")

    assert "I do not understand these years" in answer(result)


async def test_a_genre_nobody_knows_gets_the_names_of_some(world: World) -> None:
    result = await world.ann.slash(world.channel, "discover", genre="polka-doom")

    assert "I do not know a genre of that name. Try one of:" in answer(result)


async def test_discover_in_a_mood_shows_only_that_mood(world: World) -> None:
    await rate_some(world, world.ann)

    await world.ann.slash(world.channel, "discover", mood="energetic", count=5)

    assert len(cards(world)) == 5


async def test_like_an_artist_finds_others(world: World) -> None:
    hits = await world.ann.autocomplete(world.channel, "discover", "like", "daniel roux")
    result = await world.ann.slash(world.channel, "discover", like=hits[0]["value"])

    assert result.acknowledged
    assert posts(world)[0].content.startswith("Like **Daniel Roux**")
    assert not any("**Daniel Roux**" in (one.description or "") for one in cards(world))


async def test_a_failed_post_is_not_counted_as_shown(world: World) -> None:
    await rate_some(world, world.ann)
    world.env.inject_error("*", "/webhooks/*/*", status=500, times=None)

    await world.ann.slash(world.channel, "discover", count=2)

    kept = await world.bot().services.privacy.show(world.ann.id)
    assert kept.recommendations == 0
    world.expected_errors.append(discord.HTTPException)


async def test_similar_takes_a_title(world: World) -> None:
    result = await world.ann.slash(world.channel, "similar", track="Urban Warfare")

    assert result.response is not None
    assert result.response.content.startswith("Like **Urban Warfare**")


async def test_similar_says_what_to_do_about_an_unknown_track(world: World) -> None:
    result = await world.ann.slash(world.channel, "similar", track="zzzz qqqq xxxx")

    assert "I know no track like that" in answer(result)


@pytest.mark.parametrize("text", ["x" * 4000, "🎉", '"*NEAR(', "track:99999999", "  "])
async def test_similar_survives_any_text(world: World, text: str) -> None:
    result = await world.ann.slash(world.channel, "similar", track=text)

    assert answer(result)


async def test_find_similar_works_on_a_pick(world: World) -> None:
    await rate_some(world, world.ann)
    await world.ann.slash(world.channel, "discover", count=1)

    result = await world.ben.context_menu(world.channel, "Find similar", target=latest(world))

    assert result.ephemeral
    assert result.response is not None
    assert result.response.content.startswith("Like **")


async def test_find_similar_says_when_a_message_holds_no_link(world: World) -> None:
    message = await world.ben.send(world.channel, "just words")

    result = await world.ann.context_menu(world.channel, "Find similar", target=message)

    assert "no link to a track" in answer(result)


async def test_find_similar_says_when_the_linked_track_is_unknown(world: World) -> None:
    message = await world.ben.send(
        world.channel, "listen: https://open.spotify.com/track/6f807x0ima9a1j3VPbc7VN?si=1"
    )

    result = await world.ann.context_menu(world.channel, "Find similar", target=message)

    assert "not in my catalogue" in answer(result)


async def test_discover_works_in_a_direct_message(world: World) -> None:
    user = world.env.create_user("dora")
    await user.slash("rate track", track="track:5", score=5)

    result = await user.slash("discover", count=1)

    assert result.response is not None
    assert result.response.embeds[0].title


class TestSeededReactions:
    @pytest.fixture
    def options(self) -> Options:
        return Options(seed_reactions=True)

    async def test_the_bots_own_thumbs_do_not_count(self, world: World) -> None:
        await rate_some(world, world.ann)

        await world.ann.slash(world.channel, "discover", count=1)

        assert [str(reaction.emoji) for reaction in latest(world).reactions] == ["👍", "👎"]
        assert labels(latest(world)) | {"up": None, "down": None} == labels(latest(world))


async def test_taking_a_reaction_back_leaves_the_button_pressed_after_it(world: World) -> None:
    await rate_some(world, world.ann)
    await world.ann.slash(world.channel, "discover", count=1)

    await world.ann.react(latest(world), "👍")
    await world.ann.click(latest(world), custom_id=button(latest(world), "pick:up"))
    await world.ann.unreact(latest(world), "👍")

    assert labels(latest(world))["up"] == "1"


async def test_a_thumb_counts_even_when_its_message_cannot_be_edited(world: World) -> None:
    await rate_some(world, world.ann)
    await world.ann.slash(world.channel, "discover", count=1)
    world.env.inject_error("PATCH", "/webhooks/*", status=404)

    result = await world.ann.click(latest(world), custom_id=button(latest(world), "pick:up"))

    assert "Counted" in answer(result)
    assert (await world.bot().services.privacy.show(world.ann.id)).feedback == 4


async def test_moods_are_offered_as_words(world: World) -> None:
    tree = world.bot().tree
    command = tree.get_command("discover")
    assert isinstance(command, discord.app_commands.Command)

    (mood,) = [one for one in command.parameters if one.name == "mood"]
    assert "calm" in [choice.name for choice in mood.choices]


async def test_a_reaction_that_comes_before_the_post_is_noted_is_not_lost(world: World) -> None:
    await rate_some(world, world.ann)
    await world.ann.slash(world.channel, "discover", count=1)
    post = latest(world)
    async with world.database.write() as conn:
        await conn.execute(text("delete from posts"))

    with world.bot().posts.under_way(world.channel.id):
        reaction = asyncio.create_task(world.ben.react(post, "👍"))
        while not latest(world).reactions:  # noqa: ASYNC110  (Discord rings no bell)
            await asyncio.sleep(0)
        for _ in range(20):  # long enough for the bot to look for the post, if it did not wait
            await world.bot().services.feedback.shown_in(post.id)
        async with world.database.write() as conn:
            await picks.note_post(conn, post.id, Subject(SubjectKind.TRACK, 5))
    await reaction

    assert (await world.bot().services.privacy.show(world.ben.id)).feedback == 1


async def test_where_many_ask_one_is_told_the_place_in_line_and_then_answered_there(
    world: World,
) -> None:
    await rate_some(world, world.ann)
    line = world.bot().services.recommender.line
    line.takes_s = 20.0
    seen: list[str] = []
    async with AsyncExitStack() as stack:
        for _ in range(SLOTS):
            await stack.enter_async_context(line.turn())
        asking = asyncio.create_task(world.ann.slash(world.channel, "discover", count=1))
        while not seen:
            seen += [one.content for one in world.channel.history() if "in line" in one.content]
            await asyncio.sleep(0.01)
    result = await asking

    assert seen[0] == (
        "Many are asking just now: you are 1st in line. Your answer comes here in about 5 seconds."
    )
    assert posts(world)
    assert not [one for one in world.channel.history() if "in line" in one.content]
    assert result is not None


async def test_where_far_too_many_ask_the_others_are_told_to_come_later(world: World) -> None:
    await rate_some(world, world.ann)
    line = world.bot().services.recommender.line
    line.takes_s = 1000.0
    async with AsyncExitStack() as stack:
        for _ in range(SLOTS):
            await stack.enter_async_context(line.turn())
        result = await world.ann.slash(world.channel, "discover", count=1)

    assert "Too many are asking just now" in answer(result)
    assert posts(world) == []
