"""Tracks that joined the catalogue as somebody's upload, and leave it again.

Other rows may point to a track, and its id must never be used again. So the row stays, as a track
about which nothing is known.
"""

from collections.abc import Sequence
from typing import Final

from sqlalchemy import delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.catalog import artist_key, recording_key
from bot.core.models import AUDIO_FEATURES
from bot.store import columns, state
from bot.store.dialect import listed
from bot.store.search_updates import SearchUpdates
from bot.store.tables import (
    albums,
    artist_claims,
    artists,
    external_ids,
    feature_provenance,
    popularity,
    promotion_audio,
    promotion_tracks,
    promotions,
    track_genres,
    track_labels,
    tracks,
)
from bot.store.words import forget_words

NAMESPACE: Final = "sha256"
"""The namespace of the external ids that uploaded files have."""
_FACTS: Final = (
    *AUDIO_FEATURES, "artist_credit", "album_id", "year", "duration_ms", "explicit",
    "feature_source", "license", "source_package", "homepage",
)  # fmt: skip


def removed_key(track_id: int) -> str:
    """Return the recording key that a track has once it left the catalogue."""
    return recording_key(f"Removed track {track_id}", "removed")


async def left_or_lent(conn: AsyncConnection) -> tuple[list[int], list[str]]:
    """Return what is in the catalogue and is not the operator's to pass on.

    Returns:
        The tracks that left it, and those that nobody knows but who uploaded them; by ascending id.
        And the hashes of all uploaded files.
    """
    named = select(tracks.c.id, tracks.c.recording_key).where(
        tracks.c.title.like("Removed track %"), tracks.c.artist_credit.is_(None)
    )
    left = [one for one, key in await conn.execute(named) if key == removed_key(one)]
    hashes = sorted(set(await conn.scalars(select(promotion_audio.c.sha256))))
    elsewhere = select(external_ids.c.track_id).where(external_ids.c.namespace != NAMESPACE)
    uploaded = select(external_ids.c.track_id).where(
        external_ids.c.namespace == NAMESPACE,
        external_ids.c.value.in_(listed(conn, hashes)),
        external_ids.c.track_id.not_in(elsewhere),
    )
    return sorted({*left, *await conn.scalars(uploaded)}), hashes


async def erase(conn: AsyncConnection, promotion_ids: Sequence[int]) -> list[int]:
    """Remove from the catalogue what joined it with some promotions; return those tracks.

    A track stays if anybody else knows it: a music service, or a promotion that was not taken down.
    """
    chosen = listed(conn, promotion_ids)
    own = (
        select(external_ids.c.track_id)
        .join(promotion_tracks, promotion_tracks.c.track_id == external_ids.c.track_id)
        .join(promotion_audio, promotion_audio.c.promotion_id == promotion_tracks.c.promotion_id)
        .where(
            promotion_tracks.c.promotion_id.in_(chosen),
            external_ids.c.namespace == NAMESPACE,
            external_ids.c.value == promotion_audio.c.sha256,
        )
    )
    elsewhere = select(external_ids.c.track_id).where(external_ids.c.namespace != NAMESPACE)
    standing = (
        select(promotion_tracks.c.track_id)
        .join(promotions, promotions.c.id == promotion_tracks.c.promotion_id)
        .where(promotions.c.removed_at.is_(None), promotions.c.id.not_in(chosen))
    )
    query = (
        select(tracks.c.id, tracks.c.artist_id)
        .where(tracks.c.id.in_(own), tracks.c.id.not_in(elsewhere), tracks.c.id.not_in(standing))
        .order_by(tracks.c.id)
    )
    found = {row.id: row.artist_id for row in await conn.execute(query)}
    if found:
        await _forget(conn, list(found), sorted(set(found.values())))
    return list(found)


async def _forget(conn: AsyncConnection, track_ids: list[int], artist_ids: list[int]) -> None:
    nobody = await _only_by(conn, artist_ids, track_ids)
    last_ids = {
        table.name: int(await conn.scalar(select(func.max(table.c.id))) or 0)
        for table in (tracks, albums, artists)
    }
    index = SearchUpdates(conn, last_ids)
    await index.take_out(tracks, track_ids)
    await index.take_out(artists, nobody)
    for table in (external_ids, popularity, feature_provenance, track_genres, track_labels):
        await conn.execute(delete(table).where(table.c.track_id.in_(listed(conn, track_ids))))
    version = await columns.catalog_version(conn) + 1
    for track_id in track_ids:
        facts = dict.fromkeys(_FACTS) | {
            "title": f"Removed track {track_id}",
            "recording_key": removed_key(track_id),
            "version": version,
        }
        await conn.execute(update(tracks).where(tracks.c.id == track_id).values(facts))
    for artist_id in nobody:
        name = f"Removed artist {artist_id}"
        values = {"name": name, "key": artist_key(name)}
        await conn.execute(update(artists).where(artists.c.id == artist_id).values(values))
    held = artist_claims.c.artist_id.in_(listed(conn, nobody))
    await conn.execute(update(artist_claims).where(held).values(artist_id=None))
    await index.finish()
    for table in (tracks, artists):
        await forget_words(conn, table)
    await state.put(conn, columns.VERSION, str(version))


async def _only_by(conn: AsyncConnection, artist_ids: list[int], track_ids: list[int]) -> list[int]:
    """Return those of whom the catalogue has no other track."""
    others = select(tracks.c.artist_id).where(tracks.c.id.not_in(listed(conn, track_ids)))
    query = select(artists.c.id).where(
        artists.c.id.in_(listed(conn, artist_ids)),
        artists.c.id.not_in(others),
        artists.c.id.not_in(select(albums.c.artist_id)),
    )
    return list(await conn.scalars(query.order_by(artists.c.id)))
