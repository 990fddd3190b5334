"""Names are folded in a new way: what is the same by it becomes one, and nothing is lost."""

from typing import Any

import pytest
from sqlalchemy import Table, insert, select

from bot.core.catalog import recording_key
from bot.core.models import SubjectKind
from bot.store import migrate, search, state, tables
from bot.store.columns import catalog_version, song_id
from bot.store.engine import Database
from bot.store.search_updates import SearchUpdates
from tests.conftest import NOON

GUILD, USER = 7, 1
OLD_ROWS: list[tuple[Table, list[dict[str, Any]]]] = [
    (
        tables.artists,
        [
            {"id": 1, "name": "REM", "key": "rem", "search_rank": 50},
            {"id": 2, "name": "R.E.M.", "key": "r e m", "search_rank": 10},
            {"id": 3, "name": "Simón y Garfunkel", "key": "simon y garfunkel", "search_rank": 20},
        ],
    ),
    (
        tables.albums,
        [
            {"id": 1, "artist_id": 1, "title": "Automatic", "key": "automatic"},
            {"id": 2, "artist_id": 2, "title": "Automatic", "key": "automatic"},
            {"id": 3, "artist_id": 1, "title": "Murmur", "key": "murmur"},
        ],
    ),
    (
        tables.tracks,
        [
            {
                "id": 1, "title": "Drive", "artist_id": 1, "album_id": 1, "version": 1,
                "recording_key": "drive\x1frem\x1f",
            },
            {
                "id": 2, "title": "Find the River", "artist_id": 2, "album_id": 2, "version": 1,
                "recording_key": "find the river\x1fr e m\x1f",
            },
            {
                "id": 3, "title": "Cecilia - Ao Vivo", "artist_id": 3, "album_id": None,
                "version": 1, "recording_key": "cecilia ao vivo\x1fsimon y garfunkel\x1f",
            },
        ],
    ),
    (
        tables.recordings,
        [
            {
                "id": number, "key": f"drive\x1f{key}\x1f", "song_id": number, "title": "Drive",
                "artist": artist, "track_id": track,
            }
            for number, key, artist, track in ((1, "rem", "REM", None), (2, "r e m", "R.E.M.", 1))
        ],
    ),
    (tables.histories, [{"id": 1, "user_id": USER, "kind": "maloja"}]),
    (
        tables.heard,
        [
            {"history_id": 1, "recording_id": 1, "plays": 2, "last_played_at": 300},
            {"history_id": 1, "recording_id": 2, "plays": 2, "last_played_at": 200},
        ],
    ),
    (
        tables.listens,
        [
            {"history_id": 1, "recording_id": number, "played_at": at}
            for number, at in ((1, 100), (1, 300), (2, 100), (2, 200))
        ],
    ),
    (
        tables.library_tracks,
        [
            {"history_id": 1, "kind": "saved", "recording_id": 1, "place": 0},
            {"history_id": 1, "kind": "saved", "recording_id": 2, "place": 4},
            {"history_id": 1, "kind": "top", "recording_id": 1, "place": 3},
        ],
    ),
    (
        tables.feedback,
        [
            {
                "id": number, "user_id": USER, "subject": kind, "subject_id": subject,
                "value": 4.0, "kind": "rating", "source": "command", "created_at": NOON,
            }
            for number, kind, subject in ((1, "artist", 1), (2, "album", 1), (3, "artist", 3))
        ],
    ),
    (
        tables.artist_claims,
        [
            {
                "id": 1, "guild_id": GUILD, "name": "R.E.M.", "key": "r e m", "user_id": USER,
                "artist_id": 1, "muted": False, "created_at": NOON,
            }
        ],
    ),
    (
        tables.bans,
        [
            {"id": 1, "guild_id": GUILD, "name": "R.E.M.", "key": "r e m"},
            {"id": 2, "guild_id": GUILD, "name": "REM", "key": "rem"},
        ],
    ),
]  # fmt: skip


@pytest.fixture
async def rekeyed(database: Database) -> Database:
    """A database with keys of an earlier version, brought up to date."""
    async with database.write() as conn:
        await conn.execute(
            insert(tables.users).values(id=USER, created_at=NOON, profile_public=False)
        )
        for table, rows in OLD_ROWS:
            await conn.execute(insert(table), rows)
        await SearchUpdates(conn, {"tracks": 0, "albums": 0, "artists": 0}).finish()
        await state.put(conn, "keys", "1")
    assert await migrate.is_due(database)
    copy = await migrate.upgrade(database, now=NOON)
    assert copy is not None
    assert not await migrate.is_due(database)
    return database


async def rows_of(database: Database, *columns: Any) -> list[tuple[Any, ...]]:
    async with database.read() as conn:
        found = await conn.execute(select(*columns).order_by(*columns))
        return [tuple(row) for row in found]


async def test_a_new_database_has_the_newest_keys(database: Database) -> None:
    assert not await migrate.is_due(database)


async def test_artists_and_albums_that_are_the_same_become_the_best_known_one(
    rekeyed: Database,
) -> None:
    artists, albums, tracks = tables.artists.c, tables.albums.c, tables.tracks.c

    assert await rows_of(rekeyed, artists.id, artists.name, artists.key) == [
        (2, "R.E.M.", "rem"),
        (3, "Simón y Garfunkel", "simon and garfunkel"),
    ]
    assert await rows_of(rekeyed, albums.id, albums.artist_id, albums.key) == [
        (1, 2, "automatic"),
        (3, 2, "murmur"),
    ]
    assert await rows_of(rekeyed, tracks.id, tracks.artist_id, tracks.album_id) == [
        (1, 2, 1),
        (2, 2, 1),
        (3, 3, None),
    ]


async def test_what_was_said_of_either_is_said_of_the_one(rekeyed: Database) -> None:
    feedback, claims, bans = tables.feedback.c, tables.artist_claims.c, tables.bans.c

    assert await rows_of(rekeyed, feedback.id, feedback.subject_id) == [(1, 2), (2, 1), (3, 3)]
    assert await rows_of(rekeyed, claims.key, claims.artist_id) == [("rem", 2)]
    assert await rows_of(rekeyed, bans.id, bans.key) == [(1, "r e m"), (2, "rem")]


async def test_every_track_has_its_new_key_and_is_found_by_it_only(rekeyed: Database) -> None:
    tracks = tables.tracks.c
    assert await rows_of(rekeyed, tracks.id, tracks.recording_key) == [
        (1, recording_key("Drive", "R.E.M.")),
        (2, recording_key("Find the River", "R.E.M.")),
        (3, "cecilia\x1fsimon and garfunkel\x1flive"),
    ]

    async with rekeyed.read() as conn:
        everything = [SubjectKind.TRACK, SubjectKind.ALBUM, SubjectKind.ARTIST]
        found = {
            words: [
                (hit.subject.kind.value, hit.subject.id)
                for hit in await search.search(conn, words, kinds=everything, limit=9)
            ]
            for words in ("river rem", "cecilia live", "cecilia vivo", "murmur", "rem", "R.E.M.")
        }
        version = await catalog_version(conn)
    assert found["river rem"] == [("track", 2)]
    assert found["cecilia live"] == [("track", 3)]
    assert found["cecilia vivo"] == []
    assert found["murmur"] == [("album", 3)]
    assert found["rem"] == found["R.E.M."]
    assert ("artist", 2) in found["rem"]
    assert version == 1


async def test_plays_of_one_recording_are_counted_together_and_each_once(
    rekeyed: Database,
) -> None:
    recordings, heard, listens = tables.recordings.c, tables.heard.c, tables.listens.c
    key = recording_key("Drive", "R.E.M.")

    assert await rows_of(rekeyed, recordings.id, recordings.key, recordings.song_id) == [
        (2, key, song_id(key))
    ]
    assert await rows_of(rekeyed, heard.recording_id, heard.plays, heard.last_played_at) == [
        (2, 3, 300)
    ]
    assert await rows_of(rekeyed, listens.recording_id, listens.played_at) == [
        (2, 100),
        (2, 200),
        (2, 300),
    ]
    library = tables.library_tracks.c
    assert await rows_of(rekeyed, library.kind, library.recording_id, library.place) == [
        ("saved", 2, 0),
        ("top", 2, 3),
    ]
    assert (await rows_of(rekeyed, tables.histories.c.changed))[0] != (0,)
