"""A derived taste as bytes: exact there and back, and whatever is not a taste is refused."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.taste.listener import ListenerTaste, taste_from_blobs
from bot.core.taste.mutes import NO_MUTES, Mutes
from bot.core.taste.taste import Opinion, build_taste, likes_among
from tests.spaces import catalog_of, random_tracks

CATALOG = catalog_of(random_tracks(200, seed=5))
ROWS = st.lists(st.integers(0, 199), unique=True).map(sorted)
OPINIONS = st.lists(st.builds(Opinion, st.integers(0, 199), st.floats(-1, 1), st.floats(0, 2)))


def taste_of(
    opinions: list[Opinion],
    rated: list[int],
    heard: list[int],
    entries: int = 3,
    mutes: Mutes = NO_MUTES,
) -> ListenerTaste:
    return ListenerTaste(
        profile=build_taste(CATALOG, opinions),
        said=likes_among(opinions),
        judged=likes_among(opinions[::2]),
        rated_rows=np.array(rated, np.int64),
        heard_rows=np.array(heard, np.int64),
        mutes=mutes,
        entries=entries,
    )


MUTES = Mutes(np.array([0, 2]), np.array([4, 1]), np.array([1_800_000_000, 0]))
LIKES = [Opinion(row, 1.0) for row in range(0, 40, 3)]
SOME = taste_of([*LIKES, Opinion(7, -1.0)], [0, 3], [9])


@settings(deadline=None, max_examples=30)
@given(OPINIONS, ROWS, ROWS, st.integers(0, 2**32 - 1))
def test_a_taste_comes_back_as_it_was(
    opinions: list[Opinion], rated: list[int], heard: list[int], entries: int
) -> None:
    taste = taste_of(opinions, rated, heard, entries, MUTES)

    blobs = taste.to_blobs()
    found = taste_from_blobs(*blobs)

    assert found.to_blobs() == blobs
    for name in ("vector", "levels", "liked_rows", "liked_weights", "artist_ids", "scene"):
        before, after = (getattr(one.profile, name) for one in (taste, found))
        assert (after.dtype, after.shape, after.tobytes()) == (
            before.dtype,
            before.shape,
            before.tobytes(),
        )
    curves, kept = taste.profile.preference, found.profile.preference
    assert kept.linear.shape == curves.linear.shape
    assert kept.linear.tobytes() == curves.linear.tobytes()
    assert (found.rated_rows.tolist(), found.heard_rows.tolist()) == (rated, heard)
    for name in ("kinds", "ids", "ends_s"):
        assert getattr(found.mutes, name).tolist() == getattr(MUTES, name).tolist()
    assert found.entries == entries
    assert found.judged.weights.tobytes() == taste.judged.weights.tobytes()


def test_the_same_opinions_in_any_order_give_the_same_bytes() -> None:
    said = [*LIKES, Opinion(7, -1.0)]

    assert taste_of(said, [1], []).profile.to_blob() == SOME.profile.to_blob()
    first, second = (
        ListenerTaste(
            build_taste(CATALOG, one),
            likes_among(one),
            likes_among(one),
            SOME.rated_rows,
            SOME.heard_rows,
            SOME.mutes,
            3,
        )
        for one in (said, said[::-1])
    )
    assert first.to_blobs() == second.to_blobs()


@given(st.data())
def test_bytes_that_were_changed_anywhere_are_refused(data: st.DataObject) -> None:
    vector, rest = SOME.to_blobs()
    place = data.draw(st.integers(0, len(rest) - 1))
    changed = bytes([rest[place] ^ data.draw(st.integers(1, 255))])

    with pytest.raises(ValueError, match="it is"):
        taste_from_blobs(vector, rest[:place] + changed + rest[place + 1 :])
    with pytest.raises(ValueError, match="it is"):
        taste_from_blobs(vector, rest[:place])


@pytest.mark.parametrize("rest", [b"", b"BST1", b"x" * 12, bytes(500)])
def test_what_is_no_taste_is_refused(rest: bytes) -> None:
    with pytest.raises(ValueError, match="it is"):
        taste_from_blobs(SOME.to_blobs()[0], rest)


def test_the_vector_of_another_taste_is_refused() -> None:
    other = taste_of([Opinion(11, 1.0)], [], []).to_blobs()

    with pytest.raises(ValueError, match="damaged"):
        taste_from_blobs(other[0], SOME.to_blobs()[1])


@pytest.mark.parametrize(
    ("taste", "is_nothing"),
    [
        pytest.param(taste_of([], [], []), True, id="nothing said"),
        pytest.param(taste_of([Opinion(1, 0.0)], [1], []), False, id="rated without a view"),
        pytest.param(taste_of([Opinion(1, -1.0)], [], []), False, id="a dislike"),
        pytest.param(taste_of([], [], [4]), False, id="heard"),
        pytest.param(taste_of([], [], [], mutes=MUTES), False, id="an artist muted"),
        pytest.param(SOME, False, id="a taste"),
    ],
)
def test_nothing_is_what_no_word_and_no_play_is_about(
    taste: ListenerTaste, *, is_nothing: bool
) -> None:
    assert taste.is_nothing is is_nothing
