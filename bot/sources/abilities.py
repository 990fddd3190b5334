"""What a source can do, one ability each: the services ask for the ability, not for the source."""

from typing import Protocol

from bot.sources.values import SourceTrack


class Named(Protocol):
    """Says which source it is."""

    @property
    def name(self) -> str:
        """The name under which its numbers are stored."""
        ...


class FindsTracks(Named, Protocol):
    """Searches by words (Deezer, iTunes, Audius)."""

    async def search_text(self, text: str, *, limit: int = 10) -> list[SourceTrack]:
        """Return recordings for words that somebody typed, the likeliest first."""
        ...
