"""Recognises a track table by the names of its columns."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from bot.core.models import AUDIO_FEATURES
from bot.errors import ImportFileError
from bot.services.catalog.export_columns import (
    FACTS,
    NEEDS,
    namespace_of,
    popularity_columns,
    source_of,
)
from bot.services.catalog.importing.numbers import SHARES

NAMESPACES: Final = ("isrc", "mbid", "spotify", "msd", "fma", "starter")
"""Whose ids a track can have; the first that a row has decides which recording it is."""

_SHORT: Final[Mapping[str, tuple[str, ...]]] = {
    "danceability": ("dnce",),
    "energy": ("nrgy",),
    "acousticness": ("acous",),
    "speechiness": ("spch",),
    "loudness": ("loudness_db", "db"),
    "tempo": ("bpm", "beats_per_minute"),
}
"""As yearly charts name their columns."""

# A column may be called any of these (folded: lower case, "_" between words); the first one wins.
ALIASES: Final[Mapping[str, tuple[str, ...]]] = {
    "title": (
        "track_name", "title", "name", "song_name", "track_title", "song_title", "song", "track",
    ),
    "artist": (
        "artists", "track_artist", "artist", "artist_name_s", "artist_names", "artist_name",
        "artists_name", "artist_s_name", "performer",
    ),
    "artist_ids": ("artist_uri_s", "artist_ids", "artist_uris"),
    "id": ("track_id", "id", "track_uri", "uri", "track_url"),
    "spotify": ("spotify_id", "spotify_track_id", "spotify_uri", "spotify_track_uri"),
    "isrc": ("isrc", "track_isrc"),
    "mbid": ("mbid", "recording_mbid", "musicbrainz_id", "track_mbid"),
    "album": ("album_name", "track_album_name", "album", "album_title", "release"),
    "year": ("year", "release_year", "released_year"),
    "release_date": (
        "release_date", "track_album_release_date", "album_release_date", "album_date_released",
        "date",
    ),
    "duration_ms": ("duration_ms", "track_duration_ms", "length_ms"),
    "duration_s": ("duration_s", "track_duration", "duration_sec", "duration_seconds"),
    "duration": ("duration", "length", "dur"),
    "explicit": ("explicit", "track_explicit"),
    "popularity": ("popularity", "track_popularity"),
    "listens": ("track_listens", "listens"),
    "observed_on": ("observed_on", "popularity_date", "snapshot_date"),
    "genre": ("track_genre", "playlist_genre", "genre", "track_genre_top", "genres", "genre_top"),
    "subgenre": ("playlist_subgenre", "subgenre"),
    "tags": ("tags",),
    "license": ("license", "track_license"),
    "source_package": ("source_package",),
    "homepage": ("homepage",),
    "released_by": ("artist_associated_labels",),
    **{
        feature: (feature, f"audio_features_{feature}", *_SHORT.get(feature, ()))
        for feature in AUDIO_FEATURES
    },
}  # fmt: skip
FIELDS: Final = tuple(ALIASES)


@dataclass(frozen=True, slots=True)
class Layout:
    """How to read one table: which column holds which field."""

    name: str
    columns: Mapping[str, int]
    """Field → position of its column."""
    width: int
    """How many columns a row has."""
    comma_joined_artists: bool = False
    id_namespace: str | None = None
    """Whose ids plain numbers are."""
    feature_source: str = "spotify"
    """Where the audio features of such a table come from."""
    popularity_source: str = "spotify"
    """Whose popularity it is; of all but Spotify it is counted, in the column of listens."""
    label_source: str = "import"
    """Who says who released a track."""
    percentages: frozenset[str] = frozenset()
    """Features that the table holds from 0 to 100."""
    is_export: bool = False
    """Whether `bside catalog export` wrote it."""
    is_marked: bool = True
    """Whether cells that look like formulas have an apostrophe before them."""

    @property
    def counts(self) -> bool:
        """Whether popularity is how often something is heard, or by how many."""
        return self.popularity_source != "spotify"

    @property
    def namespaces(self) -> tuple[str, ...]:
        """Whose ids its rows have, those first that decide which recording it is."""
        if not self.is_export:
            return NAMESPACES
        others = {name for column in self.columns if (name := namespace_of(column))}
        return (*NAMESPACES, *sorted(others - {*NAMESPACES}))

    @property
    def names_tracks(self) -> bool:
        """Whether rows can make new tracks; else they only add to tracks known by their id."""
        return {"title", "artist"} <= self.columns.keys()


@dataclass(frozen=True, slots=True)
class _Known:
    """A table in circulation, told by columns that no other has together."""

    name: str
    needs: frozenset[str]
    comma_joined_artists: bool = False
    id_namespace: str | None = None
    feature_source: str = "spotify"


EXPORT: Final = "export of B-Side"
"""The name of the layout that `bside catalog export` writes."""
OTHER_TABLE: Final = "table with title and artist"
"""The name of a layout that is none of the known ones."""

_KNOWN: Final = (
    _Known(
        "TidyTuesday spotify_songs",
        frozenset({"track_id", "track_name", "track_artist", "playlist_id"}),
    ),
    _Known("Kaggle 114k", frozenset({"track_id", "artists", "track_name", "track_genre"})),
    _Known(
        "Kaggle 1.2M tracks_features",
        frozenset({"id", "name", "artists", "artist_ids", "album_id"}),
    ),
    _Known("Kaggle 1921–2020", frozenset({"id", "name", "artists", "popularity", "release_date"})),
    _Known("Music Info", frozenset({"track_id", "name", "artist", "spotify_id", "tags"})),
    _Known("Exportify", frozenset({"track_uri", "track_name", "artist_name_s"}), True),
    _Known("Exportify", frozenset({"spotify_id", "track_name", "artist_name_s"}), True),
    _Known(
        "FMA tracks",
        frozenset({"track_title", "artist_name", "track_listens"}),
        id_namespace="fma",
        feature_source="echonest",
    ),
    _Known(
        "FMA echonest",
        frozenset({"audio_features_energy", "track_id"}),
        id_namespace="fma",
        feature_source="echonest",
    ),
    _Known(
        "bside analyze", frozenset({"file", "title", "artist", "sha256"}), feature_source="analysis"
    ),
    _Known(
        "starter catalogue: Free Music Archive",
        frozenset({"title", "artist", "source_package", "listens"}),
        id_namespace="fma",
        feature_source="echonest",
    ),
    _Known(
        "starter catalogue",
        frozenset({"title", "artist", "source_package"}),
        id_namespace="starter",
        feature_source="starter",
    ),
)


def fold(name: str) -> str:
    """Fold a column's name: "Artist Name(s)" and "artist_name_s" are one."""
    return re.sub(r"[^0-9a-z]+", "_", name.casefold()).strip("_")


def parse_mapping(pairs: Sequence[str]) -> dict[str, str]:
    """Read `column=field` pairs into folded column → field.

    Raises:
        ImportFileError: a pair is not of that form, or the field does not exist.
    """
    mapping = {}
    for pair in pairs:
        column, equals, field = pair.rpartition("=")
        if not equals or field.strip() not in FIELDS or not fold(column):
            raise ImportFileError(
                f"--map {pair}: write column=field, with one of these fields: {', '.join(FIELDS)}."
            )
        mapping[fold(column)] = field.strip()
    return mapping


def recognise(header: Sequence[str], mapping: Mapping[str, str]) -> Layout | None:
    """Return the layout of a table with these columns; None when it is no track table.

    Args:
        header: the columns' names as they stand in the file.
        mapping: folded column → field, from the operator; it goes before everything else.

    Raises:
        ImportFileError: the mapping names a column that is not there.
    """
    names = [fold(name) for name in header]
    position: dict[str, int] = {}
    for place, name in enumerate(names):
        position.setdefault(name, place)
    missing = [column for column in mapping if column not in position]
    if missing:
        raise ImportFileError(
            f"--map names the column {missing[0]}, which is not in the table. {_found(header)}"
        )
    columns = {field: position[column] for column, field in mapping.items()}
    if position.keys() >= NEEDS:
        return Layout(EXPORT, _of_export(position) | columns, len(names), is_export=True)
    taken = {position[column] for column in mapping}
    for field, aliases in ALIASES.items():
        for name in aliases:
            place = position.get(name, -1)
            if field not in columns and place >= 0 and place not in taken:
                columns[field] = place
    known = next((table for table in _KNOWN if table.needs <= position.keys()), None)
    if known is None or known.id_namespace != "fma":  # listens elsewhere: who knows on what scale
        columns.pop("listens", None)
    layout = Layout(
        name=known.name if known else OTHER_TABLE,
        columns=columns,
        width=len(names),
        comma_joined_artists=known is not None
        and known.comma_joined_artists
        and "artist_ids" in columns,  # else "Tyler, The Creator" would be two
        id_namespace=known.id_namespace if known else None,
        feature_source=known.feature_source if known else "spotify",
        popularity_source="fma" if known and known.id_namespace == "fma" else "spotify",
        label_source="fma" if known and known.id_namespace == "fma" else "import",
        percentages=frozenset(
            field for field, place in columns.items() if field in SHARES and "%" in header[place]
        ),
    )
    features_only = layout.id_namespace == "fma" and "id" in columns
    return layout if layout.names_tracks or features_only else None


def _of_export(position: Mapping[str, int]) -> dict[str, int]:
    """Return the columns of an export that are known: field → place."""
    sources = [source for name in position if (source := source_of(name))]
    known = {*FACTS, *(name for source in sources for name in popularity_columns(source))}
    return {name: place for name, place in position.items() if name in known or namespace_of(name)}


def refuse_dump(table: str, header: Sequence[str]) -> None:
    """Refuse the names of MusicBrainz alone: 31 million recordings, most of which nobody plays.

    Raises:
        ImportFileError: they are that.
    """
    if {"recording_mbid", "combined_lookup"} <= set(map(fold, header)):
        raise ImportFileError(
            f"{table} is the canonical dump of MusicBrainz: put it into a folder with dumps of "
            "ListenBrainz or AcousticBrainz, and name that to `bside catalog open-data`."
        )


def unrecognised(table: str, header: Sequence[str]) -> ImportFileError:
    """Return the error for a table that cannot be read, with what would help."""
    return ImportFileError(
        f"{table} is not a track table: it needs at least a title and an artist column. "
        f"{_found(header)} Say which is which with --map column=field, "
        "for example --map song=title --map singer=artist."
    )


def _found(header: Sequence[str]) -> str:
    shown = [name.strip()[:40] or "(unnamed)" for name in header[:30]]
    more = f" and {len(header) - 30} more" if len(header) > 30 else ""
    return f"Columns found: {', '.join(shown)}{more}."


def flatten(rows: Sequence[Sequence[str]]) -> tuple[list[str], int]:
    """Join a header of several rows (as pandas writes them) into one.

    Returns the names and how many of the given rows are header: FMA's tracks.csv has two and
    a third with the name of the index, its echonest.csv three and a fourth.
    """
    first = {fold(name) for name in rows[0][1:]} - {""}
    depth = 2 if {"track", "artist"} <= first else 3 if first == {"echonest"} else 1
    if depth == 1 or len(rows) <= depth:
        return list(rows[0]), 1
    levels = rows[:depth] if depth == 2 else rows[1:depth]
    names = [" ".join(parts) for parts in zip(*levels, strict=False)]
    names[0] = rows[depth][0]
    return names, depth + 1
