"""What a source can do, one ability each: the services ask for the ability, not for the source."""

from collections.abc import Sequence
from typing import Protocol

from bot.core.models import AudioFeatures
from bot.sources.values import SimilarTrack, SourceArtist, SourceTrack


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


class FindsByIsrc(Named, Protocol):
    """Knows recordings by their ISRC (Deezer, iTunes)."""

    async def track_by_isrc(self, isrc: str) -> SourceTrack | None:
        """Return the recording that has an ISRC."""
        ...


class MeasuresTracks(Named, Protocol):
    """Knows audio features (ReccoBeats)."""

    async def audio_features(self, ids: Sequence[str]) -> dict[str, AudioFeatures]:
        """Return the features of those recordings that it knows, by the id asked for."""
        ...


class KnowsSimilar(Named, Protocol):
    """Knows which tracks and artists have the same listeners (Last.fm)."""

    async def similar_tracks(
        self, title: str, artist: str, *, limit: int = 50
    ) -> list[SimilarTrack]:
        """Return what listeners of a recording also play, the most similar first."""
        ...

    async def similar_artists(self, artist: str, *, limit: int = 50) -> list[SourceArtist]:
        """Return the artists that listeners of an artist also play, the most similar first."""
        ...
