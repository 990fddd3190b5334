import asyncio
import random
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from aiohttp import web
from sqlalchemy import select

from bot.demo.outside import UNPACED
from bot.demo.servers import loopback
from bot.demo.servers.loopback import Fault, LoopbackService, RateWindow, cut, html, says
from bot.errors import (
    AccessError,
    BadAnswerError,
    QuestionRefusedError,
    SourceError,
    SourceUnavailableError,
)
from bot.sources.answers import FOR_EVER, Json
from bot.sources.host import TRIES, Timing
from bot.sources.http import Http, open_session
from bot.sources.service import Service, Trouble
from bot.store.engine import Database
from bot.store.tables import answers as answers_table
from tests.conftest import NOON
from tests.fakes import FakeClock
from tests.sources import virtual_time
from tests.sources.memory_answers import MemoryAnswers


@dataclass
class ThingServer(LoopbackService):
    """Knows one thing."""

    prefix = "/api"

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/api/thing", self._thing),
            web.post("/api/thing", self._thing),
            web.get("/api/moved", loopback.redirect("/api/thing?was=moved")),
            web.get("/api/round", loopback.redirect("/api/round")),
            web.get("/api/nothing", loopback.says({"message": "unknown"}, status=404)),
            web.get("/api/empty", loopback.status(204)),
        ]

    async def _thing(self, request: web.Request) -> web.Response:
        return web.json_response({"thing": dict(request.query)})


def in_200(status: int, answer: Json | None) -> Trouble | None:
    """Read {"error": "busy"} and the like, as some services answer with HTTP 200."""
    words = {"busy": Trouble.BUSY, "unknown": Trouble.MISSING, "who": Trouble.DENIED}
    return words.get(answer.get("error", "")) if isinstance(answer, dict) else None


@pytest.fixture
async def server() -> AsyncIterator[ThingServer]:
    async with ThingServer() as server:
        yield server


@pytest.fixture
def service(http: Http, server: ThingServer) -> Service:
    return Service(http, "Things", server.base, UNPACED, complaint=in_200)


async def kept(database: Database) -> list[tuple[str, str | None]]:
    async with database.read() as conn:
        rows = await conn.execute(select(answers_table.c.key, answers_table.c.body))
        return [(row.key, row.body) for row in rows]


async def test_a_question_is_asked_with_our_name(service: Service, server: ThingServer) -> None:
    found = await service.get("/thing", {"q": "a b&c/ü", "n": 3})

    assert found == {"thing": {"q": "a b&c/ü", "n": "3"}}
    assert server.calls[0].headers["User-Agent"] == "B-Side/test (https://example.org)"


@pytest.mark.parametrize(
    "fault",
    [
        loopback.status(429),
        loopback.status(429, Retry_After="3"),
        loopback.status(429, Retry_After="Fri, 20 Nov 2026 12:00:10 GMT"),
        loopback.status(503),
        loopback.status(500),
        says({"error": "busy"}),
        html(),
        html(503),
        loopback.body(b"[" * 100_000),
        cut,
    ],
    ids=[
        "429",
        "429 3s",
        "429 date",
        "503",
        "500",
        "busy in a 200",
        "html",
        "html 503",
        "deep",
        "cut",
    ],
)
async def test_what_may_pass_is_tried_again_and_not_kept(
    service: Service, server: ThingServer, database: Database, fault: Fault
) -> None:
    server.misbehave(fault, fault)
    assert await service.get("/thing", keep=FOR_EVER) == {"thing": {}}
    assert len(server.calls) == 3

    server.misbehave(*[fault] * TRIES)
    with pytest.raises(SourceError):
        await service.get("/thing", {"other": 1}, keep=FOR_EVER)
    assert [key.partition("/api")[2] for key, _ in await kept(database)] == ["/thing"]


async def test_a_day_of_retry_after_is_not_waited_for(
    service: Service, server: ThingServer, clock: FakeClock
) -> None:
    server.misbehave(loopback.status(429, Retry_After="86400"))

    for _ in range(3):
        with pytest.raises(SourceUnavailableError, match="Things does not answer") as caught:
            await service.get("/thing")

    assert caught.value.until == NOON + timedelta(days=1)
    assert clock.now() == NOON
    assert len(server.calls) == 1


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (loopback.status(401), AccessError),
        (loopback.status(403), AccessError),
        (says({"error": "who"}), AccessError),
        (loopback.status(400), QuestionRefusedError),
        (html(404), QuestionRefusedError),
        (loopback.body(b'"' + b"x" * (9 << 20) + b'"'), BadAnswerError),
    ],
    ids=["401", "403", "denied in a 200", "400", "html 404", "too long"],
)
async def test_what_does_not_pass_is_asked_once_and_not_kept(
    service: Service,
    server: ThingServer,
    database: Database,
    fault: Fault,
    error: type[SourceError],
) -> None:
    server.misbehave(fault)

    with pytest.raises(error):
        await service.get("/thing", keep=FOR_EVER)

    assert len(server.calls) == 1
    assert await kept(database) == []


@pytest.mark.parametrize(
    ("path", "fault"),
    [("/nothing", None), ("/empty", None), ("/thing", says({"error": "unknown"}))],
    ids=["404", "204", "in a 200"],
)
async def test_an_honest_miss_is_none_and_kept(
    service: Service, server: ThingServer, database: Database, path: str, fault: Fault | None
) -> None:
    server.misbehave(*[fault] if fault else [])

    assert await service.get(path, keep=FOR_EVER) is None
    assert await service.get(path, keep=FOR_EVER) is None

    assert len(server.calls) == 1
    assert [body for _, body in await kept(database)] == [None]


async def test_a_page_without_json_is_a_miss_where_the_service_has_no_other(
    http: Http, server: ThingServer
) -> None:
    server.misbehave(html(404))

    assert await Service(http, "Pages", server.base, UNPACED, plain_404=True).get("/thing") is None


async def test_a_redirect_is_followed_on_the_same_host_and_not_for_ever(service: Service) -> None:
    assert await service.get("/moved") == {"thing": {"was": "moved"}}
    with pytest.raises(QuestionRefusedError):
        await service.get("/round")


@pytest.mark.parametrize(
    "target",
    [
        lambda other: other.base + "/thing",
        lambda _: "http://169.254.169.254/latest/meta-data/",
        lambda other: f"//127.0.0.1:{other.base.rpartition(':')[2]}/thing",
        lambda _: "file:///etc/passwd",
        lambda _: "http://[::1]/",
    ],
    ids=["another port", "metadata", "no scheme", "file", "ipv6"],
)
async def test_no_redirect_leaves_the_host(
    service: Service, server: ThingServer, target: Callable[[ThingServer], str]
) -> None:
    async with ThingServer() as other:
        server.misbehave(loopback.redirect(target(other)))

        with pytest.raises((BadAnswerError, QuestionRefusedError)):
            await service.get("/thing")

        assert other.calls == []
    assert len(server.calls) == 1


async def test_a_used_up_window_is_waited_for(
    service: Service, server: ThingServer, clock: FakeClock
) -> None:
    used_up = {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset-In": "8"}
    server.misbehave(says({"thing": 1}, headers=used_up))
    await service.get("/thing")
    assert clock.now() == NOON

    await service.get("/thing")

    assert clock.now() == NOON + timedelta(seconds=8)


async def test_equal_questions_at_the_same_time_are_one_call(
    service: Service, server: ThingServer
) -> None:
    same = [service.get("/thing", {"q": 1}) for _ in range(5)]

    answers = await asyncio.gather(*same, service.get("/thing", {"q": 2}))

    assert len(answers) == 6
    assert len(server.calls) == 2


async def test_the_answer_to_one_token_is_not_given_to_another(
    service: Service, server: ThingServer
) -> None:
    await asyncio.gather(
        *(service.get("/thing", headers={"Authorization": token}) for token in ("a", "b"))
    )

    assert sorted(call.headers["Authorization"] for call in server.calls) == ["a", "b"]


async def test_a_key_is_sent_and_kept_nowhere(
    http: Http, server: ThingServer, database: Database
) -> None:
    service = Service(http, "Keyed", server.base, UNPACED, secret={"api_key": "hush"})

    found = await service.get("/thing", {"q": 1}, keep=FOR_EVER, trim=lambda answer: {"kept": 1})

    assert found == {"kept": 1}
    assert server.calls[0].query == {"q": "1", "api_key": "hush"}
    [(key, body)] = await kept(database)
    assert "hush" not in key
    assert body == '{"kept":1}'


@pytest.mark.parametrize("idempotent", [True, False])
async def test_only_an_idempotent_post_is_repeated(
    service: Service, server: ThingServer, idempotent: bool
) -> None:
    server.misbehave(cut)

    if idempotent:
        assert await service.post("/thing", {"a": 1}, idempotent=True) == {"thing": {}}
    else:
        with pytest.raises(SourceUnavailableError, match="cannot be reached"):
            await service.post("/thing", {"a": 1}, idempotent=False)

    assert len(server.calls) == 1 + idempotent


async def test_a_service_that_is_gone_cannot_be_reached(service: Service, server: Any) -> None:
    await server.__aexit__()

    with pytest.raises(SourceUnavailableError, match="cannot be reached right now"):
        await service.get("/thing")


def test_an_answer_that_never_ends_is_not_waited_for() -> None:
    async def ask() -> float:
        loop = asyncio.get_running_loop()
        assert isinstance(loop, virtual_time.VirtualLoop)
        timing = Timing(loop, random.Random(1))  # noqa: S311
        async with ThingServer() as server, open_session("B-Side/test") as session:
            http = Http(session, answers=MemoryAnswers(), timing=timing)
            server.misbehave(*[server.slow] * TRIES)
            with pytest.raises(SourceUnavailableError, match="cannot be reached"):
                await Service(http, "Slow", server.base, UNPACED).get("/thing")
            return loop.time()

    assert 80 <= virtual_time.run(ask()) < 90


async def test_the_servers_window_is_kept_to_by_waiting(http: Http, clock: FakeClock) -> None:
    window = RateWindow(3, timedelta(seconds=10), clock.now)
    async with ThingServer(window=window) as server:
        service = Service(http, "Things", server.base, UNPACED)

        for number in range(9):
            await service.get("/thing", {"n": number})

        assert server.limited == 2
        assert clock.now() == NOON + timedelta(seconds=20)
