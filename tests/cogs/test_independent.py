"""Independent artists, where sources tell: asked for, shown, and counted."""

import pytest
from simcord.results import InteractionResult

from bot.core.models import ReleasedBy
from bot.store import catalog as catalog_store
from bot.ui.pick_buttons import Why
from tests.cogs.conftest import World
from tests.cogs.labels import OWN, tell
from tests.cogs.test_discover import button, labels, latest, rate_some

SUB_POP = ReleasedBy("musicbrainz", independent=False, label="Sub *Pop* @everyone")


def shown(world: World) -> list[tuple[str, str]]:
    """Return the title of each pick of the latest answer, and its last line."""
    return [
        ((one.title or "").rpartition(" · ")[2], (one.description or "").splitlines()[-1])
        for one in latest(world).embeds
    ]


def independents(result: InteractionResult) -> str | None:
    """Return what a profile says of independent artists."""
    assert result.response is not None
    fields = {one.name: one.value for one in result.response.embeds[0].fields}
    return fields.get("Independent artists")


@pytest.mark.both
async def test_only_independent_artists_are_picked_and_marked(world: World) -> None:
    await rate_some(world, world.ann)
    titles = await tell(world, OWN, range(200, 240))
    await tell(world, SUB_POP, range(240, 300))

    await world.ann.slash(world.channel, "discover", count=5, obscurity=0, independent=True)

    found = shown(world)
    assert len(found) == 5
    for title, facts in found:
        assert title in titles
        assert facts.endswith(" · 🌱 independent") or " · 🌱 independent · " in facts


async def test_who_asks_for_anybody_sees_no_mark_where_nobody_tells(world: World) -> None:
    await rate_some(world, world.ann)
    await tell(world, SUB_POP, range(1, 300))

    await world.ann.slash(world.channel, "discover", count=5)

    assert not [facts for _, facts in shown(world) if "independent" in facts]


async def test_where_little_is_left_the_answer_says_how_little_is_known(world: World) -> None:
    await rate_some(world, world.ann)
    await tell(world, OWN, [300, 301])
    await tell(world, SUB_POP, [302])

    await world.ann.slash(world.channel, "discover", count=5, obscurity=0, independent=True)

    said = latest(world).content
    assert " no source says who released them" in said
    assert "I know of 2 tracks in my catalogue that the artist released" in said


async def test_where_nobody_tells_nothing_is_left_and_a_button_asks_for_everybody(
    world: World,
) -> None:
    await rate_some(world, world.ann)

    result = await world.ann.slash(world.channel, "discover", obscurity=0, independent=True)

    assert result.response is not None
    (empty,) = result.response.embeds
    assert empty.title == "Nothing is left"
    assert "left out: no source says who released them" in (empty.description or "")
    assert "Of no track in my catalogue does a source say" in (empty.description or "")
    buttons = labels(result.response.message).values()
    assert [one for one in buttons if (one or "").startswith("Whoever released it")]
    await world.restart()

    await world.ann.click(
        result.response.message, custom_id=button(result.response.message, "again")
    )

    assert len(shown(world)) == 3


async def test_words_ask_for_it_too_and_the_button_holds_the_wish(world: World) -> None:
    await rate_some(world, world.ann)
    titles = await tell(world, OWN, range(200, 240))

    await world.ann.slash(
        world.channel, "discover", ask="two songs by independent artists, fame does not matter"
    )

    said = latest(world).content
    assert "independent artists" in said.partition("Understood: ")[2].partition(".")[0]
    assert {title for title, _ in shown(world)} <= set(titles)


async def test_why_names_who_says_so(world: World) -> None:
    await rate_some(world, world.ann)
    await tell(world, OWN, range(200, 240))
    await world.ann.slash(world.channel, "discover", count=1, obscurity=0, independent=True)

    async def why() -> str | None:
        result = await world.ben.click(latest(world), custom_id=button(latest(world), "pick:why"))
        message = result.response or result.followups[-1]
        return {one.name: one.value for one in message.embeds[0].fields}.get("Released by")

    assert await why() == "Independent: self-released, says MusicBrainz."
    pressed = Why.read(button(latest(world), "pick:why"))
    assert isinstance(pressed, Why)
    await tell(world, ReleasedBy("discogs", independent=False), [pressed.track_id])
    assert await why() == (
        "Sources do not agree, so it does not count as independent: on a label, says Discogs; "
        "self-released, says MusicBrainz."
    )
    await tell(world, SUB_POP, [pressed.track_id])
    told = await why()
    assert told is not None
    assert told.startswith("On a label: on a label, says Discogs; Sub \\*Pop\\*")
    assert "@everyone" not in told


async def test_a_profile_counts_likes_by_independent_artists_of_those_known(world: World) -> None:
    await rate_some(world, world.ann, count=4)
    before = await world.ann.slash(world.channel, "profile")
    await tell(world, OWN, [1, 2])
    await tell(world, SUB_POP, [3])

    after = await world.ann.slash(world.channel, "profile")

    assert independents(before) is None
    assert independents(after) == (
        "🌱 2 of 3 tracks you like of which a source tells who released them."
    )


async def test_others_learn_nothing_of_plays_from_that_number(world: World) -> None:
    await rate_some(world, world.ben, count=2)
    await world.bot().services.privacy.set_profile_public(world.ben.id, True)
    titles = await tell(world, OWN, [1, 300])
    async with world.database.read() as conn:
        (played,) = await catalog_store.tracks_by_ids(conn, [300])
    await world.play(world.ben.id, played.artist, title=titles[1], days=range(40))

    others = await world.ann.slash(world.channel, "profile", member=world.ben)
    own = await world.ben.slash(world.channel, "profile")

    assert independents(others) == (
        "🌱 1 of 1 track they like of which a source tells who released them."
    )
    assert independents(own) == (
        "🌱 2 of 2 tracks you like of which a source tells who released them."
    )
