"""`bside commands sync`."""

import pytest
from typer.testing import CliRunner, Result

from bot.cli import app
from bot.errors import SetupError
from tests.cli.conftest import APPLICATION_ID, TOKEN, LoopbackDiscord

COMMANDS = f"/applications/{APPLICATION_ID}/commands"


def sync() -> Result:
    return CliRunner().invoke(app, ["commands", "sync"], env={"DISCORD_TOKEN": TOKEN})


@pytest.mark.usefixtures("home")
def test_sync_sends_the_commands_each_time(loopback: LoopbackDiscord) -> None:
    results = [sync(), sync()]

    assert [one.exit_code for one in results] == [0, 0]
    assert "commands to Discord" in results[0].output
    assert loopback.asked.count(f"PUT {COMMANDS}") == 2


@pytest.mark.usefixtures("home")
def test_sync_says_that_the_token_is_refused(loopback: LoopbackDiscord) -> None:
    loopback.status = 401

    result = sync()

    assert isinstance(result.exception, SetupError)
    assert "refuses the token" in str(result.exception)
