import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from bot.cli.lab import app
from bot.core.bench import WAYS
from bot.errors import SetupError
from tests.templates import put_database


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["path", *arguments])


def test_paths_through_the_starter_catalogue_are_compared(home: Path) -> None:
    result = run("--pairs", "6", "--steps", "5", "--json", "out.json")

    assert result.exit_code == 0
    assert "6 paths from a hit to an artist few know, in the starter catalogue" in result.output
    document = json.loads((home / "out.json").read_text())
    assert list(document) == list(WAYS)
    assert document["path"]["better_known"] == 0
    assert document["any tracks"]["tracks"] == 5


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("--catalog", "none.db"), "There is no database none.db"),
        (("--json", "nowhere/out.json"), "There is no folder"),
    ],
    ids=["no database", "no folder"],
)
@pytest.mark.usefixtures("home")
def test_what_cannot_be_done_is_a_sentence(arguments: tuple[str, ...], sentence: str) -> None:
    result = run(*arguments)

    assert isinstance(result.exception, SetupError)
    assert sentence in str(result.exception)


def test_a_catalogue_without_famous_artists_is_told_in_a_sentence(home: Path) -> None:
    put_database(home / "empty.db")

    result = run("--catalog", "empty.db")

    assert isinstance(result.exception, SetupError)
    assert "bside catalog import FILE" in str(result.exception)
