"""A folder to run commands in, and a Discord on this machine."""

import asyncio
import json
import shutil
import threading
from collections.abc import Awaitable, Callable, Iterator
from concurrent.futures import Future
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import discord
import pytest
import yarl
from aiohttp import web

from bot.settings import Settings

TOKEN = "MTIzNDU2Nzg5MDEyMzQ1Njc4.GabcDE.abcdefghijklmnopqrstuvwxyz0123456789AB"  # noqa: S105
APPLICATION_ID = 123456789012345678


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder as the place where a command runs, without settings from outside."""
    monkeypatch.chdir(tmp_path)
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.setenv("COLUMNS", "200")
    return tmp_path


@pytest.fixture
def filled_home(home: Path, starter_folder: Path) -> Path:
    """A place where a database with a catalogue is: the games of the starter catalogue."""
    shutil.copytree(starter_folder, home, dirs_exist_ok=True)
    return home


@dataclass
class LoopbackDiscord:
    """Answers a login, takes the commands and says READY; may be told to answer something else."""

    status: int = 200
    silent: bool = False
    page: str | None = None
    application: dict[str, Any] = field(default_factory=dict)
    guilds: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    """The channels of each server that the bot is in."""
    asked: list[str] = field(default_factory=list)
    ready: threading.Event = field(default_factory=threading.Event)
    """Set when the bot has identified itself at the gateway."""

    async def answer(self, request: web.Request) -> web.StreamResponse:
        self.asked.append(f"{request.method} {request.path}")
        if self.silent:
            await asyncio.Event().wait()
        if self.page is not None:
            return web.Response(text=self.page, content_type="text/html")
        if self.status != 200:
            return _json({"code": 0, "message": "no"}, status=self.status)
        user = {
            "id": str(APPLICATION_ID),
            "username": "b-side",
            "discriminator": "0000",
            "avatar": None,
            "bot": True,
        }
        if request.path == "/gateway/":
            return await self._gateway(request, user)
        limit = {"total": 1000, "remaining": 999, "reset_after": 0, "max_concurrency": 1}
        gateway: dict[str, Any] = {"url": f"ws://{request.host}/gateway/", "shards": 1}
        gateway["session_start_limit"] = limit
        known = {"/users/@me": user, "/gateway/bot": gateway, **self._of_guilds(user)}
        if request.path.endswith("/commands"):
            return web.Response(body=b"[]", headers={"Content-Type": "application/json"})
        if request.path in known or request.path.startswith("/guilds/"):
            unknown = {"code": 10004, "message": "Unknown Guild"}
            status = 200 if request.path in known else 404
            return _json(known.get(request.path, unknown), status=status)
        application = {
            "id": str(APPLICATION_ID),
            "name": "B-Side",
            "description": "",
            "icon": None,
            "bot_public": True,
            "bot_require_code_grant": False,
            "verify_key": "00",
            "owner": user,
            "summary": "",
            "flags": 0,
        }
        return _json(application | self.application)

    def _of_guilds(self, user: dict[str, Any]) -> dict[str, Any]:
        known: dict[str, Any] = {}
        for guild_id, channels in self.guilds.items():
            everyone: dict[str, Any] = {
                "id": guild_id,
                "name": "@everyone",
                "permissions": str(0x4C00),
            }
            everyone |= dict.fromkeys(("color", "position"), 0)
            everyone |= dict.fromkeys(("hoist", "managed", "mentionable"), False)
            named = {"id": guild_id, "name": "Music", "owner_id": "1", "roles": [everyone]}
            known[f"/guilds/{guild_id}"] = named | {"emojis": [], "features": [], "stickers": []}
            known[f"/guilds/{guild_id}/channels"] = channels
            member: dict[str, Any] = {
                "user": user,
                "roles": [],
                "joined_at": "2026-01-01T00:00:00+00:00",
            }
            member |= {"deaf": False, "mute": False, "flags": 0}
            known[f"/guilds/{guild_id}/members/{user['id']}"] = member
        return known

    async def _gateway(self, request: web.Request, user: dict[str, Any]) -> web.StreamResponse:
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        await socket.send_json({"op": 10, "d": {"heartbeat_interval": 45_000}})
        async for message in socket:
            told = message.json()
            if told["op"] == 1:
                await socket.send_json({"op": 11})
            elif told["op"] == 2:
                session = {"v": 10, "session_id": "s", "resume_gateway_url": "ws://127.0.0.1"}
                session["shard"] = told["d"]["shard"]
                known = {"user": user, "guilds": [], "application": {"id": user["id"], "flags": 0}}
                await socket.send_json({"op": 0, "s": 1, "t": "READY", "d": session | known})
                self.ready.set()
        return socket


@pytest.fixture
def loopback(monkeypatch: pytest.MonkeyPatch) -> Iterator[LoopbackDiscord]:
    """Where the library believes Discord to be; it runs in a thread beside the command."""
    server = LoopbackDiscord()
    started: Future[int] = Future()
    loop = asyncio.new_event_loop()
    ended = asyncio.Event()

    async def serve() -> None:
        runner = web.AppRunner(_application(server.answer), shutdown_timeout=0.01)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        started.set_result(runner.addresses[0][1])
        await ended.wait()
        await runner.cleanup()

    thread = threading.Thread(target=loop.run_until_complete, args=(serve(),))
    thread.start()
    port = started.result(60)
    monkeypatch.setattr(discord.http.Route, "BASE", f"http://127.0.0.1:{port}")
    gateway = yarl.URL(f"ws://127.0.0.1:{port}/gateway/")
    monkeypatch.setattr(discord.gateway.DiscordWebSocket, "DEFAULT_GATEWAY", gateway)
    yield server
    loop.call_soon_threadsafe(ended.set)
    thread.join(60)
    loop.close()


def _json(value: Any, *, status: int = 200) -> web.Response:
    """Answer as Discord does, whose content type names no charset."""
    headers = {"Content-Type": "application/json"}
    return web.Response(body=json.dumps(value).encode(), status=status, headers=headers)


def _application(
    handler: Callable[[web.Request], Awaitable[web.StreamResponse]],
) -> web.Application:
    application = web.Application()
    application.router.add_route("*", "/{path:.*}", handler)
    return application
