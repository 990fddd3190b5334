from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.accounts import ListeningBasis
from bot.core.models import Subject, SubjectKind
from bot.core.ranking.obscurity import DeepCuts
from bot.core.ranking.query import Filter, Mood
from bot.core.ranking.wish import Wish, Years, parse_years

DROPPABLE = (
    Filter.GENRE,
    Filter.NOT_GENRE,
    Filter.MOOD,
    Filter.NOT_MOOD,
    Filter.TEMPO,
    Filter.SOUND,
    Filter.YEARS,
    Filter.INDEPENDENT,
    Filter.WITHOUT,
    Filter.DEEP_CUTS,
)
YEARS = st.one_of(
    st.none(),
    st.tuples(st.integers(1000, 9999), st.none()),
    st.tuples(st.none(), st.integers(1000, 9999)),
    st.tuples(st.integers(1000, 9999), st.integers(1000, 9999)),
)
WISHES = st.builds(
    Wish,
    count=st.integers(1, 5),
    obscurity=st.integers(0, 100),
    genre_id=st.none() | st.integers(1, 10**9),
    mood=st.none() | st.sampled_from(Mood),
    like=st.none() | st.builds(Subject, st.sampled_from(SubjectKind), st.integers(1, 10**12)),
    years=YEARS,
    repeats=st.booleans(),
    private=st.booleans(),
    web=st.booleans(),
    heard=st.booleans(),
    independent=st.booleans(),
    basis=st.none() | st.sampled_from(ListeningBasis),
    deep_cuts=st.none() | st.sampled_from(DeepCuts),
)


@given(WISHES)
def test_a_wish_survives_its_code_which_fits_a_button(wish: Wish) -> None:
    code = wish.to_code()

    assert Wish.from_code(code) == wish
    assert len(f"again:{code}") <= 100


@given(
    st.builds(
        Wish,
        asked=st.integers(1, 10**12),
        like=st.none() | st.builds(Subject, st.sampled_from(SubjectKind), st.integers(1, 10**12)),
        repeats=st.booleans(),
        private=st.booleans(),
        web=st.booleans(),
        heard=st.booleans(),
        dropped=st.lists(st.sampled_from(DROPPABLE), unique=True).map(tuple),
    )
)
def test_a_wish_in_words_is_named_by_its_number_in_a_code_that_fits_any_button(wish: Wish) -> None:
    code = wish.to_code()

    assert Wish.from_code(code) == wish
    assert len(f"start:card:skip:{10**12}:{10**12}:{code}") <= 100


@given(WISHES, st.sampled_from(DROPPABLE), st.booleans())
def test_a_wish_in_words_is_what_was_kept_without_what_was_dropped(
    kept: Wish, dropped: Filter, repeats: bool
) -> None:
    asked = replace(kept, asked=7, repeats=repeats)

    now = Wish.from_code(asked.to_code()).since(kept)
    assert now == replace(asked, repeats=repeats or kept.repeats)

    loose = asked.loosened(dropped)
    assert loose is not None
    then = Wish.from_code(loose.to_code()).since(kept)
    assert then.dropped == (dropped,)
    if dropped is Filter.YEARS:
        assert then.years is None
    if dropped is Filter.GENRE:
        assert then.genre_id is None


def test_a_button_of_a_former_version_is_still_read() -> None:
    assert Wish.from_code("3.60..sad.tr7.1990-.11") == Wish(
        mood=Mood.SAD,
        like=Subject(SubjectKind.TRACK, 7),
        years=(1990, None),
        repeats=True,
        private=True,
    )
    assert Wish.from_code("2.70.....000.t") == Wish(2, 70, basis=ListeningBasis.TOP)


@pytest.mark.parametrize(
    ("text", "years"),
    [
        ("", None),
        ("1994", (1994, 1994)),
        ("1990-1999", (1990, 1999)),
        ("1990 to 1999", (1990, 1999)),
        ("2010-", (2010, None)),
        ("-1980", (None, 1980)),
        ("90s", (1990, 1999)),
        ("1950s", (1950, 1959)),
        ("10s", (2010, 2019)),
    ],
)
def test_years_are_read_as_people_write_them(text: str, years: Years | None) -> None:
    assert parse_years(text) == years


@pytest.mark.parametrize("text", ["yesterday", "-", "1999-1990", "19945", "1990 1999", "199"])
def test_other_years_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        parse_years(text)


def test_loosening_drops_one_filter_only() -> None:
    wish = Wish(genre_id=3, mood=Mood.SAD, years=(1990, None))
    independent = replace(wish, independent=True)

    loose = wish.loosened(Filter.MOOD)

    assert loose == Wish(genre_id=3, years=(1990, None))
    assert wish.loosened(Filter.HEARD) == replace(wish, heard=True)
    assert wish.loosened(Filter.DEEP_CUTS) == replace(wish, deep_cuts=DeepCuts.ALSO)
    assert independent.loosened(Filter.INDEPENDENT) == wish
    assert wish.loosened(Filter.RATED) is None


def test_the_code_of_a_wish_for_anybody_is_what_it_was_before_there_was_independent() -> None:
    wish = Wish(5, 60, heard=True)

    assert wish.to_code() == "5.60.....001."
    assert not Wish.from_code("5.60.....001.").independent
    assert Wish.from_code(replace(wish, independent=True).to_code()).independent
