"""A command imports what it needs, and the version needs nothing."""

import subprocess
import sys

import pytest
from typer.testing import CliRunner

from bot.cli import app

HEAVY = ("aiohttp", "discord", "matplotlib", "numpy", "polars", "sqlalchemy")


def test_the_version_is_shown_without_the_bot() -> None:
    program = (
        "import sys; sys.argv = ['bside', '--version']\n"
        "from bot.cli import main\n"
        "try: main()\n"
        "except SystemExit: pass\n"
        f"print([name for name in {HEAVY!r} if name in sys.modules])"
    )

    done = subprocess.run(  # noqa: S603 – a program of ours
        [sys.executable, "-c", program], check=True, capture_output=True, text=True
    )

    version, imported = done.stdout.splitlines()
    assert version.startswith("bside ")
    assert imported == "[]"


@pytest.mark.parametrize("words", [["run"], ["catalog", "import"], ["eval"], ["secrets"]])
def test_each_command_is_found_and_explains_itself(words: list[str]) -> None:
    result = CliRunner().invoke(app, [*words, "--help"])

    assert result.exit_code == 0
    assert words[-1] in result.output


def test_a_command_that_is_none_is_refused_with_a_sentence() -> None:
    result = CliRunner().invoke(app, ["catalogue"])

    assert result.exit_code == 2
    assert "No such command" in result.output
