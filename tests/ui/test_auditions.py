"""The words of a blind audition, and of its results."""

from dataclasses import replace
from typing import Any

import pytest

from bot.core.promotion.auditions import Status
from bot.core.promotion.promotion import Promotion
from bot.core.promotion.verdicts import Miss, PromotionResult, Totals
from bot.core.ranking.why import Reason
from bot.ui import auditions
from tests.conftest import NOON
from tests.ui.test_picks import CARD, EXPLANATION

BLIND = replace(CARD, blind=True, promoted=True)
PROMOTION = Promotion(1, 2, 3, 4, "https://low.bandcamp.com", "Quiet songs", NOON)
TOTALS = Totals(5, 0.6, 0.6, 0.231, 0.882, 0.481, ())


def words(**known: Any) -> list[str]:
    card = replace(BLIND, explanation=replace(EXPLANATION, **known))
    return (auditions.post(card).description or "").splitlines()


def test_an_audition_says_how_it_sounds_and_why_it_came() -> None:
    assert words() == [
        "It sounds **calm, acoustic and fast**.",
        "You hear it because you like it calm and acoustic.",
    ]


@pytest.mark.parametrize(
    ("known", "line", "expected"),
    [
        pytest.param({"reasons": ()}, 0, "Its sound has not been measured.", id="not measured"),
        pytest.param(
            {"reasons": (Reason("energy", 0.1, 0, 0.5, 0.5),)},
            0,
            "It sounds like the middle of my catalogue.",
            id="in the middle",
        ),
        pytest.param(
            {"reasons": (Reason("energy", -0.1, 0, 0.9, 0.1),)},
            1,
            "You hear it because every promotion here is heard; it is not what you usually like.",
            id="far away",
        ),
        pytest.param(
            {"scene": 5.0},
            1,
            "You hear it because people play it together with what you like.",
            id="scene",
        ),
        pytest.param(
            {"reasons": (Reason("energy", 0.1, 0, 0.5, 0.5),)},
            1,
            "You hear it because it is close to your taste.",
            id="near for nothing in particular",
        ),
    ],
)
def test_an_audition_is_honest_about(known: dict[str, Any], line: int, expected: str) -> None:
    assert words(**known)[line] == expected


def test_an_audition_names_neither_the_track_nor_what_it_is_close_to() -> None:
    shown = str(auditions.post(BLIND, listener="Ann").to_dict())

    assert "Ann" in shown
    assert not any(name in shown for name in ("far", "Low", "Alone", "slowcore", "Words"))


def field(totals: Totals | None) -> str:
    embed = auditions.results((PromotionResult(PROMOTION, totals),))
    assert embed.fields[0].name == "A playlist on Bandcamp: Quiet songs"
    return embed.fields[0].value or ""


def test_of_too_few_listeners_nothing_is_told() -> None:
    assert field(None).startswith("Not enough listeners yet: fewer than 5. Promoted <t:")


@pytest.mark.parametrize(
    ("known", "expected"),
    [
        ({}, "👍 **60 %** of 5 listeners (23 % to 88 %); expected 48 %: no clear difference."),
        ({"expected": 0.1}, "expected 10 %: better than expected."),
        ({"expected": 0.9}, "expected 90 %: less than expected."),
        ({"fewest": 0.8, "most": 1.0}, "👍 **at least 80 %** of 5"),
        ({"fewest": 0.0, "most": 0.2}, "👍 **at most 20 %** of 5"),
    ],
)
def test_a_result_stands_beside_what_was_expected(known: dict[str, Any], expected: str) -> None:
    assert expected in field(replace(TOTALS, **known))


def test_a_result_says_what_spoke_against_the_track() -> None:
    misses = (
        Miss("tempo", -0.5, 0.9, 0.4, 150, 100),
        Miss("mode", -0.2, 1, 0.6, 1, 1),
        Miss("energy", -0.1, 0.5, 0.5, 0.5, 0.5),
    )

    told = field(replace(TOTALS, misses=misses))

    assert (
        "What put off those who said 👎: much faster than they like, in a major key, its energy."
        in told
    )


def test_ten_long_promotions_fit_into_one_message() -> None:
    long = replace(PROMOTION, text="x" * 300)
    miss = Miss("valence", -0.5, 0.9, 0.1, 0.9, 0.1)
    one = PromotionResult(long, replace(TOTALS, misses=(miss, miss, miss)))

    embed = auditions.results((one,) * 10)

    assert len(embed) <= 6000
    assert all(len(each.value or "") <= 1024 for each in embed.fields)


def test_a_status_counts_what_was_earned_in_servers_only() -> None:
    now = Status(joined=True, waits=True, judged=4, quota_left=2, guaranteed=7)

    here, anywhere = (auditions.status(now, in_server=place) for place in (True, False))

    assert "You judged **4** in this server.\nEach promotion gets 7 hearings." in here
    assert "By judging others you have earned **2** more for yours here" in here
    assert "One audition still waits for your 👍 or 👎" in here
    assert "in all servers" in anywhere
    assert "hearings" not in anywhere
