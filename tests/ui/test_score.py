"""The bars of Why compare truthfully; the numbers are there for who asks."""

from dataclasses import replace
from math import fsum

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.ranking import Reason, Told, told_parts
from bot.ui import score, why
from tests.ui.test_picks import CARD

values = st.floats(-5, 5, allow_nan=False).filter(lambda one: one == 0 or abs(one) > 1e-6)


def drawn(shown: str) -> dict[str, tuple[str, float]]:
    """Return sign and length, in characters, of each bar by its label."""
    found = {}
    for line in shown.removeprefix("```\n").split("\n```", maxsplit=1)[0].splitlines():
        sign, rest = line[0], line[2:]
        blocks = rest[: score._WIDTH]
        length = sum((score._EIGHTHS.index(one) + 1) / 8 for one in blocks.strip())
        found[rest[score._WIDTH + 1 :]] = (sign, length)
    return found


@given(st.lists(values, min_size=6, max_size=6), st.lists(values, min_size=2, max_size=2))
def test_bars_have_the_sign_and_the_order_of_the_parts_and_these_add_up_to_the_score(
    ends: list[float], sound: list[float]
) -> None:
    affinity, penalty, crowding, listing, renown, scene = ends
    explanation = replace(
        CARD.explanation,
        reasons=(Reason("energy", sound[0] or 0.1, sound[1], 0.5, 0.5),),
        score=fsum([sound[0] or 0.1, sound[1], *ends]),
        affinity=affinity, penalty=penalty, crowding=crowding, listing=listing, renown=renown,
        scene=scene,
    )  # fmt: skip
    parts = told_parts(explanation)

    bars = drawn(score.bars(explanation))

    assert 3 <= len(parts) == len(bars) <= 5
    assert fsum(one.value for one in parts) == pytest.approx(explanation.score, abs=1e-9)
    most = max(abs(one.value) for one in parts)
    for one in parts:
        sign, length = bars[score._LABELS[one.about]]
        assert sign == ("·" if not one.value else "+" if one.value > 0 else "−")
        assert (length > 0) == (one.value != 0)
        assert length == pytest.approx(abs(one.value) / most * score._WIDTH, abs=0.13)
    lengths = [bars[score._LABELS[one.about]][1] for one in parts]
    for one, length in zip(parts, lengths, strict=True):
        for other, its in zip(parts, lengths, strict=True):
            assert length <= its or abs(one.value) > abs(other.value)


def test_a_difference_is_said_once() -> None:
    embed = why.full(CARD, own=True)

    said = [embed.description or "", *(field.value or "" for field in embed.fields)]
    assert "\n".join(said).count("much faster") == 1
    assert why.DIFFERENT not in [field.name for field in embed.fields]


def test_a_line_of_bars_fits_the_width_of_a_phone() -> None:
    for label in score._LABELS.values():
        assert len("+ ") + score._WIDTH + 1 + len(label) <= 31


def test_why_shows_words_and_no_decimals() -> None:
    embed = why.full(CARD, own=True)

    shown = "\n".join([embed.description or "", *(field.value or "" for field in embed.fields)])
    assert not any(f".{digit}" in shown for digit in range(10))
    assert embed.fields[0].name == why.PARTS
    assert score.LEGEND in (embed.fields[0].value or "")


@given(st.floats(1e-8, 1) | st.floats(-1, -1e-8))
def test_a_score_never_reads_as_nothing(value: float) -> None:
    card = replace(CARD, explanation=replace(CARD.explanation, score=value))

    last = (score.numbers(card).description or "").strip("`\n").splitlines()[-1]

    assert last.startswith("score")
    assert float(last.split()[1]) != 0
    assert (float(last.split()[1]) > 0) == (value > 0)


def test_what_is_nothing_has_no_sign() -> None:
    card = replace(CARD, explanation=replace(CARD.explanation, penalty=0.0, score=0.0))

    lines = (score.numbers(card).description or "").strip("`\n").splitlines()

    assert lines[-1].split() == ["score", "0"]
    assert any(line.startswith("fame (dial at 70)") and line.endswith(" 0") for line in lines)


def test_only_company_and_liking_may_be_missing() -> None:
    plain = replace(CARD.explanation, scene=0.0, affinity=0.0)

    assert [one.about for one in told_parts(plain)] == [Told.SOUND, Told.ARTIST, Told.KNOWN]
