from hypothesis import given
from hypothesis import strategies as st

from bot.core.ranking.asked import Asked
from bot.core.ranking.query import Bound, Filter, Mood

BOUNDS = st.builds(
    Bound,
    st.sampled_from(["tempo", "loudness", "liveness"]),
    st.none() | st.floats(-60, 200),
    st.none() | st.floats(-60, 200),
)
MOODS = st.lists(st.sampled_from(Mood), max_size=3, unique=True).map(tuple)
IDS = st.lists(st.integers(1, 10**9), max_size=3).map(tuple)
ASKED = st.builds(
    Asked,
    genres=IDS,
    not_genres=IDS,
    moods=MOODS,
    not_moods=MOODS,
    bounds=st.lists(BOUNDS, max_size=3).map(tuple),
    without=IDS,
    words=st.lists(st.text(max_size=9), max_size=3).map(tuple),
)


@given(ASKED)
def test_what_was_asked_survives_being_written_down(asked: Asked) -> None:
    assert Asked.from_json(asked.to_json()) == asked


def test_dropping_takes_one_thing_and_leaves_the_rest() -> None:
    tempo, loud = Bound("tempo", 90.0, None), Bound("loudness", -8.0, None)
    asked = Asked((1,), (2,), (Mood.SAD,), (Mood.CALM,), (tempo, loud), (3,), ("rain",))

    assert asked.dropping([Filter.TEMPO]).bounds == (loud,)
    assert asked.dropping([Filter.SOUND]).bounds == (tempo,)
    assert asked.dropping([Filter.GENRE, Filter.NOT_GENRE, Filter.WITHOUT]) == Asked(
        moods=(Mood.SAD,), not_moods=(Mood.CALM,), bounds=(tempo, loud), words=("rain",)
    )
    assert asked.dropping([Filter.YEARS, Filter.SHOWN]) == asked
