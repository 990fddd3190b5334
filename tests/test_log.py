import json
import logging
from contextvars import copy_context
from typing import Literal

import pytest
from cryptography.fernet import Fernet
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from bot import log
from bot.core.models import FeedbackKind, FeedbackSource, Subject, SubjectKind
from bot.store import feedback, listeners
from bot.store.engine import Database
from tests.conftest import NOON

SECRET = "BQDcX9-secret_value.7~f+/w=="  # noqa: S105
KEY = Fernet.generate_key().decode()
TOKEN = Fernet(KEY.encode()).encrypt(b"refresh").decode()
ANN = 901_234_567_890_123_456


@pytest.mark.parametrize(
    ("line", "secret"),
    [
        pytest.param(f"Authorization: Bearer {SECRET}", SECRET, id="Bearer"),
        pytest.param(f"sent bearer {SECRET} to it", SECRET, id="bearer in a sentence"),
        pytest.param("Authorization: Basic YTpi", "YTpi", id="Basic"),
        pytest.param(f"Basic {SECRET}", SECRET, id="Basic alone"),
        pytest.param(f"Authorization: Token {SECRET}", SECRET, id="Token"),
        pytest.param("Authorization: Token short", "short", id="a short token"),
        pytest.param(f"Token {SECRET}", SECRET, id="Token alone"),
        pytest.param(f"Bot {SECRET}", SECRET, id="Bot"),
        pytest.param(f"{{'Authorization': 'Bearer {SECRET}'}}", SECRET, id="headers as a dict"),
        pytest.param(json.dumps({"access_token": SECRET}), SECRET, id="JSON"),
        pytest.param(json.dumps({"a": 1, "refresh_token": SECRET}), SECRET, id="JSON, later"),
        pytest.param(f"{{'client_secret': '{SECRET}'}}", SECRET, id="a dict"),
        pytest.param(json.dumps({"code": SECRET}), SECRET, id="a code in JSON"),
        pytest.param(
            json.dumps(json.dumps({"password": "two words"})), "two words", id="JSON in JSON"
        ),
        pytest.param(f"GET /2.0/?method=x&api_key={SECRET}&a=b", SECRET, id="api_key="),
        pytest.param(f"GET /x?key={SECRET}", SECRET, id="key="),
        pytest.param(f"grant_type=x&code_verifier={SECRET}", SECRET, id="code_verifier="),
        pytest.param(f"GET /callback?code={SECRET}&state=12", SECRET, id="code="),
        pytest.param(f"GET /callback?state={SECRET}", SECRET, id="state="),
        pytest.param(f"client_secret={SECRET}", SECRET, id="client_secret="),
        pytest.param(f"refresh_token={SECRET}", SECRET, id="refresh_token="),
        pytest.param("password=hunter2", "hunter2", id="password="),
        pytest.param(f"SECRET_KEYS={KEY},{KEY}", KEY, id="SECRET_KEYS"),
        pytest.param("SECRET_KEYS=one,two", "two", id="the second of SECRET_KEYS"),
        pytest.param(f"the key {KEY} is wrong", KEY, id="a key alone"),
        pytest.param(f"cannot read {TOKEN}", TOKEN, id="what a key encrypts"),
        pytest.param("postgresql://me:hunter2@db/bside", "hunter2", id="an address of a database"),
        pytest.param(
            "MTIzNDU2Nzg5MDEyMzQ1Njc4.GabcDE.abcdefghijklmnopqrstuvwxyz0123456789AB",
            "abcdefghijklmnopqrstuvwxyz",
            id="a Discord token",
        ),
    ],
)
def test_no_form_of_a_secret_reaches_a_log(line: str, secret: str) -> None:
    shown = log.redact(line)

    assert secret not in shown
    assert "[secret]" in shown


@pytest.mark.parametrize(
    "line",
    [
        "400 Bad Request (error code: 50035): Invalid Form Body",
        "the token cannot be read until the operator acts",
        "a bot without a token",
        "sent 31 commands to Discord",
        "https://open.spotify.com/playlist/37i9dQZF1DXcBWIGoYBM5M",
    ],
)
def test_other_words_stay_as_they_are(line: str) -> None:
    assert log.redact(line) == line


async def test_at_debug_the_database_tells_nothing_of_anybody(
    database: Database, capsys: pytest.CaptureFixture[str]
) -> None:
    log.set_up("debug", "text")

    await _rate(database)
    logging.getLogger("bot.anything").debug("our own line")

    shown = capsys.readouterr().err
    assert "our own line" in shown
    assert str(ANN) not in shown


async def test_a_library_that_is_asked_for_by_name_writes_as_much(
    database: Database, capsys: pytest.CaptureFixture[str]
) -> None:
    log.set_up("debug", "text", also=["aiosqlite"])

    await _rate(database)
    logging.getLogger("aiosqlite").setLevel(logging.ERROR)  # its threads end after this test

    assert str(ANN) in capsys.readouterr().err
    assert logging.getLogger("discord.http").level == logging.WARNING


@pytest.mark.parametrize("name", ["discord.client", "discord.shard"])
def test_a_lost_connection_is_one_line_without_a_traceback(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    log.set_up("info", "text")

    try:
        raise ConnectionResetError("503 from the gateway")
    except ConnectionResetError:
        logging.getLogger(name).exception("Attempting a reconnect in %.2fs", 1.5)
        logging.getLogger(name).exception("Something else")

    reconnect, other, *traceback = capsys.readouterr().err.splitlines()
    assert reconnect.endswith(
        f"WARNING {name}: Attempting a reconnect in 1.50s: 503 from the gateway"
    )
    assert "Something else" in other
    assert traceback[0].startswith("Traceback"), "what is no reconnect is told whole"


async def test_an_error_of_the_database_names_no_values(database: Database) -> None:
    with pytest.raises(IntegrityError) as raised:
        async with database.write() as conn:
            await conn.execute(text("insert into users values (:id, :id, null, null)"), {"id": ANN})

    assert str(ANN) not in str(raised.value)


async def _rate(database: Database) -> None:
    async with database.write() as conn:
        await listeners.ensure(conn, ANN, now=NOON)
        subject, source = Subject(SubjectKind.TRACK, 1), FeedbackSource.COMMAND
        await feedback.append(conn, ANN, FeedbackKind.RATING, subject, 5.0, source=source, now=NOON)


@pytest.mark.parametrize("form", ["text", "json"])
def test_what_is_written_for_one_request_can_be_found_by_it(
    form: Literal["text", "json"], capsys: pytest.CaptureFixture[str]
) -> None:
    log.set_up("info", form)

    def say(about: str) -> None:
        if about:
            log.request.set(about)
        logging.getLogger("bot").info("hello")

    copy_context().run(say, "a1b2c3")
    copy_context().run(say, "")

    first, second = capsys.readouterr().err.splitlines()
    assert "a1b2c3" in first
    assert "a1b2c3" not in second


def test_the_first_line_of_a_traceback_names_its_request(
    capsys: pytest.CaptureFixture[str],
) -> None:
    log.set_up("info", "text")

    def fail() -> None:
        log.request.set("a1b2c3")
        try:
            raise ZeroDivisionError
        except ZeroDivisionError:
            logging.getLogger("bot").exception("it failed")

    copy_context().run(fail)

    assert capsys.readouterr().err.splitlines()[0].endswith("it failed [a1b2c3]")
