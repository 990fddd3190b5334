import re

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from bot.core.catalog import LOOKS_ODD, artist_key, recording_key, text_key
from bot.services.catalog.importing.keys import plain_key, with_keys

TITLES = st.one_of(
    st.text(max_size=30),
    st.text(alphabet="abcFEATft. -()[]/&'$é–", max_size=30),
    st.sampled_from(
        [
            "Mr. Brightside – Remastered",
            "Happy (feat. X)",
            "Song/feat. Y",
            "Hurt - Live",
            "Op.5 Sonata: ii",
            "Mambo No5",
            "Song Pt. 2",
            "Sonata K545",
            "A - 2010 - Remaster",
            "R.E.M. is (Live",
            "P!nk + Q",
            "Me &amp; You",
            "\uff21\uff08Live\uff09",
            "J J Cale",
        ]
    ),
)


@given(st.lists(st.text(alphabet=st.characters(max_codepoint=127), max_size=30)))
def test_plain_text_is_folded_by_polars_as_by_the_core(texts: list[str]) -> None:
    texts = [text for text in texts if not re.search(LOOKS_ODD, text)]
    frame = pl.DataFrame({"text": pl.Series(texts, dtype=pl.String)})

    keys = frame.select(plain_key(pl.col("text"))).to_series().to_list()

    assert [key or text_key(text) for key, text in zip(keys, texts, strict=True)] == [
        text_key(text) for text in texts
    ]


ARTISTS = st.one_of(
    st.text(max_size=20),
    st.text(alphabet="abeyETHthLos .,&+!$-;'", max_size=20),
    st.sampled_from(["Beatles, The", "Ann y Ben", "Simon &amp; Ben", "B J Thomas", "AB und CD"]),
)


@given(st.lists(st.tuples(TITLES, ARTISTS, st.none() | st.text(max_size=20))))
def test_the_keys_of_columns_are_the_keys_of_the_core(
    rows: list[tuple[str, str, str | None]],
) -> None:
    schema = dict.fromkeys(("title", "artist", "album"), pl.String)

    keyed = with_keys(pl.DataFrame(rows, schema=schema, orient="row"))

    for row, (title, artist, album) in zip(keyed.iter_rows(named=True), rows, strict=True):
        assert row["recording_key"] == recording_key(title, artist)
        assert row["artist_key"] == artist_key(artist)
        assert row["album_key"] == (None if album is None else text_key(album))
