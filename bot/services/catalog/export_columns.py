"""The columns of an exported catalogue: what the export writes and the import reads."""

from typing import Final

from bot.core.models import AUDIO_FEATURES

COPIED: Final = ("license", "source_package", "homepage")
FACTS: Final = (
    "title", "artist", "artist_credit", "album", "year", "duration_ms", "explicit", "genres",
    *AUDIO_FEATURES, "feature_source", "feature_origins", "released_by", *COPIED, "data_terms",
)  # fmt: skip
"""The columns that every export has. `feature_source` measured what `feature_origins` does not name
("tempo=deezer:0.6": feature, source, confidence); `released_by` says who released a track
("musicbrainz=label:Sub%20Pop": source, what, name); `data_terms` says under which terms the values
of the row stand."""
NEEDS: Final = frozenset({"title", "artist", "artist_credit", "feature_source", "feature_origins"})
"""No other table has these together."""
SELF_RELEASED: Final = "self-released"
ON_LABEL: Final = "label"
"""What `released_by` says."""
ESCAPED: Final = ("%", "%25"), (" ", "%20")
"""How a value is written that holds what stands between values."""
GENRES_PART, PART = ";", " "
"""What stands between several genres; and between several ids, or origins."""

_ID: Final = "id_"
_POPULARITY: Final = "popularity_"
_DATE: Final = "_on"


def id_column(namespace: str) -> str:
    """Return the name of the column of the ids in another system."""
    return _ID + namespace


def popularity_columns(source: str) -> tuple[str, str]:
    """Return the names of the columns of what a source counts, and of when it did."""
    return _POPULARITY + source, _POPULARITY + source + _DATE


def namespace_of(column: str) -> str | None:
    """Return whose ids a column holds; None: it is no column of ids."""
    name = column.removeprefix(_ID)
    return name if name != column and 0 < len(name) <= 20 else None


def source_of(column: str) -> str | None:
    """Return whose popularity a column holds; None: it holds none."""
    name = column.removeprefix(_POPULARITY)
    is_one = name != column and 0 < len(name) <= 20 and not name.endswith(_DATE)
    return name if is_one else None
