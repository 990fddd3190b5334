"""Keeps what the music services answered in the database."""

import json
from collections.abc import Mapping, Sequence

from bot.clock import Clock
from bot.sources.answers import MISSES_LAST, Found, Json, Keep
from bot.store import answers
from bot.store.engine import Database


class KeptAnswers:
    """The answers in the database; see `bot.sources.answers.Answers`."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def get(self, keys: Sequence[str]) -> Found:
        """Return those of the keys whose answer is kept and has not expired."""
        async with self._database.read() as conn:
            kept = await answers.get(conn, keys, now=self._clock.now())
        return {key: None if body is None else json.loads(body) for key, body in kept.items()}

    async def put(self, found: Mapping[str, Json | None], *, keep: Keep) -> None:
        """Keep answers, in place of older ones."""
        now = self._clock.now()
        expires_at = None if keep.found is None else now + keep.found
        kept = {
            key: (None, now + MISSES_LAST)
            if answer is None
            else (json.dumps(answer, separators=(",", ":")), expires_at)
            for key, answer in found.items()
        }
        async with self._database.write() as conn:
            await answers.put(conn, kept)

    async def remove_expired(self) -> int:
        """Forget what is no longer good; return how many answers that were."""
        async with self._database.write() as conn:
            return await answers.remove_expired(conn, now=self._clock.now())
