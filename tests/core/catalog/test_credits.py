import pytest

from bot.core.catalog.credits import credited_artists

KNOWN = {"tyler": 1, "tyler the creator": 2, "frank ocean": 3, "simon and garfunkel": 4, "nas": 5}


@pytest.mark.parametrize(
    ("credit", "ids"),
    [
        pytest.param("Tyler, The Creator, Frank Ocean", [2, 3], id="the longest name first"),
        pytest.param("Tyler", [1], id="one"),
        pytest.param("Simon & Garfunkel", [4], id="a duo is one artist"),
        pytest.param("Nobody feat. Nas & Frank Ocean", [5, 3], id="guests"),
        pytest.param("NAS x Frank Ocean", [5, 3], id="an x between"),
        pytest.param("", [], id="nothing"),
    ],
)
def test_artists_of_a_credit_are_found(credit: str, ids: list[int]) -> None:
    assert credited_artists(credit, KNOWN) == ids
