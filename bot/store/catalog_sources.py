"""What each source said of the catalogue, how old that is, and how all of it is forgotten."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import Final

from sqlalchemy import delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.models import AUDIO_FEATURES
from bot.store import state
from bot.store.columns import FORGOTTEN, VERSION, catalog_version
from bot.store.dialect import listed
from bot.store.tables import (
    feature_provenance,
    popularity,
    popularity_history,
    popularity_months,
    track_labels,
    tracks,
)

_PIECE: Final = 20_000


@dataclass(frozen=True, slots=True)
class Source:
    """How much of the catalogue one source knows."""

    name: str
    popularity: int
    """Tracks whose popularity it told."""
    features: int
    """Tracks of which it measured something."""
    labels: int
    """Tracks of which it told who released them."""
    oldest: date | None
    """When its oldest and its newest popularity were told; None: nobody wrote it down."""
    newest: date | None


@dataclass(frozen=True, slots=True)
class Forgotten:
    """What was removed."""

    popularity: int
    features: int
    """Tracks of which something measured was removed."""
    labels: int
    """Tracks of which it was removed who released them."""

    @property
    def is_something(self) -> bool:
        """False when the source had said nothing."""
        return self.popularity + self.features + self.labels > 0


async def sources(conn: AsyncConnection) -> list[Source]:
    """Return all that said something, those that know most first."""
    told = select(
        popularity.c.source, func.count(),
        func.min(popularity.c.observed_on), func.max(popularity.c.observed_on),
    ).group_by(popularity.c.source)  # fmt: skip
    played = {row[0]: tuple(row)[1:] for row in await conn.execute(told)}
    measured: dict[str, int] = defaultdict(int)
    whole = select(tracks.c.feature_source, func.count()).group_by(tracks.c.feature_source)
    single = select(
        feature_provenance.c.source, func.count(feature_provenance.c.track_id.distinct())
    ).group_by(feature_provenance.c.source)
    for query in (whole.where(tracks.c.feature_source.is_not(None)), single):
        for name, count in await conn.execute(query):
            measured[name] += count
    of_labels = select(track_labels.c.source, func.count()).group_by(track_labels.c.source)
    released = {row[0]: row[1] for row in await conn.execute(of_labels)}
    looked = await conn.scalars(select(popularity_months.c.source).distinct())
    found = []
    for name in {*played, *measured, *released, *looked}:
        count, oldest, newest = played.get(name, (0, None, None))
        others = measured.get(name, 0), released.get(name, 0)
        found.append(Source(name, count, *others, oldest, newest))
    return sorted(found, key=lambda one: (-one.popularity - one.features - one.labels, one.name))


async def forget(conn: AsyncConnection, source: str) -> Forgotten:
    """Remove all that a source said, with its past; the tracks stay, with what others say of them.

    In a transaction that writes. What a service measured in the place of it stays, too.
    """
    touched = set(
        await conn.scalars(select(popularity.c.track_id).where(popularity.c.source == source))
    )
    gone = await conn.execute(delete(popularity).where(popularity.c.source == source))
    spoken = select(track_labels.c.track_id).where(track_labels.c.source == source)
    released = set(await conn.scalars(spoken))
    await conn.execute(delete(track_labels).where(track_labels.c.source == source))
    for past in (popularity_history, popularity_months):
        await conn.execute(delete(past).where(past.c.source == source))
    singles = select(feature_provenance.c.track_id, feature_provenance.c.feature)
    cleared: dict[str, list[int]] = defaultdict(list)
    for track_id, feature in await conn.execute(
        singles.where(feature_provenance.c.source == source)
    ):
        cleared[feature].append(track_id)
    kept: dict[int, set[str]] = defaultdict(set)
    own = select(tracks.c.id).where(tracks.c.feature_source == source)
    theirs = singles.where(
        feature_provenance.c.track_id.in_(own), feature_provenance.c.source != source
    )
    for track_id, feature in await conn.execute(theirs):
        kept[track_id].add(feature)
    whole = list(await conn.scalars(own))
    for feature in AUDIO_FEATURES:
        ids = [one for one in whole if feature not in kept[one]] + cleared[feature]
        for start in range(0, len(ids), _PIECE):
            some = listed(conn, ids[start : start + _PIECE])
            await conn.execute(update(tracks).where(tracks.c.id.in_(some)).values({feature: None}))
    named = update(tracks).where(tracks.c.feature_source == source)
    await conn.execute(named.values(feature_source=None))
    await conn.execute(delete(feature_provenance).where(feature_provenance.c.source == source))
    measured = {*whole, *(one for ids in cleared.values() for one in ids)}
    await _stamp(conn, sorted(touched | measured | released))
    return Forgotten(gone.rowcount, len(measured), len(released))


async def _stamp(conn: AsyncConnection, track_ids: list[int]) -> None:
    if not track_ids:
        return
    version = await catalog_version(conn) + 1
    for start in range(0, len(track_ids), _PIECE):
        some = listed(conn, track_ids[start : start + _PIECE])
        await conn.execute(update(tracks).where(tracks.c.id.in_(some)).values(version=version))
    await state.put(conn, VERSION, str(version))
    await state.put(conn, FORGOTTEN, str(version))
