"""Turns the text of a table into values: known and in range, or unknown.

Unknown is null and never 0. A value outside its range is taken as unknown and counted. What the
tables mean by their odd values: tempo 0 is "not found", and with danceability 0 the whole
analysis failed; loudness of -60 dB and less is silence; key -1 is "none"; year 0 is unknown.
"""

from collections import Counter
from dataclasses import dataclass, replace
from typing import Final

import polars as pl

from bot.core.catalog import ENTITY, is_self_released, parse_artists, parse_genres, unescaped
from bot.core.models import AUDIO_FEATURES
from bot.services.catalog.export_columns import COPIED, ON_LABEL, source_of
from bot.services.catalog.importing import numbers
from bot.services.catalog.importing.keys import with_keys
from bot.services.catalog.importing.layouts import Layout
from bot.services.catalog.importing.records import Chunk
from bot.services.cells import MARKED_CELL

UNKNOWN_WORDS: Final = (
    "",
    "NA",
    "N/A",
    "n/a",
    "NaN",
    "nan",
    "None",
    "null",
    "NULL",
    "Null",
    "NONE",
)
MAX_TEXT: Final = 500
_DAY_MS: Final = 86_400_000
_SHORTEST_MS: Final = 10_000  # a plain "duration" below this is in seconds

RANGES: Final[dict[str, tuple[float, float, pl.DataType | type[pl.DataType]]]] = {
    **dict.fromkeys(numbers.SHARES, (0, 1, pl.Float64)),
    "loudness": (-100, 10, pl.Float64),
    "tempo": (0, 400, pl.Float64),
    "key": (-1, 11, pl.Int16),
    "mode": (-1, 1, pl.Int16),
    "time_signature": (0, 16, pl.Int16),
    "duration_ms": (0, _DAY_MS, pl.Int32),
    "year": (0, 2100, pl.Int16),
    "popularity": (0, 100, pl.Float64),
}
# Inside the range, and the tables' way to say "unknown": at most this.
UNKNOWN_UP_TO: Final = {
    "loudness": -60, "tempo": 0, "key": -1, "mode": -1, "time_signature": 0, "duration_ms": 0,
    "year": 1000,
}  # fmt: skip

_DURATIONS: Final = ("duration_ms", "duration_s", "duration")
_YEAR: Final = r"(?:^|\D)((?:1[89]|20)\d\d)(?:\D|$)"
"""A date may be written in any order."""
_SPOTIFY: Final = r"^(?:spotify:track:|https?://open\.spotify\.com/(?:intl-[a-z]+/)?track/)?([0-9A-Za-z]{22})(?:\?.*)?$"
_MBID: Final = r"^([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})$"
_ISRC: Final = r"^([A-Z]{2}[A-Z0-9]{3}[0-9]{7})$"
_MSD: Final = r"^(TR[0-9A-Z]{16})$"
_FMA: Final = r"^(?:fma:)?([0-9]+)$"
_STARTER: Final = r"^starter:([0-9a-f]+)$"
ID_PATTERNS: Final = {
    "isrc": _ISRC, "mbid": _MBID, "spotify": _SPOTIFY, "msd": _MSD, "fma": _FMA,
    "starter": r"^([0-9a-f]+)$",
}  # fmt: skip
"""How ids look, by namespace; the group is what is stored."""
_ARTIST_NEEDS_READING: Final = r"^[\[{]|[;|\x1f]|(?i)\s(?:feat\.?|ft\.|featuring)\s"

_NUMBERS: Final = frozenset({*RANGES, "duration_s", "duration", "listens"})
_ADDRESS: Final = r"^https?://\S{3,400}$"


@dataclass(frozen=True, slots=True, eq=False)
class Told:
    """What rows of an export say that other tables do not hold: of each row as much as there is."""

    ids: pl.DataFrame
    """row, namespace, value: each id once."""
    popularity: pl.DataFrame
    """row, source, value, observed_on."""
    origins: pl.DataFrame
    """row, feature, source, confidence: of features that `feature_source` did not measure."""
    labels: pl.DataFrame
    """row, source, independent, label: who released a track."""


@dataclass(frozen=True, slots=True)
class Cleaned:
    """The rows that can be used, the rows that cannot (with why), and what was dropped."""

    frame: pl.DataFrame
    rejects: list[tuple[int, str]]
    dropped: Counter[str]
    rows: int
    id_hashes: pl.Series
    """The id of every row, also of rejected ones, as a number; for counting."""
    told: Told | None = None
    """What the rows of an export say besides."""


def number_columns(layout: Layout) -> list[int]:
    """Return the places of the columns that should hold nothing but numbers."""
    return [
        place
        for field, place in layout.columns.items()
        if field in _NUMBERS or (layout.is_export and source_of(field))
    ]


def clean(chunk: Chunk, layout: Layout) -> Cleaned:
    """Read the columns of a chunk by its layout."""
    dropped: Counter[str] = Counter()
    raw = chunk.frame
    frame = raw.select("row", *_texts(layout, raw.schema))
    frame = frame.with_columns(*_identifiers(layout, frame))
    read, wrong = _numbers(layout, frame)
    dropped.update(wrong)
    frame = frame.with_columns(read.get_columns())
    frame = _distrust_failed_analysis(frame)
    if not layout.names_tracks:
        has_id = pl.any_horizontal(pl.col("fma").is_not_null())
        return with_rejects(frame, chunk, layout, dropped, [(~has_id, "no id")])
    frame = _names(frame, layout)
    checks = [
        (pl.col("title").is_null() & pl.col("artist").is_null(), "no title and no artist"),
        (pl.col("title").is_null(), "no title"),
        (pl.col("artist").is_null(), "no artist"),
    ]
    cleaned = with_rejects(frame, chunk, layout, dropped, checks)
    return replace(cleaned, frame=with_keys(cleaned.frame))


def with_rejects(
    frame: pl.DataFrame,
    chunk: Chunk,
    layout: Layout,
    dropped: Counter[str],
    checks: list[tuple[pl.Expr, str]],
) -> Cleaned:
    """Part the rows that can be used from those that cannot, by the first check that is true."""
    reason = pl.coalesce(*(pl.when(check).then(pl.lit(why)) for check, why in checks))
    frame = frame.with_columns(reason.alias("reason"))
    rejected = frame.filter(pl.col("reason").is_not_null())
    rejects = rejected.select("row", "reason").rows()
    rejects += [
        (row, f"{found} fields where the header has {layout.width}") for row, found in chunk.ragged
    ]
    good = frame.filter(pl.col("reason").is_null()).drop("reason")
    ids = frame.select(pl.coalesce("spotify", "mbid", "isrc", "msd", "fma", "starter")).to_series()
    hashes = ids.drop_nulls().hash(seed=0)
    return Cleaned(good, sorted(rejects), dropped, frame.height + len(chunk.ragged), hashes)


def _texts(layout: Layout, schema: pl.Schema) -> list[pl.Expr]:
    """Return every field of the layout as trimmed text, null where it says nothing.

    What the reader knew to be a number stays one.
    """
    found = []
    for field, place in layout.columns.items():
        if schema[f"c{place}"] != pl.String:
            found.append(pl.col(f"c{place}").fill_nan(None).alias(f"text_{field}"))
            continue
        text = pl.col(f"c{place}").str.strip_chars()
        if field in ("title", "artist", "album"):
            clean_text = text.str.replace_all(r"[\x00-\x1e\x7f\s]+", " ")
            text = pl.when(text.str.contains(r"[\x00-\x1e\x7f]")).then(clean_text).otherwise(text)
            text = text.map_batches(_unescaped, return_dtype=pl.String)
            text = text.str.replace(MARKED_CELL, "${1}")
            if field != "artist":
                text = text.str.slice(0, MAX_TEXT)
        else:
            text = text.str.replace_all("\0", "", literal=True)  # which PostgreSQL does not take
        unknown = text.is_in(UNKNOWN_WORDS)
        found.append(pl.when(~unknown).then(text).alias(f"text_{field}"))
    return found


def _unescaped(texts: pl.Series) -> pl.Series:
    """Return texts without what was escaped for a page of the web: `&amp;`."""
    places = texts.str.contains(ENTITY).fill_null(value=False).arg_true()
    if places.is_empty():
        return texts
    return texts.scatter(places, [unescaped(text) for text in texts.gather(places).to_list()])


def _text(frame: pl.DataFrame, field: str) -> pl.Expr:
    name = f"text_{field}"
    return pl.col(name) if name in frame.columns else pl.lit(None, dtype=pl.String)


def _identifiers(layout: Layout, frame: pl.DataFrame) -> list[pl.Expr]:
    given = _text(frame, "id")
    isrc = _text(frame, "isrc").str.to_uppercase().str.replace_all("-", "")
    numbered = layout.id_namespace == "fma"
    return [
        isrc.str.extract(_ISRC).alias("isrc"),
        pl.coalesce(_text(frame, "mbid"), given)
        .str.to_lowercase()
        .str.extract(_MBID)
        .alias("mbid"),
        pl.coalesce(
            _text(frame, "spotify").str.extract(_SPOTIFY), given.str.extract(_SPOTIFY)
        ).alias("spotify"),
        given.str.extract(_MSD).alias("msd"),
        (given.str.extract(_FMA) if numbered else pl.lit(None, dtype=pl.String)).alias("fma"),
        given.str.extract(_STARTER).alias("starter"),
    ]


def _numbers(layout: Layout, frame: pl.DataFrame) -> tuple[pl.DataFrame, dict[str, int]]:
    """Return the numeric fields, and how many values of each were out of range."""
    sources = {field: _text(frame, field) for field in RANGES}
    told = {field: text.is_not_null() for field, text in sources.items()}
    casts = {field: _number(frame, field) for field in RANGES}
    for field in layout.percentages:
        casts[field] /= 100
    casts["duration_ms"], told["duration_ms"] = _duration(frame)
    if _is_text(frame, "key"):
        named, mode = numbers.key_of(sources["key"])
        casts["key"] = pl.coalesce(casts["key"], named)
        casts["mode"] = pl.coalesce(casts["mode"], mode)
    if _is_text(frame, "mode"):
        casts["mode"] = pl.coalesce(casts["mode"], numbers.mode_of(sources["mode"]))
    if _is_text(frame, "time_signature"):
        beats = numbers.meter(sources["time_signature"])
        casts["time_signature"] = pl.coalesce(casts["time_signature"], beats)
    dated = _text(frame, "release_date").cast(pl.String)
    released = dated.str.extract(_YEAR).cast(pl.Float64, strict=False)
    casts["year"] = pl.coalesce(pl.when(casts["year"] != 0).then(casts["year"]), released)
    expressions = []
    for field, (low, high, dtype) in RANGES.items():
        number = casts[field].round() if field == "duration_ms" else casts[field]
        good = number.is_between(low, high)
        if dtype != pl.Float64:
            good &= number == number.round()
        meant = number > UNKNOWN_UP_TO.get(field, -1)
        expressions.append(pl.when(good & meant).then(number).cast(dtype).alias(field))
        expressions.append((told[field] & ~good.fill_null(value=False)).sum().alias(f"bad_{field}"))
    listens = _number(frame, "listens")
    expressions += [
        pl.when(listens >= 0).then(listens).alias("listens"),
        boolean(_text(frame, "explicit")).alias("explicit"),
        _text(frame, "observed_on")
        .str.slice(0, 10).str.to_date("%Y-%m-%d", strict=False).alias("observed_on"),
        pl.when(casts["tempo"] == 0)
        .then(casts["danceability"] == 0)
        .otherwise(statement=False).fill_null(value=False).alias("failed"),
        *(_text(frame, field).alias(field) for field in COPIED if field != "homepage"),
        pl.when(_text(frame, "homepage").str.contains(_ADDRESS))
        .then(_text(frame, "homepage")).alias("homepage"),
    ]  # fmt: skip
    read = frame.select("row", *expressions).drop("row")  # with a column, literals fill its height
    bad = {field: int(read[f"bad_{field}"].max() or 0) for field in RANGES}  # type: ignore[arg-type]
    return read.drop([f"bad_{field}" for field in RANGES]), {f: n for f, n in bad.items() if n}


def _is_text(frame: pl.DataFrame, field: str) -> bool:
    return frame.schema.get(f"text_{field}") == pl.String


def _number(frame: pl.DataFrame, field: str) -> pl.Expr:
    return numbers.number(_text(frame, field), field, is_text=_is_text(frame, field))


def _duration(frame: pl.DataFrame) -> tuple[pl.Expr, pl.Expr]:
    """Return the duration in ms, and whether anything is said of it."""
    exact, seconds, either = (_number(frame, field) for field in _DURATIONS)
    guessed = pl.when(either < _SHORTEST_MS).then(either * 1000).otherwise(either)
    told = [_text(frame, field) for field in _DURATIONS]
    clocks = [
        numbers.length_ms(text)
        for field, text in zip(_DURATIONS, told, strict=True)
        if _is_text(frame, field)
    ]
    is_told = pl.any_horizontal(text.is_not_null() for text in told)
    return pl.coalesce(exact, seconds * 1000, guessed, *clocks), is_told


def scales(chunk: Chunk, layout: Layout) -> Layout:
    """Return a layout that knows which columns hold percentages, judged by the first rows."""
    frame = chunk.frame.select("row", *_texts(layout, chunk.frame.schema))
    found = frame.select(_number(frame, field).alias(field) for field in numbers.SHARES)
    told = {field: values for field, values in found.to_dict().items() if field in layout.columns}
    return replace(layout, percentages=layout.percentages | numbers.percentages(told))


def boolean(text: pl.Expr) -> pl.Expr:
    """Return what words say: true, 1, yes; false, 0, no."""
    word = text.str.to_lowercase()
    return (
        pl.when(word.is_in(["true", "1", "1.0", "yes", "explicit"]))
        .then(statement=True)
        .when(word.is_in(["false", "0", "0.0", "no", "clean"]))
        .then(statement=False)
    )


def _distrust_failed_analysis(frame: pl.DataFrame) -> pl.DataFrame:
    trusted = ~pl.col("failed")
    return frame.with_columns(
        pl.when(trusted).then(pl.col(feature)).alias(feature) for feature in AUDIO_FEATURES
    ).drop("failed")


def _names(frame: pl.DataFrame, layout: Layout) -> pl.DataFrame:
    """Add title, artist, artist_credit, album and genres."""
    written = pl.col("text_artist")
    pattern = _ARTIST_NEEDS_READING + ("|," if layout.comma_joined_artists else "")
    ids = _text(frame, "artist_ids") if layout.comma_joined_artists else pl.lit("")
    frame = frame.with_columns(ids.fill_null("").alias("artist_ids"))
    special = (
        frame.filter(written.str.contains(pattern)).select("text_artist", "artist_ids").unique()
    )
    parsed = [
        (text, ids, *parse_artists(text, ids, comma_joined=layout.comma_joined_artists))
        for text, ids in special.rows()
    ]
    lookup = pl.DataFrame(
        parsed,
        schema=dict.fromkeys(("text_artist", "artist_ids", "first", "credit"), pl.String),
        orient="row",
    )
    if parsed:
        frame = frame.join(
            lookup, on=["text_artist", "artist_ids"], how="left", maintain_order="left"
        )
        plain = ~written.str.contains(pattern)
    else:
        frame = frame.with_columns(
            *(pl.lit(None, dtype=pl.String).alias(n) for n in ("first", "credit"))
        )
        plain = pl.lit(value=True)
    first = pl.when(plain).then(written).otherwise(pl.col("first"))
    return frame.with_columns(
        pl.col("text_title").alias("title"),
        first.str.slice(0, MAX_TEXT).alias("artist"),
        pl.col("credit").str.slice(0, MAX_TEXT).alias("artist_credit"),
        _text(frame, "album").alias("album"),
        _genres(frame).alias("genres"),
        _independent(frame).alias("independent"),
    )


def _independent(frame: pl.DataFrame) -> pl.Series:
    """Return whether rows say that the artist released the track, or that a label did.

    The labels that an artist names at the Free Music Archive did not release each of their tracks:
    they say nothing, unless the artist says to have none.
    """
    if "text_released_by" not in frame.columns:
        return pl.repeat(None, frame.height, dtype=pl.Boolean, eager=True)
    told = frame["text_released_by"].cast(pl.String)
    words = told.unique().drop_nulls()
    own = [one for one in words.to_list() if is_self_released(one)]
    says = pl.when(told.is_in(own)).then(statement=True).when(told == ON_LABEL)
    return frame.select(says.then(statement=False)).to_series()


def _genres(frame: pl.DataFrame) -> pl.Series:
    """Return the genres of each row, joined by the separator; null where there are none."""
    fields = [
        name for name in ("text_genre", "text_subgenre", "text_tags") if name in frame.columns
    ]
    if not fields:
        return pl.repeat(None, frame.height, dtype=pl.String, eager=True)
    joined = frame.select(pl.concat_str(fields, separator=";", ignore_nulls=True)).to_series()
    unique = joined.unique()
    read = [parse_genres(text) for text in unique.to_list()]
    return joined.replace_strict(unique, pl.Series(read, dtype=pl.String), return_dtype=pl.String)
