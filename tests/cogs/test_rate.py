import numpy as np
import pytest
from sqlalchemy import text

from bot.core.catalog.space import FEATURES
from bot.store.engine import Database
from tests.cogs.conftest import World
from tests.cogs.test_discover import answer, labels, latest, taste_of


async def taste(world: World) -> bytes | None:
    return await taste_of(world, world.ann)


async def test_rate_track_by_a_suggestion(world: World) -> None:
    choices = await world.ann.autocomplete(world.channel, "rate track", "track", "urban war")
    assert choices[0]["name"] == '"Marine" Baklund – Urban Warfare'

    result = await world.ann.slash(world.channel, "rate track", track=choices[0]["value"], score=5)

    assert result.ephemeral
    assert answer(result).startswith("★★★★★ for **Urban Warfare** by")


@pytest.mark.both
async def test_rate_track_by_a_title_typed_to_the_end(world: World) -> None:
    result = await world.ann.slash(world.channel, "rate track", track="urban warfare", score=2)

    assert answer(result).startswith("★★☆☆☆ for **Urban Warfare**")


async def test_rating_again_replaces(world: World) -> None:
    await world.ann.slash(world.channel, "rate track", track="track:1", score=5)

    result = await world.ann.slash(world.channel, "rate track", track="track:1", score=1)

    assert "Before: ★★★★★." in answer(result)
    history = await world.ann.slash(world.channel, "history")
    assert history.response is not None
    assert "1 entry" in (history.response.embeds[0].footer.text or "")


async def test_undo_restores_the_previous_taste_exactly(world: World) -> None:
    await world.ann.slash(world.channel, "rate track", track="track:1", score=5)
    await world.ann.slash(world.channel, "rate track", track="track:2", score=4)
    before = await taste(world)
    world.clock.move(days=40)
    await world.ann.slash(world.channel, "rate track", track="track:1", score=1)
    assert await taste(world) != before

    result = await world.ann.slash(world.channel, "undo")

    assert "Your earlier ★★★★★ counts again" in answer(result)
    assert await taste(world) == before


async def test_undo_walks_back_to_nothing_and_then_says_so(world: World) -> None:
    for number in (1, 2):
        await world.ann.slash(world.channel, "rate track", track=f"track:{number}", score=5)

    await world.ann.slash(world.channel, "undo")
    await world.ann.slash(world.channel, "undo")

    assert await taste(world) is None
    assert "nothing to undo" in answer(await world.ann.slash(world.channel, "undo"))


@pytest.mark.parametrize("kind", ["album", "artist"])
async def test_albums_and_artists_count_for_their_tracks(world: World, kind: str) -> None:
    choices = await world.ann.autocomplete(world.channel, f"rate {kind}", kind, "colobot")
    name = choices[0]["value"] if choices else "Daniel Roux"

    result = await world.ann.slash(world.channel, f"rate {kind}", **{kind: name}, score=5)

    assert f"counts for all tracks of this {kind}" in answer(result)
    assert await taste(world) is not None


async def test_an_artist_counts_less_strongly_than_its_tracks(world: World) -> None:
    await world.ann.slash(world.channel, "rate artist", artist="Daniel Roux", score=1)
    await world.ann.slash(world.channel, "rate track", track="track:1", score=5)

    catalog = await world.bot().services.catalog.get()
    kept = await taste(world)

    assert kept is not None
    vector = kept[: 8 * len(FEATURES)]
    track = catalog.vectors(catalog.rows_of([1]))[0]
    assert float(np.frombuffer(vector, "<f4") @ track) > 0.8


async def test_an_unknown_track_gets_a_sentence(world: World) -> None:
    result = await world.ann.slash(world.channel, "rate track", track="no such thing qq", score=3)

    assert "I know no track like that" in answer(result)
    assert await taste(world) is None


async def test_history_pages_through_newest_first_even_after_a_restart(world: World) -> None:
    for number in range(1, 13):
        await world.ann.slash(world.channel, "rate track", track=f"track:{number}", score=3)

    result = await world.ann.slash(world.channel, "history")
    assert result.response is not None
    first = result.response.embeds[0]
    assert len((first.description or "").splitlines()) == 10
    assert "page 1 of 2" in (first.footer.text or "")
    await world.restart()
    await world.ann.click(result.response, label="Older")

    second = result.response.message.embeds[0]
    assert "page 2 of 2" in (second.footer.text or "")
    assert not set((first.description or "").splitlines()) & set(
        (second.description or "").splitlines()
    )


async def test_an_empty_history_says_how_to_begin(world: World) -> None:
    result = await world.ann.slash(world.channel, "history")

    assert result.response is not None
    assert "You have not rated anything yet" in (result.response.embeds[0].description or "")


async def test_privacy_delete_removes_every_row_and_says_what(world: World) -> None:
    await world.ann.slash(world.channel, "rate track", track="track:1", score=5)
    await world.ann.slash(world.channel, "rate track", track="track:1", score=4)
    await world.ann.slash(world.channel, "undo")
    await world.ann.slash(world.channel, "discover", count=2)
    await world.ben.slash(world.channel, "rate track", track="track:1", score=5)

    result = await world.ann.slash(world.channel, "privacy delete")
    assert result.response is not None
    await world.ann.click(result.response, label="Delete everything")

    assert "3 entries" in result.response.message.content
    assert "2 picks" in result.response.message.content
    left = await world.bot().services.privacy.show(world.ann.id)
    assert left.total == 0
    assert (await world.bot().services.privacy.show(world.ben.id)).feedback == 1


async def test_privacy_delete_can_be_called_off(world: World) -> None:
    await world.ann.slash(world.channel, "rate track", track="track:1", score=5)

    result = await world.ann.slash(world.channel, "privacy delete")
    assert result.response is not None
    await world.ann.click(result.response, label="Keep it")

    assert result.response.message.content == "Nothing was deleted."
    assert (await world.bot().services.privacy.show(world.ann.id)).feedback == 1


async def test_the_question_before_deleting_takes_an_answer_after_a_restart(world: World) -> None:
    await world.ann.slash(world.channel, "rate track", track="track:1", score=5)
    result = await world.ann.slash(world.channel, "privacy delete")
    await world.restart()

    assert result.response is not None
    await world.ann.click(result.response, label="Delete everything")

    assert "Deleted, for good" in result.response.message.content
    assert not result.response.message.components
    assert (await world.bot().services.privacy.show(world.ann.id)).total == 0


async def test_a_pick_of_somebody_who_deleted_their_data_still_takes_thumbs(world: World) -> None:
    await world.ann.slash(world.channel, "rate track", track="track:1", score=5)
    await world.ann.slash(world.channel, "discover", count=1)
    post = next(m for m in world.channel.history() if m.components)
    deleted = await world.ann.slash(world.channel, "privacy delete")
    assert deleted.response is not None
    await world.ann.click(deleted.response, label="Delete everything")

    await world.ben.react(post, "👍")
    clicked = await world.ben.click(post, label="Why")

    assert (await world.bot().services.privacy.show(world.ben.id)).feedback == 1
    assert clicked.response is not None
    assert clicked.response.embeds


async def test_a_locked_database_gets_a_sentence(world: World) -> None:
    async with world.database.write():
        world.bot().services.feedback._database = _impatient(world)
        result = await world.ann.slash(world.channel, "rate track", track="track:1", score=5)
    await world.bot().services.feedback._database.close()

    assert "locked by another program" in answer(result)


def _impatient(world: World) -> Database:
    return Database(f"sqlite+aiosqlite:///{world.database.file}", busy_timeout_ms=1)


async def test_undo_of_a_thumb_takes_its_count_from_the_post(world: World) -> None:
    await world.ann.slash(world.channel, "rate track", track="track:1", score=5)
    await world.ann.slash(world.channel, "discover", count=1)
    await world.ann.react(latest(world), "👍")
    assert labels(latest(world))["up"] == "1"

    await world.ann.slash(world.channel, "undo")

    assert labels(latest(world))["up"] is None


async def test_votes_on_promotions_are_not_undone(world: World) -> None:
    await world.ann.slash(world.channel, "rate track", track="track:1", score=5)
    url = "https://low.bandcamp.com"
    await world.ben.slash(world.channel, "promote playlist", url=url, text="quiet")
    await world.ann.react(latest(world), "👍")

    result = await world.ann.slash(world.channel, "undo")

    assert "★★★★★" in answer(result)


async def test_a_history_of_very_long_titles_fits_discord(world: World) -> None:
    async with world.database.write() as conn:
        await conn.execute(text("update tracks set title = :t"), {"t": "*" * 400})
    for number in range(1, 11):
        await world.ann.slash(world.channel, "rate track", track=f"track:{number}", score=3)

    result = await world.ann.slash(world.channel, "history")

    assert result.response is not None
    assert len(result.response.embeds[0].description or "") <= 4096
