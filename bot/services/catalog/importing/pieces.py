"""Takes merged rows apart into what the tables of the database hold."""

from typing import Final

import polars as pl

from bot.core.catalog import SEPARATOR
from bot.core.models import AUDIO_FEATURES
from bot.services.catalog.export_columns import COPIED
from bot.services.catalog.importing.cleaning import Told
from bot.services.catalog.importing.layouts import NAMESPACES, Layout
from bot.store.catalog_learned import More
from bot.store.track_labels import LABELS

UNKNOWN_RANK: Final = 101
_FIRST: Final = (
    "title", "artist", "artist_key", "recording_key", "artist_credit", "album", "album_key",
    "year", "duration_ms", "explicit", *AUDIO_FEATURES, *COPIED,
)  # fmt: skip


def first_known(frame: pl.DataFrame, layout: Layout) -> pl.DataFrame:
    """Return one row per track, ascending: the first known value of each field, the top popularity.

    Album and album key come from the same row, because a key is unknown only where its album is.
    """
    first = [*_FIRST, "feature_source", "search_rank"] if layout.is_export else list(_FIRST)
    value = pl.col("listens" if layout.counts else "popularity")
    frame = frame.select(
        "track_id",
        *(
            name if name in frame.columns else pl.lit(None, dtype=pl.String).alias(name)
            for name in first
        ),
        value.alias("popularity"),
        pl.when(value.is_not_null()).then("observed_on").alias("observed_on"),
    )
    repeated = frame["track_id"].is_duplicated()
    once = frame.filter(~repeated)
    if repeated.any():
        highest = pl.col("popularity") == pl.col("popularity").max()
        several = (
            frame.filter(repeated)
            .group_by("track_id", maintain_order=True)
            .agg(
                *(pl.col(name).drop_nulls().first() for name in first),
                pl.col("popularity").max(),
                pl.col("observed_on").filter(highest).max(),
            )
        )
        once = pl.concat([once, several])
    if not layout.is_export:
        measured = pl.any_horizontal(pl.col(feature).is_not_null() for feature in AUDIO_FEATURES)
        source = pl.when(measured).then(pl.lit(layout.feature_source))
        once = once.with_columns(
            source.alias("feature_source"),
            search_rank(counts=layout.counts).alias("search_rank"),
        )
    return once.sort("track_id")


def search_rank(value: str = "popularity", *, counts: bool) -> pl.Expr:
    """Return the place in searches: 0 most popular … 100 least, then unknown.

    Counts of listens are put on the same scale by their logarithm: 100 million is 100.
    """
    number = pl.col(value)
    if counts:
        number = ((number + 1).log10() * 12.5).clip(0, 100)
    return (100 - number.round()).fill_null(UNKNOWN_RANK).cast(pl.Int64)


def external_id_rows(frame: pl.DataFrame) -> pl.DataFrame:
    """Return namespace, value, track_id: each id once, at the track that named it first."""
    rows = pl.concat(
        frame.select(
            pl.lit(name).alias("namespace"), pl.col(name).alias("value"), "track_id"
        ).drop_nulls("value")
        for name in NAMESPACES
    )
    return rows.unique(["namespace", "value"], keep="first", maintain_order=True)


def label_rows(frame: pl.DataFrame, layout: Layout) -> pl.DataFrame:
    """Return who released tracks, as far as rows say so."""
    if "independent" not in frame.columns:
        return pl.DataFrame(schema=LABELS)
    source, unnamed = pl.lit(layout.label_source), pl.lit(None, dtype=pl.String)
    told = frame.filter(pl.col("independent").is_not_null())
    return told.select(
        "track_id", source.alias("source"), "independent", unnamed.alias("label")
    ).unique(maintain_order=True)


def told_rows(frame: pl.DataFrame, told: Told) -> tuple[pl.DataFrame, More, pl.DataFrame]:
    """Return what an export tells by track: ids, features and popularity, who released them."""
    of_rows = frame.select("row", "track_id")
    ids, counted, origins, labels = (
        rows.join(of_rows, on="row", maintain_order="left").drop("row")
        for rows in (told.ids, told.popularity, told.origins, told.labels)
    )
    newest = counted.sort("observed_on", "value", descending=True, nulls_last=True)
    more = More(
        newest.unique(["track_id", "source"], keep="first").sort("track_id", "source"),
        origins.unique(["track_id", "feature"], keep="first", maintain_order=True),
    )
    return ids.select("namespace", "value", "track_id"), more, labels.select(*LABELS)


def genre_rows(frame: pl.DataFrame) -> pl.DataFrame:
    """Return track_id, genre for every genre that a row names."""
    if "genres" not in frame.columns or frame["genres"].null_count() == frame.height:
        return pl.DataFrame(schema={"track_id": pl.Int64, "genre": pl.String})
    named = frame.filter(pl.col("genres").is_not_null())
    split = named.select("track_id", pl.col("genres").str.split(SEPARATOR).alias("genre"))
    return split.explode("genre")
