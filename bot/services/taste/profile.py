"""A listener's taste, for themselves and for those they let see it."""

from dataclasses import replace
from typing import Final

from bot.clock import Clock
from bot.core.taste import ListenerProfile, Period, Span, period_of
from bot.errors import NotAllowedError
from bot.services.catalog import LiveCatalog
from bot.services.taste.material import profile_of, read_material
from bot.services.threads import compute
from bot.store import listeners
from bot.store.engine import Database

_HIDDEN: Final = "Their profile is private. They can show it with `/privacy profile`."


class Profiles:
    """Describes listeners."""

    def __init__(self, database: Database, catalog: LiveCatalog, clock: Clock) -> None:
        self._database = database
        self._catalog = catalog
        self._clock = clock

    async def is_public(self, user_id: int) -> bool:
        """Return whether everybody may see a profile."""
        async with self._database.read() as conn:
            return await listeners.profile_is_public(conn, user_id)

    async def of(
        self, viewer_id: int, user_id: int, period: Period | None = None
    ) -> ListenerProfile:
        """Describe a listener; one of whom nothing is known in the period has an empty profile.

        Others see what was said alone: what comes from listening is for its owner.

        Args:
            viewer_id: who asks.
            user_id: the listener.
            period: the days; None: all.

        Raises:
            NotAllowedError: it is somebody else's and not open. The sentence is the same for people
                the bot has never heard of.
        """
        days = period or period_of(Span.ALL, self._clock.now().date())
        own = viewer_id == user_id
        async with self._database.read() as conn:
            public = await listeners.profile_is_public(conn, user_id)
        if not (own or public):
            raise NotAllowedError(_HIDDEN)
        catalog = await self._catalog.get()
        async with self._database.read() as conn:
            material = await read_material(conn, catalog, user_id, days, heard=own)
        profile, _ = await compute(profile_of, catalog, material)
        return replace(ListenerProfile() if profile.is_empty else profile, public=public)
