from datetime import date
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from bot.core.catalog import Kept, month_of
from bot.core.taste.early import LEAST_COMPANY, early_likes

LIKED, NOW = date(2026, 3, 9), date(2026, 11, 1)
MARCH, NOVEMBER = month_of(LIKED), month_of(NOW)
LOOKED = {"deezer": [MARCH, NOVEMBER]}


def past(track_id: int, then: int, now: int | None = None) -> list[Kept]:
    first = Kept(track_id, "deezer", MARCH, then)
    return [first] if now is None else [first, Kept(track_id, "deezer", NOVEMBER, now)]


def company(*, shift: int = 0) -> dict[int, list[Kept]]:
    """Return forty tracks in even steps, all of which may have risen alike."""
    return {
        100 + number: past(100 + number, 20 * number, 20 * number + shift) for number in range(40)
    }


def test_a_track_that_passed_others_since_it_was_liked_was_liked_early() -> None:
    (found,) = early_likes({1: LIKED}, {**company(), 1: past(1, 105, 700)}, LOOKED)

    assert (found.track_id, found.liked) == (1, LIKED)
    assert found.after - found.before > 0.6


def test_what_rose_with_everybody_rose_not_at_all() -> None:
    assert early_likes({1: LIKED}, {**company(shift=150), 1: past(1, 105, 255)}, LOOKED) == []


def test_what_sank_or_stayed_is_not_told() -> None:
    kept = {**company(), 1: past(1, 705, 105), 2: past(2, 305)}

    assert early_likes({1: LIKED, 2: LIKED}, kept, LOOKED) == []


def test_one_month_or_too_few_others_is_no_past() -> None:
    few = dict(list(company().items())[: LEAST_COMPANY - 2])

    assert early_likes({1: LIKED}, {**company(), 1: past(1, 105)}, {"deezer": [MARCH]}) == []
    assert early_likes({1: LIKED}, {**few, 1: past(1, 105, 700)}, LOOKED) == []
    assert early_likes({1: LIKED}, {}, {}) == []


def test_what_was_liked_after_the_last_look_cannot_have_risen_since() -> None:
    assert early_likes({1: NOW}, {**company(), 1: past(1, 105, 700)}, LOOKED) == []


@given(st.lists(st.tuples(st.integers(0, 1000), st.integers(0, 1000)), max_size=12))
def test_every_rise_is_upward_and_the_largest_comes_first(ends: list[tuple[int, int]]) -> None:
    own = {number: past(number, *both) for number, both in enumerate(ends)}
    liked = dict.fromkeys(own, LIKED)

    found = early_likes(liked, {**company(), **own}, LOOKED)

    rises = [one.after - one.before for one in found]
    assert min(rises, default=1.0) > 0
    assert all(later <= first + 1e-9 for first, later in pairwise(rises))
