import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.catalog import (
    Independence,
    count_independence,
    independence_by_row,
    independence_of,
    is_self_released,
    released_by,
)
from bot.core.models import ReleasedBy
from tests.spaces import catalog_of, part, raw_tracks

OWN = ReleasedBy("discogs", independent=True)


@pytest.mark.parametrize(
    ("labels", "told"),
    [
        (["Not On Label (Low Self-released)"], OWN),
        (["Not On Label (Low Self-Released)", "Not On Label"], OWN),
        (["[no label]"], OWN),
        (["Self-Released"], OWN),
        (["Not On Label"], None),
        (["Not On Label (Low)"], None),
        (["LOW"], None),
        (["none", " "], None),
        ([], None),
        (["Low Records"], ReleasedBy("discogs", independent=False, label="Low Records")),
        (
            ["Not On Label (Low Self-released)", "Kranky"],
            ReleasedBy("discogs", independent=False, label="Kranky"),
        ),
    ],
)
def test_labels_tell_who_released_something_or_neither(
    labels: list[str], told: ReleasedBy | None
) -> None:
    assert released_by("discogs", labels, "Low", "Low") == told


def test_a_record_that_somebody_released_tells_nothing_of_the_songs_of_others_on_it() -> None:
    labels = ["Not On Label (Low Self-released)"]

    assert released_by("discogs", labels, "Low", "LOW") == OWN
    assert released_by("discogs", labels, "Can", "Low") is None


@pytest.mark.parametrize("text", ["Self-Released", "self released", " SELF–RELEASED. "])
def test_a_text_says_that_somebody_releases_their_own_music(text: str) -> None:
    assert is_self_released(text)


@pytest.mark.parametrize("text", ["", "Kranky, self-released", "Self", "Released Emotions"])
def test_a_text_that_says_more_or_less_does_not(text: str) -> None:
    assert not is_self_released(text)


@given(st.lists(st.tuples(st.integers(0, 4), st.booleans()), max_size=12))
def test_of_one_track_a_label_counts_more_than_a_self_release(told: list[tuple[int, bool]]) -> None:
    rows = np.array([row for row, _ in told], np.int64)
    own = np.array([independent for _, independent in told], np.bool_)

    found = independence_by_row(5, rows, own)

    for row in range(5):
        said = [ReleasedBy("x", one) for place, one in told if place == row]
        assert Independence(found[row]) is independence_of(said)
        if any(not one.independent for one in said):
            assert found[row] == Independence.ON_LABEL


def test_tracks_are_counted_by_what_is_known_of_them() -> None:
    raw = raw_tracks(5, independence=[0, 1, 2, 1, 0])

    assert count_independence(catalog_of(raw)) == {
        Independence.UNKNOWN: 2, Independence.INDEPENDENT: 2, Independence.ON_LABEL: 1,
    }  # fmt: skip
    none = count_independence(catalog_of(part(raw, np.array([0, 4]))))
    assert none[Independence.INDEPENDENT] == none[Independence.ON_LABEL] == 0
