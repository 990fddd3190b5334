"""`/mute history`: what somebody else played counts for nothing, and nothing is deleted."""

from datetime import timedelta
from typing import Any

import pytest
from simcord.results import InteractionResult
from sqlalchemy import func, insert, select

from bot.core.accounts import ListeningBasis
from bot.core.taste import MOST_AWAY, Span, period_of
from bot.store import listening, played_past
from bot.store.tables import heard, linked_accounts, listens, not_me, tracks
from bot.ui import mute_list
from tests.cogs.conftest import World
from tests.cogs.test_discover import answer, button
from tests.cogs.test_listening import import_file
from tests.cogs.test_mute import add_band, choose, embed_text, menu_id, view_of
from tests.cogs.test_privacy_export import exported, sheet
from tests.cogs.test_stored import press

MINE, HERS = "My Band", "Her Band"
NOVEMBER, JULY = range(1, 21), range(125, 150)
"""Days before the 30th of November 2026, or whatever the clock says: lately, and in July."""


@pytest.fixture
async def two(world: World) -> dict[str, int]:
    """Plays of Ann's own lately, and of her sister's on her account long ago; tracks by artist."""
    found = {}
    for name in (MINE, HERS):
        _, (found[name],) = await add_band(world, name, f"Song of {name}")
    await world.play(world.ann.id, MINE, days=NOVEMBER, title=f"Song of {MINE}")
    await world.play(world.ann.id, HERS, days=JULY, title=f"Song of {HERS}")
    return found


def span(world: World) -> dict[str, str]:
    """Return the days in which her sister played, as Ann writes them."""
    today = world.clock.now().date()
    return {
        "from": f"{today - timedelta(days=160):%Y-%m-%d}",
        "to": f"{today - timedelta(days=100):%Y-%m-%d}",
    }


async def heard_tracks(world: World) -> set[int]:
    bot = world.bot()
    catalog = await bot.services.catalog.get()
    taste = await bot.services.tastes.of(catalog, world.ann.id)
    return set(catalog.track_ids[taste.heard_rows].tolist())


async def profile_artists(world: World) -> set[str]:
    days = period_of(Span.ALL, world.clock.now().date())
    profile = await world.bot().services.profiles.of(world.ann.id, world.ann.id, days)
    return {one.name for one in profile.artists}


async def year_artists(world: World) -> set[str]:
    days = period_of(Span.YEAR, world.clock.now().date())
    async with world.database.read() as conn:
        return {one.name for one in await played_past.artists_played(conn, world.ann.id, days)}


async def leave_out(world: World, **given: Any) -> InteractionResult:
    return await world.ann.slash(world.channel, "mute history", **given)


async def kept_plays(world: World) -> int:
    return (await world.bot().services.privacy.show(world.ann.id)).plays


@pytest.mark.both
async def test_a_span_counts_for_nothing_until_it_is_taken_back(
    world: World, two: dict[str, int]
) -> None:
    plays = await kept_plays(world)
    before = await world.bot().services.tastes.of(
        await world.bot().services.catalog.get(), world.ann.id
    )

    said = await leave_out(world, **span(world))
    await world.restart()

    assert "(25 plays in all)" in answer(said)
    assert "Nothing is deleted." in answer(said)
    assert await kept_plays(world) == plays
    assert await heard_tracks(world) == {two[MINE]}
    assert await profile_artists(world) == {MINE}
    assert await year_artists(world) == {MINE}
    async with world.database.read() as conn:
        assert await listening.plays_of_track(conn, world.ann.id, two[HERS]) == 0
        first = await played_past.first_play(conn, world.ann.id)
    assert first is not None
    assert first > (world.clock.now() - timedelta(days=30)).timestamp()
    await world.ann.click(view_of(said), custom_id=button(view_of(said), "mute:count"))
    assert await heard_tracks(world) == set(two.values())
    assert await year_artists(world) == {MINE, HERS}
    again = await world.bot().services.tastes.of(
        await world.bot().services.catalog.get(), world.ann.id
    )
    assert again.to_blobs() == before.to_blobs()


async def test_plays_that_come_later_into_a_span_count_for_nothing_either(
    world: World, two: dict[str, int]
) -> None:
    await leave_out(world, **{"from": f"{world.clock.now() - timedelta(days=30):%Y-%m-%d}"})
    _, (new,) = await add_band(world, "New Band", "New Song")

    await world.play(world.ann.id, "New Band", days=[0, 1, 2], title="New Song")

    assert await heard_tracks(world) == {two[HERS]}
    async with world.database.read() as conn:
        assert await conn.scalar(select(func.sum(heard.c.plays))) == len(JULY)
        kept = await conn.scalar(select(func.count()).select_from(listens))
    assert kept == len(JULY) + len(NOVEMBER) + 3
    assert new not in await heard_tracks(world)


async def test_a_whole_account_is_left_out_with_its_lists(
    world: World, two: dict[str, int]
) -> None:
    async with world.database.write() as conn:
        history = await listening.history_of(conn, world.ann.id, "exportify")
        recording = await conn.scalar(select(heard.c.recording_id).limit(1))
        await listening.add_to_list(conn, history, ListeningBasis.SAVED, [int(recording or 0)])

    said = await leave_out(world, account="spotify")

    assert answer(said).startswith("Left out: all of Spotify (45 plays in all).")
    assert "have no time" not in answer(said)
    assert await heard_tracks(world) == set()
    assert await profile_artists(world) == set()


async def test_an_account_alone_leaves_the_others_and_says_where_the_plays_may_stand_too(
    world: World, two: dict[str, int]
) -> None:
    async with world.database.write() as conn:
        await conn.execute(
            insert(linked_accounts).values(
                user_id=world.ann.id, service="lastfm", name="ann_fm", basis="top",
                linked_at=world.clock.now(),
            )
        )  # fmt: skip

    said = await leave_out(world, account="lastfm")

    assert "(no play so far)" in answer(said)
    assert "The same plays may stand at Spotify, too" in answer(said)
    assert await heard_tracks(world) == set(two.values())


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({}, "Say which days were not yours, which account, or both."),
        ({"from": "yesterday"}, "I do not understand which days you mean."),
        ({"from": "2026-02-30"}, "I do not understand which days you mean."),
        ({"from": "2020-05-01", "to": "2020-04-01"}, "That ends before it begins"),
        ({"from": "2999"}, "is still to come, so nothing was played yet."),
        ({"account": "deezer"}, "I keep nothing of Deezer for you: no account is linked"),
    ],
)
async def test_what_makes_no_sense_is_answered_and_leaves_nothing_out(
    world: World, two: dict[str, int], given: dict[str, str], sentence: str
) -> None:
    said = await leave_out(world, **given)

    assert sentence in answer(said)
    async with world.database.read() as conn:
        assert await conn.scalar(select(func.count()).select_from(not_me)) == 0


async def test_who_brought_no_listening_is_told_how(world: World) -> None:
    said = await leave_out(world, **{"from": "2026-01"})

    assert "I keep nothing that you played" in answer(said)
    assert "`/link` or `/import`" in answer(said)


async def test_the_same_span_twice_and_too_many_are_refused(
    world: World, two: dict[str, int]
) -> None:
    await leave_out(world, **{"from": "2001"})
    twice = await leave_out(world, **{"from": "2001-01-01", "to": "2001-12-31"})
    for year in range(MOST_AWAY - 1):
        await world.bot().services.not_me.leave_out(world.ann.id, first=f"{1980 + year}")

    many = await leave_out(world, **{"from": "2010"})

    assert "That is left out already." in answer(twice)
    assert f"You have left out {MOST_AWAY} times already" in answer(many)


async def test_spans_that_overlap_are_left_out_until_both_are_taken_back(
    world: World, two: dict[str, int]
) -> None:
    away = world.bot().services.not_me
    first = await away.leave_out(world.ann.id, service="spotify")
    days = span(world)
    second = await away.leave_out(world.ann.id, first=days["from"], last=days["to"])

    await away.take_back(world.ann.id, first.id)
    one_left = await heard_tracks(world)
    await away.take_back(world.ann.id, second.id)

    assert one_left == {two[MINE]}
    assert await heard_tracks(world) == set(two.values())


@pytest.mark.both
async def test_the_list_takes_a_span_back_for_its_owner_alone(
    world: World, two: dict[str, int]
) -> None:
    said = await leave_out(world, **span(world))
    result = await world.ann.slash(world.channel, "mute show")
    shown = view_of(result)
    await world.restart()

    by_button = await press(world, button(view_of(said), "mute:count"), world.ben)
    by_list = await choose(world, menu_id(shown), "away:1", world.ben)

    assert answer(by_button) == answer(by_list) == mute_list.NOT_YOURS
    assert "🎧 Not you: " in embed_text(shown)
    assert await heard_tracks(world) == {two[MINE]}
    await world.ann.select(shown, ["away:1"], custom_id=menu_id(shown))
    assert await heard_tracks(world) == set(two.values())
    assert "You have muted nothing" in embed_text(view_of(result))
    assert view_of(result).components == []
    gone = await press(world, f"mute:count:{world.ann.id}:1")
    assert "That counts again already." in answer(gone)


async def test_what_was_left_out_goes_with_a_deletion(world: World, two: dict[str, int]) -> None:
    await leave_out(world, **span(world))
    data = await world.bot().services.privacy.show(world.ann.id)
    told = await world.ann.slash(world.channel, "privacy show")

    await world.bot().services.privacy.delete(world.ann.id)

    assert data.not_me == 1
    assert "1 time when what was played was not yours" in embed_text(view_of(told))
    async with world.database.read() as conn:
        assert await conn.scalar(select(func.count()).select_from(not_me)) == 0


@pytest.mark.both
async def test_export_and_import_bring_it_back_with_every_mute(
    world: World, two: dict[str, int]
) -> None:
    await leave_out(world, **span(world))
    await world.ann.slash(world.channel, "mute artist", artist=HERS, **{"for": 30})
    await world.ann.slash(world.channel, "rate artist", artist=HERS, score=4)
    card = view_of(await world.ann.slash(world.channel, "settings me"))
    await world.ann.click(card, custom_id=button(card, f"me:{world.ann.id}:explicit"))
    muting = world.bot().services.muting
    before = (await muting.of(world.ann.id), await muting.standing(world.ann.id))
    content = await exported(world, world.ann)
    await world.bot().services.privacy.delete(world.ann.id)
    await world.restart()

    told = await import_file(world, content, "b-side.zip")
    twice = await import_file(world, content, "b-side.zip")

    assert len(sheet(content, "not-me")) == 1
    assert "1 time when it was not you" in told
    assert "Nothing new" in twice
    muting = world.bot().services.muting
    assert (await muting.of(world.ann.id), await muting.standing(world.ann.id)) == before
    assert await heard_tracks(world) == {two[MINE]}
    history = view_of(await world.ann.slash(world.channel, "history"))
    assert f"not for 30 days **{HERS}**" in embed_text(history)
    assert f"★★★★☆ **{HERS}**" in embed_text(history)
    async with world.database.read() as conn:
        assert await conn.scalar(select(tracks.c.id).where(tracks.c.id == two[HERS])) == two[HERS]
