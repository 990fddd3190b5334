"""Reads the rows of `bside catalog export` as they were written.

Names stand as they are, and are not searched for several artists or what pages of the web escape:
that was done when the catalogue learned them. What is out of range is unknown here, too.
"""

from collections import Counter
from dataclasses import replace
from typing import Final

import polars as pl

from bot.core.catalog import SEPARATOR
from bot.core.models import AUDIO_FEATURES
from bot.services.catalog.export_columns import (
    COPIED,
    ESCAPED,
    GENRES_PART,
    ON_LABEL,
    PART,
    SELF_RELEASED,
    id_column,
    popularity_columns,
    source_of,
)
from bot.services.catalog.importing.cleaning import (
    ID_PATTERNS,
    MAX_TEXT,
    RANGES,
    UNKNOWN_UP_TO,
    Cleaned,
    Told,
    boolean,
    with_rejects,
)
from bot.services.catalog.importing.keys import with_keys
from bot.services.catalog.importing.layouts import Layout
from bot.services.catalog.importing.merging import id_place
from bot.services.catalog.importing.pieces import UNKNOWN_RANK, search_rank
from bot.services.catalog.importing.records import Chunk
from bot.services.cells import MARKED_CELL

_NUMBERS: Final = ("year", "duration_ms", *AUDIO_FEATURES)
_NAMES: Final = ("title", "artist", "artist_credit", "album")
_RANKING: Final = {"spotify": False, "fma": True, "listenbrainz": True}
"""The sources whose popularity orders what a search finds; whether they count."""
_MAX_ID: Final = 300
_MAX_SOURCE: Final = 40
_ORIGIN: Final = r"^(?<feature>[a-z_]+)=(?<source>[^\s=:]{1,20}):(?<confidence>[0-9.e+-]+)$"

_RELEASED: Final = (
    rf"^(?<source>[^\s=:]{{1,20}})=(?<what>{SELF_RELEASED}|{ON_LABEL})(?::(?<label>\S+))?$"
)


def clean_export(chunk: Chunk, layout: Layout) -> Cleaned:
    """Read the columns of a chunk of an export."""
    dropped: Counter[str] = Counter()
    raw = chunk.frame.select("row", *_texts(chunk.frame, layout))
    frame = raw.select("row", *_facts(raw, dropped))
    told = Told(
        _ids(raw, layout, dropped),
        _popularity(raw, layout, dropped),
        _origins(raw, dropped),
        _labels(raw, dropped),
    )
    for namespace in layout.namespaces:
        own = told.ids.filter(namespace=namespace).unique("row", keep="first", maintain_order=True)
        named = own.select("row", pl.col("value").alias(id_place(namespace)))
        frame = frame.join(named, on="row", how="left", maintain_order="left")
    ranks = [
        told.popularity.filter(source=source).select(
            "row", search_rank("value", counts=counts).alias("search_rank")
        )
        for source, counts in _RANKING.items()
    ]
    best = pl.concat(ranks).group_by("row").agg(pl.col("search_rank").min())
    frame = frame.join(best, on="row", how="left", maintain_order="left")
    frame = frame.with_columns(pl.col("search_rank").fill_null(UNKNOWN_RANK))
    checks = [
        (pl.col("title").is_null() & pl.col("artist").is_null(), "no title and no artist"),
        (pl.col("title").is_null(), "no title"),
        (pl.col("artist").is_null(), "no artist"),
    ]
    cleaned = with_rejects(frame, chunk, layout, dropped, checks)
    return replace(cleaned, frame=with_keys(cleaned.frame), told=told)


def _texts(frame: pl.DataFrame, layout: Layout) -> list[pl.Expr]:
    """Return every column that is read, by its name; numbers stay what they are."""
    found = []
    for name, place in layout.columns.items():
        cell = pl.col(f"c{place}")
        if frame.schema[f"c{place}"] == pl.String:
            if layout.is_marked:
                cell = cell.str.replace(MARKED_CELL, "${1}")
            cell = cell.str.replace_all("\0", "", literal=True)
            cell = pl.when(cell != "").then(cell)
        found.append(cell.alias(name))
    return found


def _column(frame: pl.DataFrame, name: str) -> pl.Expr:
    return pl.col(name) if name in frame.columns else pl.lit(None, dtype=pl.String)


def _facts(raw: pl.DataFrame, dropped: Counter[str]) -> list[pl.Series]:
    found = []
    for name in _NUMBERS:
        low, high, kind = RANGES[name]
        told = raw.select(_column(raw, name).cast(pl.String)).to_series()
        number = told.cast(pl.Float64, strict=False).fill_nan(None)
        good = number.is_between(low, high)
        if name != "loudness":
            good &= number > UNKNOWN_UP_TO.get(name, -1)
        if kind != pl.Float64:
            good &= number == number.round()
        wrong = int((told.is_not_null() & ~good.fill_null(value=False)).sum())
        if wrong:
            dropped[name] += wrong
        found.append(pl.select(pl.when(good).then(number).cast(kind).alias(name)).to_series())
    others = {
        **{name: _column(raw, name).cast(pl.String).str.slice(0, MAX_TEXT) for name in _NAMES},
        **{name: _column(raw, name).cast(pl.String) for name in COPIED},
        "feature_source": _column(raw, "feature_source").str.slice(0, _MAX_SOURCE),
        "explicit": boolean(_column(raw, "explicit").cast(pl.String)),
        "genres": _column(raw, "genres").str.replace_all(GENRES_PART, SEPARATOR, literal=True),
        "popularity": pl.lit(None, dtype=pl.Float64),
        "observed_on": pl.lit(None, dtype=pl.Date),
    }
    rest = raw.select("row", **others).drop("row")
    return [*found, *rest.get_columns()]


def _ids(raw: pl.DataFrame, layout: Layout, dropped: Counter[str]) -> pl.DataFrame:
    pieces = []
    for namespace in layout.namespaces:
        column = id_column(namespace)
        if column not in raw.columns:
            continue
        parts = raw.select("row", value=pl.col(column).str.split(PART)).explode("value")
        parts = parts.filter(pl.col("value").fill_null("") != "")
        value = pl.col("value")
        if namespace in ID_PATTERNS:
            value = value.str.extract(ID_PATTERNS[namespace])
        else:
            value = _unescaped(value)
            value = pl.when(value.str.len_chars() <= _MAX_ID).then(value)
        read = parts.select("row", pl.lit(namespace).alias("namespace"), value.alias("value"))
        if read["value"].null_count():
            dropped[column] += read["value"].null_count()
        pieces.append(read.drop_nulls("value"))
    empty = pl.DataFrame(
        schema={"row": raw.schema["row"], "namespace": pl.String, "value": pl.String}
    )
    found = pl.concat([empty, *pieces])
    return found.unique(["namespace", "value"], keep="first", maintain_order=True)


def _unescaped(value: pl.Expr) -> pl.Expr:
    for plain, escaped in reversed(ESCAPED):
        value = value.str.replace_all(escaped, plain, literal=True)
    return value


def _labels(raw: pl.DataFrame, dropped: Counter[str]) -> pl.DataFrame:
    written = _column(raw, "released_by").cast(pl.String).str.split(PART)
    parts = raw.select("row", word=written).explode("word").drop_nulls("word")
    parts = parts.filter(pl.col("word") != "")
    fields = parts.select("row", pl.col("word").str.extract_groups(_RELEASED)).unnest("word")
    good = fields.drop_nulls("source").select(
        "row",
        "source",
        independent=pl.col("what") == SELF_RELEASED,
        label=_unescaped(pl.col("label")).str.slice(0, MAX_TEXT),
    )
    if good.height < parts.height:
        dropped["released_by"] += parts.height - good.height
    return good.unique(["row", "source"], keep="first", maintain_order=True)


def _popularity(raw: pl.DataFrame, layout: Layout, dropped: Counter[str]) -> pl.DataFrame:
    pieces = [
        pl.DataFrame(
            schema={
                "row": raw.schema["row"], "source": pl.String, "value": pl.Float64,
                "observed_on": pl.Date,
            }
        )
    ]  # fmt: skip
    for source in filter(None, map(source_of, layout.columns)):
        column, on = popularity_columns(source)
        number = pl.col(column).cast(pl.Float64, strict=False).fill_nan(None)
        high = 100 if source == "spotify" else float("1e15")
        read = raw.filter(pl.col(column).is_not_null()).select(
            "row",
            pl.lit(source).alias("source"),
            pl.when(number.is_between(0, high)).then(number).alias("value"),
            _column(raw, on).cast(pl.String).str.to_date("%Y-%m-%d", strict=False)
            .alias("observed_on"),
        )  # fmt: skip
        if read["value"].null_count():
            dropped[column] += read["value"].null_count()
        pieces.append(read.drop_nulls("value"))
    return pl.concat(pieces)


def _origins(raw: pl.DataFrame, dropped: Counter[str]) -> pl.DataFrame:
    written = _column(raw, "feature_origins").cast(pl.String).str.split(PART)
    parts = raw.select("row", word=written).explode("word").drop_nulls("word")
    fields = parts.select("row", pl.col("word").str.extract_groups(_ORIGIN)).unnest("word")
    read = fields.with_columns(pl.col("confidence").cast(pl.Float64, strict=False))
    good = pl.col("feature").is_in(AUDIO_FEATURES) & pl.col("confidence").is_between(0, 1)
    kept = read.filter(good.fill_null(value=False))
    if kept.height < read.height:
        dropped["feature_origins"] += read.height - kept.height
    return kept.unique(["row", "feature"], keep="first", maintain_order=True)
