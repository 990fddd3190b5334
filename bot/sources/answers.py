"""Asks everything once: kept answers are used again, and equal questions share one answer."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from itertools import islice
from typing import Any, Final, Protocol, TypeAlias

Json: TypeAlias = Any
"""What `json.loads` returns."""
Found: TypeAlias = Mapping[str, Json | None]
"""Answers by key; None is an honest "there is none"."""
Ask: TypeAlias = Callable[[list[str]], Awaitable[Found]]

MISSES_LAST: Final = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Keep:
    """How long an answer is kept; None is for ever. "There is none" is kept for `MISSES_LAST`."""

    found: timedelta | None


FOR_EVER: Final = Keep(None)
"""What is measured of a recording does not change."""
A_WEEK: Final = Keep(timedelta(days=7))
"""Popularity, and everything that comes with it."""
A_MONTH: Final = Keep(timedelta(days=30))
"""Names and genres, which people correct now and then."""
A_DAY: Final = Keep(timedelta(days=1))
"""What is new."""


class Answers(Protocol):
    """Keeps the answers of the services between questions and over restarts."""

    async def get(self, keys: Sequence[str]) -> Found:
        """Return those of the keys whose answer is kept and has not expired."""
        ...

    async def put(self, found: Found, *, keep: Keep) -> None:
        """Keep answers, in place of older ones."""
        ...


class AskOnce:
    """Stands between the questions and the services."""

    def __init__(self, answers: Answers) -> None:
        self._answers = answers
        self._asking: dict[str, asyncio.Task[Found]] = {}

    async def each(
        self, keys: Sequence[str], ask: Ask, *, keep: Keep | None, size: int = 1
    ) -> Found:
        """Return the answer to every key.

        A question goes on even if its caller is cancelled, because others may wait for it.

        Args:
            keys: what is asked, named so that equal questions have equal keys.
            ask: asks for some of the keys; a key it leaves out has no answer.
            keep: None: the answers are not kept.
            size: how many keys one call of `ask` takes.

        Raises:
            SourceError: what `ask` raised; what was answered before is kept.
        """
        new = [key for key in dict.fromkeys(keys) if key not in self._asking]
        if new:
            task = asyncio.create_task(self._ask(new, ask, keep, size))
            self._asking.update(dict.fromkeys(new, task))
            task.add_done_callback(partial(self._forget, new))
        found: dict[str, Json | None] = {}
        for task in {self._asking[key]: None for key in keys}:
            found.update(await asyncio.shield(task))
        return {key: found[key] for key in keys}

    async def _ask(self, keys: list[str], ask: Ask, keep: Keep | None, size: int) -> Found:
        found = dict(await self._answers.get(keys)) if keep is not None else {}
        missing = iter([key for key in keys if key not in found])
        while group := list(islice(missing, size)):
            told = await ask(group)
            answered = {key: told.get(key) for key in group}
            if keep is not None:
                await self._answers.put(answered, keep=keep)
            found |= answered
        return found

    def _forget(self, keys: list[str], task: asyncio.Task[Found]) -> None:
        for key in keys:
            del self._asking[key]
        if not task.cancelled():
            task.exception()  # seen, also when nobody waits any more
