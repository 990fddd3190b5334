"""Which of Discord's servers one of several processes looks after."""

import re
from dataclasses import dataclass
from typing import Final, Self

_WRITTEN: Final = re.compile(r"(\d{1,6})(?:-(\d{1,6}))?/(\d{1,6})")


@dataclass(frozen=True, slots=True)
class Shards:
    """The shards first … last of so many; each server belongs to just one."""

    first: int
    last: int
    count: int

    @classmethod
    def read(cls, text: str) -> Self:
        """Read what is written like 0-3/16, or 5/16.

        Raises:
            ValueError: it is written otherwise, or there are no such shards.
        """
        found = _WRITTEN.fullmatch(text.strip())
        if found is None:
            raise ValueError(f"{text!r} names no shards")
        first, count = int(found[1]), int(found[3])
        last = first if found[2] is None else int(found[2])
        if not first <= last < count:
            raise ValueError(f"of {count} shards, there are no {first} to {last}")
        return cls(first, last, count)

    @property
    def ids(self) -> list[int]:
        """Return the shards."""
        return list(range(self.first, self.last + 1))

    @property
    def share(self) -> float:
        """Return which part of all shards these are, above 0, at most 1."""
        return (self.last - self.first + 1) / self.count

    def hold(self, guild_id: int) -> bool:
        """Tell whether a server is one of theirs, as Discord deals servers out.

        https://discord.com/developers/docs/events/gateway#sharding
        """
        return self.first <= (guild_id >> 22) % self.count <= self.last
