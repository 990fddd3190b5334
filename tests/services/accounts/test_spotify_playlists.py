from collections.abc import AsyncIterator

import pytest

from bot.core.lists.playlist import SavedPlaylist
from bot.demo.servers.songs import Song
from bot.errors import NotFoundError, UserError
from bot.services.accounts.spotify_playlists import SpotifyPlaylists
from bot.store.engine import Database
from tests.conftest import NOON
from tests.fakes import FakeClock
from tests.linking import ANN, LinkingWorld, open_linking

SONGS = [Song(f"Song {n}", "Low", spotify_id=f"{n:022}") for n in range(250)]
IDS = [song.spotify_id or "" for song in SONGS]
URL = "https://open.spotify.com/playlist/playlist1"


@pytest.fixture
async def world(database: Database) -> AsyncIterator[LinkingWorld]:
    async with open_linking(database, FakeClock(NOON)) as world:
        world.outside.spotify.songs += SONGS
        yield world


@pytest.fixture
def saver(world: LinkingWorld) -> SpotifyPlaylists:
    return SpotifyPlaylists(world.accounts, world.outside.sources.spotify_users)


async def save(saver: SpotifyPlaylists) -> SavedPlaylist:
    return await saver.save(ANN, name="B-sides", description="Found today", spotify_ids=IDS)


async def test_a_playlist_is_saved_in_order_a_hundred_at_a_time(
    world: LinkingWorld, saver: SpotifyPlaylists
) -> None:
    await world.link_spotify(saving=True)
    asked = len(world.outside.spotify.calls)

    done = await save(saver)

    assert done == SavedPlaylist(URL, saved=250, missing=0)
    assert world.spotify_user.playlists["playlist1"] == SONGS
    assert len(world.outside.spotify.calls) - asked == 4


async def test_who_did_not_agree_to_that_is_asked_to(
    world: LinkingWorld, saver: SpotifyPlaylists
) -> None:
    await world.link_spotify()

    with pytest.raises(UserError, match="`/link spotify save_playlists:True`"):
        await save(saver)

    assert world.spotify_user.playlists == {}


async def test_who_has_linked_nothing_is_told_how(saver: SpotifyPlaylists) -> None:
    with pytest.raises(NotFoundError, match="`/link spotify` links one"):
        await save(saver)


async def test_what_spotify_does_not_take_is_counted(
    world: LinkingWorld, saver: SpotifyPlaylists
) -> None:
    await world.link_spotify(saving=True)
    world.outside.spotify.songs.remove(SONGS[120])

    done = await save(saver)

    assert (done.saved, done.missing) == (150, 100)
    assert world.spotify_user.playlists["playlist1"] == SONGS[:100] + SONGS[200:]
