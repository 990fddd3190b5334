"""Blind auditions: what listeners, others and artists see of them."""

import re
import sqlite3
from contextlib import closing
from datetime import timedelta

import discord
import pytest
from simcord.actors import MemberActor
from simcord.results import InteractionResult

from bot.core.models import Subject, SubjectKind, Track
from bot.core.promotion.auditions import PENDING_FOR
from bot.store import auditions, feedback, listeners, picks, promotions
from tests.cogs.conftest import World
from tests.cogs.test_discover import answer, button, cards, labels, posts, rate_some, taste_of
from tests.stored import next_version

TITLE = "🎧 Blind audition"


async def promote(
    world: World, track_id: int, artist: MemberActor | None = None, *, sound: bytes | None = None
) -> int:
    """Promote a track in the server, as an upload would, and return the promotion."""
    user = artist or world.ben
    async with world.database.write() as conn:
        await listeners.ensure(conn, user.id, now=world.clock.now())
        one = await promotions.add(
            conn,
            user.id,
            guild_id=world.guild.id,
            url="https://low.bandcamp.com",
            text="Quiet songs for rain",
            track_ids=[track_id],
            now=world.clock.now(),
        )
        await promotions.set_posted(conn, one.id, 900 + one.id, channel_id=1)
        if sound is not None:
            await promotions.keep_excerpt(conn, one.id, sound)
    return one.id


async def near_tracks(world: World, actor: MemberActor, *, count: int = 3) -> list[Track]:
    """Return tracks that somebody loves, each by an artist of its own."""
    services = world.bot().services
    similar = await services.recommender.similar(actor.id, 1, count=20)
    return [card.track for card in similar.picks[:count]]


async def newcomer(world: World, name: str) -> MemberActor:
    """Return a listener with a taste who hears auditions."""
    actor = world.guild.add_member(world.env.create_user(name))
    await rate_some(world, actor)
    await actor.slash(world.channel, "audition join")
    return actor


async def hear(world: World, actor: MemberActor) -> discord.Message | None:
    """Ask for music; return the audition that came with it."""
    before = {message.id for message in posts(world)}
    await actor.slash(world.channel, "discover", count=5)
    new = [message for message in posts(world) if message.id not in before]
    blind = [message for message in new if message.embeds[0].title == TITLE]
    assert len(blind) <= 1
    return blind[0] if blind else None


async def heard(world: World, actor: MemberActor) -> discord.Message:
    found = await hear(world, actor)
    assert found is not None
    return found


def titles(world: World) -> list[str]:
    return [re.sub("^[1-5] · ", "", embed.title or "") for embed in cards(world)]


def now_of(world: World, message: discord.Message) -> discord.Message:
    return next(one for one in posts(world) if one.id == message.id)


def reveal(result: InteractionResult) -> discord.Message:
    """Return the message that tells the listener alone whose an audition was."""
    (shown,) = [one for one in result.followups if one.embeds]
    assert shown.ephemeral
    return shown.message


def everything(message: discord.Message) -> str:
    """Return all that a message shows or carries, but for the link that says what it gives away."""
    parts = [message.content, *(str(embed.to_dict()) for embed in message.embeds)]
    parts += [f"{one.label} {one.custom_id}" for one in buttons(message) if not one.url]
    return " ".join(parts)


def buttons(message: discord.Message) -> list[discord.Button]:
    return [
        item
        for row in message.components
        for item in getattr(row, "children", ())
        if isinstance(item, discord.Button)
    ]


@pytest.fixture
async def ready(world: World) -> Track:
    """Ann has a taste and hears auditions; Ben promoted a track near to her."""
    await rate_some(world, world.ann)
    await world.ann.slash(world.channel, "audition join")
    (track,) = await near_tracks(world, world.ann, count=1)
    await promote(world, track.id)
    return track


async def test_an_audition_tells_how_it_sounds_and_nothing_that_names_it(
    world: World, ready: Track
) -> None:
    message = await heard(world, world.ann)

    embed = message.embeds[0]
    assert posts(world)[-1].id == message.id
    assert "It sounds **" in (embed.description or "")
    assert "You hear it because" in (embed.description or "")
    assert "For ann" in (embed.footer.text or "")
    for secret in (ready.title, ready.artist, *(one.value for one in ready.external_ids)):
        assert secret not in everything(message)
    assert embed.url is None
    assert embed.thumbnail.url is None


@pytest.mark.both
async def test_the_verdict_reveals_the_track_and_counts_for_the_taste(
    world: World, ready: Track
) -> None:
    message = await heard(world, world.ann)
    before = await taste_of(world, world.ann)

    as_it_was = everything(message)
    result = await world.ann.click(message, custom_id=button(message, "audition:"))

    shown = reveal(result)
    assert everything(now_of(world, message)) == as_it_was
    assert shown.embeds[0].title == ready.title
    assert ready.artist in (shown.embeds[0].description or "")
    assert (shown.embeds[0].author.name or "").startswith("📣 Promoted")
    assert set(labels(shown)) == {"up", "down", "play", "why", "menu"}
    assert "Counted" in answer(result)
    assert await taste_of(world, world.ann) != before
    async with world.database.read() as conn:
        (entry,) = [
            one for one in await feedback.counting(conn, world.ann.id) if one.subject.id == ready.id
        ]
        assert (entry.value, entry.source, entry.message_id) == (1, "button", message.id)
        assert await auditions.judged_counts(conn, world.guild.id) == {world.ann.id: 1}


async def test_nobody_reads_in_the_channel_that_an_audition_was_judged(
    world: World, ready: Track
) -> None:
    message = await heard(world, world.ann)
    as_it_was = everything(message)
    cara = world.guild.add_member(world.env.create_user("cara"))

    await world.ann.click(message, custom_id=button(message, "audition:"))
    await cara.react(message, "👍")
    await world.ann.slash(world.channel, "undo")
    await world.ann.click(message, custom_id=button(message, "audition:"))

    assert everything(now_of(world, message)) == as_it_was
    assert ready.title not in everything(now_of(world, message))
    async with world.database.read() as conn:
        assert await feedback.counting(conn, cara.id) == []


async def test_an_audition_is_for_its_listener_only(world: World, ready: Track) -> None:
    message = await heard(world, world.ann)

    result = await world.ben.click(message, custom_id=button(message, "audition:"))
    await world.ben.react(message, "👎")

    assert "made for somebody else" in answer(result)
    assert now_of(world, message).embeds[0].title == TITLE
    async with world.database.read() as conn:
        assert await feedback.counting(conn, world.ben.id) == []


async def test_a_reaction_of_the_listener_counts_the_same(world: World, ready: Track) -> None:
    message = await heard(world, world.ann)

    await world.ann.react(message, "👎")

    assert now_of(world, message).embeds[0].title == TITLE
    async with world.database.read() as conn:
        assert await auditions.judged_counts(conn, world.guild.id) == {world.ann.id: 1}
    await world.ann.unreact(message, "👎")
    async with world.database.read() as conn:
        assert await auditions.judged_counts(conn, world.guild.id) == {}


@pytest.mark.parametrize("name", ["Find similar", "Rate this"])
async def test_the_menus_of_its_message_give_nothing_away(
    world: World, ready: Track, name: str
) -> None:
    message = await heard(world, world.ann)

    result = await world.ben.context_menu(world.channel, name, target=message)

    assert ready.title not in answer(result)
    assert answer(result).startswith("I see no link to a track")


async def test_an_audition_outlives_a_restart(world: World, ready: Track) -> None:
    message = await heard(world, world.ann)
    await world.restart()

    result = await world.ann.click(message, custom_id=button(message, "audition:"))

    assert reveal(result).embeds[0].title == ready.title


async def test_undo_takes_the_verdict_back_but_not_the_name(world: World, ready: Track) -> None:
    message = await heard(world, world.ann)
    shown = reveal(await world.ann.click(message, custom_id=button(message, "audition:")))

    result = await world.ann.slash(world.channel, "undo")

    assert ready.title in answer(result)
    await world.ann.click(shown, custom_id=button(shown, "pick:up"))
    async with world.database.read() as conn:
        assert await auditions.judged_counts(conn, world.guild.id) == {}
        said = await feedback.counting(conn, world.ann.id)
    assert [one.value for one in said if one.subject.id == ready.id] == [1]


async def test_a_later_word_changes_the_taste_and_not_the_audition(
    world: World, ready: Track
) -> None:
    message = await heard(world, world.ann)
    shown = reveal(await world.ann.click(message, custom_id=button(message, "audition:")))

    await world.ann.click(shown, custom_id=button(shown, "pick:down"))

    async with world.database.read() as conn:
        (said,) = await auditions.judged(conn, [1])
        (entry,) = [
            one for one in await feedback.counting(conn, world.ann.id) if one.subject.id == ready.id
        ]
    assert (said.value, entry.value) == (1, -1)


async def test_a_track_that_was_removed_meanwhile_is_told(world: World, ready: Track) -> None:
    message = await heard(world, world.ann)
    assert world.database.file is not None
    with closing(sqlite3.connect(world.database.file)) as other, other:
        other.execute("DELETE FROM tracks WHERE id = ?", (ready.id,))
    async with world.database.write() as conn:
        await next_version(conn)

    result = await world.ann.click(message, custom_id=button(message, "audition:"))
    await world.ann.react(message, "👍")

    assert "not in my catalogue any more" in answer(result)
    assert now_of(world, message).embeds[0].title == TITLE


async def test_an_audition_of_a_deleted_listener_is_told(world: World, ready: Track) -> None:
    message = await heard(world, world.ann)
    async with world.database.write() as conn:
        await listeners.delete_everything(conn, world.ann.id, now=world.clock.now())

    result = await world.ann.click(message, custom_id=button(message, "audition:"))

    assert "This audition is over" in answer(result)
    assert ready.title not in everything(now_of(world, message))


async def test_a_kept_excerpt_is_attached_under_a_neutral_name(world: World) -> None:
    await rate_some(world, world.ann)
    await world.ann.slash(world.channel, "audition join")
    (track,) = await near_tracks(world, world.ann, count=1)
    await promote(world, track.id, sound=b"OggS" + bytes(100))

    message = await heard(world, world.ann)

    (file,) = message.attachments
    assert file.filename == "audition.ogg"
    assert file.description == "An excerpt of the track, without its name"
    assert not any(one.url for one in buttons(message))
    await world.ann.click(message, custom_id=button(message, "audition:"))
    assert len(now_of(world, message).attachments) == 1


@pytest.mark.usefixtures("ready")
async def test_without_an_excerpt_the_link_says_that_it_shows_the_name(world: World) -> None:
    message = await heard(world, world.ann)

    (link,) = [one for one in buttons(message) if one.url]
    assert link.label == "Listen (shows the name)"


async def test_who_did_not_join_meets_the_track_by_its_name(world: World) -> None:
    await rate_some(world, world.ann)
    (track,) = await near_tracks(world, world.ann, count=1)
    await promote(world, track.id)

    assert await hear(world, world.ann) is None

    assert track.title in titles(world)


@pytest.mark.usefixtures("ready")
async def test_an_artist_never_gets_their_own(world: World) -> None:
    await rate_some(world, world.ben)
    await world.ben.slash(world.channel, "audition join")

    assert await hear(world, world.ben) is None


async def test_there_is_one_audition_at_a_time_and_each_promotion_once(
    world: World, ready: Track
) -> None:
    tracks = await near_tracks(world, world.ann)
    await promote(world, tracks[1].id)
    first = await heard(world, world.ann)

    assert await hear(world, world.ann) is None
    world.clock.move(seconds=(PENDING_FOR + timedelta(hours=1)).total_seconds())
    second = await heard(world, world.ann)
    told = [reveal(await world.ann.click(second, custom_id=button(second, "audition:")))]
    third = await hear(world, world.ann)

    assert third is None
    assert now_of(world, first).embeds[0].title == TITLE
    told.append(reveal(await world.ann.click(first, custom_id=button(first, "audition:"))))
    assert {one.embeds[0].title for one in told} == {
        ready.title,
        tracks[1].title,
    }


async def test_a_track_far_from_the_taste_comes_when_a_week_is_over(world: World) -> None:
    await rate_some(world, world.ann)
    await world.ann.slash(world.channel, "audition join")
    recommender = world.bot().services.recommender
    catalog_now = await world.bot().services.catalog.get()
    cards = [
        await recommender.why(world.ann.id, 0, int(track_id))
        for track_id in catalog_now.track_ids[20:140:4]
    ]
    far = min((card for card, _ in cards), key=lambda card: card.explanation.similarity)
    await promote(world, far.track.id)

    assert await hear(world, world.ann) is None
    assert far.track.title not in titles(world)
    world.clock.move(days=7)
    message = await heard(world, world.ann)

    assert "every promotion here is heard" in (message.embeds[0].description or "")


async def judged_by(world: World, names: str, *, down: str = "") -> None:
    """Let newcomers hear the next audition and judge it."""
    for name in names:
        actor = await newcomer(world, f"listener-{name}")
        message = await heard(world, actor)
        verdict = "down" if name in down else "up"
        custom_id = button(message, "audition:").replace(":up", f":{verdict}")
        await actor.click(message, custom_id=custom_id)


def result_field(result: InteractionResult) -> str:
    assert result.ephemeral
    assert result.response is not None
    return result.response.embeds[0].fields[0].value or ""


@pytest.mark.usefixtures("ready")
async def test_results_begin_with_five_listeners_and_name_nobody(world: World) -> None:
    await judged_by(world, "abcd", down="b")
    early = result_field(await world.ben.slash(world.channel, "audition results"))
    assert early.startswith("Not enough listeners yet: fewer than 5.")

    await judged_by(world, "e", down="e")
    result = await world.ben.slash(world.channel, "audition results")

    told = result_field(result)  # who likes one artist more than others weighs a little less
    assert told.startswith("👍 **57 %** of 5 listeners (21 % to 87 %); expected ")
    assert result.response is not None
    assert "listener-" not in str(result.response.embeds[0].to_dict())


async def test_no_more_than_the_guaranteed_hearings_unless_they_are_earned(
    world: World, ready: Track
) -> None:
    await judged_by(world, "abcde")
    assert await hear(world, world.ann) is None
    assert ready.title in titles(world)

    await rate_some(world, world.ben)
    await world.ben.slash(world.channel, "audition join")
    cara = world.guild.add_member(world.env.create_user("cara"))
    other = (await near_tracks(world, world.ben))[2]
    await promote(world, other.id, cara)
    message = await heard(world, world.ben)
    await world.ben.click(message, custom_id=button(message, "audition:"))

    status = await world.ben.slash(world.channel, "audition status")
    assert "You judged **1** in this server." in answer(status)
    assert "earned **1** more" in answer(status)


@pytest.mark.usefixtures("ready")
async def test_who_is_forgotten_before_anything_is_told_takes_their_verdict_along(
    world: World,
) -> None:
    await judged_by(world, "abcde")
    async with world.database.write() as conn:
        heard_by = await auditions.judged(conn, [1])
        await listeners.delete_everything(conn, heard_by[0].user_id, now=world.clock.now())

    told = result_field(await world.ben.slash(world.channel, "audition results"))

    assert told.startswith("Not enough listeners yet: fewer than 5.")


@pytest.mark.usefixtures("ready")
async def test_all_of_one_opinion_is_not_told(world: World) -> None:
    await judged_by(world, "abcde")

    told = result_field(await world.ben.slash(world.channel, "audition results"))

    assert told.startswith("👍 **at least 80 %** of 5 listeners (")


async def test_results_are_for_who_promoted_something(world: World) -> None:
    result = await world.ann.slash(world.channel, "audition results")

    assert "You have promoted nothing here yet" in answer(result)


async def test_join_and_leave_say_what_is_the_case(world: World) -> None:
    found = [
        answer(await world.ann.slash(world.channel, f"audition {word}"))
        for word in ("leave", "join", "join", "status", "leave", "status")
    ]

    assert [text.split(".")[0] for text in found] == [
        "You hear no auditions",
        "You now hear blind auditions",
        "You have joined already",
        "You hear blind auditions",
        "You will hear no more auditions",
        "You hear no auditions",
    ]


@pytest.mark.usefixtures("ready")
async def test_auditions_stand_in_the_privacy_list_and_go_with_the_rest(world: World) -> None:
    await heard(world, world.ann)

    result = await world.ann.slash(world.channel, "privacy show")

    assert result.response is not None
    kept = result.response.embeds[0].fields[0].value or ""
    assert "1 blind audition you heard (you joined them)" in kept


@pytest.mark.usefixtures("ready")
async def test_a_private_audition_is_revealed_privately(world: World) -> None:
    result = await world.ann.slash(world.channel, "discover", count=5, private=True)
    message = result.followups[-1].message
    assert message.embeds[0].title == TITLE

    pressed = await world.ann.click(message, custom_id=button(message, "audition:"))

    assert "Counted" in answer(pressed)
    async with world.database.read() as conn:
        assert await picks.subjects_of(conn, message.id)


async def test_nothing_by_who_is_muted_is_heard_blind(world: World, ready: Track) -> None:
    muting, subject = world.bot().services.muting, Subject(SubjectKind.ARTIST, ready.artist_id)

    await muting.mute(world.ann.id, subject)
    muted = await hear(world, world.ann)
    await muting.lift(world.ann.id, subject)

    assert muted is None
    assert ready.title not in titles(world)
    assert await hear(world, world.ann) is not None
