"""Bands that sound ever more alike the nearer their numbers are, and are ever better known."""

from bot.store.engine import Database
from tests.stored import StoredTrack, add_tracks

BANDS = 18


async def add_bands(database: Database) -> None:
    """Store one song of each; band n has the Spotify id `spotify_id(n)` and the genre shoegaze."""
    async with database.write() as conn:
        await add_tracks(conn, [_song(number) for number in range(1, BANDS + 1)])


def spotify_id(number: int) -> str:
    return f"{number:022}"


def _song(number: int) -> StoredTrack:
    sound = {"energy": 0.3 + number / 40, "valence": 0.4, "danceability": 0.5}
    mix = {"tempo": 100.0 + number, "key": number % 12, "mode": 1, "duration_ms": 200_000}
    return StoredTrack(
        f"Song {number}",
        f"Band {number}",
        sound | mix,
        ("shoegaze",),
        popularity=5 * number,
        spotify=spotify_id(number) if number != 5 else None,
    )
