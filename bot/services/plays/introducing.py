"""Takes what a listener plays most into the catalogue: only what is there can shape a taste."""

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from bot.clock import Clock
from bot.services.finding import Outside
from bot.services.plays.listens import Listens
from bot.store import recordings
from bot.store.engine import Database
from bot.store.recordings import Unmatched

log = logging.getLogger(__name__)

MOST: Final = 200
"""The most recordings of each listener that are asked for, once."""
AT_ONCE: Final = 40
"""What one call to ReccoBeats takes."""
PAUSE: Final = timedelta(minutes=2)


class Introducing:
    """Does the job of one listener; call it with their id."""

    def __init__(
        self,
        database: Database,
        outside: Outside,
        listens: Listens,
        clock: Clock,
    ) -> None:
        self._database = database
        self._outside = outside
        self._listens = listens
        self._clock = clock

    async def __call__(self, user_id: int) -> datetime | None:
        """Ask for some recordings; return when to go on (None: all were asked for).

        Raises:
            SourceUnavailableError: the services do not answer; those asked before stay asked.
        """
        await self._listens.match()
        async with self._database.read() as conn:
            left = MOST - await recordings.count_asked(conn, user_id)
            wanted = await recordings.unmatched(conn, user_id, limit=max(min(left, AT_ONCE), 0))
        if not wanted:
            return None
        found = await self._admitted(wanted)
        log.info("%d of %d recordings that somebody plays became known", len(found), len(wanted))
        if found:
            await self._outside.enrichment.enrich_now(found)
            await self._listens.match()
            self._listens.follow(user_id)
        return self._clock.now() + PAUSE

    async def _admitted(self, wanted: Sequence[Unmatched]) -> list[int]:
        """Return the tracks that recordings became: by their Spotify ids, else by their names."""
        ids = {
            one.id: one.recording.known_as.value
            for one in wanted
            if one.recording.known_as and one.recording.known_as.namespace == "spotify"
        }
        resolver = self._outside.resolver
        by_id = await resolver.by_spotify_ids(sorted(set(ids.values())))
        await self._asked([number for number, value in ids.items() if value in by_id])
        found = list(by_id.values())
        for one in wanted:
            if ids.get(one.id) in by_id:
                continue
            track_id = await resolver.by_names([(one.recording.title, one.recording.artist)])
            await self._asked([one.id])
            if track_id is not None:
                found.append(track_id)
        return found

    async def _asked(self, ids: Sequence[int]) -> None:
        async with self._database.write() as conn:
            await recordings.set_asked(conn, ids, now=self._clock.now())
