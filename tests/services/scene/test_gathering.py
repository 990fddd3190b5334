import pytest

from bot.services.catalog.live import LiveCatalog
from bot.services.scene.gathering import Gatherer
from bot.services.scene.pieces import ListenPiece, PlaylistPiece, WrittenTrack
from bot.store.engine import Database
from tests.services.scene.samples import HALF_HOUR
from tests.stored import StoredTrack, add_tracks


@pytest.fixture
async def gatherer(database: Database) -> Gatherer:
    """Rows 0 … 9 are "Song 0" … "Song 9" by "Low", with the Spotify ids "id0" … "id9"."""
    async with database.write() as conn:
        await add_tracks(
            conn,
            [
                StoredTrack(f"Song {n}", "Low", {"energy": n / 9}, spotify=f"id{n}")
                for n in range(10)
            ],
        )
    return Gatherer(database, await LiveCatalog(database).get())


def song(number: int) -> WrittenTrack:
    return None, "LOW", f"song {number}"


def lists(gatherer: Gatherer) -> list[list[int]]:
    return [rows.tolist() for rows in gatherer.gathered().lists]


async def test_lists_of_several_files_stay_apart(gatherer: Gatherer) -> None:
    await gatherer.add(PlaylistPiece(2, [0, 1, 0, 1], [song(3), song(4), song(1), song(5)]))
    await gatherer.add(PlaylistPiece(1, [0, 0], [("id7", None, None), song(6)]))

    assert lists(gatherer) == [[1, 3], [4, 5], [6, 7]]


async def test_a_session_goes_on_from_piece_to_piece(gatherer: Gatherer) -> None:
    await gatherer.add(
        ListenPiece(["a", "b", "a"], [300, 0, 3 * HALF_HOUR], [song(1), song(2), song(3)], 0)
    )
    await gatherer.add(ListenPiece(["b", "a"], [100, 0], [song(4), song(5)], 2))

    gathered = gatherer.gathered()

    assert lists(gatherer) == [[1, 5], [2, 4]]
    assert (gathered.sessions, gathered.entries, gathered.skipped) == (3, 5, 2)


async def test_a_listen_to_an_unknown_track_holds_a_session_together(gatherer: Gatherer) -> None:
    tracks = [song(1), (None, "Nobody", "Nothing"), song(2)]
    times = [0, HALF_HOUR - 1, 2 * HALF_HOUR - 2]

    await gatherer.add(ListenPiece(["a", "a", "a"], times, tracks, 0))

    assert lists(gatherer) == [[1, 2]]


async def test_repeats_count_once_and_one_song_is_no_list(gatherer: Gatherer) -> None:
    again = [song(1), ("id1", None, None), song(1), (None, "Nobody", "Nothing")]
    await gatherer.add(ListenPiece(["a"] * 4, [0, 1, 2, 3], again, 0))
    await gatherer.add(PlaylistPiece(2, [0, 0, 1, 1], [song(2), song(2), song(3), song(4)]))

    gathered = gatherer.gathered()

    assert lists(gatherer) == [[3, 4]]
    assert (gathered.playlists, gathered.sessions) == (2, 1)


async def test_what_the_catalogue_does_not_know_is_counted_and_named(gatherer: Gatherer) -> None:
    unknown: list[WrittenTrack] = [(None, "Nobody", f"Nothing {n}") for n in range(9)]
    await gatherer.add(PlaylistPiece(1, [0] * 11, [*unknown, song(1), song(1)]))
    await gatherer.add(PlaylistPiece(1, [0] * 2, [unknown[0], song(2)]))

    gathered = gatherer.gathered()

    assert (gathered.known_tracks, gathered.unknown_tracks) == (2, 9)
    assert gathered.examples == tuple(f"Nobody – Nothing {n}" for n in range(5))
    assert gathered.lists == ()


async def test_nothing_gathered_is_no_list(gatherer: Gatherer) -> None:
    await gatherer.add(ListenPiece([], [], [], 3))

    gathered = gatherer.gathered()

    assert (gathered.lists, gathered.sessions, gathered.skipped) == ((), 0, 3)
