"""The first minutes: from `/discover` to the first picks, without knowing anything."""

from typing import Any

import discord
import pytest
from simcord.actors import MemberActor
from simcord.backend.errors import SetupError
from simcord.results import InteractionResult, ResponseMessage

from bot.core.models import FeedbackKind, SubjectKind
from bot.core.ranking import Wish
from bot.store import feedback
from bot.ui import pick_buttons, start
from tests.cogs.conftest import World
from tests.cogs.test_discover import answer, rate_some, taste_of

ARTISTS = "start:artist"


def shown(result: InteractionResult) -> ResponseMessage:
    """Return the private message of a start as it stands."""
    assert result.ephemeral
    assert result.response is not None
    return result.response


def items(message: ResponseMessage) -> list[dict[str, Any]]:
    """Return the buttons and menus of a message."""
    return [item for row in message.components for item in row["components"]]


def ids(message: ResponseMessage, beginning: str) -> list[str]:
    return [
        one["custom_id"] for one in items(message) if one.get("custom_id", "").startswith(beginning)
    ]


def words(message: ResponseMessage) -> str:
    """Return all that a message says."""
    parts = [message.content or ""]
    for embed in message.embeds:
        parts += [embed.title or "", embed.description or "", embed.author.name or ""]
    return "\n".join(parts)


def are_picks(message: ResponseMessage) -> bool:
    return bool(ids(message, "pick:up"))


class Presses:
    """A newcomer who counts what they press after the command."""

    def __init__(self, world: World, actor: MemberActor) -> None:
        self.world = world
        self.actor = actor
        self.count = 0
        self.message: ResponseMessage

    async def begin(self, command: str = "discover", **options: Any) -> None:
        result = await self.actor.slash(self.world.channel, command, **options)
        self.message = shown(result)

    async def press(self, beginning: str, place: int = 0) -> InteractionResult:
        self.count += 1
        custom_id = ids(self.message, beginning)[place]
        result = await self.actor.click(self.message, custom_id=custom_id)
        self._seen(result)
        return result

    async def fill_in(self, beginning: str, **values: str) -> InteractionResult:
        form = await self.press(beginning)
        self.count += 1
        result = await self.actor.submit_modal(form, values)
        self._seen(result)
        return result

    async def choose(self, *values: str) -> None:
        self.count += 1
        (menu,) = ids(self.message, "start:meant")
        self._seen(await self.actor.select(self.message, list(values), custom_id=menu))

    def _seen(self, result: InteractionResult) -> None:
        if result.response is not None and result.response.id == self.message.id:
            self.message = result.response


async def favorites(world: World, actor: MemberActor) -> list[int]:
    async with world.database.read() as conn:
        said = await feedback.counting(conn, actor.id)
    assert all(one.subject.kind is SubjectKind.ARTIST for one in said)
    assert all(one.kind is FeedbackKind.SEED for one in said)
    return [one.subject.id for one in said]


async def artist_names(world: World, *numbers: int) -> list[str]:
    """Return the names of some artists of the catalogue."""
    tracks = [await world.bot().services.recommender.card(number) for number in numbers]
    return [track.artist for track in tracks]


@pytest.fixture
def ann(world: World) -> Presses:
    return Presses(world, world.ann)


@pytest.mark.both
async def test_from_discover_to_the_first_picks_it_takes_two_presses(ann: Presses) -> None:
    await ann.begin()
    assert "Which artists do you love?" in words(ann.message)
    assert len(ids(ann.message, ARTISTS)) == 5

    await ann.press(ARTISTS)
    assert "noted" in words(ann.message)
    await ann.press("start:picks")

    assert are_picks(ann.message)
    assert len(ann.message.embeds) == 3
    assert ann.count == 2


@pytest.mark.both
async def test_the_third_artist_brings_the_picks_by_itself(world: World, ann: Presses) -> None:
    await ann.begin()

    for place in range(3):
        assert not are_picks(ann.message)
        await ann.press(ARTISTS, place)

    assert are_picks(ann.message)
    assert ann.count == 3
    assert len(await favorites(world, world.ann)) == 3
    assert words(ann.message).splitlines()[0] != ""
    assert "For somebody who loves **" in words(ann.message)


async def test_three_names_are_two_presses_and_the_picks_fit_them(
    world: World, ann: Presses
) -> None:
    names = await artist_names(world, 1, 40, 200)
    await ann.begin()

    await ann.fill_in("start:name", artist0=names[0], artist1=names[1].upper(), artist2=names[2])

    assert are_picks(ann.message)
    assert ann.count == 2
    assert len(await favorites(world, world.ann)) == 3
    assert all(
        "Close to" in (one.description or "") or "as you like" in (one.description or "")
        for one in ann.message.embeds
    )


async def test_the_start_and_its_picks_are_private_though_discover_is_public(
    world: World, ann: Presses
) -> None:
    await ann.begin()
    with pytest.raises(SetupError):  # it is private: Discord shows it to nobody else
        await world.ben.click(ann.message, custom_id=ids(ann.message, ARTISTS)[0])

    await ann.press(ARTISTS)
    await ann.press("start:picks")

    assert world.channel.history() == []
    assert await favorites(world, world.ben) == []


@pytest.mark.parametrize("score", [1, 3])
async def test_who_likes_nothing_yet_begins_privately_too(world: World, score: int) -> None:
    await world.ann.slash(world.channel, "rate track", track="track:1", score=score)

    result = await world.ann.slash(world.channel, "discover")

    assert result.followups
    assert result.followups[-1].ephemeral
    assert "nothing that you like" in (result.followups[-1].embeds[0].description or "")
    assert [one for one in world.channel.history() if one.embeds] == []


async def test_a_taste_needs_no_start_and_the_answer_is_public(world: World) -> None:
    await rate_some(world, world.ann)

    result = await world.ann.slash(world.channel, "discover")

    assert not result.ephemeral
    assert len(world.channel.history()) == 1


async def test_favorites_stand_in_the_history_and_undo_takes_them_back(
    world: World, ann: Presses
) -> None:
    await ann.begin()
    await ann.press(ARTISTS, 0)
    before = await taste_of(world, world.ann)
    await ann.press(ARTISTS, 1)
    history = await world.ann.slash(world.channel, "history")
    assert history.response is not None
    assert (history.response.embeds[0].description or "").count("chosen") == 2

    undone = await world.ann.slash(world.channel, "undo")

    assert "Taken back: chosen for" in answer(undone)
    assert len(await favorites(world, world.ann)) == 1
    assert await taste_of(world, world.ann) == before


async def test_an_artist_pressed_twice_is_chosen_once(world: World, ann: Presses) -> None:
    await ann.begin()
    first = ids(ann.message, ARTISTS)[0]
    await ann.press(ARTISTS)

    with pytest.raises(SetupError, match="disabled"):
        await world.ann.click(ann.message, custom_id=first)

    assert len(await favorites(world, world.ann)) == 1


async def test_what_was_chosen_before_a_restart_still_counts_after_it(
    world: World, ann: Presses
) -> None:
    await ann.begin()
    await ann.press(ARTISTS, 0)
    await ann.press(ARTISTS, 1)
    offered = ids(ann.message, ARTISTS)
    await world.restart()

    await ann.press(ARTISTS, 2)

    assert are_picks(ann.message)
    assert [int(one.split(":")[2]) for one in offered[:3]] == await favorites(world, world.ann)


async def test_the_options_of_discover_are_kept_until_the_picks(ann: Presses) -> None:
    await ann.begin(count=2)

    await ann.press(ARTISTS)
    await ann.press("start:picks")

    assert len(ann.message.embeds) == 2


async def test_start_offers_the_same_also_to_who_has_a_taste(world: World, ann: Presses) -> None:
    await rate_some(world, world.ann)

    await ann.begin("start")

    assert len(ids(ann.message, ARTISTS)) == 5


async def test_tracks_to_judge_come_one_at_a_time_and_can_be_skipped(
    world: World, ann: Presses
) -> None:
    await ann.begin()
    await ann.press("start:play")
    first = ann.message.embeds[0].title
    assert len(ann.message.embeds) == 1
    assert not ids(ann.message, "start:picks")

    await ann.press("start:card:skip")
    assert "Skipped" in words(ann.message)
    assert ann.message.embeds[0].title != first
    assert await favorites(world, world.ann) == []
    await ann.press("start:card:up")
    await ann.press("start:picks")

    assert are_picks(ann.message)
    assert ann.count == 4


async def test_a_track_to_judge_can_be_heard(world: World, ann: Presses) -> None:
    await ann.begin()
    await ann.press("start:play")
    await ann.press("start:card:skip")

    heard = await ann.press("pick:play")

    assert heard.ephemeral
    assert "http" in answer(heard)


async def test_judging_goes_on_after_a_restart(world: World, ann: Presses) -> None:
    await ann.begin()
    await ann.press("start:play")
    await world.restart()

    await ann.press("start:card:up")

    assert "👍" in words(ann.message)
    assert ids(ann.message, "start:picks")


async def test_a_link_to_a_track_one_loves_brings_picks(world: World, ann: Presses) -> None:
    track = await world.bot().services.recommender.card(1)
    await ann.begin()

    await ann.fill_in("start:link", link=f"{track.artist} – {track.title}")

    assert are_picks(ann.message)
    assert "★★★★★ for" in words(ann.message)
    assert ann.count == 2


@pytest.mark.parametrize(
    ("link", "says"),
    [
        ("https://open.spotify.com/playlist/37i9dQZF1DXcBWIGoYBM5M", "not to albums or playlists"),
        ("https://example.org/x", "no link to a track"),
        ("Nobody Xq – Nothing Zq", "I know no track like that"),
    ],
)
async def test_a_link_that_is_none_is_told_and_the_start_stays(
    world: World, ann: Presses, link: str, says: str
) -> None:
    await ann.begin()

    result = await ann.fill_in("start:link", link=link)

    assert says in answer(result)
    assert len(ids(ann.message, ARTISTS)) == 5
    assert await favorites(world, world.ann) == []


@pytest.mark.parametrize(
    "typed",
    [
        "Xyzzy Quux Plugh",
        "🎉🎉",
        "שלום חנוך",
        "x" * 200,
        "https://open.spotify.com/playlist/37i9dQZF1DXcBWIGoYBM5M",
    ],
    ids=["nobody", "emoji", "right to left", "long", "a playlist"],
)
async def test_a_name_nobody_has_is_told_and_there_is_a_way_on(
    world: World, ann: Presses, typed: str
) -> None:
    await ann.begin()

    await ann.fill_in("start:name", artist0=typed)

    assert "I know no artist called" in words(ann.message)
    assert ids(ann.message, "start:name")
    assert len(ids(ann.message, ARTISTS)) == 5
    assert await favorites(world, world.ann) == []


async def test_blanks_are_no_name(ann: Presses) -> None:
    await ann.begin()

    await ann.fill_in("start:name", artist0="   ")

    assert "Nothing is chosen yet" in words(ann.message)


async def test_the_same_artist_three_times_counts_once(world: World, ann: Presses) -> None:
    (name,) = await artist_names(world, 1)
    await ann.begin()

    await ann.fill_in("start:name", artist0=name, artist1=name.lower(), artist2=f" {name} ")

    assert are_picks(ann.message)
    assert len(await favorites(world, world.ann)) == 1


async def test_who_is_not_sure_is_asked_for_once_and_nothing_is_guessed(
    world: World, ann: Presses
) -> None:
    names = await artist_names(world, 1)
    await ann.begin()

    await ann.fill_in("start:name", artist0=names[0], artist1="the", artist2="a")

    assert len(ids(ann.message, "start:meant")) == 1
    assert "Whom do you mean by **the** or **a**? Nothing is guessed." in words(ann.message)
    assert len(await favorites(world, world.ann)) == 1
    (menu,) = [one for one in items(ann.message) if one.get("options")]
    assert menu["max_values"] == 2
    await ann.choose(menu["options"][0]["value"])
    assert are_picks(ann.message)
    assert len(await favorites(world, world.ann)) == 2
    assert ann.count == 3


async def test_none_of_these_goes_back_to_the_start(world: World, ann: Presses) -> None:
    await ann.begin()
    await ann.fill_in("start:name", artist0="the")

    await ann.choose("none")

    assert "Nothing is chosen yet" in words(ann.message)
    assert len(ids(ann.message, ARTISTS)) == 5
    assert await favorites(world, world.ann) == []


async def test_old_messages_still_begin_by_genres_and_by_tracks(world: World) -> None:
    channel = world.bot().get_channel(world.channel.id)
    assert isinstance(channel, discord.TextChannel)
    (genre, *_) = await world.bot().services.genres.suggest("")
    options = [discord.SelectOption(label=genre.name, value=str(genre.id))]
    by_genre: discord.ui.Select[discord.ui.View] = discord.ui.Select(
        custom_id=pick_buttons.StartGenres(Wish()).custom_id, options=options
    )
    view = discord.ui.View(timeout=None)
    view.add_item(by_genre)
    view.add_item(pick_buttons.StartTracks(private=False).button("Give me 5 tracks to judge"))
    message = await channel.send("of a former version", view=view)

    chosen = await world.ann.select(message, [str(genre.id)], custom_id=by_genre.custom_id)
    card = await world.ben.click(message, custom_id="start:tracks:0")

    assert chosen.response is not None
    assert len(chosen.response.embeds) == 3
    assert card.ephemeral
    assert ids(shown(card), "start:card:skip")


async def test_buttons_that_post_can_be_pressed_too_often(world: World, ann: Presses) -> None:
    await ann.begin()

    for _ in range(5):
        await ann.press("start:play")
        await ann.press("start:again")
    last = await ann.press("start:play")

    assert "Try again in" in answer(last)


def test_the_form_takes_three_names_of_which_one_is_enough() -> None:
    fields = start.NameArtists(Wish()).fields()

    inputs = [one.component for one in fields]
    assert [getattr(one, "required", None) for one in inputs] == [True, False, False]
