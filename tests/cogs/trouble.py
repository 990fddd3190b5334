"""A simulated Discord that trembles: answers that get lost, events that come twice or late."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from fnmatch import fnmatch
from typing import Any

import aiohttp
import discord
import simcord


class _Response:
    """What an exception of discord.py wants to know of an answer."""

    def __init__(self, status: int) -> None:
        self.status = status
        self.reason = "Trouble"


def bad_gateway() -> Exception:
    return discord.DiscordServerError(_Response(502), "bad gateway")  # type: ignore[arg-type]


def cut() -> Exception:
    return aiohttp.ServerDisconnectedError()


class _Trembling:
    """Carries requests out, or does not, and loses the answers."""

    def __init__(
        self, within: Any, what: str, error: Callable[[], Exception], *, after: bool, times: int
    ) -> None:
        self._within = within
        self._what = what
        self._error = error
        self._after = after
        self.left = times

    def __getattr__(self, name: str) -> Any:
        helper = getattr(discord.webhook.async_.AsyncWebhookAdapter, name)
        return helper.__get__(self, type(self))

    async def request(self, route: Any, session: Any, **sent: Any) -> Any:
        if not self.left or not fnmatch(f"{route.method} {route.path}", self._what):
            return await self._within.request(route, session, **sent)
        self.left -= 1
        if self._after:
            await self._within.request(route, session, **sent)
        raise self._error()


@contextmanager
def losing(
    env: simcord.Env,
    what: str,
    error: Callable[[], Exception],
    *,
    after: bool = True,
    times: int = 1,
) -> Iterator[_Trembling]:
    """Lose answers to interactions meanwhile.

    Args:
        env: the simulated Discord.
        what: a method and a path, as a pattern.
        error: what the bot meets instead of the answer.
        after: whether the request is carried out all the same.
        times: how many answers are lost.
    """
    within = env._webhook_adapter
    env._webhook_adapter = trembling = _Trembling(within, what, error, after=after, times=times)
    try:
        yield trembling
    finally:
        env._webhook_adapter = within


@contextmanager
def repeating(env: simcord.Env, event: str) -> Iterator[None]:
    """Let events of a kind arrive twice meanwhile."""
    emit = env.backend.emit

    def twice(name: str, *args: Any, **more: Any) -> None:
        for _ in range(2 if name == event else 1):
            emit(name, *args, **more)

    env.backend.emit = twice  # type: ignore[method-assign,assignment]
    try:
        yield
    finally:
        env.backend.emit = emit  # type: ignore[method-assign]


@contextmanager
def held_back(env: simcord.Env, event: str) -> Iterator[None]:
    """Let events of a kind arrive only after all the others; `env.settle()` then waits for them."""
    emit = env.backend.emit
    held: list[tuple[tuple[Any, ...], dict[str, Any]]] = []

    def late(name: str, *args: Any, **more: Any) -> None:
        if name == event:
            held.append(((name, *args), more))
        else:
            emit(name, *args, **more)

    env.backend.emit = late  # type: ignore[method-assign,assignment]
    try:
        yield
    finally:
        env.backend.emit = emit  # type: ignore[method-assign]
        for args, more in held:
            emit(*args, **more)
