import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from bot.cli.lab import app
from bot.core.bench.learners import BLEND, OURS
from bot.core.bench.simulated_listeners import FAMILIES
from bot.errors import SetupError
from tests.templates import put_database


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["simulate", *arguments])


def test_without_a_catalogue_listeners_of_the_starter_catalogue_are_simulated(home: Path) -> None:
    result = run("--listeners", "2", "--rounds", "4", "--picks", "3", "--json", "out.json")

    assert result.exit_code == 0
    assert "this is the starter catalogue" in result.output
    assert "2 listeners per family, 4 rounds of 3" in result.output
    for family in FAMILIES:
        assert family in result.output
    assert not (home / "bside.db").exists()
    document = json.loads((home / "out.json").read_text())
    assert [one["family"] for one in document["families"]] == [*FAMILIES, "all"]
    last = document["families"][-1]["learners"]
    assert [one["learner"] for one in last][-2:] == [BLEND, OURS]
    assert last[-2]["difference"] == {"mean": 0, "low": 0, "high": 0}
    assert len(last[-1]["rates"]) == 4
    assert all(0 <= rate <= 1 for rate in last[-1]["rates"])


@pytest.mark.usefixtures("filled_home")
def test_the_database_of_the_settings_is_used_and_the_seed_repeats() -> None:
    first, second = (run("--listeners", "2", "--rounds", "2", "--seed", "3") for _ in range(2))

    assert first.exit_code == 0
    assert "starter catalogue" not in first.output
    assert first.stdout == second.stdout


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("--catalog", "none.db"), "There is no database none.db"),
        (("--json", "nowhere/out.json"), "There is no folder"),
    ],
    ids=["no database", "no folder"],
)
def test_what_cannot_be_done_is_a_sentence(
    home: Path, arguments: tuple[str, ...], sentence: str
) -> None:
    result = run(*arguments)

    assert isinstance(result.exception, SetupError)
    assert sentence in str(result.exception)


def test_an_empty_catalogue_that_was_named_is_told(home: Path) -> None:
    put_database(home / "empty.db")

    result = run("--catalog", "empty.db")

    assert isinstance(result.exception, SetupError)
    assert "too few to simulate anything" in str(result.exception)


def blend(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["blend", *arguments])


def test_groups_are_made_lists_and_the_worst_off_of_each_is_told(home: Path) -> None:
    given = ("--groups", "2", "--lists", "1", "--json", "out.json")
    first, second = (blend(*given) for _ in range(2))

    assert first.exit_code == 0
    assert "this is the starter catalogue" in first.output
    assert "2 groups of each kind, 1 list of 5 for each group." in first.output
    for words in ("2, disjoint tastes", "5, overlapping tastes", "averaged taste", "sum of fits"):
        assert words in first.output
    assert first.stdout == second.stdout
    document = json.loads((home / "out.json").read_text())
    assert len(document["groups_of"]) == 6
    assert document["worst_over_averaged"]["averaged taste"] == 1
    assert not (home / "bside.db").exists()


def test_groups_without_a_catalogue_that_was_named_are_a_sentence(home: Path) -> None:
    result = blend("--catalog", "none.db")

    assert isinstance(result.exception, SetupError)
    assert "There is no database none.db" in str(result.exception)
