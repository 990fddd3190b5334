"""A listener's taste, for themselves and for those they let see it."""

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from bot.core.catalog import Catalog
from bot.core.models import Feedback, Subject, SubjectKind
from bot.core.taste import (
    ArtistStrength,
    ListenerProfile,
    ListenerTaste,
    Sound,
    artist_strengths,
    artists_behind,
    count_feedback,
    describe_sound,
    favorite_artists,
    favorite_candidates,
)
from bot.errors import NotAllowedError
from bot.services.catalog import LiveCatalog
from bot.services.taste.taste import rows_of_entries
from bot.services.taste.tastes import Tastes
from bot.services.threads import compute
from bot.store import feedback, listeners, listening, subjects
from bot.store.engine import Database

FAVORITES: Final = 5
"""How many artists and genres a profile names."""

_HIDDEN: Final = "Their profile is private. They can show it with `/privacy profile`."
_MOST_TIES: Final = 1000


class Profiles:
    """Describes listeners."""

    def __init__(self, database: Database, catalog: LiveCatalog, tastes: Tastes) -> None:
        self._database = database
        self._catalog = catalog
        self._tastes = tastes

    async def is_public(self, user_id: int) -> bool:
        """Return whether everybody may see a profile."""
        async with self._database.read() as conn:
            return await listeners.profile_is_public(conn, user_id)

    async def of(self, viewer_id: int, user_id: int) -> ListenerProfile:
        """Describe a listener; one who has said nothing yet has an empty profile.

        Raises:
            NotAllowedError: it is somebody else's and not open. The sentence is the same for people
                the bot has never heard of.
        """
        async with self._database.read() as conn:
            public = await listeners.profile_is_public(conn, user_id)
            if viewer_id != user_id and not public:
                raise NotAllowedError(_HIDDEN)
            entries = await feedback.counting(conn, user_id)
            plays = await listening.count_plays(conn, user_id)
        counts = count_feedback(entries)
        if not counts.total:
            return ListenerProfile(public=public, plays=plays)
        catalog = await self._catalog.get()
        taste = await self._tastes.of(catalog, user_id)
        async with self._database.read() as conn:
            rows = await rows_of_entries(conn, catalog, entries)
        sound, strengths = await compute(_described, catalog, taste, entries, rows)
        return ListenerProfile(
            counts=counts,
            levels=sound.levels,
            unknown=sound.unknown,
            obscurity=sound.obscurity,
            artists=tuple(
                favorite_artists(strengths, await self._names(strengths), limit=FAVORITES)
            ),
            genres=sound.genres,
            public=public,
            plays=plays,
        )

    async def _names(self, strengths: Sequence[ArtistStrength]) -> dict[int, str]:
        asked = [Subject(SubjectKind.ARTIST, one.artist_id) for one in strengths[:_MOST_TIES]]
        async with self._database.read() as conn:
            found = await subjects.names(conn, asked)
        return {subject.id: hit.title for subject, hit in found.items()}


def _described(
    catalog: Catalog,
    taste: ListenerTaste,
    entries: Sequence[Feedback],
    rows: Mapping[Subject, NDArray[np.int64]],
) -> tuple[Sound, list[ArtistStrength]]:
    """Do the arithmetic of a profile; it may take a moment, so it runs in a thread."""
    strengths = artist_strengths(entries, artists_behind(catalog, rows))
    return (
        describe_sound(catalog, taste.said, taste.judged, genres=FAVORITES),
        favorite_candidates(strengths, limit=FAVORITES),
    )
