"""The numbers that are known about tracks: which lack some, and what the music services gave.

A feature that came with an import has its source in `tracks.feature_source` and stays as it is, or
in `feature_provenance` with all trust, when another import had measured the track before. One that
a service gave has its source in `feature_provenance`, and is replaced by that of a more trusted
service.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import ColumnElement, delete, exists, func, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.models import AUDIO_FEATURES, AudioFeatures, ExternalId
from bot.store import state
from bot.store.columns import VERSION, catalog_version
from bot.store.dialect import listed
from bot.store.tables import artists, external_ids, feature_provenance, popularity, tracks

ESSENTIAL: Final = ("danceability", "energy", "instrumentalness")
"""The features that weigh most in the space; a track without one of them counts as not measured."""


class Gap(StrEnum):
    """What a track may lack."""

    FEATURES = "features"
    POPULARITY = "popularity"


@dataclass(frozen=True, slots=True)
class LackingTrack:
    """A track that lacks something, with the ids by which services know it."""

    id: int
    title: str
    artist: str
    duration_ms: int | None
    ids: tuple[ExternalId, ...]

    def ids_in(self, namespace: str) -> list[str]:
        """Return its ids in another system."""
        return [one.value for one in self.ids if one.namespace == namespace]


@dataclass(frozen=True, slots=True)
class Measured:
    """The features that a source measured for a track."""

    track_id: int
    source: str
    confidence: float
    """0 … 1."""
    features: AudioFeatures


@dataclass(frozen=True, slots=True)
class TrackPopularity:
    """How much a track is played, on the scale of the source."""

    track_id: int
    source: str
    value: float


def _lacks(gap: Gap) -> ColumnElement[bool]:
    if gap is Gap.FEATURES:
        return or_(*(tracks.c[name].is_(None) for name in ESSENTIAL))
    return ~exists().where(popularity.c.track_id == tracks.c.id)


async def count_lacking(
    conn: AsyncConnection, gap: Gap, *, among: Sequence[int] | None = None
) -> int:
    """Return how many tracks lack something, of all (reads each row once) or among some."""
    query = select(func.count()).select_from(tracks).where(_lacks(gap))
    if among is not None:
        query = query.where(tracks.c.id.in_(listed(conn, among)))
    return int(await conn.scalar(query) or 0)


async def lacking(
    conn: AsyncConnection,
    gap: Gap,
    *,
    after: int = 0,
    among: Sequence[int] | None = None,
    limit: int,
) -> list[LackingTrack]:
    """Return tracks that lack something, by ascending id.

    Args:
        after: only those with a higher id.
        among: only these; None: all of the catalogue.
    """
    query = (
        select(tracks.c.id, tracks.c.title, artists.c.name, tracks.c.duration_ms)
        .join(artists, artists.c.id == tracks.c.artist_id)
        .where(tracks.c.id > after, _lacks(gap))
        .order_by(tracks.c.id)
        .limit(limit)
    )
    if among is not None:
        query = query.where(tracks.c.id.in_(listed(conn, among)))
    rows = (await conn.execute(query)).all()
    ids: dict[int, list[ExternalId]] = defaultdict(list)
    named = (
        select(external_ids.c.track_id, external_ids.c.namespace, external_ids.c.value)
        .where(external_ids.c.track_id.in_(listed(conn, [row[0] for row in rows])))
        .order_by(external_ids.c.track_id, external_ids.c.namespace, external_ids.c.value)
    )
    for track_id, namespace, value in await conn.execute(named):
        ids[track_id].append(ExternalId(namespace, value))
    return [LackingTrack(*row, ids=tuple(ids[row[0]])) for row in rows]


async def by_uncounted_artists(conn: AsyncConnection, *, first: bool) -> list[int]:
    """Return the tracks by artists none of whose tracks has a known popularity, by ascending id.

    Args:
        conn: any transaction.
        first: only the first one of each artist.
    """
    known = tracks.alias()
    counted = select(known.c.artist_id).join(popularity, popularity.c.track_id == known.c.id)
    found: ColumnElement[int] = tracks.c.id
    if first:
        found = func.min(tracks.c.id)
    query = select(found).where(tracks.c.artist_id.not_in(counted)).order_by(found)
    if first:
        query = query.group_by(tracks.c.artist_id)
    return list((await conn.scalars(query)).all())


async def unmeasured(conn: AsyncConnection, track_id: int) -> tuple[str, ...]:
    """Return the features that an unmeasured track lacks; nothing for a measured one."""
    names = [name for name in AUDIO_FEATURES if name not in ("key", "mode", "time_signature")]
    query = select(*(tracks.c[name] for name in names)).where(tracks.c.id == track_id)
    row = (await conn.execute(query)).one_or_none()
    missing = [] if row is None else [name for name in names if getattr(row, name) is None]
    return tuple(missing) if set(missing) & set(ESSENTIAL) else ()


async def learn(
    conn: AsyncConnection,
    measured: Sequence[Measured],
    played: Sequence[TrackPopularity],
    *,
    on: date,
) -> set[int]:
    """Keep what sources gave, as a new version of the catalogue; return the tracks that changed.

    Args:
        measured: features; they fill gaps, and replace those of a service that is trusted less.
        played: popularity; it replaces what the same source said before.
    """
    changed = await _keep_features(conn, measured) | await _keep_popularity(conn, played, on)
    if changed:
        version = await catalog_version(conn) + 1
        stamp = update(tracks).where(tracks.c.id.in_(listed(conn, sorted(changed))))
        await conn.execute(stamp.values(version=version))
        await state.put(conn, VERSION, str(version))
    return changed


async def _keep_features(conn: AsyncConnection, measured: Sequence[Measured]) -> set[int]:
    ids = sorted({one.track_id for one in measured})
    columns = [tracks.c[name] for name in AUDIO_FEATURES]
    query = select(tracks.c.id, *columns).where(tracks.c.id.in_(listed(conn, ids)))
    known: dict[int, dict[str, Any]] = {
        row[0]: dict(zip(AUDIO_FEATURES, row[1:], strict=True)) for row in await conn.execute(query)
    }
    asked = select(feature_provenance).where(feature_provenance.c.track_id.in_(listed(conn, ids)))
    trust = {(row.track_id, row.feature): row.confidence for row in await conn.execute(asked)}
    learned: dict[int, dict[str, tuple[Any, Measured]]] = defaultdict(dict)
    for one in measured:
        own = known.get(one.track_id, {})
        for name, value in asdict(one.features).items():
            before = trust.get((one.track_id, name), 1.0 if own.get(name) is not None else -1.0)
            if value is None or name not in own or one.confidence <= before:
                continue
            trust[one.track_id, name] = one.confidence
            learned[one.track_id][name] = (value, one)
    for track_id, values in learned.items():
        told = {name: value for name, (value, _) in values.items()}
        await conn.execute(update(tracks).where(tracks.c.id == track_id).values(**told))
        stale = delete(feature_provenance).where(feature_provenance.c.track_id == track_id)
        await conn.execute(stale.where(feature_provenance.c.feature.in_(list(values))))
        origins = [
            {
                "track_id": track_id,
                "feature": name,
                "source": one.source,
                "confidence": one.confidence,
            }
            for name, (_, one) in values.items()
        ]
        await conn.execute(insert(feature_provenance), origins)
    return set(learned)


async def _keep_popularity(
    conn: AsyncConnection, played: Sequence[TrackPopularity], on: date
) -> set[int]:
    told = {(one.track_id, one.source): one.value for one in played}
    if not told:
        return set()
    ids = listed(conn, sorted({track_id for track_id, _ in told}))
    query = select(popularity).where(popularity.c.track_id.in_(ids))
    before = {(row.track_id, row.source): row.value for row in await conn.execute(query)}
    for track_id, source in told.keys() & before.keys():
        own = popularity.c.track_id == track_id
        await conn.execute(delete(popularity).where(own, popularity.c.source == source))
    rows = [
        {"track_id": track_id, "source": source, "value": value, "observed_on": on}
        for (track_id, source), value in told.items()
    ]
    await conn.execute(insert(popularity), rows)
    return {key[0] for key, value in told.items() if before.get(key) != value}
