"""No rating goes to a guess: when it is not sure what is meant, the bot asks."""

from typing import Any

import pytest
from simcord.backend.errors import SetupError
from sqlalchemy import func, select

from bot.store.search_updates import SearchUpdates
from bot.store.tables import albums, artists, feedback, tracks
from tests.cogs.conftest import World
from tests.cogs.test_discover import answer
from tests.stored import StoredTrack, add_tracks

SONGS = [
    StoredTrack("Creep", "Radiohead", popularity=80, facts={"year": 1992}),
    StoredTrack("Creep", "TLC", popularity=60, facts={"year": 1994}),
    StoredTrack("Just", "Radiohead"),
    StoredTrack("Nude", "Radiohead"),
    StoredTrack("Nude", "Radiohead", facts={"duration_ms": 200_000}),
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


async def rated(world: World) -> int:
    async with world.database.read() as conn:
        return int(await conn.scalar(select(func.count()).select_from(feedback)) or 0)


def options(result: Any) -> list[dict[str, Any]]:
    """Return what the menu of an answer offers."""
    (row,) = result.response.components
    (menu,) = row["components"]
    return list(menu["options"])


@pytest.mark.both
@pytest.mark.parametrize("typed", ["Radiohead", "radioh", "creep"])
async def test_what_is_not_clearly_a_track_is_asked_for(world: World, typed: str) -> None:
    result = await world.ann.slash(world.channel, "rate track", track=typed, score=5)

    assert result.ephemeral
    assert "Which one do you mean?" in answer(result)
    assert "Nothing is rated yet" in answer(result)
    assert await rated(world) == 0


async def test_equal_titles_are_told_apart_and_the_chosen_one_is_rated(world: World) -> None:
    asked = await world.ann.slash(world.channel, "rate track", track="Creep", score=4)
    shown = [(one["label"], one.get("description")) for one in options(asked)]
    assert shown[:2] == [("Creep – Radiohead", "1992"), ("Creep – TLC", "1994")]
    assert shown[-1] == ("None of these", None)

    await world.restart()
    assert asked.response is not None
    done = await world.ann.select(asked.response, [options(asked)[1]["value"]])

    assert "★★★★☆ for **Creep** by TLC" in answer(done)
    assert await rated(world) == 1


async def test_none_of_these_rates_nothing(world: World) -> None:
    asked = await world.ann.slash(world.channel, "rate track", track="Creep", score=4)

    assert asked.response is not None
    done = await world.ann.select(asked.response, ["none"])

    assert "Nothing was rated" in answer(done)
    assert await rated(world) == 0


async def test_somebody_else_cannot_choose_for_them(world: World) -> None:
    asked = await world.ann.slash(world.channel, "rate track", track="Creep", score=4)
    assert asked.response is not None

    with pytest.raises(SetupError, match="not visible"):
        await world.ben.select(asked.response, [options(asked)[0]["value"]])

    assert await rated(world) == 0


@pytest.mark.parametrize("typed", ["just", "Radiohead - Creep", "creep tlc", "Nude"])
async def test_a_whole_name_of_one_song_is_rated_at_once(world: World, typed: str) -> None:
    result = await world.ann.slash(world.channel, "rate track", track=typed, score=5)

    assert answer(result).startswith("★★★★★ for **")
    assert await rated(world) == 1


async def test_an_artist_is_rated_by_the_whole_name_only(world: World) -> None:
    whole = await world.ann.slash(world.channel, "rate artist", artist="radiohead", score=5)
    part = await world.ann.slash(world.channel, "rate artist", artist="radio", score=1)

    assert "for **Radiohead**" in answer(whole)
    assert "Which one do you mean?" in answer(part)
    assert await rated(world) == 1


@pytest.mark.parametrize(
    ("typed", "found"),
    [("radoihead", "Creep – Radiohead"), ("creeep radiohead", "Creep – Radiohead")],
)
async def test_a_misspelt_name_is_found_and_asked_for(world: World, typed: str, found: str) -> None:
    await world.bot().services.names.refresh()

    suggested = await world.ann.autocomplete(world.channel, "rate track", "track", typed)
    asked = await world.ann.slash(world.channel, "rate track", track=typed, score=5)

    assert suggested != []
    assert found in [one["label"] for one in options(asked)]
    assert await rated(world) == 0


@pytest.mark.parametrize("command", [("similar", "track"), ("discover", "like")])
async def test_what_a_search_is_to_go_by_is_asked_for_and_only_they_see_it(
    world: World, command: tuple[str, str]
) -> None:
    name, field = command
    await world.bot().services.names.refresh()

    for typed in ("radoihead", "creep"):
        asked = await world.ann.slash(world.channel, name, **{field: typed})

        assert asked.ephemeral
        assert answer(asked) == "Which one do you mean?"
        assert "Creep – Radiohead" in [one["label"] for one in options(asked)]


async def test_similar_goes_by_what_was_chosen_also_after_a_restart(world: World) -> None:
    asked = await world.ann.slash(world.channel, "similar", track="Creep")
    await world.restart()
    assert asked.response is not None

    done = await world.ann.select(asked.response, [options(asked)[1]["value"]])

    assert "Which one" not in answer(done)
    assert not done.ephemeral


async def test_a_wish_keeps_all_else_that_was_asked_for(world: World) -> None:
    asked = await world.ann.slash(
        world.channel, "discover", like="Creep", count=1, obscurity=10, private=True
    )
    await world.restart()
    assert asked.response is not None

    done = await world.ann.select(asked.response, [options(asked)[0]["value"]])
    none = await world.ann.select(asked.response, ["none"])

    assert done.ephemeral
    assert len(done.response.embeds if done.response else []) <= 1
    assert "choose a suggestion" in answer(none)


async def test_an_empty_field_offers_ones_own_last_picks_and_favourites(world: World) -> None:
    nothing = await world.ben.autocomplete(world.channel, "rate track", "track", "")
    await world.ann.slash(world.channel, "rate track", track="just", score=5)
    await world.ann.slash(world.channel, "rate artist", artist="TLC", score=4)
    await world.ann.slash(world.channel, "rate track", track="Creep tlc", score=1)

    tracks_ = await world.ann.autocomplete(world.channel, "rate track", "track", "")
    artists_ = await world.ann.autocomplete(world.channel, "rate artist", "artist", " ")
    anything = await world.ann.autocomplete(world.channel, "discover", "like", "")
    of_ben = await world.ben.autocomplete(world.channel, "rate track", "track", "")

    assert [one["name"] for one in tracks_] == ["Radiohead – Just"]
    assert [one["name"] for one in artists_] == ["TLC"]
    assert [one["name"] for one in anything] == ["TLC (artist)", "Radiohead – Just (track)"]
    assert nothing == of_ben == []


async def test_a_pick_is_offered_with_its_artist(world: World) -> None:
    await world.ann.slash(world.channel, "rate track", track="just", score=5)
    await world.ann.slash(world.channel, "discover", count=1, obscurity=0)

    tracks_ = await world.ann.autocomplete(world.channel, "rate track", "track", "")
    artists_ = await world.ann.autocomplete(world.channel, "rate artist", "artist", "")

    assert len(tracks_) == 2
    assert tracks_[0]["name"].startswith(artists_[0]["name"])


async def test_no_list_is_made_of_a_guess(world: World) -> None:
    result = await world.ann.slash(world.channel, "artist playlist", tracks="Creep")

    assert "I am not sure which track you mean: “Creep – Radiohead”, “Creep – TLC”" in answer(
        result
    )


async def test_what_is_like_nothing_is_told(world: World) -> None:
    result = await world.ann.slash(world.channel, "rate track", track="qqqq zzzz", score=5)

    assert "I know no track like that" in answer(result)
