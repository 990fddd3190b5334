"""`bside run` against a Discord on this machine: login, commands, stop."""

import os
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from bot.cli import app
from bot.errors import SetupError
from tests.cli.conftest import TOKEN, LoopbackDiscord


def run(*, token: str | None = TOKEN) -> Result:
    environment = {} if token is None else {"DISCORD_TOKEN": token}
    return CliRunner().invoke(app, ["run"], env=environment)


def stop_when_ready(loopback: LoopbackDiscord, name: signal.Signals) -> threading.Thread:
    """Send this process a signal as soon as the bot is there."""

    def wait() -> None:
        loopback.ready.wait(60)
        os.kill(os.getpid(), name)

    thread = threading.Thread(target=wait)
    thread.start()
    return thread


@pytest.mark.parametrize("name", [signal.SIGTERM, signal.SIGINT])
@pytest.mark.usefixtures("home")
def test_run_serves_until_it_is_told_to_stop(
    loopback: LoopbackDiscord, name: signal.Signals
) -> None:
    stopper = stop_when_ready(loopback, name)

    result = run()

    stopper.join()
    assert result.exit_code == 0
    assert loopback.ready.is_set()


def test_run_fills_an_empty_catalogue_with_the_starter(
    home: Path, loopback: LoopbackDiscord
) -> None:
    stopper = stop_when_ready(loopback, signal.SIGTERM)

    run()

    stopper.join()
    with sqlite3.connect(home / "bside.db") as database:
        (tracks,) = database.execute("select count(*) from tracks").fetchone()
    database.close()
    assert tracks == 1428


@pytest.mark.usefixtures("home")
@pytest.mark.parametrize("setting", ["HTTP_PORT", "CALLBACK_PORT"])  # as it was called before
def test_run_serves_its_pages(
    loopback: LoopbackDiscord, monkeypatch: pytest.MonkeyPatch, setting: str
) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    monkeypatch.setenv(setting, str(port))
    monkeypatch.setenv("SPOTIFY_CLIENT_ID", "app")
    pages: list[str] = []

    def come_back() -> None:
        loopback.ready.wait(60)
        try:
            for page in ("healthz", "metrics", "spotify/callback"):
                with urllib.request.urlopen(f"http://127.0.0.1:{port}/{page}") as answer:
                    pages.append(answer.read().decode())
        except urllib.error.HTTPError as error:
            pages.append(error.read().decode())
        finally:
            os.kill(os.getpid(), signal.SIGTERM)

    browser = threading.Thread(target=come_back)
    browser.start()
    result = run()

    browser.join()
    assert result.exit_code == 0
    assert pages[0] == "alive\n"
    assert "bside_catalogue_tracks 1428.0" in pages[1]
    assert "copy the whole address of the page" in pages[2]


@pytest.mark.usefixtures("home")
@pytest.mark.parametrize(
    ("name", "value"), [("SECRET_KEYS", "short"), ("SPOTIFY_REDIRECT_URI", "http://localhost:1/")]
)
def test_run_refuses_what_linking_cannot_use(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)

    result = run()

    assert isinstance(result.exception, SetupError)
    assert str(result.exception).startswith(f"{name} cannot be used")


@pytest.mark.usefixtures("home")
def test_commands_are_sent_only_when_they_changed(loopback: LoopbackDiscord) -> None:
    def syncs() -> int:
        return sum(asked.startswith("PUT") for asked in loopback.asked)

    for _ in range(2):
        loopback.ready.clear()
        stopper = stop_when_ready(loopback, signal.SIGTERM)
        run()
        stopper.join()

    assert syncs() == 1


@pytest.mark.usefixtures("home")
def test_a_missing_token_is_told_with_where_to_get_one() -> None:
    result = run(token=None)

    assert isinstance(result.exception, SetupError)
    assert "DISCORD_TOKEN is not set" in str(result.exception)
    assert "discord.com/developers" in str(result.exception)


@pytest.mark.usefixtures("home")
def test_a_refused_token_is_told(loopback: LoopbackDiscord) -> None:
    loopback.status = 401

    result = run()

    assert isinstance(result.exception, SetupError)
    assert "Discord refuses the token" in str(result.exception)
    assert TOKEN not in str(result.exception)


@pytest.mark.usefixtures("home")
def test_no_network_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("discord.http.Route.BASE", "http://127.0.0.1:9")

    result = run()

    assert isinstance(result.exception, SetupError)
    assert "Discord cannot be reached" in str(result.exception)


def test_a_failure_at_the_command_line_is_one_sentence_not_a_traceback(home: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "bot", "run"],
        cwd=home,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(Path(__file__).parents[2])},
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 1
    assert "DISCORD_TOKEN is not set" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.usefixtures("home")
def test_a_setting_that_cannot_be_used_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOG_LEVEL", "loud")

    result = run()

    assert isinstance(result.exception, SetupError)
    assert str(result.exception).startswith("LOG_LEVEL cannot be used")


@pytest.mark.parametrize(
    ("shards", "words"), [("1-0/4", "like 0-3/16"), ("x", "like 0-3/16"), ("0-1/4", "PostgreSQL")]
)
@pytest.mark.usefixtures("home")
def test_shards_that_cannot_be_are_a_sentence(shards: str, words: str) -> None:
    result = CliRunner().invoke(app, ["run", "--shards", shards], env={"DISCORD_TOKEN": TOKEN})

    assert isinstance(result.exception, SetupError)
    assert words in str(result.exception)
