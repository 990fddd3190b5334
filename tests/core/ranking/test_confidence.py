import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.ranking.confidence import Calibration, Evidence
from tests.calibration import expected_calibration_error

counts = st.floats(0, 1e6)
evidences = st.builds(Evidence, standout=st.floats(), liked=counts, disliked=counts, ratings=counts)


@given(evidences)
def test_a_confidence_is_a_probability_whatever_the_evidence(evidence: Evidence) -> None:
    assert 0 < Calibration().probability(evidence) < 1


def test_without_outcomes_a_typical_pick_is_a_little_less_likely_liked_than_not() -> None:
    typical = Calibration().probability(Evidence(standout=2.0, ratings=5))

    assert 0.3 < typical < 0.5


def test_a_higher_score_and_more_hits_raise_the_confidence() -> None:
    def confidence(standout: float, liked: int, disliked: int) -> float:
        return Calibration().probability(Evidence(standout, liked, disliked, ratings=20))

    assert confidence(3.0, 5, 5) > confidence(1.0, 5, 5)
    assert confidence(2.0, 9, 1) > confidence(2.0, 5, 5) > confidence(2.0, 1, 9)
    assert confidence(2.0, 90, 10) > confidence(2.0, 9, 1)


def test_a_hit_rate_is_shrunk_and_never_zero_or_one() -> None:
    assert Evidence(0.0).hit_rate == pytest.approx(0.4)
    assert 0.9 < Evidence(0.0, liked=100).hit_rate < 1
    assert 0 < Evidence(0.0, disliked=100).hit_rate < 0.1


def test_without_outcomes_the_prior_stays() -> None:
    fitted = Calibration.fit(np.empty((0, 4)), np.empty(0, np.bool_))

    assert fitted.coefficients == pytest.approx(Calibration().coefficients)
    assert fitted.outcomes == 0


def test_a_server_that_likes_everything_becomes_more_confident_the_more_it_says() -> None:
    pick = Evidence(standout=2.0, liked=3, disliked=1, ratings=9)

    def after(outcomes: int) -> float:
        rows = np.tile(pick.row(), (outcomes, 1))
        return Calibration.fit(rows, np.ones(outcomes, np.bool_)).probability(pick)

    assert after(0) < after(5) < after(500)
    assert after(5) - after(0) < 0.2
    assert after(500) > 0.95


def test_outcomes_of_another_kind_of_listener_are_learned() -> None:
    rng = np.random.default_rng(0)
    rows = np.array(
        [
            Evidence(s, k, 10 - k, 20).row()
            for s, k in zip(rng.normal(2, 1, 4000), rng.integers(0, 11, 4000), strict=True)
        ]
    )
    truth = 1 / (1 + np.exp(-(rows @ np.array([-1.0, 1.2, 0.3, 0.0]))))
    liked = rng.random(4000) < truth

    fitted = Calibration.fit(rows[:2000], liked[:2000])

    before = expected_calibration_error(Calibration().probabilities(rows[2000:]), truth[2000:])
    after = expected_calibration_error(fitted.probabilities(rows[2000:]), truth[2000:])
    assert after < 0.05 < before


def test_the_calibration_error_of_a_worked_case() -> None:
    probabilities = np.array([0.15, 0.15, 0.95, 0.95])

    found = expected_calibration_error(probabilities, np.array([0.0, 0.0, 1.0, 0.0]))

    assert found == pytest.approx((0.3 + 0.9) / 4)
    assert np.isnan(expected_calibration_error(np.empty(0), np.empty(0)))
    assert expected_calibration_error(np.array([0.0, 1.0]), np.array([0.0, 1.0])) == 0
