"""Repeating requests, against a Discord on this machine that answers as it is told."""

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any, TypeAlias

import aiohttp
import discord
import pytest
from aiohttp import web
from discord.http import Route

from bot.app.steady import NoAnswerError, Pace, Steady, steady

Answer: TypeAlias = tuple[int, dict[str, Any]]

PACE = Pace(acknowledge=(0, 0), ask=(0, 0))
KNOWN: Answer = (400, {"code": 40060, "message": "already acknowledged"})
GONE: Answer = (404, {"code": 10008, "message": "Unknown Message"})
DONE: Answer = (200, {"interaction": {"id": "1", "type": 2}, "id": "7"})
CUT: Answer = (0, {})
BROKEN: Answer = (502, {})


@dataclass
class Script:
    """Answers one after the other."""

    answers: list[Answer] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    url: str = ""

    async def answer(self, request: web.Request) -> web.StreamResponse:
        body = await request.text()
        self.asked.append(f"{request.method} {request.path} {body}")
        status, says = self.answers.pop(0)
        if not status:
            assert request.transport is not None
            request.transport.abort()
        headers = {"Content-Type": "application/json"}  # as Discord: it names no charset
        return web.Response(body=json.dumps(says).encode(), status=status or 200, headers=headers)


@pytest.fixture
async def script() -> AsyncIterator[Script]:
    script = Script()
    application = web.Application()
    application.router.add_route("*", "/{path:.*}", script.answer)
    runner = web.AppRunner(application, shutdown_timeout=0.01)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    script.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    yield script
    await runner.cleanup()


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


def interaction(kind: discord.InteractionType) -> Any:
    client = SimpleNamespace(cached_messages=[], user=None)
    return SimpleNamespace(id=1, type=kind, token="t", application_id=2, client=client)  # noqa: S106


def callback(script: Script) -> Route:
    path = "/interactions/{webhook_id}/{webhook_token}/callback"
    route = Route("POST", path, webhook_id=1, webhook_token="t")  # noqa: S106
    route.url = f"{script.url}/callback"
    return route


@pytest.mark.parametrize("lost", [CUT, BROKEN, (503, {})], ids=["cut", "502", "503"])
@pytest.mark.parametrize("then", [DONE, KNOWN], ids=["not carried out", "carried out"])
async def test_an_acknowledgement_whose_reply_got_lost_is_given(
    script: Script, session: aiohttp.ClientSession, lost: Any, then: Any
) -> None:
    script.answers = [lost, then]
    through = Steady(interaction(discord.InteractionType.application_command), PACE)

    done = await through.request(callback(script), session, payload={"type": 5})

    assert done["interaction"]["id"] == "1"
    assert len(script.asked) == 2


async def test_what_somebody_else_acknowledged_is_not_ours(
    script: Script, session: aiohttp.ClientSession
) -> None:
    script.answers = [KNOWN]
    through = Steady(interaction(discord.InteractionType.application_command), PACE)

    with pytest.raises(discord.HTTPException) as caught:
        await through.request(callback(script), session, payload={"type": 5})

    assert caught.value.code == 40060


async def test_suggestions_that_come_too_late_are_no_error(
    script: Script, session: aiohttp.ClientSession
) -> None:
    script.answers = [(404, {"code": 10062, "message": "Unknown interaction"})]
    through = Steady(interaction(discord.InteractionType.autocomplete), PACE)

    await through.request(callback(script), session, payload={"type": 8})

    assert len(script.asked) == 1


async def test_after_some_tries_the_bot_gives_up(
    script: Script, session: aiohttp.ClientSession
) -> None:
    script.answers = [CUT, CUT, CUT, DONE]
    through = Steady(interaction(discord.InteractionType.application_command), PACE)

    with pytest.raises(NoAnswerError):
        await through.request(callback(script), session, payload={"type": 5})

    assert len(script.asked) == 3


class _Client:
    """The part of discord.py's client that `steady` changes."""

    def __init__(self, script: Script, session: aiohttp.ClientSession) -> None:
        self._script = script
        self._session = session

    async def request(self, route: Route, **sent: Any) -> Any:
        url = f"{self._script.url}{route.path}"
        async with self._session.request(route.method, url, json=sent.get("json")) as response:
            says = await response.json()
            if response.status == 404:
                raise discord.NotFound(response, says)
            return says


@pytest.mark.parametrize(
    ("method", "body", "answers"),
    [
        ("GET", None, [CUT, DONE]),
        ("PATCH", {"content": "x"}, [CUT, DONE]),
        ("POST", {"content": "x", "nonce": "1", "enforce_nonce": True}, [CUT, CUT, DONE]),
        ("DELETE", None, [CUT, CUT, GONE]),
    ],
)
async def test_what_does_no_harm_twice_is_asked_again(
    script: Script, session: aiohttp.ClientSession, method: str, body: Any, answers: list[Any]
) -> None:
    client: Any = _Client(script, session)
    steady(client, PACE)
    script.answers = list(answers)

    await client.request(Route(method, "/channels/1"), json=body)

    assert len(script.asked) == len(answers)
    assert len(set(script.asked)) == 1


async def test_what_may_do_harm_twice_is_asked_once(
    script: Script, session: aiohttp.ClientSession
) -> None:
    client: Any = _Client(script, session)
    steady(client, PACE)
    script.answers = [CUT, DONE]

    with pytest.raises(NoAnswerError):
        await client.request(Route("POST", "/channels/1"), json={"content": "x"})

    assert len(script.asked) == 1
