"""Makes the keys of `bot.core.identity` for whole columns.

Most texts in the tables people have are ASCII, and most titles have at most one part that may
name a version: those are folded by polars without Python. The rest is folded one by one, each
distinct text once. Both give the same keys.
"""

from collections.abc import Callable
from typing import Final

import polars as pl

from bot.core.catalog import (
    LOOKS_NUMBERED,
    LOOKS_ODD,
    LOOKS_TURNED,
    MARKED_TITLE,
    SEPARATOR,
    artist_key,
    read_part,
    song_words,
    text_key,
    title_keys,
)

_PLAIN: Final = r"^[!-~](?:[ -~]*[!-~])?$"
_GUESTS: Final = r"(?i) (?:feat|ft|remix)"
_DASH: Final = r" [-~/]+ "
_BRACKET: Final = r"[()\[\]{}]"
_HEAD_DASH_PART: Final = r"^(?<head>.*?) +[-~/]+ +(?<part>.*)$"
_ODD_TITLE: Final = rf"{LOOKS_ODD}|{LOOKS_NUMBERED}"
_ODD_ARTIST: Final = rf"{LOOKS_ODD}|{LOOKS_TURNED}"
_HEAD_BRACKETED_PART: Final = r"^(?<head>[^()\[\]{}]*)[(\[{](?<part>[^()\[\]{}]*)[)\]}]$"


def with_keys(frame: pl.DataFrame) -> pl.DataFrame:
    """Add recording_key, artist_key and album_key to title, artist and album."""
    artist = _folded(frame["artist"], artist_key, odd=_ODD_ARTIST).alias("artist_key")
    keys = _title_keys(frame["title"]).with_columns(artist)
    recording = pl.concat_str("song", "artist_key", "version", separator=SEPARATOR)
    return frame.with_columns(
        keys.select(recording.alias("recording_key")).to_series(),
        artist,
        _folded(frame["album"], text_key).alias("album_key"),
    )


def _title_keys(titles: pl.Series) -> pl.DataFrame:
    """Return song and version, as `title_keys` does."""
    places = titles.str.contains(MARKED_TITLE).fill_null(value=False).arg_true()
    marked = _marked_title_keys(titles.gather(places))
    song = _folded(titles.scatter(places, None), _song, odd=_ODD_TITLE)
    version = pl.repeat("", len(titles), eager=True)
    return pl.DataFrame(
        {
            "song": song.scatter(places, marked["song"]),
            "version": version.scatter(places, marked["version"]),
        }
    )


def _marked_title_keys(titles: pl.Series) -> pl.DataFrame:
    frame = _with_parts(pl.DataFrame({"title": titles}))
    title, head, part = (pl.col(name) for name in ("title", "head", "part"))
    said = _each_once(frame["part"], lambda text: SEPARATOR.join(read_part(text)))
    frame = frame.with_columns(said.str.split_exact(SEPARATOR, 1).struct.unnest())
    kept, version = pl.col("field_0"), pl.col("field_1")
    is_whole = plain_key(head + " " + kept) == ""  # nothing would be left of the song
    odd = frame.select(pl.when(part.is_null()).then(title)).to_series()
    both = _each_once(odd, lambda text: SEPARATOR.join(title_keys(text)))
    fields = both.str.split_exact(SEPARATOR, 1).struct.unnest()
    rest = pl.when(is_whole).then(title).otherwise(head + " " + kept)
    songs = frame.select(pl.when(part.is_not_null()).then(rest)).to_series()
    versions = frame.select(pl.when(is_whole).then(pl.lit("")).otherwise(version)).to_series()
    return pl.DataFrame(
        {
            "song": fields["field_0"].fill_null(_folded(songs, _song, odd=_ODD_TITLE)),
            "version": fields["field_1"].fill_null(versions).fill_null(""),
        }
    )


def _with_parts(frame: pl.DataFrame) -> pl.DataFrame:
    """Add head and part to plain titles like "head - part" or "head (part)"; null to the others."""
    title = pl.col("title")
    plain = title.str.contains(_PLAIN) & ~title.str.contains(_GUESTS)
    dashes, bare = title.str.count_matches(_DASH), ~title.str.contains(_BRACKET)
    dashed = pl.when(plain & bare & (dashes == 1)).then(title)
    bracketed = pl.when(plain & ~bare & (dashes == 0)).then(title)
    found = frame.select(
        dashed=dashed.str.extract_groups(_HEAD_DASH_PART),
        bracketed=bracketed.str.extract_groups(_HEAD_BRACKETED_PART),
    )
    return frame.with_columns(
        found.select(
            pl.coalesce(pl.col(form).struct.field(name) for form in found.columns).alias(name)
            for name in ("head", "part")
        )
    )


def _song(title: str) -> str:
    return song_words(text_key(title))


def _folded(texts: pl.Series, fold: Callable[[str], str], *, odd: str = LOOKS_ODD) -> pl.Series:
    """Fold a column; only what is odd, not ASCII, or punctuation only, goes through Python."""
    plain = pl.DataFrame({"text": texts}).select(plain_key(pl.col("text")).alias("key")).to_series()
    needs = texts.str.len_bytes() != texts.str.len_chars()
    needs = needs | (plain == "") | texts.str.contains(odd)
    places = needs.fill_null(value=False).arg_true()
    return plain.scatter(places, _each_once(texts.gather(places), fold)) if len(places) else plain


def _each_once(texts: pl.Series, function: Callable[[str], str | None]) -> pl.Series:
    """Call the function for each distinct text."""
    unique = texts.drop_nulls().unique()
    values = pl.Series([function(text) for text in unique.to_list()], dtype=pl.String)
    return texts.replace_strict(unique, values, default=None, return_dtype=pl.String)


def plain_key(text: pl.Expr) -> pl.Expr:
    """Do what `text_key` does, for text of ASCII characters that is not odd (`LOOKS_ODD`).

    "" where that falls back to punctuation.
    """
    return (
        text.str.to_lowercase()
        .str.replace_all("['`]", "")
        .str.replace_all("&", " and ", literal=True)
        .str.replace_all("$", "s", literal=True)
        .str.replace_all("[^a-z0-9]+", " ")
        .str.strip_chars(" ")
    )
