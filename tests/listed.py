"""A small catalogue and lists of its tracks, made so that the right order of methods is known.

Every scene has artists and every artist a sound. Lists stay in a scene, which cannot be heard:
only other lists tell what belongs together. Its artists' other tracks are found by sound and name.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.catalog.identity import artist_key, recording_key
from bot.core.catalog.space import MEASURES, Catalog, RawTracks
from bot.services.catalog.seeds import Seed
from bot.store.tables import artists, external_ids, popularity, tracks
from tests.spaces import catalog_of, raw_tracks
from tests.stored import next_version

SCENES, ARTISTS, TRACKS = 12, 8, 8
SCENE = ARTISTS * TRACKS
SIZE = SCENES * SCENE


@dataclass(frozen=True, slots=True, eq=False)
class World:
    raw: RawTracks
    catalog: Catalog
    lists: tuple[NDArray[np.int64], ...]


def world(lists: int = 120, length: int = 15) -> World:
    """Return the catalogue and so many lists, each of one scene and half of its artists."""
    rng = np.random.default_rng(5)
    artist_of = np.arange(SIZE) // TRACKS
    sounds = rng.normal(size=(SCENES * ARTISTS, len(MEASURES)))
    mixed = 1 / (1 + np.exp(-sounds[artist_of] - 0.7 * rng.normal(size=(SIZE, len(MEASURES)))))
    measures = dict(zip(MEASURES, mixed.T.tolist(), strict=True))
    for name, low, high in (("loudness", -60, 0), ("tempo", 60, 180), ("key", 0, 11)):
        share = mixed[:, MEASURES.index(name)]
        measures[name] = np.round(low + (high - low) * share).tolist()
    measures["mode"] = np.round(mixed[:, MEASURES.index("mode")]).tolist()
    raw = raw_tracks(
        SIZE,
        measures=measures,
        artists=(artist_of + 1).tolist(),
        popularity={"spotify": np.round(_popularity(rng, artist_of)).tolist()},
    )
    return World(raw, catalog_of(raw), tuple(_list(rng, length) for _ in range(lists)))


def _popularity(rng: np.random.Generator, artist_of: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return 0 … 100 by chance; every second artist is little known, and stays below 50."""
    values = rng.permutation(SIZE) * 100 / (SIZE - 1)
    return np.where(artist_of % 2, values, values / 2.1)


def _list(rng: np.random.Generator, length: int) -> NDArray[np.int64]:
    """Tracks of a scene, the first of an artist most often, and one by an artist besides."""
    scene = int(rng.integers(SCENES)) * SCENE
    often = np.tile(1 / (1 + np.arange(TRACKS)) ** 2, ARTISTS)
    mixed = rng.permutation(ARTISTS)
    chance = often * np.isin(np.arange(SCENE) // TRACKS, mixed[: ARTISTS // 2])
    chosen = rng.choice(SCENE, length - 1, replace=False, p=chance / chance.sum())
    return scene + np.append(chosen, mixed[-1] * TRACKS)


async def store(conn: AsyncConnection, one: World) -> None:
    """Write the catalogue of a world; track n is "Song n" with the Spotify id "idn"."""
    version = await next_version(conn)
    keys = [(f"Song {row}", f"Artist {row // TRACKS}") for row in range(SIZE)]
    names = [f"Artist {number}" for number in range(SCENES * ARTISTS)]
    await conn.execute(
        insert(artists),
        [{"id": n, "name": name, "key": artist_key(name)} for n, name in enumerate(names, 1)],
    )
    await conn.execute(
        insert(tracks),
        [
            {
                "id": row + 1,
                "title": title,
                "artist_id": row // TRACKS + 1,
                "recording_key": recording_key(title, artist),
                "version": version,
            }
            | {name: one.raw.audio[row, place].item() for place, name in enumerate(MEASURES)}
            for row, (title, artist) in enumerate(keys)
        ],
    )
    values = one.raw.popularity_values.tolist()
    await conn.execute(
        insert(popularity),
        [{"track_id": n, "source": "spotify", "value": value} for n, value in enumerate(values, 1)],
    )
    await conn.execute(
        insert(external_ids),
        [{"namespace": "spotify", "value": f"id{n}", "track_id": n + 1} for n in range(SIZE)],
    )


def entries(one: World) -> list[Seed]:
    """Return the lists as a file would have them."""
    return [
        Seed(f"list {number}", f"id{row}", None, None)
        for number, rows in enumerate(one.lists)
        for row in rows.tolist()
    ]
