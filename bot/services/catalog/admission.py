"""Takes recordings that a music service named into the catalogue, and adds to known ones.

A recording is the track that has its ISRC, else its MBID, else its Spotify id, else any other of
its ids, else the first with the same recording key and a duration within 3 s or unknown on either
side; else it is a new track. It is the rule of the importer (`importing.merging`).
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final

import polars as pl
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.catalog import (
    artist_key,
    parse_artists,
    parse_genres,
    recording_key,
    text_key,
    title_keys,
)
from bot.core.models import AUDIO_FEATURES, AudioFeatures, ReleasedBy
from bot.services.catalog.importing.cleaning import MAX_TEXT
from bot.services.catalog.importing.merging import Known, by_recording
from bot.services.catalog.importing.pieces import UNKNOWN_RANK, genre_rows
from bot.sources.audius import Audius
from bot.sources.deezer import Deezer
from bot.sources.reccobeats import ReccoBeats
from bot.sources.values import SourceTrack
from bot.store import measures, track_labels
from bot.store.catalog_writer import CatalogWriter
from bot.store.measures import Measured, TrackPopularity

CONFIDENCE: Final[Mapping[str, float]] = {ReccoBeats.name: 0.9, Deezer.name: 0.6, Audius.name: 0.5}
"""How far we trust what a service measured, 0 … 1: a judgement, as none says how often it errs.

ReccoBeats measures on the scales of the tables; Deezer's tempo is a second opinion, and what Audius
says of tempo and key may be the artist's word."""

_STRONGEST: Final = ("isrc", "mbid", "spotify")
_SCHEMA: Final[Mapping[str, pl.DataType]] = {
    "track_id": pl.Int64(),
    "title": pl.String(),
    "artist": pl.String(),
    "artist_key": pl.String(),
    "recording_key": pl.String(),
    "album": pl.String(),
    "album_key": pl.String(),
    "artist_credit": pl.String(),
    "year": pl.Int64(),
    "duration_ms": pl.Int64(),
    "explicit": pl.Boolean(),
    "search_rank": pl.Int64(),
    "popularity": pl.Float64(),
    "observed_on": pl.Date(),
    "feature_source": pl.String(),
    "license": pl.String(),
    "source_package": pl.String(),
    "homepage": pl.String(),
    "genres": pl.String(),
    **{name: pl.Float64() for name in AUDIO_FEATURES},
}
"""What `CatalogWriter.write` takes, and the genres; the numbers go through `store.measures`."""
_GENRE_MARK: Final = "|"


async def admit(conn: AsyncConnection, found: Sequence[SourceTrack], *, on: date) -> list[int]:
    """Store recordings with all their ids and numbers; return their tracks, in the same order."""
    if not found:
        return []
    writer = await CatalogWriter.open(conn, few=True)
    keys = [key_of(one) for one in found]
    stored = await writer.look_up(_ids_of(found), list(dict.fromkeys(keys)))
    track_ids = _placed(found, keys, Known.of(stored), next_id=writer.next_id)
    rows = [_row(one, key, own) for one, key, own in zip(found, keys, track_ids, strict=True)]
    frame = pl.DataFrame(rows, schema=dict(_SCHEMA), orient="row")
    ids = pl.DataFrame(
        [
            (known_as.namespace, known_as.value, track_id)
            for one, track_id in zip(found, track_ids, strict=True)
            for known_as in one.ids
        ],
        schema={"namespace": pl.String, "value": pl.String, "track_id": pl.Int64},
        orient="row",
    ).unique(["namespace", "value"], keep="first", maintain_order=True)
    await writer.write(
        frame.unique("track_id", keep="first").sort("track_id"),
        ids.join(stored.ids, on=["namespace", "value"], how="anti"),
        genre_rows(frame),
        "",  # no popularity comes this way
        labels=track_labels.frame_of(_released(found, track_ids, stored.ids, writer.next_id)),
    )
    await writer.finish()
    numbers = list(zip(track_ids, found, strict=True))
    measured = [one for track_id, track in numbers for one in features_of(track_id, track)]
    played = [
        TrackPopularity(track_id, one.source, one.value)
        for track_id, track in numbers
        for one in track.popularity
    ]
    await measures.learn(conn, measured, played, on=on)
    return track_ids


async def note_released(conn: AsyncConnection, told: Sequence[SourceTrack]) -> None:
    """Keep who released those of some recordings that the catalogue holds; no other comes in."""
    if not told:
        return
    writer = await CatalogWriter.open(conn, few=True)
    keys = [key_of(one) for one in told]
    stored = await writer.look_up(_ids_of(told), list(dict.fromkeys(keys)))
    known = Known.of(stored)
    found = [
        (track_id, one.released_by)
        for one, key in zip(told, keys, strict=True)
        if one.released_by is not None and (track_id := known_track(one, key, known)) is not None
    ]
    nothing = pl.DataFrame(schema=dict(_SCHEMA))
    ids = pl.DataFrame(schema={"namespace": pl.String, "value": pl.String, "track_id": pl.Int64})
    labels = track_labels.frame_of(found)
    await writer.write(nothing, ids, genre_rows(nothing), "", labels=labels)
    await writer.finish()


def _ids_of(found: Sequence[SourceTrack]) -> dict[str, Sequence[str]]:
    values: defaultdict[str, list[str]] = defaultdict(list)
    for one in found:
        for known_as in one.ids:
            values[known_as.namespace].append(known_as.value)
    return {**values}


def _released(
    found: Sequence[SourceTrack], track_ids: Sequence[int], ids: pl.DataFrame, next_id: int
) -> list[tuple[int, ReleasedBy]]:
    """Return who released which track.

    Anybody may upload a known song to Audius under the name of its artist. So what Audius says of
    the uploader counts only of tracks that it brought here, not of those that others had named.

    Args:
        ids: namespace, value and track_id, as far as they were known before.
        next_id: tracks from this one on are new.
    """
    uploads = set(ids.filter(namespace="audius_id")["track_id"].to_list())
    return [
        (track_id, one.released_by)
        for one, track_id in zip(found, track_ids, strict=True)
        if one.released_by is not None
        and (one.released_by.source != Audius.name or track_id >= next_id or track_id in uploads)
    ]


def features_of(track_id: int, told: SourceTrack) -> list[Measured]:
    """Return what a service measured of a track; nothing when it measured nothing."""
    # Of the services that are asked for names, only these two send features with them.
    source = next((name for name in (Deezer.name, Audius.name) if told.id_in(name)), None)
    if told.features == AudioFeatures() or source is None:
        return []
    return [Measured(track_id, source, CONFIDENCE[source], told.features)]


def plain_title(title: str) -> str:
    """Return a title to search for: without what only says how a recording was sold."""
    song, version = title_keys(title)
    return title if song == text_key(title) else f"{song} {version}".strip()


def _placed(
    found: Sequence[SourceTrack], keys: Sequence[str], known: Known, *, next_id: int
) -> list[int]:
    """Give each recording its track; new ones are numbered from `next_id` on."""
    track_ids = []
    for one, key in zip(found, keys, strict=True):
        track_id = known_track(one, key, known)
        if track_id is None:
            track_id, next_id = next_id, next_id + 1
            known.leaders.setdefault(key, []).append(track_id)
        for own in one.ids:
            known.ids.setdefault((own.namespace, own.value), track_id)
        if known.durations.get(track_id) is None:
            known.durations[track_id] = one.duration_ms
        track_ids.append(track_id)
    return track_ids


def known_track(one: SourceTrack, key: str, known: Known) -> int | None:
    """Return the track that a recording is, by its ids and then by its name; None: a new one.

    Args:
        key: its `key_of`.
        known: what the catalogue holds of its ids and key.
    """
    strong = [i for name in _STRONGEST for i in one.ids if i.namespace == name]
    others = [i for i in one.ids if i.namespace not in _STRONGEST]
    names = [(i.namespace, i.value) for i in (*strong, *others)]
    found = next((known.ids[name] for name in names if name in known.ids), None)
    return by_recording(known, key, one.duration_ms) if found is None else found


def _names(one: SourceTrack) -> tuple[str, str, str | None]:
    """Return title, first artist and all artists as printed, of the length of a catalogue text."""
    artist, credit = parse_artists(one.artist, "", comma_joined=False)
    credit = one.artist_credit or credit
    title, artist = one.title[:MAX_TEXT], (artist or one.artist)[:MAX_TEXT]
    return title, artist, None if credit in (None, artist) else credit[:MAX_TEXT]


def key_of(one: SourceTrack) -> str:
    """Return the recording key under which the catalogue would hold it."""
    title, artist, _ = _names(one)
    return recording_key(title, artist)


def _row(one: SourceTrack, key: str, track_id: int) -> tuple[object, ...]:
    title, artist, credit = _names(one)
    album = one.album[:MAX_TEXT] if one.album else None
    values: dict[str, object] = {
        "track_id": track_id,
        "title": title,
        "artist": artist,
        "artist_key": artist_key(artist),
        "recording_key": key,
        "album": album,
        "album_key": text_key(album) if album else None,
        "artist_credit": credit,
        "year": one.year,
        "duration_ms": one.duration_ms,
        "explicit": one.explicit,
        "search_rank": UNKNOWN_RANK,
        "genres": parse_genres(_GENRE_MARK.join(one.genres)),
    }
    return tuple(values.get(name) for name in _SCHEMA)
