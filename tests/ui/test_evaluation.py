from io import BytesIO

import numpy as np
import pytest
from PIL import Image

from bot.core.bench.evaluation import Estimate
from bot.core.bench.judging import (
    COVERAGE,
    DISTINCT,
    EMERGING,
    FAMOUS,
    GINI,
    LIST_MEASURES,
    MOST_SHOWN,
    PERCENTILE,
    POPULARITY,
    SECONDS,
    Evaluation,
    Line,
)
from bot.ui.evaluation import markdown, sections, summary
from bot.ui.evaluation_plot import recall_against_popularity

NAMES = ("random", "nearest lists (CF)", "B-Side: audio", "B-Side: obscurity 70")
NAN = float("nan")


def line(name: str, place: int = 0, missing: tuple[str, ...] = ()) -> Line:
    special = {
        "recall@100": 0.05 * place,
        POPULARITY: 60.0 - 10 * place,
        PERCENTILE: 0.5,
        SECONDS: 0.0123,
        DISTINCT: 8123.0,
        MOST_SHOWN: 0.04,
    }
    whole = {COVERAGE, GINI, DISTINCT, MOST_SHOWN}
    return Line(
        name,
        tuple(
            Estimate(one, NAN, NAN, 0)
            if any(part in one for part in missing)
            else Estimate(one, special.get(one, 0.1), 0.01, 1 if one in whole else 40)
            for one in (*LIST_MEASURES, *sorted(whole), SECONDS)
        ),
    )


def evaluation(*missing: str, names: tuple[str, ...] = NAMES) -> Evaluation:
    return Evaluation(
        lines=tuple(line(name, place, missing) for place, name in enumerate(names)),
        lists=3505,
        judged=40,
        splits=1,
        folds=5,
        songs=249_524,
        entries=250_274,
        unknown=(),
        too_short=(),
        under=40,
        notes=("Something is left out.",),
    )


def test_every_method_stands_in_every_table() -> None:
    tables = sections(evaluation())

    assert len(tables) == 6
    assert "40th percentile of fame" in tables[1].title
    assert "emerging artists: best-known song below 50 or unknown, in fewer than 10" in (
        tables[2].title
    )
    for table in tables:
        assert [row[0] for row in table.rows] == list(NAMES)
        assert {len(row) for row in table.rows} == {len(table.columns)}
    assert tables[0].rows[2][2] == "0.1000 ± 0.0100"
    assert tables[-1].rows[0] == ("random", "10.0 ± 1.0", "8123", "4.0")
    assert tables[-2].rows[0] == (
        "random", "60.0 ± 0.0", "50.0 ± 1.0", "10 ± 1", "10.00", "0.100", "0.100 ± 0.010",
        "12.3 ± 10.0",
    )  # fmt: skip


def test_a_group_of_which_nothing_is_known_has_no_table_and_a_missing_value_a_dash() -> None:
    tables = sections(evaluation(EMERGING, POPULARITY, FAMOUS))

    assert len(tables) == 5
    assert tables[-1].rows[0][1] == tables[-2].rows[0][1] == "–"


def test_the_summary_says_how_it_was_measured() -> None:
    text = summary(evaluation())

    assert "40 lists of 3,505" in text
    assert "cut 80/20 once" in text
    assert "249,524 songs" in text


def test_markdown_holds_the_command_the_tables_and_the_notes() -> None:
    text = markdown(evaluation(names=("a|b", "c")), "bside eval lists.csv")

    assert text.startswith("```sh\nbside eval lists.csv\n```\n\n40 lists")
    assert "| a\\|b | 0.1000 ± 0.0100 | 0.0000 ± 0.0100 |" in text
    assert text.endswith("Something is left out.\n")
    rows = [row for row in text.splitlines() if row.startswith("|---")]
    assert len(rows) == 6


@pytest.mark.parametrize(
    "missing",
    [(), (POPULARITY,), (POPULARITY, PERCENTILE)],
    ids=["raw popularity", "percentiles alone", "no popularity"],
)
def test_the_picture_is_drawn_whatever_is_known(missing: tuple[str, ...]) -> None:
    png = recall_against_popularity(evaluation(*missing))

    assert png == recall_against_popularity(evaluation(*missing))
    with Image.open(BytesIO(png)) as image:
        assert image.size == (1080, 720)
        pixels = np.asarray(image.convert("RGB")).reshape(-1, 3)
    ours = np.abs(pixels - np.array([0x6A, 0x4F, 0xD8])).sum(axis=1) < 10
    assert bool(ours.any()) == (PERCENTILE not in missing)


def test_points_on_top_of_each_other_can_be_drawn() -> None:
    many = tuple(f"B-Side: {number}" for number in range(14))
    same = tuple(line(name, 1) for name in many)
    base = evaluation()

    crowded = Evaluation(same, base.lists, 1, 1, 5, 10, 10, (), (), 40, ())

    assert recall_against_popularity(crowded).startswith(b"\x89PNG")
