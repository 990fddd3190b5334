from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.promotion.fairness import FEWEST_LISTENERS
from bot.core.promotion.verdicts import Verdict, published, totals, wilson
from bot.core.ranking.why import Reason


def reason(feature: str, part: float, track: float | None = 0.9, taste: float = 0.4) -> Reason:
    return Reason(feature, part, 0.0, track, taste)


def said(thumbs: str, **known: object) -> list[Verdict]:
    """Return a verdict per letter: u is 👍, d is 👎."""
    return [
        replace(Verdict(place, thumb == "u", 0.5, ()), **known)  # type: ignore[arg-type]
        for place, thumb in enumerate(thumbs)
    ]


verdicts = st.text("ud", max_size=40).map(said)


def test_results_come_in_steps_of_three_and_more() -> None:
    found = [published(number) for number in range(24)]

    assert found == [0] * 5 + [5] * 3 + [8] * 4 + [12] * 5 + [17] * 6 + [23]


@given(verdicts)
def test_one_more_listener_changes_nothing_unless_three_have_come(given: list[Verdict]) -> None:
    for up in (True, False):
        more = [*given, Verdict(99, up, 0.9, ())]
        if published(len(more)) == published(len(given)):
            assert totals(more) == totals(given)
        else:
            assert published(len(more)) - published(len(given)) >= 3


@given(verdicts)
def test_all_of_one_opinion_is_told_like_all_but_one(given: list[Verdict]) -> None:
    found = totals(given)
    if found is None:
        assert len(given) < FEWEST_LISTENERS
        return
    told = given[: found.listeners]
    for up in (True, False):
        if sum(one.up is up for one in told) == 1:
            unanimous = [replace(one, up=not up) for one in told]
            assert totals(unanimous) == found


@given(verdicts, st.lists(st.floats(0.1, 1), min_size=40, max_size=40))
def test_totals_are_made_of_shares_in_order(given: list[Verdict], weights: list[float]) -> None:
    for found in (totals(given), totals(given, dict(enumerate(weights)))):
        if found is not None:
            assert 0 <= found.low <= found.fewest <= found.most <= found.high <= 1
            assert 0 <= found.expected <= 1


def test_totals_by_hand() -> None:
    found = totals(said("uddud"))

    assert found is not None
    assert (found.listeners, found.fewest, found.most, found.expected) == (5, 0.4, 0.4, 0.5)
    assert found.low == pytest.approx(0.1176, abs=1e-4)
    assert found.high == pytest.approx(0.7693, abs=1e-4)


def test_a_word_that_weighs_less_moves_the_share_less_and_widens_the_interval() -> None:
    plain = totals(said("uuddd"))
    damped = totals(said("uuddd"), {0: 0.25, 1: 0.25})

    assert plain is not None
    assert damped is not None
    assert damped.most == pytest.approx(0.5 / 3.5)
    assert damped.most < plain.most
    assert damped.high - damped.low > (wilson(damped.most, 5)[1] - wilson(damped.most, 5)[0])


@given(st.floats(0, 1), st.floats(1, 1000), st.floats(1.1, 10))
def test_the_score_interval_holds_the_share_and_narrows(
    share: float, count: float, more: float
) -> None:
    low, high = wilson(share, count)
    closer_low, closer_high = wilson(share, count * more)

    assert 0 <= low <= share <= high <= 1
    assert closer_high - closer_low < high - low


def test_the_features_that_missed_are_those_that_cost_who_did_not_like_it() -> None:
    cold = (reason("tempo", -0.4), reason("energy", -0.1), reason("valence", 0.2))
    warm = (reason("tempo", 0.1), reason("energy", -0.1), reason("valence", 0.3))
    given = [*said("ddd", reasons=cold), *said("uuuuu", reasons=warm)]

    found = totals(given)

    assert found is not None
    assert [one.feature for one in found.misses] == ["tempo"]
    (miss,) = found.misses
    assert [miss.cost, miss.track_level, miss.taste_level] == pytest.approx([-0.5, 0.9, 0.4])


def test_too_few_who_liked_it_are_nobody_to_compare_with() -> None:
    cold = (reason("energy", -0.1), reason("key_cos", -0.9, track=None))
    given = [*said("ddd", reasons=cold), *said("uu", reasons=(reason("energy", 0.9),))]

    found = totals(given)

    assert found is not None
    assert [one.feature for one in found.misses] == ["energy"]
    assert found.misses[0].cost == pytest.approx(-0.1)


@pytest.mark.parametrize("thumbs", ["dduuu", "duuuu", "dduuuuuu"])
def test_no_feature_is_named_for_fewer_than_three_who_did_not_like_it(thumbs: str) -> None:
    found = totals(said(thumbs, reasons=(reason("tempo", -0.9),)))

    assert found is not None
    assert found.misses == ()


def test_explanations_that_cannot_be_read_count_for_nothing_but_the_share() -> None:
    found = totals([*said("ddd"), *said("uu", reasons=(reason("tempo", -0.9),))])

    assert found is not None
    assert found.misses == ()
    assert found.most == 0.4
