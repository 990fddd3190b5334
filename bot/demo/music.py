"""What the demo's pretended services know: the starter catalogue, and songs invented here.

Nobody of that name made these songs; they are there so that a link to something new can be tried,
and so that there is something that came out this week.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Final
from uuid import NAMESPACE_URL, uuid5

import numpy as np

from bot.core.models import Track
from bot.demo.servers.songs import Song

_BASE62: Final = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
FIRST_DEEZER_ID: Final = 990_000_001

INVENTED: Final = (
    ("Paper Lantern Club", ("ambient", "soundtrack"), ("Slow Tide", "Rain on the Awning")),
    ("Hollow Pines", ("folk", "soundtrack"), ("Cabin Light", "Under the Ridge", "Letter Home")),
    ("Night Ferry", ("electronic", "game"), ("Last Crossing", "Harbor Lights", "Engine Room")),
    ("Kite Season", ("pop", "electronic"), ("String Theory", "Up and Away", "Tailwind")),
    ("Low Tide Choir", ("choral", "classical"), ("Salt", "The Drowned Bell")),
    ("Glasshouse Radio", ("rock", "game"), ("Static Garden", "Broken Pane", "Hothouse")),
    ("Moth and Meridian", ("piano", "classical"), ("Blue Hour", "Lampwork", "Noon Line")),
    ("Copper Weather", ("metal", "game"), ("Rust Bloom", "Barometer", "Hailstone")),
)
"""Artist, genres (one that the starter catalogue has among them) and songs."""
_SOUNDS: Final = {
    "ambient": (0.2, 0.9, 0.3, 80),
    "folk": (0.35, 0.8, 0.5, 96),
    "electronic": (0.75, 0.1, 0.5, 124),
    "pop": (0.65, 0.3, 0.8, 112),
    "choral": (0.15, 0.95, 0.3, 72),
    "rock": (0.8, 0.15, 0.6, 132),
    "piano": (0.25, 0.95, 0.4, 104),
    "metal": (0.95, 0.02, 0.3, 150),
}
"""Energy, acousticness, valence and tempo."""


def invented_songs(today: date) -> list[Song]:
    """Return songs that are in no catalogue, released in the last weeks.

    They have no popularity: nobody counts artists who have only begun.
    """
    rng = np.random.default_rng(7)
    songs: list[Song] = []
    for artist, genres, titles in INVENTED:
        for title in titles:
            number = len(songs)
            energy, acousticness, valence, tempo = _SOUNDS[genres[0]]
            near = rng.normal(0, 0.05, 6)
            songs.append(
                Song(
                    title=title,
                    artist=artist,
                    album=title,
                    released_on=(today - timedelta(days=1 + 2 * number % 27)).isoformat(),
                    duration_ms=int(rng.integers(150_000, 300_000)),
                    isrc=f"QZDEM26{number:05d}",
                    mbid=_uuid(f"recording:{artist}:{title}"),
                    artist_mbid=_uuid(f"artist:{artist}"),
                    spotify_id=_base62(number),
                    reccobeats_id=_uuid(f"reccobeats:{artist}:{title}"),
                    deezer_id=FIRST_DEEZER_ID + number,
                    apple_id=FIRST_DEEZER_ID + number,
                    audius_id=f"demo{number}",
                    features={
                        "energy": _share(energy + near[0]),
                        "acousticness": _share(acousticness + near[1]),
                        "valence": _share(valence + near[2]),
                        "danceability": _share(0.5 + near[3]),
                        "instrumentalness": _share(0.5 + near[4]),
                        "liveness": 0.1,
                        "speechiness": 0.05,
                        "loudness": round(-18 + 12 * energy, 1),
                        "tempo": round(tempo + 40 * float(near[5]), 1),
                        "key": int(rng.integers(12)),
                        "mode": int(rng.integers(2)),
                    },
                    popularity=None,
                    deezer_rank=None,
                    listens=None,
                    listeners=None,
                    genres=genres,
                )
            )
    return songs


def played(
    songs: Sequence[Song], now: datetime, *, plays: int, seed: int
) -> list[tuple[Song, datetime]]:
    """Return plays of some songs over the last three months, the first songs most often."""
    rng = np.random.default_rng(seed)
    chance = 1 / np.arange(1, len(songs) + 1)
    chosen = rng.choice(len(songs), plays, p=chance / chance.sum())
    ages = np.sort(rng.uniform(0, 90 * 86_400, plays))
    return [
        (songs[int(which)], now - timedelta(seconds=int(age)))
        for which, age in zip(chosen, ages, strict=True)
    ]


def as_song(track: Track) -> Song:
    """Return a track of the catalogue as the services know it: they have not measured it."""
    return Song(
        title=track.title,
        artist=track.artist,
        album=track.album or track.title,
        duration_ms=track.duration_ms or 200_000,
        spotify_id=_base62(1_000 + track.id),
        genres=track.genres,
    )


def _uuid(name: str) -> str:
    return str(uuid5(NAMESPACE_URL, f"https://demo.invalid/{name}"))


def _base62(number: int) -> str:
    rng = np.random.default_rng(number)
    return "".join(_BASE62[place] for place in rng.integers(62, size=22))


def _share(value: float) -> float:
    return round(float(np.clip(value, 0, 1)), 3)
