from dataclasses import replace

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from bot.core.asking import TitleWords, TitleWordsBuilder
from bot.core.asking.matching import stem
from bot.core.catalog import Catalog
from tests.spaces import catalog_of, random_tracks

CATALOG = replace(catalog_of(random_tracks(40, seed=2)), genre_names=())
NO_GENRES = replace(CATALOG, genre_keys=np.empty(0, np.int64))


def index_of(*titles: str, catalog: Catalog = NO_GENRES) -> TitleWords:
    builder = TitleWordsBuilder()
    builder.add(zip(catalog.track_ids.tolist(), titles, strict=False))
    return builder.finish()


def lifted(index: TitleWords, *words: str, most: float = 1.0) -> dict[int, float]:
    found = index.lift(NO_GENRES, words, most)
    return dict(zip(found.rows.tolist(), found.values.tolist(), strict=True))


def test_a_rare_word_lifts_more_than_a_common_one_and_the_best_match_most() -> None:
    index = index_of("love song", "love me", "midnight train", "my love", "love at midnight")

    found = lifted(index, "love", "midnight", most=2.0)

    assert sorted(found) == [0, 1, 2, 3, 4]
    assert found[4] == 2.0
    assert found[4] > found[2] > found[0] > 0


def test_a_short_title_is_lifted_more_than_a_long_one() -> None:
    found = lifted(index_of("rain", "rain on the roof of the old house at dawn"), "rain")

    assert found[0] == 1.0 > found[1] > 0


def test_other_forms_of_a_word_are_found() -> None:
    assert stem("rainy") == stem("rains") == stem("raining") == stem("rain") == "rain"
    assert stem("running") == "run"
    assert stem("sunny") == "sun"
    assert stem("kiss") == stem("kiss")
    assert stem("us") == "us"
    assert set(lifted(index_of("purple rain", "dry days"), "rainy")) == {0}


def test_words_that_nothing_holds_lift_nothing() -> None:
    index = index_of("love song")

    assert lifted(index, "banana") == {}
    assert index.known(NO_GENRES, ["banana", "loves"]) == ["loves"]


def test_a_genre_counts_like_a_title() -> None:
    catalog = catalog_of(random_tracks(40, seed=2))
    names = tuple(
        "desert blues" if place == 0 else f"other {place}"
        for place in range(len(catalog.genre_keys))
    )
    catalog = replace(catalog, genre_names=names)
    index = index_of("nothing here")

    found = index.lift(catalog, ["desert"], 1.0)

    assert found.rows.tolist() == catalog.rows_of_genres([int(catalog.genre_keys[0])]).tolist()
    assert index.known(catalog, ["deserts"]) == ["deserts"]


@given(st.lists(st.lists(st.sampled_from("abcd")).map(" ".join), max_size=40), st.floats(0.1, 9))
def test_nothing_is_lifted_by_more_than_the_most_and_only_what_holds_a_word(
    titles: list[str], most: float
) -> None:
    found = index_of(*titles).lift(NO_GENRES, ["a", "b"], most)

    holding = [row for row, title in enumerate(titles) if {"a", "b"} & set(title.split())]
    assert found.rows.tolist() == holding
    assert (found.values <= most * (1 + 1e-9)).all()
    assert (found.values > 0).all()
    assert not holding or np.isclose(found.values.max(), most)


def test_titles_that_come_later_are_found_beside_the_former_ones() -> None:
    builder = TitleWordsBuilder()
    ids = NO_GENRES.track_ids.tolist()
    builder.add([(ids[0], "rain")])
    first = builder.finish()
    builder.add([(ids[1], "rain again")])

    assert set(lifted(builder.finish(), "rain")) == {0, 1}
    assert set(lifted(first, "rain")) == {0}
    assert builder.last_id == ids[1]
