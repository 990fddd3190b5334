"""Finds the tracks of the catalogue that seeds mean."""

from collections.abc import Sequence

from bot.core.catalog import Catalog, Link, read_text, recording_key
from bot.services.catalog.seeds import Seed
from bot.store import batch as batch_store
from bot.store.columns import song_id
from bot.store.engine import Database


async def resolve(database: Database, catalog: Catalog, seeds: Sequence[Seed]) -> list[int | None]:
    """Return the catalogue row of every seed, None where there is none.

    By external id first, then as the same recording by name, then as another version of the song.
    """
    ids = {seed.track_id: _plain_id(seed.track_id) for seed in seeds if seed.track_id}
    keys = {
        (seed.title, seed.artist): recording_key(seed.title, seed.artist)
        for seed in seeds
        if seed.title and seed.artist
    }
    async with database.read() as conn:
        by_external = await batch_store.by_external_id(conn, sorted(set(ids.values())))
        by_recording = await batch_store.by_recording_key(conn, sorted(set(keys.values())))
    songs = dict(
        zip(
            keys,
            catalog.rows_of_songs([song_id(key) for key in keys.values()]).tolist(),
            strict=True,
        )
    )
    rows: list[int | None] = []
    for seed in seeds:
        names = (seed.title or "", seed.artist or "")
        track_id = by_external.get(
            ids.get(seed.track_id or "", ""), by_recording.get(keys.get(names, ""))
        )
        row = None if track_id is None else catalog.row_of(track_id)
        if row is None and songs.get(names, -1) >= 0:
            row = songs[names]
        rows.append(row)
    return rows


def _plain_id(value: str) -> str:
    """Return the id in a link or URI of a service; anything else as it is."""
    asked = read_text(value) if ":" in value else None
    return asked.value if isinstance(asked, Link) and asked.track else value
