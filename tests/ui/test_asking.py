import pytest

from bot.core.asking import InWords
from bot.core.ranking import Asked, Bound, DeepCuts, Mood, Understood, Wish
from bot.ui import asking


def test_all_that_was_understood_is_said_in_a_line() -> None:
    wish = Wish(count=1, obscurity=90, years=(None, 1979), deep_cuts=DeepCuts.NO)
    asked = Asked(
        moods=(Mood.SAD,),
        not_moods=(Mood.CALM,),
        bounds=(Bound("tempo", 90.0, 120.0), Bound("liveness", None, 0.5)),
        words=("rainy", "sea"),
    )

    said = asking.understood(wish, Understood(asked, ("dub", "ska"), ("punk",), ("*Drake*",)))

    assert said == (
        "Understood: 1 track · sad · not calm · not live · dub or ska · no punk · 90–120 BPM · "
        "until 1979 · hardly known · no deep cuts · without \\*Drake\\*. "
        "Titles and genres with “rainy” and “sea” count more."
    )


def test_a_wish_full_of_long_names_leaves_room_for_the_rest_of_the_answer() -> None:
    names = ("*_" * 30,) * 8

    said = asking.understood(Wish(), Understood(Asked(words=names), names, names, names))

    assert said.startswith("Understood: ")
    assert len(said) <= 1000


def test_where_only_words_were_found_only_they_are_told() -> None:
    said = asking.understood(Wish(), Understood(Asked(words=("rain",))))

    assert said == "Titles and genres with “rain” count more."


def test_what_does_not_count_is_told_with_the_reason() -> None:
    read = InWords(Wish(), ("@everyone", "loud *dad*"), ("drill",), ("years",), 12)

    assert asking.notes(read) == (
        "My catalogue has no genre “drill”. Ignored: “@\u200beveryone” and “loud \\*dad\\*”. "
        "Your `years` counts more than the words. 12 tracks are more than an answer holds."
    )
    assert asking.notes(InWords(Wish())) == ""


@pytest.mark.parametrize(
    ("bound", "said"),
    [
        (Bound("tempo", None, 90.0), "up to 90 BPM"),
        (Bound("tempo", 140.0, None), "140 BPM or more"),
        (Bound("loudness", None, -13.0), "quiet"),
        (Bound("instrumentalness", 0.501, None), "instrumental"),
        (Bound("instrumentalness", None, 0.501), "with vocals"),
        (Bound("energy", 0.8, None), "energy 80 % or more"),
        (Bound("valence", None, 0.3), "valence 30 % or less"),
    ],
)
def test_bounds_are_said_in_words_where_there_are_some(bound: Bound, said: str) -> None:
    assert asking.bound_words(bound) == said


@pytest.mark.parametrize(
    ("years", "said"),
    [
        ((1994, 1994), "1994"),
        ((1990, 1999), "1990–1999"),
        ((2010, None), "since 2010"),
        ((None, 1979), "until 1979"),
    ],
)
def test_years_are_said_in_words(years: tuple[int | None, int | None], said: str) -> None:
    assert asking.years_words(years) == said
