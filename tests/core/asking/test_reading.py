import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.asking import GenreNames, Reader, candidates, has_words
from bot.core.asking.spelling import Spelling, letters_wrong
from bot.core.asking.words import FILLERS, MOODS
from bot.core.ranking import Bound, DeepCuts, Mood
from bot.core.taste import BOUNDS
from tests.core.asking.slots import READER, read
from tests.core.asking.vocabulary import ARTISTS, GENRES

OTHERS = "not no like but , / 90s - 1994 to 120 bpm under 5 songs rainy w/o + 😭 without and by"
WORDS = st.sampled_from(
    [
        *FILLERS,
        *GENRES,
        *ARTISTS,
        *OTHERS.split(),
        *(one for some in MOODS.values() for one in some),
    ]
)


@given(st.text(max_size=80) | st.lists(WORDS, max_size=14).map(" ".join))
def test_any_text_is_read_without_an_error_and_each_word_once(text: str) -> None:
    heard = read(text)

    assert len(set(heard.words)) == len(heard.words)
    assert len(set(heard.moods)) == len(heard.moods)
    for span in (heard.tempo, heard.years):
        if span is not None and None not in span:
            assert span[0] <= span[1]  # type: ignore[operator]


@given(st.lists(WORDS, max_size=12).map(" ".join))
def test_case_does_not_count(text: str) -> None:
    quiet, loud = read(text), READER.read(text.upper(), this_year=2026)

    if not (quiet.likes or quiet.without or quiet.unsure or loud.likes or loud.unsure):
        assert quiet.moods == loud.moods
        assert quiet.genres == loud.genres


def test_what_no_dial_turns_is_left_as_words_or_said_to_be_ignored() -> None:
    heard = read("sad rainy midnight jazz with female vocals")

    assert heard.words == ["rainy", "midnight"]
    assert heard.ignored == ["female vocals"]
    assert heard.moods == [Mood.SAD]


@pytest.mark.parametrize(
    ("text", "clash"),
    [
        ("fast but slow", ("fast", "slow")),
        ("under 90 bpm and over 120 bpm", ("under 90 bpm", "over 120 bpm")),
        ("happy and sad", ("sad", "happy")),
        ("calm, energetic", ("calm", "energetic")),
        ("sad, not sad", ("sad", "not sad")),
        ("jazz but no jazz", ("jazz", "no jazz")),
        ("before 1980 and after 2000", ("2001 or later", "1979 or earlier")),
        ("famous obscure bands", ("famous", "hardly known")),
        ("loud and quiet", ("more loudness", "less loudness")),
    ],
)
def test_what_cannot_hold_together_is_named(text: str, clash: tuple[str, str]) -> None:
    assert read(text).clashes == [clash]


def test_unknown_songs_by_famous_artists_are_deep_cuts() -> None:
    heard = read("unknown songs by really famous bands")

    assert heard.deep_cuts is DeepCuts.ONLY
    assert heard.obscurity is None
    assert not heard.clashes


def test_or_carries_a_negation_on_and_a_comma_ends_it() -> None:
    assert [one.name for one in read("no techno or house").not_genres] == ["techno", "house"]
    assert [one.name for one in read("no techno, house").genres] == ["house"]


def test_like_is_a_name_only_where_one_follows() -> None:
    assert read("i would like something sad").likes == []
    assert read("like sad songs").likes == []
    assert read("like Sun Kil Moon but slower").likes == ["Sun Kil Moon"]
    assert read("similar to radiohead from the 90s").likes == ["radiohead"]


@pytest.mark.parametrize("joint", ["and", "or"])
def test_a_second_artist_after_like_is_one_more_to_be_like_and_none_to_leave_out(
    joint: str,
) -> None:
    liked = read(f"sad, like Radiohead {joint} Portishead")
    left_out = read(f"sad, not like Radiohead {joint} Portishead")
    both = read(f"like Radiohead {joint} Burial but not Drake {joint} Robyn")

    assert (liked.likes, liked.without) == (["Radiohead", "Portishead"], [])
    assert (left_out.likes, left_out.without) == ([], ["Radiohead", "Portishead"])
    assert (both.likes, both.without) == (["Radiohead", "Burial"], ["Drake", "Robyn"])


@pytest.mark.parametrize(
    "text",
    ["unlike Drake", "no techno or Drake", "sad, no vocals and Drake", "I hate anything by Drake"],
)
def test_an_artist_after_what_is_not_wanted_is_not_wanted_either(text: str) -> None:
    heard = read(text)

    assert heard.without == ["Drake"]
    assert not heard.likes
    assert "drake" not in heard.words


def test_anything_by_somebody_leaves_nobody_out() -> None:
    assert read("sad, anything by Drake").without == []


def test_hardly_any_vocals_are_none() -> None:
    assert read("hardly any vocals").moods == [Mood.INSTRUMENTAL]


def test_names_are_looked_for_where_they_may_stand() -> None:
    found = candidates("like Nick Cave, not The Smiths or Björk")

    assert {"Nick Cave", "The Smiths", "Björk"} <= set(found)


def test_a_genre_has_many_names_and_those_of_the_catalogue_come_first() -> None:
    names = GenreNames({1: "hip-hop", 2: "drum & bass", 3: "liquid drum & bass", 4: "death metal"})

    for said in (["hip", "hop"], ["hiphop"], ["rap"]):
        assert names.find(said).ids == (1,)  # type: ignore[union-attr]
    assert names.find(["dnb"]).ids == (2,)  # type: ignore[union-attr]
    assert names.find(["liquid"]).ids == (3,)  # type: ignore[union-attr]
    assert names.find(["metal"]).ids == (4,)  # type: ignore[union-attr]
    assert names.find(["shoegaze"]).ids == ()  # type: ignore[union-attr]
    assert names.find(["banana"]) is None


def test_a_genre_the_catalogue_has_not_is_widened_to_one_it_has_but_not_where_it_is_unwanted() -> (
    None
):
    reader = Reader(GenreNames({1: "rock", 2: "psychedelic", 3: "house"}))

    wanted = reader.read("psychedelic rock or deep house", this_year=2026)
    unwanted = reader.read("no deep house", this_year=2026)

    assert [one.name for one in wanted.genres] == ["psychedelic", "house"]
    assert [one.name for one in wanted.strange] == ["psychedelic rock", "deep house"]
    assert unwanted.genres == unwanted.not_genres == []
    assert [one.name for one in unwanted.strange] == ["deep house"]


@pytest.mark.parametrize(
    ("text", "bound"),
    [
        ("energy above 80%", Bound("energy", 0.8, None)),
        ("danceability at least 0.7", Bound("danceability", 0.7, None)),
        ("valence under 30", Bound("valence", None, 0.3)),
        ("not live", Bound("liveness", None, BOUNDS["liveness"].high)),
        ("quiet", Bound("loudness", None, BOUNDS["loudness"].low)),
    ],
)
def test_features_are_bounded_by_numbers_and_words(text: str, bound: Bound) -> None:
    assert read(text).bounds == [bound]


def test_a_word_nearly_right_is_corrected_and_a_short_one_only_where_letters_are_doubled() -> None:
    spelling = Spelling({"jazz", "instrumental", "slow", "happy"})

    assert spelling.corrected("jaz") == "jazz"
    assert spelling.corrected("instrumetal") == "instrumental"
    assert spelling.corrected("hapyp") == "happy"
    assert spelling.corrected("show") is None
    assert spelling.corrected("slow") is None


@given(st.text("abc", max_size=6), st.text("abc", max_size=6))
def test_letters_wrong_is_symmetric_and_nothing_for_equal_words(one: str, other: str) -> None:
    assert letters_wrong(one, other, 9) == letters_wrong(other, one, 9)
    assert (letters_wrong(one, other, 9) == 0) == (one == other)


def test_emoji_alone_are_no_words() -> None:
    assert not has_words("😭🌧️ !!")
    assert has_words("😭 sad")
    assert read("😭🌧️").turns_something is False


@pytest.mark.parametrize(
    "text",
    [
        "independent artists",
        "sad jazz, self-released",
        "something by unsigned bands",
        "jazz without a label",
        "no label please",
        "only independent music from the 90s",
    ],
)
def test_who_releases_their_own_music_can_be_asked_for(text: str) -> None:
    heard = read(text)

    assert heard.independent
    assert [*heard.words, *heard.ignored, *heard.without, *heard.unsure] == []


@pytest.mark.parametrize(
    ("text", "ignored"),
    [
        ("sad indie", []),
        ("sad, not independent", ["not independent"]),
        ("sad, independent labels", ["independent labels"]),
        ("sad from an indie label", ["indie label"]),
    ],
)
def test_a_genre_a_label_and_who_is_not_independent_are_none_of_these(
    text: str, ignored: list[str]
) -> None:
    heard = read(text)

    assert not heard.independent
    assert heard.ignored == ignored
