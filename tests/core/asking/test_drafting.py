from bot.core.asking import Draft, drafted, too_many
from bot.core.ranking import Asked, Bound, Mood, Wish
from bot.core.taste import BOUNDS
from tests.core.asking.slots import READER, read

SOME, HALF = BOUNDS["instrumentalness"].high, BOUNDS["acousticness"].high


def draft(text: str, given: Wish | None = None, *said: str) -> Draft:
    return drafted(read(text), given or Wish(), said)


def test_words_turn_the_dials_of_a_wish() -> None:
    found = draft("4 sad obscure techno or house tracks from the 90s, no deep cuts, under 120 bpm")

    assert (found.wish.count, found.wish.obscurity, found.wish.years) == (4, 90, (1990, 1999))
    assert found.wish.deep_cuts == "no"
    assert found.asked.moods == (Mood.SAD,)
    assert found.wish.genre_id == found.asked.genres[0]
    assert len(found.asked.genres) == 2
    assert found.asked.bounds == (Bound("tempo", None, 120.0),)
    assert found.overruled == []


def test_what_is_there_or_not_is_bounded_by_itself() -> None:
    assert draft("no vocals").asked.bounds == (Bound("instrumentalness", SOME, None),)
    assert draft("with vocals").asked.bounds == (Bound("instrumentalness", None, SOME),)
    assert draft("not acoustic").asked.bounds == (Bound("acousticness", None, HALF),)
    assert draft("no vocals").asked.moods == ()


def test_options_count_more_than_words_and_are_told_only_where_they_differ() -> None:
    given = Wish(count=2, obscurity=10, genre_id=1, mood=Mood.HAPPY, years=(2000, 2009))

    found = draft(
        "3 sad obscure techno tracks from the 90s, not happy",
        given, "count", "obscurity", "genre", "mood", "years",
    )  # fmt: skip

    assert found.wish == given
    assert found.asked == Asked()
    assert set(found.overruled) == {"count", "obscurity", "genre", "mood", "years"}
    assert draft("2 happy tracks", given, "count", "mood").overruled == []


def test_more_than_an_answer_holds_is_told_unless_an_option_says_how_many() -> None:
    heard = READER.read("20 songs", this_year=2026)

    assert too_many(heard, ()) == 20
    assert too_many(heard, ("count",)) is None
    assert drafted(heard, Wish(), ()).wish.count == 5
