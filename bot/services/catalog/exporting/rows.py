"""Turns pages of the catalogue into rows of a table, and leaves out what may not be passed on."""

from collections import Counter
from dataclasses import dataclass, field

import polars as pl

from bot.core.catalog import OPEN_GENRES, UNSAID, is_open, terms_of
from bot.core.models import AUDIO_FEATURES
from bot.services.catalog.export_columns import (
    ESCAPED,
    FACTS,
    GENRES_PART,
    ON_LABEL,
    PART,
    SELF_RELEASED,
    id_column,
    popularity_columns,
)
from bot.store.catalog_pages import Page, Survey
from bot.store.uploads import NAMESPACE


@dataclass(slots=True)
class LeftOut:
    """How many values were not written."""

    popularity: Counter[str] = field(default_factory=Counter)
    """By source."""
    features: Counter[str] = field(default_factory=Counter)
    """By source."""
    labels: Counter[str] = field(default_factory=Counter)
    """Who released a track, by source."""
    genres: int = 0
    """Tracks whose genres were left out."""
    tracks: int = 0
    """Tracks that only an artist's upload named, and those that were removed."""


class Rows:
    """Makes the rows of one export."""

    def __init__(
        self, survey: Survey, *, own_use: bool, barred: tuple[list[int], list[str]]
    ) -> None:
        """Take what there is, what may leave, and what never does.

        Args:
            survey: of the catalogue.
            own_use: the table stays with the operator, so everything they have goes into it.
            barred: see `bot.store.uploads.left_or_lent`.
        """
        self._own_use = own_use
        self._tracks, self._hashes = (pl.Series(values) for values in barred)
        self._namespaces = [one for one in survey.namespaces if own_use or one != NAMESPACE]
        self._sources = [one for one in survey.sources if own_use or is_open(one)]
        self.left_out = LeftOut()

    @property
    def columns(self) -> list[str]:
        """The columns, in order."""
        played = [name for source in self._sources for name in popularity_columns(source)]
        return [*FACTS, *map(id_column, self._namespaces), *played]

    def of(self, page: Page) -> pl.DataFrame:
        """Return the rows of a page, in its order."""
        tracks = page.tracks
        if len(self._tracks):
            tracks = tracks.filter(~pl.col("track_id").is_in(self._tracks.implode()))
            self.left_out.tracks += page.tracks.height - tracks.height
        here = tracks.select("track_id")
        tracks, terms = self._with_features(tracks, _of(page.origins, here))
        tracks = self._with_genres(tracks, _of(page.genres, here), page.ids)
        tracks, counted = self._with_popularity(tracks, _of(page.popularity, here))
        tracks, released = self._with_labels(tracks, _of(page.labels, here))
        tracks = self._with_ids(tracks, _of(page.ids, here))
        told = pl.concat([terms, counted, released]).unique()
        tracks = _joined(tracks, told.sort("track_id", "terms"), "terms", "data_terms", "; ")
        return tracks.select(self.columns)

    def _allowed(self, source: pl.Series, feature: str) -> pl.Series:
        names = source.drop_nulls().unique().to_list()
        good = [name for name in names if self._own_use or is_open(name, feature)]
        return source.is_in(good)

    def _with_features(
        self, tracks: pl.DataFrame, origins: pl.DataFrame
    ) -> tuple[pl.DataFrame, pl.DataFrame]:
        """Blank the features that may not go; return also the terms of the rest (track_id)."""
        left, terms = Counter[str](), []
        kept: list[pl.Series] = []
        stands = pl.repeat(value=False, n=tracks.height, dtype=pl.Boolean, eager=True)
        written = []
        for name in AUDIO_FEATURES:
            own = origins.filter(feature=name).select("track_id", "source", "confidence")
            joined = tracks.select("track_id", "feature_source", name).join(
                own, on="track_id", how="left", maintain_order="left"
            )
            is_known = joined[name].is_not_null()
            source = joined.select(pl.coalesce("source", "feature_source", pl.lit(UNSAID)))
            by = source.to_series().alias("source")
            goes = self._allowed(by, name) & is_known
            for one, count in by.filter(is_known & ~goes).value_counts().iter_rows():
                left[one] += count
            kept.append(joined.select(pl.when(goes).then(name).alias(name)).to_series())
            stands |= goes & joined["source"].is_null() & joined["feature_source"].is_not_null()
            terms.append(tracks.select("track_id", by).filter(goes).unique())
            own_words = joined.select(
                "track_id",
                word=pl.format("{}={}:{}", pl.lit(name), "source", "confidence"),
            )
            written.append(own_words.filter(goes & joined["source"].is_not_null()))
        self.left_out.features += left
        measured = tracks.select(pl.when(stands).then("feature_source").alias("feature_source"))
        tracks = tracks.with_columns(*kept, measured.to_series())
        tracks = _joined(tracks, pl.concat(written), "word", "feature_origins", PART)
        return tracks, _terms(pl.concat(terms))

    def _with_genres(
        self, tracks: pl.DataFrame, genres: pl.DataFrame, ids: pl.DataFrame
    ) -> pl.DataFrame:
        if not self._own_use:
            of_free = pl.col("namespace").is_in(OPEN_GENRES).all()
            free = ids.group_by("track_id").agg(of_free).filter("namespace")
            allowed = genres.join(free, on="track_id", how="semi", maintain_order="left")
            named = genres["track_id"].n_unique()
            self.left_out.genres += named - allowed["track_id"].n_unique()
            genres = allowed
        return _joined(tracks, genres, "genre", "genres", GENRES_PART)

    def _with_popularity(
        self, tracks: pl.DataFrame, told: pl.DataFrame
    ) -> tuple[pl.DataFrame, pl.DataFrame]:
        goes = told["source"].is_in(self._sources)
        for source, count in told.filter(~goes)["source"].value_counts().iter_rows():
            self.left_out.popularity[source] += count
        for source in self._sources:
            value, on = popularity_columns(source)
            own = told.filter(source=source).select(
                "track_id", pl.col("value").alias(value), pl.col("observed_on").alias(on)
            )
            tracks = tracks.join(own, on="track_id", how="left", maintain_order="left")
        return tracks, _terms(told.filter(goes).select("track_id", "source"))

    def _with_labels(
        self, tracks: pl.DataFrame, told: pl.DataFrame
    ) -> tuple[pl.DataFrame, pl.DataFrame]:
        names = told["source"].unique().to_list()
        goes = told["source"].is_in([one for one in names if self._own_use or is_open(one)])
        for source, count in told.filter(~goes)["source"].value_counts().iter_rows():
            self.left_out.labels[source] += count
        name = pl.col("label")
        for plain, escaped in ESCAPED:
            name = name.str.replace_all(plain, escaped, literal=True)
        what = pl.when("independent").then(pl.lit(SELF_RELEASED)).otherwise(pl.lit(ON_LABEL))
        word = pl.concat_str("source", pl.lit("="), what, (pl.lit(":") + name).fill_null(""))
        written = told.filter(goes).select("track_id", word=word)
        tracks = _joined(tracks, written, "word", "released_by", PART)
        return tracks, _terms(told.filter(goes).select("track_id", "source"))

    def _with_ids(self, tracks: pl.DataFrame, ids: pl.DataFrame) -> pl.DataFrame:
        if len(self._hashes):
            ids = ids.filter(
                (pl.col("namespace") != NAMESPACE) | ~pl.col("value").is_in(self._hashes.implode())
            )
        for namespace in self._namespaces:
            own = ids.filter(namespace=namespace)
            for plain, escaped in ESCAPED:
                own = own.with_columns(
                    pl.col("value").str.replace_all(plain, escaped, literal=True)
                )
            tracks = _joined(tracks, own, "value", id_column(namespace), PART)
        return tracks


def _of(rows: pl.DataFrame, tracks: pl.DataFrame) -> pl.DataFrame:
    return rows.join(tracks, on="track_id", how="semi", maintain_order="left")


def _terms(told: pl.DataFrame) -> pl.DataFrame:
    """Return the terms of sources: track_id, source → track_id, terms."""
    names = told["source"].unique().to_list()
    said = pl.col("source").replace_strict(
        names, [terms_of(name) for name in names], return_dtype=pl.String
    )
    return told.select("track_id", terms=said) if names else told.rename({"source": "terms"})


def _joined(
    tracks: pl.DataFrame, rows: pl.DataFrame, column: str, name: str, between: str
) -> pl.DataFrame:
    """Add what rows say of each track, joined in their order."""
    together = rows.group_by("track_id", maintain_order=True).agg(
        pl.col(column).str.join(between).alias(name)
    )
    return tracks.join(together, on="track_id", how="left", maintain_order="left")
