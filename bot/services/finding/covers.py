"""Covers of tracks: asked for after the answer, within a budget, and kept."""

import asyncio
import io
import logging
import warnings
from collections import deque
from collections.abc import Awaitable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Final

import numpy as np
from PIL import Image

import bot.starter
from bot.clock import Clock
from bot.core.catalog import accent_of
from bot.core.models import Cover, Track
from bot.errors import SourceError
from bot.services.finding.resolving import same_recording
from bot.services.sources import Sources
from bot.services.threads import compute
from bot.sources.values import Card, SourceTrack
from bot.store import catalog as catalog_store
from bot.store import covers as store
from bot.store.engine import Database

log = logging.getLogger(__name__)

MISSED_FOR: Final = timedelta(days=7)
"""So long nobody is asked again about a cover that nobody had."""
BUDGET: Final = 60
"""So many tracks are looked up in a minute at most, whoever asks."""
PATIENCE_S: Final = 8.0
"""An answer is edited within this time, or not at all."""
MOST_PIXELS: Final = 4000 * 4000
_SIDE: Final = 32
_FORMATS: Final = ("JPEG", "PNG")


class Covers:
    """Finds covers."""

    def __init__(self, database: Database, clock: Clock, sources: Sources | None) -> None:
        """Look for covers.

        Args:
            database: keeps what is found, and what is not.
            clock: tells how old a miss is.
            sources: None: nobody is asked, and no cover is found.
        """
        self._database = database
        self._clock = clock
        self._sources = sources
        self._asking: set[int] = set()
        self._lately: deque[datetime] = deque()

    async def look_up(self, track_ids: Sequence[int]) -> dict[int, Cover]:
        """Look for the covers of tracks that nobody has looked for lately; return those found.

        What somebody is looking for already, what is above the budget, and a track that some
        service could not be asked about, is left to the next time.
        """
        wanted = [one for one in dict.fromkeys(track_ids) if one not in self._asking]
        if self._sources is None or not wanted or not self._room():
            return {}
        self._asking.update(wanted)
        try:
            found = await self._ask(self._sources, wanted)
            if found:
                async with self._database.write() as conn:
                    await store.put(conn, found, now=self._clock.now())
        finally:
            self._asking.difference_update(wanted)
        return {track_id: one for track_id, one in found.items() if one is not None}

    async def _ask(self, sources: Sources, wanted: Sequence[int]) -> dict[int, Cover | None]:
        """Ask for covers; return what is known now, and None for what nobody has."""
        missed_since = self._clock.now() - MISSED_FOR
        async with self._database.read() as conn:
            settled = await store.settled(conn, wanted, missed_since=missed_since)
            due = [one for one in wanted if one not in settled][: self._room()]
            self._lately.extend([self._clock.now()] * len(due))
            tracks = await catalog_store.tracks_by_ids(conn, due) if due else []
        found: dict[int, Cover | None] = {}
        try:
            async with asyncio.timeout(PATIENCE_S):
                await asyncio.gather(*(_add(sources, found, track) for track in tracks))
        except TimeoutError:
            log.info("the services take too long to tell covers; some are left out")
        return found

    def _room(self) -> int:
        """Return how many tracks may be looked up now."""
        now = self._clock.now()
        while self._lately and not now - timedelta(minutes=1) < self._lately[0] <= now:
            self._lately.popleft()
        return max(BUDGET - len(self._lately), 0)


async def _add(sources: Sources, found: dict[int, Cover | None], track: Track) -> None:
    """Add the cover of a track, None where nobody has one; nothing while that is not known."""
    silent: SourceError | None = None
    for asked in _questions(sources, track):
        try:
            cover = await _checked(sources, await asked)
        except SourceError as error:
            silent = error
            continue
        if cover is not None:
            found[track.id] = cover
            return
    if silent is None:
        found[track.id] = None
    else:
        log.info("the cover of track %d is not known yet: %s", track.id, silent)


async def _checked(sources: Sources, url: str | None) -> Cover | None:
    """Return a cover with its colour; None where there is no picture that may be shown."""
    if url is None or not sources.pictures.may_show(url):
        return None
    content = await sources.pictures.fetch(url)
    return None if content is None else await compute(read_cover, url, content)


def _questions(sources: Sources, track: Track) -> Iterator[Awaitable[str | None]]:
    """Yield questions for the address of a track's cover, the surest first."""
    ids = {one.namespace: one.value for one in track.external_ids}
    pairs = [(track.title, track.artist)]
    if "fma" in ids:
        yield _shipped(ids["fma"])
    if "deezer" in ids:
        yield _of_track(sources.deezer.track(ids["deezer"]))
    elif "isrc" in ids:
        yield _of_track(sources.deezer.track_by_isrc(ids["isrc"]))
    if "spotify" in ids:
        page = f"https://open.spotify.com/track/{ids['spotify']}"
        yield _of_track(sources.oembed.card(page))
    if "audius_id" in ids:
        yield _of_track(sources.audius.track(ids["audius_id"]))
    if "mbid" in ids:
        yield _of_track(sources.musicbrainz.recording(ids["mbid"]))
    yield _of_named(sources.deezer.search(track.title, track.artist), pairs)
    yield _of_named(sources.itunes.search_text(f"{track.artist} {track.title}"), pairs)


async def _shipped(archive_id: str) -> str | None:
    """Return the address that the starter catalogue names; it may fail."""
    return bot.starter.covers().get(archive_id)


async def _of_track(asked: Awaitable[SourceTrack | Card | None]) -> str | None:
    one = await asked
    return None if one is None else one.cover


async def _of_named(
    asked: Awaitable[list[SourceTrack]], pairs: Sequence[tuple[str, str]]
) -> str | None:
    one = same_recording(await asked, pairs)
    return None if one is None else one.cover


def read_cover(url: str, content: bytes) -> Cover | None:
    """Return a cover with its colour; None for what is no JPEG or PNG of up to `MOST_PIXELS`."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(content), formats=_FORMATS) as image:
                if image.width * image.height > MOST_PIXELS:
                    return None
                image.draft("RGB", (_SIDE, _SIDE))
                small = image.convert("RGB").resize((_SIDE, _SIDE))
    except (
        OSError,
        ValueError,
        SyntaxError,
        Image.DecompressionBombError,
        Image.DecompressionBombWarning,
    ) as error:
        log.info("what should be a cover is none: %s", error)
        return None
    return Cover(url, accent_of(np.asarray(small).reshape(-1, 3)))
