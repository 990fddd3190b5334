"""What the people of the demo played elsewhere: accounts to link, and an export to import."""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Final

from bot.core.catalog import Catalog
from bot.demo.listeners import LISTENERS, DemoListener, demo_favorites
from bot.demo.music import as_song, played
from bot.demo.outside import World
from bot.demo.servers.lastfm import LastFmUser
from bot.demo.servers.songs import Song
from bot.demo.servers.spotify import SpotifyUser
from bot.store import catalog as store
from bot.store.engine import Database

EXPORT_NAME: Final = "Streaming_History_Audio_2026.json"
_FAVORITES: Final = 40
_PLAYS: Final = 300


async def open_accounts(world: World, database: Database, catalog: Catalog, now: datetime) -> bytes:
    """Give Ada a Last.fm, Bo a ListenBrainz and Cleo a Spotify account, each called like them.

    Returns:
        An export of Spotify that a newcomer with Bo's leaning may import.
    """
    adas, bos, cleos = [await _favorites(database, catalog, one) for one in LISTENERS]
    world.lastfm.users = [LastFmUser("ada", played(adas, now, plays=_PLAYS, seed=1))]
    world.listenbrainz.listens["bo"] = played(bos, now, plays=_PLAYS, seed=2)
    cleo = SpotifyUser(
        "cleo",
        plays=played(cleos, now, plays=_PLAYS, seed=3),
        top=cleos[:20],
        saved=cleos[10:30],
        playlists={"sunny": cleos[20:]},
    )
    world.spotify.songs = [*world.spotify.songs, *cleos]
    world.accounts.visitor = cleo
    return _export(played(bos[::-1], now, plays=_PLAYS, seed=4))


async def _favorites(database: Database, catalog: Catalog, listener: DemoListener) -> list[Song]:
    ids = demo_favorites(catalog, listener, _FAVORITES)
    async with database.read() as conn:
        return [as_song(track) for track in await store.tracks_by_ids(conn, ids)]


def _export(plays: Sequence[tuple[Song, datetime]]) -> bytes:
    """Write plays as Spotify's extended streaming history has them, address and all."""
    rows = [
        {
            "ts": at.strftime("%Y-%m-%dT%H:%M:%SZ"),
            "platform": "demo",
            "ms_played": song.duration_ms,
            "conn_country": "ZZ",
            "ip_addr": "203.0.113.7",
            "master_metadata_track_name": song.title,
            "master_metadata_album_artist_name": song.artist,
            "master_metadata_album_album_name": song.album,
            "spotify_track_uri": f"spotify:track:{song.spotify_id}",
            "episode_name": None,
            "skipped": False,
        }
        for song, at in plays
    ]
    return json.dumps(rows, indent=1).encode()
