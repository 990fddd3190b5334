"""Answers kept in memory, for tests in virtual time, where no thread may work."""

from collections.abc import Mapping, Sequence

from bot.sources.answers import Found, Json, Keep


class MemoryAnswers:
    """Keeps everything for ever."""

    def __init__(self) -> None:
        self.kept: dict[str, Json | None] = {}

    async def get(self, keys: Sequence[str]) -> Found:
        return {key: self.kept[key] for key in keys if key in self.kept}

    async def put(self, found: Mapping[str, Json | None], *, keep: Keep) -> None:
        self.kept.update(found)
