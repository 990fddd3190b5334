"""`/mute` and `/settings me`: what somebody does not want to be shown, and nobody else learns."""

import re
from typing import Any

import discord
import pytest
from simcord.actors import MemberActor
from simcord.results import InteractionResult
from sqlalchemy import select, update

from bot.core.catalog import Sort
from bot.core.models import FeedbackKind, Subject, SubjectKind
from bot.core.promotion import PromotionKind
from bot.core.ranking import Discovery, Wish
from bot.core.taste import MONTH
from bot.store import feedback, listeners, promotions
from bot.store.tables import tracks
from bot.ui import mute_list, mutes, ratings, wishes
from tests.cogs.conftest import World
from tests.cogs.test_answers import ids
from tests.cogs.test_discover import (
    answer,
    button,
    latest,
    posts,
    pressed_in_menu,
    rate_some,
)
from tests.cogs.test_stored import post, press
from tests.stored import StoredTrack, add_tracks, next_version

pytestmark = pytest.mark.usefixtures("world")
LOUD = {"energy": 0.9, "valence": 0.4, "danceability": 0.5, "tempo": 120.0}


async def add_band(world: World, name: str, *titles: str, **facts: object) -> tuple[int, list[int]]:
    """Store songs by a band that sounds as what Ann loves; return its id and theirs."""
    async with world.database.write() as conn:
        found = await add_tracks(
            conn, [StoredTrack(one, name, {**LOUD, **facts}, ("metal",)) for one in titles]
        )
    catalog = await world.bot().services.catalog.get()
    return int(catalog.artist_ids[catalog.rows_of(found)][0]), found


@pytest.fixture
async def bands(world: World) -> dict[str, int]:
    """Ten bands of the same sound, one of which Ann loves; their ids by name."""
    names = [f"Band {letter}" for letter in "ABCDEFGHIJ"]
    found = {name: (await add_band(world, name, f"Song of {name}", "Other"))[0] for name in names}
    _, (loved, *_) = await add_band(world, "Loved Band", "Loved Song")
    await world.ann.slash(world.channel, "rate track", track=f"track:{loved}", score=5)
    return found


async def picked(world: World, actor: MemberActor, count: int = 5, **more: Any) -> list[str]:
    """Return the artists that somebody is shown next."""
    found = await world.bot().services.recommender.discover(
        actor.id, Wish(count=count, obscurity=0, repeats=True, **more), guild_id=world.guild.id
    )
    assert isinstance(found, Discovery)
    return [one.track.artist for one in found.picks]


def view_of(result: InteractionResult) -> discord.Message:
    assert result.ephemeral
    last = result.followups[-1] if result.followups else result.response
    assert last is not None
    return last.message


def embed_text(message: discord.Message) -> str:
    (embed,) = message.embeds
    return f"{embed.description} {' '.join(f'{one.name} {one.value}' for one in embed.fields)}"


def menu_id(message: discord.Message) -> str:
    return next(
        item.custom_id
        for row in message.components
        for item in getattr(row, "children", ())
        if isinstance(item, discord.SelectMenu)
    )


async def choose(world: World, custom_id: str, value: str, actor: MemberActor) -> InteractionResult:
    """Choose from a menu that stands where everybody can press it."""
    menu: discord.ui.Select[discord.ui.View] = discord.ui.Select(
        custom_id=custom_id, options=[discord.SelectOption(label="Forged", value=value)]
    )
    return await actor.select(await post(world, menu), [value], custom_id=custom_id)


# ------------------------------------------------------------------------------------ artists


@pytest.mark.both
async def test_a_muted_artist_is_in_no_answer_until_it_is_taken_back(
    world: World, bands: dict[str, int]
) -> None:
    first = (await picked(world, world.ann))[0]
    others = await picked(world, world.ben, like=Subject(SubjectKind.ARTIST, bands["Band A"]))

    said = await world.ann.slash(world.channel, "mute artist", artist=first)
    await world.restart()

    assert answer(said).startswith(f"You will not be shown **{first}** again: nothing by them")
    assert first not in await picked(world, world.ann)
    assert others == await picked(
        world, world.ben, like=Subject(SubjectKind.ARTIST, bands["Band A"])
    ), "it is nobody else's mute"
    shown = view_of(await world.ann.slash(world.channel, "mute show"))
    assert f"🎤 **{first}** · for ever" in embed_text(shown)
    await world.ann.select(shown, [f"artist:{bands[first]}"], custom_id=menu_id(shown))
    assert first in await picked(world, world.ann)


async def test_thirty_days_end_by_themselves(world: World, bands: dict[str, int]) -> None:
    first = (await picked(world, world.ann))[0]

    said = await world.ann.slash(
        world.channel, "mute artist", artist=f"artist:{bands[first]}", **{"for": MONTH}
    )

    assert f"You will not be shown **{first}** for 30 days, until <t:" in answer(said)
    assert first not in await picked(world, world.ann)
    world.clock.move(days=29)
    assert first not in await picked(world, world.ann)
    world.clock.move(days=1)
    assert first in await picked(world, world.ann)
    shown = view_of(await world.ann.slash(world.channel, "mute show"))
    assert first not in embed_text(shown)


async def test_muting_twice_changes_nothing_and_the_last_length_counts(
    world: World, bands: dict[str, int]
) -> None:
    artist = f"artist:{bands['Band A']}"
    await world.ann.slash(world.channel, "mute artist", artist=artist)

    twice = await world.ann.slash(world.channel, "mute artist", artist=artist)
    shorter = await world.ann.slash(world.channel, "mute artist", artist=artist, **{"for": MONTH})

    assert "is muted for ever already, so nothing has changed" in answer(twice)
    assert "Before, they were muted for ever." in answer(shorter)
    async with world.database.read() as conn:
        assert [one.value for one in await feedback.mutes(conn, world.ann.id)] == [MONTH]
    world.clock.move(days=31)
    again = await world.ann.slash(world.channel, "mute artist", artist=artist)
    assert "Before" not in answer(again)


async def test_to_mute_whom_one_loves_keeps_the_taste_and_names_the_way_back(
    world: World, bands: dict[str, int]
) -> None:
    loved = "Loved Band"
    await world.ann.slash(world.channel, "rate artist", artist=loved, score=5)
    tastes, catalog = world.bot().services.tastes, await world.bot().services.catalog.get()
    before = (await tastes.of(catalog, world.ann.id)).profile.to_blob()

    said = await world.ann.slash(world.channel, "mute artist", artist=loved)

    assert "You gave them 5 of 5 and like 1 track of theirs: that stays" in answer(said)
    assert "If it was a slip, press *Show them again*." in answer(said)
    assert (await tastes.of(catalog, world.ann.id)).profile.to_blob() == before
    rated = await world.ann.slash(world.channel, "rate artist", artist=loved, score=4)
    assert "You have muted them, so you are still not shown them" in answer(rated)
    back = button(view_of(said), "mute:back")
    await world.ann.click(view_of(said), custom_id=back)
    assert view_of(said).content == "You may be shown **Loved Band** again."
    twice = await press(world, back)
    assert "That is not muted (any more)." in answer(twice)


async def test_undo_takes_the_last_mute_back_and_says_so(
    world: World, bands: dict[str, int]
) -> None:
    artist = f"artist:{bands['Band A']}"
    await world.ann.slash(world.channel, "mute artist", artist=artist, **{"for": MONTH})

    undone = await world.ann.slash(world.channel, "undo")

    assert answer(undone) == (
        "Taken back: not for 30 days for **Band A**. They may be shown to you again."
    )
    async with world.database.read() as conn:
        assert await feedback.mutes(conn, world.ann.id) == []
    await world.ann.slash(world.channel, "mute artist", artist=artist)
    await world.ann.slash(world.channel, "mute artist", artist=artist, **{"for": MONTH})
    earlier = await world.ann.slash(world.channel, "undo")
    assert answer(earlier).endswith("Your earlier never again counts again.")


async def test_an_unknown_artist_is_not_muted_and_a_vague_name_is_asked_about(
    world: World, bands: dict[str, int]
) -> None:
    unknown = await world.ann.slash(world.channel, "mute artist", artist="Nobody Xqz")
    vague = await world.ann.slash(world.channel, "mute artist", artist="Band", **{"for": MONTH})

    assert "I know no artist like that. Check the spelling" in answer(unknown)
    assert answer(vague) == mutes.WHICH
    message = view_of(vague)
    stranger = await choose(world, menu_id(message), f"artist:{bands['Band A']}", world.ben)
    assert answer(stranger) == mute_list.NOT_YOURS
    await world.restart()
    async with world.database.read() as conn:
        assert await feedback.mutes(conn, world.ann.id) == []
    await world.ann.select(message, [f"artist:{bands['Band A']}"], custom_id=menu_id(message))
    async with world.database.read() as conn:
        (entry,) = await feedback.mutes(conn, world.ann.id)
    assert (entry.subject.id, entry.value) == (bands["Band A"], MONTH)


async def test_none_of_those_who_may_be_meant_mutes_nobody(
    world: World, bands: dict[str, int]
) -> None:
    message = view_of(await world.ann.slash(world.channel, "mute artist", artist="Band"))

    await world.ann.select(message, ["none"], custom_id=menu_id(message))

    async with world.database.read() as conn:
        assert await feedback.mutes(conn, world.ann.id) == []


async def test_a_name_that_is_the_whole_of_one_mutes_no_namesake(
    world: World, bands: dict[str, int]
) -> None:
    namesake, _ = await add_band(world, "Band A Orchestra", "Overture")

    await world.ann.slash(world.channel, "mute artist", artist="band a")

    async with world.database.read() as conn:
        (entry,) = await feedback.mutes(conn, world.ann.id)
    assert entry.subject.id == bands["Band A"] != namesake


async def test_a_guest_is_muted_with_everything_they_sing_on(
    world: World, bands: dict[str, int]
) -> None:
    async with world.database.write() as conn:
        version = await next_version(conn)
        own = tracks.c.artist_id == bands["Band B"]
        credit = {"artist_credit": "Band B feat. Band A", "version": version}
        await conn.execute(update(tracks).where(own).values(credit))

    await world.ann.slash(world.channel, "mute artist", artist="Band A")

    assert not {"Band A", "Band B"} & set(await picked(world, world.ann, count=5))


# ------------------------------------------------------------------------ menus under the picks


async def test_menu_and_why_mute_for_a_month_and_a_version_for_ever(world: World) -> None:
    await rate_some(world, world.ann)
    await world.ann.slash(world.channel, "discover", count=1)
    track_id = int(ids(latest(world), "pick:up")[0].split(":")[2])

    month = await pressed_in_menu(world, world.ben, "pick:rest")
    version = await pressed_in_menu(world, world.ben, "pick:version")
    opened = await world.ann.click(latest(world), custom_id=button(latest(world), "pick:why"))
    why = view_of(opened)
    ever = await world.ann.click(why, custom_id=button(why, "pick:never"))

    assert "for 30 days, until <t:" in answer(month)
    assert "You will not be shown this version of **" in answer(version)
    assert "You will not be shown **" in answer(ever)
    async with world.database.read() as conn:
        of_ben = await feedback.mutes(conn, world.ben.id)
        (of_ann,) = await feedback.mutes(conn, world.ann.id)
    assert [one.value for one in of_ben] == [MONTH, 0]
    assert of_ben[1].subject == Subject(SubjectKind.TRACK, track_id)
    assert of_ann.value == 0
    shown = view_of(await world.ben.slash(world.channel, "mute show"))
    assert "🎵 This version of **" in embed_text(shown)
    stranger = await press(world, button(view_of(version), "mute:back"))
    assert answer(stranger) == mute_list.NOT_YOURS


async def test_a_version_that_is_muted_makes_room_for_another_of_the_song(world: World) -> None:
    _, (studio, live) = await add_band(world, "Low", "Words", "Words (Live)")
    await rate_some(world, world.ann)
    wish = Wish(count=5, obscurity=0, like=Subject(SubjectKind.TRACK, studio), repeats=True)

    await world.bot().services.muting.mute(world.ann.id, Subject(SubjectKind.TRACK, live))

    found = await world.bot().services.recommender.discover(
        world.ann.id, wish, guild_id=world.guild.id
    )
    assert isinstance(found, Discovery)
    assert live not in [one.track.id for one in found.picks]


# ------------------------------------------------------------------------------ what is left out


async def test_a_private_answer_names_who_was_left_out_and_a_public_one_only_counts(
    world: World, bands: dict[str, int]
) -> None:
    first, second, *_ = await picked(world, world.ann)
    for name in (first, second):
        await world.ann.slash(world.channel, "mute artist", artist=name)
    world.clock.move(hours=2)

    private = await world.ann.slash(world.channel, "discover", count=5, obscurity=0, private=True)
    await world.ann.slash(world.channel, "discover", count=5, obscurity=0)

    assert re.search(r"-# \d left out, because you muted \*\*", answer(private))
    assert f"**{first}**" in answer(private).splitlines()[-2]
    public = latest(world).content
    assert re.search(r"-# \d left out, because you muted them: `/mute show`\.", public)
    assert first not in public
    assert second not in public


async def test_similar_leaves_the_muted_out_and_counts_them(
    world: World, bands: dict[str, int]
) -> None:
    song = await song_of(world, bands["Band A"])
    before = await world.bot().services.recommender.similar(world.ann.id, song)
    nearest = before.picks[0].track.artist

    await world.ann.slash(world.channel, "mute artist", artist=nearest)
    said = await world.ann.slash(world.channel, "similar", track=f"track:{song}", private=True)

    assert f"1 left out, because you muted **{nearest}**: `/mute show`." in answer(said)
    after = await world.bot().services.recommender.similar(world.ann.id, song)
    assert nearest not in [one.track.artist for one in after.picks]


async def test_nothing_left_says_that_it_is_muted(world: World, bands: dict[str, int]) -> None:
    for number in bands.values():
        await world.bot().services.muting.mute(world.ann.id, Subject(SubjectKind.ARTIST, number))

    said = await world.ann.slash(
        world.channel, "discover", genre="metal", obscurity=0, private=True
    )

    text = embed_text(view_of(said))
    assert "20 are by artists you muted" in text
    assert "`/mute show` and `/settings me` take back" in text


async def test_a_playlist_of_likes_leaves_the_muted_out(
    world: World, bands: dict[str, int]
) -> None:
    await rate_some(world, world.ann)
    await world.ann.slash(world.channel, "mute artist", artist="Loved Band")

    made = await world.ann.slash(world.channel, "playlist")

    assert made.response is not None
    (embed,) = made.response.embeds
    assert "Loved Song" not in (embed.description or "")
    assert "1 left out, because you muted them: /mute show" in (embed.footer.text or "")


async def test_a_promotion_by_who_is_muted_is_not_shown(
    world: World, bands: dict[str, int]
) -> None:
    artist, (song,) = await add_band(world, "Promoted", "Here I Am")
    async with world.database.write() as conn:
        await listeners.ensure(conn, world.ben.id, now=world.clock.now())
        one = await promotions.add(
            conn, world.ben.id, guild_id=world.guild.id, url="https://low.bandcamp.com", text="x",
            track_ids=[song], kind=PromotionKind.TRACK, now=world.clock.now(),
        )  # fmt: skip
        await promotions.set_posted(conn, one.id, 900, channel_id=world.channel.id)
    assert "Promoted" in await picked(world, world.ann, count=5)

    await world.bot().services.muting.mute(world.ann.id, Subject(SubjectKind.ARTIST, artist))

    for _ in range(3):
        assert "Promoted" not in await picked(world, world.ann, count=5)


async def test_a_track_at_the_start_is_by_nobody_who_is_muted(world: World) -> None:
    recommender = world.bot().services.recommender
    first = await recommender.start_card(world.ben.id)
    await recommender.dropped([first])
    again = await recommender.start_card(world.ben.id)
    await recommender.dropped([again])

    muting, artist = world.bot().services.muting, Subject(SubjectKind.ARTIST, first.track.artist_id)
    await muting.mute(world.ben.id, artist)
    other = await recommender.start_card(world.ben.id)

    assert again.track.id == first.track.id
    assert other.track.artist_id != first.track.artist_id


# -------------------------------------------------------------------------------- just rated


async def artists_of(world: World, **wish: Any) -> list[str]:
    """Return the artists of Ann's next answer, as `/discover` gives it."""
    recommender = world.bot().services.recommender
    found = await recommender.discover(
        world.ann.id, Wish(count=5, obscurity=0, **wish), guild_id=world.guild.id
    )
    assert isinstance(found, Discovery)
    return [one.track.artist for one in found.picks]


async def song_of(world: World, artist_id: int) -> int:
    async with world.database.read() as conn:
        query = select(tracks.c.id).where(tracks.c.artist_id == artist_id).order_by(tracks.c.id)
        return int(await conn.scalar(query) or 0)


@pytest.mark.both
async def test_who_was_just_rated_does_not_come_straight_back(
    world: World, bands: dict[str, int]
) -> None:
    song = await song_of(world, bands["Band A"])
    await world.ann.slash(world.channel, "rate track", track=f"track:{song}", score=5)

    first = await artists_of(world)
    world.clock.move(minutes=1)
    second = await artists_of(world)

    assert "Band A" not in first
    assert "Band A" in second, "only the very next answer is without them"


async def test_who_was_just_rated_comes_when_asked_for_or_an_hour_later(
    world: World, bands: dict[str, int]
) -> None:
    song = await song_of(world, bands["Band A"])
    await world.ann.slash(world.channel, "rate track", track=f"track:{song}", score=5)
    like = Subject(SubjectKind.TRACK, song)

    asked = await artists_of(world, like=like, private=True)
    world.clock.move(minutes=1)
    await world.ann.slash(world.channel, "rate artist", artist="Band B", score=5)
    world.clock.move(hours=1, minutes=1)
    later = await artists_of(world)

    assert "Band A" in asked
    assert "Band B" in later


# ------------------------------------------------------------------------------ standing wishes


@pytest.mark.both
async def test_no_live_no_instrumental_and_nothing_explicit_hold_until_they_are_turned_back(
    world: World,
) -> None:
    await rate_some(world, world.ann)
    _, (live, *_) = await add_band(world, "Stage", "Words (Live)")
    _, (silent, *_) = await add_band(world, "Silent", "Words (Instrumental)")
    _, (rude, *_) = await add_band(world, "Rude", "Words", explicit=True)
    _, (known, *_) = await add_band(world, "Known", "Words", explicit=False)
    every = {live, silent, rude}
    card = view_of(await world.ann.slash(world.channel, "settings me"))
    assert "✅ **Live recordings** are shown (title, album or" in embed_text(card)
    assert "counts as not explicit, not live, not instrumental and not made by AI" in embed_text(
        card
    )

    for sort in ("live", "instrumental", "explicit"):
        await world.ann.click(card, custom_id=button(card, f"me:{world.ann.id}:{sort}"))
    await world.restart()

    catalog = await world.bot().services.catalog.get()
    taste = await world.bot().services.tastes.of(catalog, world.ann.id)
    unwanted = taste.mutes.at(world.clock.now()).rows(catalog)
    assert every <= set(catalog.track_ids[unwanted].tolist())
    assert known not in catalog.track_ids[unwanted]
    again = view_of(await world.ann.slash(world.channel, "settings me"))
    assert embed_text(again).count("are never shown") == 3
    listed = view_of(await world.ann.slash(world.channel, "mute show"))
    assert "No live recordings, no instrumentals and nothing explicit" in embed_text(listed)
    undone = await world.ann.slash(world.channel, "undo")
    assert answer(undone) == (
        "Taken back: never again for **explicit tracks**. They may be shown to you again."
    )
    await world.ann.click(again, custom_id=button(again, f"me:{world.ann.id}:live"))
    taste = await world.bot().services.tastes.of(catalog, world.ann.id)
    left = set(catalog.track_ids[taste.mutes.at(world.clock.now()).rows(catalog)].tolist())
    assert silent in left
    assert not {live, rude} & left


async def test_a_wish_says_in_the_answer_what_it_left_out(world: World) -> None:
    await add_band(world, "Loved", "One")
    names = [f"Stage {number}" for number in range(6)]
    for name in names:
        await add_band(world, name, "Words (Live)")
    await world.ann.slash(world.channel, "rate artist", artist="Loved", score=5)
    card = view_of(await world.ann.slash(world.channel, "settings me"))
    await world.ann.click(card, custom_id=button(card, f"me:{world.ann.id}:live"))

    said = await world.ann.slash(world.channel, "discover", count=3, obscurity=0, private=True)

    assert re.search(
        r"-# \d left out, because you want no live recordings: `/settings me`\.", answer(said)
    )


async def test_the_card_is_turned_by_its_owner_alone_and_twice_is_once(world: World) -> None:
    card = view_of(await world.ann.slash(world.channel, "settings me"))
    toggle = button(card, f"me:{world.ann.id}:live")

    stranger = await press(world, toggle, world.ben)
    await world.ann.click(card, custom_id=toggle)
    await world.bot().services.muting.want(world.ann.id, Sort.LIVE, wanted=False)

    assert answer(stranger) == wishes.NOT_YOUR_CARD
    async with world.database.read() as conn:
        assert len(await feedback.mutes(conn, world.ann.id)) == 1
        assert await feedback.mutes(conn, world.ben.id) == []


async def test_everybody_has_settings_me_also_in_direct_messages(world: World) -> None:
    result = await world.ann.slash(world.channel, "settings me")

    assert result.ephemeral
    assert "What you are shown" in (view_of(result).embeds[0].title or "")
    assert "settings me" in world.ann.user.available_commands()


# -------------------------------------------------------------------------------------- /mute show


async def test_a_long_list_has_pages_and_each_takes_back_its_own(
    world: World, bands: dict[str, int]
) -> None:
    for name in [*bands, "Loved Band"]:
        await world.ann.slash(world.channel, "mute artist", artist=name)
        world.clock.move(minutes=1)
    result = await world.ann.slash(world.channel, "mute show")
    shown = view_of(result)
    assert "Loved Band" in embed_text(shown)
    assert "Band A" not in embed_text(shown)
    older = button(shown, f"mute:list:{world.ann.id}:1")

    stranger = await press(world, older, world.ben)
    await world.ann.click(shown, custom_id=older)

    assert answer(stranger) == mute_list.NOT_YOURS
    shown = view_of(result)
    assert "Page 2 of 2" in (shown.embeds[0].footer.text or "")
    assert "Band A" in embed_text(shown)
    await world.ann.select(shown, [f"artist:{bands['Band A']}"], custom_id=menu_id(shown))
    shown = view_of(result)
    assert "You may be shown **Band A** again." in shown.content
    assert "Loved Band" in embed_text(shown)


async def test_nothing_muted_says_how_to_mute(world: World) -> None:
    shown = view_of(await world.ann.slash(world.channel, "mute show"))

    assert "You have muted nothing" in embed_text(shown)
    assert shown.components == []


@pytest.mark.parametrize("value", ["artist:x", "sorcery:1", "away:99999999999999999999"])
async def test_a_list_of_another_version_is_answered_with_a_sentence(
    world: World, bands: dict[str, int], value: str
) -> None:
    await world.ann.slash(world.channel, "mute artist", artist="Band A")
    shown = view_of(await world.ann.slash(world.channel, "mute show"))

    result = await choose(world, menu_id(shown), value, world.ann)

    assert "no longer works" in answer(result)


async def test_history_lists_mutes_beside_what_was_said(
    world: World, bands: dict[str, int]
) -> None:
    await world.ann.slash(world.channel, "rate artist", artist="Band A", score=2)
    await world.ann.slash(world.channel, "mute artist", artist="Band A")

    history = await world.ann.slash(world.channel, "history")

    text = embed_text(view_of(history))
    assert f"{ratings.KINDS[SubjectKind.ARTIST]} never again **Band A**" in text
    assert "★★☆☆☆ **Band A**" in text


# ----------------------------------------------------------------------------- deletion and export


async def test_everything_muted_is_gone_after_a_deletion(
    world: World, bands: dict[str, int]
) -> None:
    first = (await picked(world, world.ann))[0]
    await world.ann.slash(world.channel, "mute artist", artist=first)

    await world.bot().services.privacy.delete(world.ann.id)

    async with world.database.read() as conn:
        assert await feedback.mutes(conn, world.ann.id) == []
    shown = view_of(await world.ann.slash(world.channel, "mute show"))
    assert "You have muted nothing" in embed_text(shown)
    assert posts(world) == []


async def test_an_older_mute_does_not_come_back_when_the_newer_one_is_lifted(
    world: World, bands: dict[str, int]
) -> None:
    muting, subject = world.bot().services.muting, Subject(SubjectKind.ARTIST, bands["Band A"])
    await muting.mute(world.ann.id, subject)
    await muting.mute(world.ann.id, subject, MONTH)

    await muting.lift(world.ann.id, subject)

    assert await muting.of(world.ann.id) == ()
    async with world.database.read() as conn:
        kinds = [one.kind for one in await feedback.all_counting(conn, world.ann.id)]
    assert FeedbackKind.MUTE not in kinds


@pytest.mark.parametrize("count", [0, 1], ids=["nothing left", "fewer than asked for"])
async def test_an_answer_that_others_read_does_not_tell_what_sort_somebody_mutes(
    world: World, count: int
) -> None:
    await add_band(world, "Loved", "One")
    for number in range(3):
        await add_band(world, f"Stage {number}", "Words (Live)")
    await add_band(world, "Silent", "Words (Instrumental)")
    for title in ["Words"][:count]:
        await add_band(world, "Studio", title)
    await world.ann.slash(world.channel, "rate artist", artist="Loved", score=5)
    await world.ann.slash(world.channel, "mute artist", artist="Stage 0")
    for sort in (Sort.LIVE, Sort.INSTRUMENTAL):
        await world.bot().services.muting.want(world.ann.id, sort, wanted=False)

    await world.ann.slash(world.channel, "discover", genre="metal", obscurity=0)
    private = await world.ann.slash(
        world.channel, "discover", genre="metal", obscurity=0, private=True
    )

    shown = world.channel.history()[-1]
    public = shown.content + str([one.to_dict() for one in shown.embeds])
    assert "are something you muted" in public
    assert not re.search(r"live recording|instrumental|by artists? you muted", public)
    own = answer(private) + str([one.to_dict() for one in view_of(private).embeds])
    assert "live recordings, which you do not want" in own
