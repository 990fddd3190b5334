"""How a list of tracks sounds, and whom in a server it suits.

Privacy: only the tastes of listeners who agreed are looked at: those whose profile is public, who
may be named, and those who agreed to be compared, who are counted, and never fewer than
`core.suitability.SMALLEST_CROWD` of them. Nothing of it is kept.
"""

from collections.abc import Collection, Sequence
from typing import Final

from bot.clock import Clock
from bot.core.promotion import Fit, PlaylistSound, Suitability, list_standout, sound_of, suitability
from bot.services.catalog import LiveCatalog
from bot.services.taste import Tastes
from bot.services.threads import compute
from bot.store import presence
from bot.store.engine import Database

MOST_TASTES: Final = 50
"""The most listeners that are compared: those who were here last."""


class Audience:
    """Describes lists, and finds the people for them."""

    def __init__(
        self, database: Database, catalog: LiveCatalog, tastes: Tastes, clock: Clock
    ) -> None:
        self._database = database
        self._catalog = catalog
        self._tastes = tastes
        self._clock = clock

    async def sound(self, track_ids: Sequence[int]) -> PlaylistSound | None:
        """Return how a list sounds against the catalogue; None when none of it is measured."""
        return sound_of(await self._catalog.get(), track_ids)

    async def suits(
        self,
        track_ids: Sequence[int],
        *,
        guild_id: int,
        asker_id: int,
        opted_in: Collection[int] = (),
    ) -> Suitability:
        """Return whom in a server a list suits, the one who asks left out.

        Args:
            guild_id: who used the bot there lately counts as being there.
            opted_in: who agreed to be compared with others, beside those with a public profile.
        """
        catalog = await self._catalog.get()
        rows = catalog.rows_of(track_ids)
        if not len(rows):
            return Suitability()
        async with self._database.read() as conn:
            found = await presence.comparable(
                conn,
                guild_id,
                opted_in=opted_in,
                without=asker_id,
                on=self._clock.now().date(),
                limit=MOST_TASTES,
            )
        fits = []
        for user_id, public in found:
            said = await self._tastes.of(catalog, user_id)
            standout = await compute(list_standout, catalog, said.profile, rows)
            if standout is not None:
                fits.append(Fit(user_id, standout, public))
        return suitability(fits)
