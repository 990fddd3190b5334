"""What a hop of a path says."""

from bot.core.lists import PathStep
from bot.core.models import Track
from bot.core.ranking import Basis, explained
from bot.core.taste import Opinion, build_taste
from bot.ui import paths
from tests.spaces import catalog_of, raw_tracks

SIZE = 12
LEVELS = [place / SIZE for place in range(SIZE)]
CATALOG = catalog_of(
    raw_tracks(SIZE, measures={"energy": LEVELS, "tempo": [60 + 10 * one for one in range(SIZE)]})
)


def hop(before: int, row: int) -> str:
    reason = explained(CATALOG, build_taste(CATALOG, [Opinion(before, 1.0)]), row, Basis.LIKE)
    return paths.hop(PathStep(Track(1, "Song", "Band", 1), reason, None))


def test_the_first_step_needs_no_reason() -> None:
    assert paths.hop(PathStep(Track(1, "Song", "Band", 1), None, 0.5)) == ""


def test_a_hop_says_what_stays() -> None:
    assert hop(0, 1).startswith("Still ")
    assert "calm" in hop(0, 1)


def test_a_hop_says_what_changes() -> None:
    assert hop(0, 11) == "Much more energetic and much faster"
