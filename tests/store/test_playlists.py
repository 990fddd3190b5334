from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.lists.playlist import Playlist
from bot.store import catalog, listeners, picks, playlists
from bot.store.tables import playlist_tracks
from tests.conftest import NOON
from tests.stored import StoredTrack, add_tracks, remove_track

ANN, BEN = 1, 2


@pytest.fixture
async def filled(conn: AsyncConnection, noon: datetime) -> AsyncConnection:
    for user_id in (ANN, BEN):
        await listeners.ensure(conn, user_id, now=noon)
    await add_tracks(conn, [StoredTrack(f"Song {n}", "Low") for n in (1, 2, 3)])
    return conn


async def made(conn: AsyncConnection, now: datetime, *track_ids: int) -> Playlist:
    tracks = await catalog.tracks_by_ids(conn, track_ids)
    return Playlist("Low in good company", "Made", tuple(tracks), now)


async def test_a_list_is_kept_in_its_order(filled: AsyncConnection, noon: datetime) -> None:
    playlist = await made(filled, noon, 3, 1, 2)

    number = await playlists.add(filled, ANN, playlist, public=True, own_track_ids={1})

    kept = await playlists.by_id(filled, number)
    assert kept is not None
    assert (kept.user_id, kept.public, kept.own_track_ids) == (ANN, True, frozenset({1}))
    assert kept.playlist == playlist
    assert await playlists.by_id(filled, number + 1) is None


async def test_a_track_that_left_the_catalogue_left_the_list(
    filled: AsyncConnection, noon: datetime
) -> None:
    number = await playlists.add(filled, ANN, await made(filled, noon, 3, 1, 2), public=False)

    await remove_track(filled, 1)

    kept = await playlists.by_id(filled, number)
    assert kept is not None
    assert [track.id for track in kept.playlist.tracks] == [3, 2]


async def test_the_oldest_lists_of_a_person_give_way_and_their_numbers_never_come_again(
    filled: AsyncConnection, noon: datetime
) -> None:
    playlist = await made(filled, noon, 1)
    theirs = await playlists.add(filled, BEN, playlist, public=False)
    numbers = [
        await playlists.add(filled, ANN, playlist, public=False) for _ in range(playlists.KEPT + 2)
    ]

    kept = [number for number in numbers if await playlists.by_id(filled, number) is not None]

    assert kept == numbers[2:]
    assert await playlists.by_id(filled, theirs) is not None
    await listeners.delete_everything(filled, ANN, now=NOON)
    assert await playlists.add(filled, BEN, playlist, public=False) == numbers[-1] + 1


async def test_lists_are_shown_and_deleted_with_all_that_is_kept_about_a_person(
    filled: AsyncConnection, noon: datetime
) -> None:
    await playlists.add(filled, ANN, await made(filled, noon, 1, 2), public=False)

    data = await listeners.personal_data(filled, ANN)
    await listeners.delete_everything(filled, ANN, now=NOON)

    assert (data.playlists, data.total) == (1, 2)
    assert (await listeners.personal_data(filled, ANN)).total == 0
    assert await filled.scalar(select(func.count()).select_from(playlist_tracks)) == 0


async def test_a_track_counts_as_shown_when_it_last_was(
    filled: AsyncConnection, noon: datetime
) -> None:
    for track_id, days in ((1, 3), (2, 2), (1, 1)):
        now = noon - timedelta(days=days)
        await picks.add(filled, ANN, track_id, explanation="{}", promotion_id=None, now=now)

    shown = await picks.last_shown(filled, ANN)

    assert shown == {1: noon - timedelta(days=1), 2: noon - timedelta(days=2)}
    assert await picks.last_shown(filled, BEN) == {}
