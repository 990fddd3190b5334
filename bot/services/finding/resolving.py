"""Finds out which recording a pasted link, or `artist – title`, means; the music services know.

A link of a service is asked of that service; what it does not tell, or another service's link, of
Odesli. Names are searched where people search. What is found is the track of the catalogue that is
the same recording, or becomes a new one, in one transaction after all questions are answered.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from typing import Final, TypeAlias

from bot.clock import Clock
from bot.core.catalog import Link, Pair, ShortLink, read_text, recording_key
from bot.core.models import ExternalId
from bot.errors import AccessError, SourceError, SourceUnavailableError
from bot.services.catalog import admit, key_of, plain_title
from bot.services.sources import Sources
from bot.sources.abilities import FindsTracks
from bot.sources.values import LinkedServices, SourceTrack
from bot.store import catalog
from bot.store.engine import Database

log = logging.getLogger(__name__)

PATIENCE_S: Final = 20.0
"""Nobody waits longer for the services; what they answer later is kept for the next time."""

_TOPIC: Final = " - Topic"
"""What YouTube puts behind the artist in the name of a channel that it fills itself."""
_SEARCHED: Final = 10

_Ask: TypeAlias = Callable[[], Awaitable[SourceTrack | None]]


class Resolver:
    """Asks the services, and takes what they know into the catalogue."""

    def __init__(self, database: Database, sources: Sources, clock: Clock) -> None:
        self._database = database
        self._sources = sources
        self._clock = clock

    async def by_link(self, link: Link | ShortLink) -> int | None:
        """Return the track behind a link that the catalogue does not hold; None: nobody knows it.

        Raises:
            SourceUnavailableError: services that may know it do not answer.
        """
        return await self._in_time(self._linked(link))

    async def by_names(self, pairs: Sequence[Pair]) -> int | None:
        """Return the track of one of these (title, artist); None when no service knows any.

        Raises:
            SourceUnavailableError: services that may know it do not answer.
        """
        return await self._in_time(self._by_names(pairs))

    async def by_spotify_ids(self, spotify_ids: Sequence[str]) -> dict[str, int]:
        """Return the tracks of Spotify ids, as far as ReccoBeats knows them; many in one call.

        Raises:
            SourceError: there is no answer.
        """
        told = await self._sources.reccobeats.tracks(spotify_ids) if spotify_ids else {}
        found = [
            replace(one, ids=tuple(dict.fromkeys((*one.ids, ExternalId("spotify", known_as)))))
            for known_as, one in told.items()
        ]
        async with self._database.write() as conn:
            track_ids = await admit(conn, found, on=self._clock.now().date())
        return dict(zip(told, track_ids, strict=True))

    async def _in_time(self, work: Awaitable[int | None]) -> int | None:
        try:
            async with asyncio.timeout(PATIENCE_S):
                return await work
        except SourceUnavailableError as error:
            raise SourceUnavailableError(
                f"That track is not in my catalogue, and {error}", error.until
            ) from error
        except TimeoutError as error:
            raise SourceUnavailableError(
                "That track is not in my catalogue, and the music services take too long to tell "
                "me more. Try again in a minute."
            ) from error

    # ------------------------------------------------------------------------- links

    async def _linked(self, link: Link | ShortLink) -> int | None:
        if isinstance(link, ShortLink):
            page = await self._sources.short_links.target(link.url)
            target = None if page is None else read_text(page)
            if not isinstance(target, Link):
                return None
            link = target
            known = await self._known(link)
            if known is not None:
                return known
        found = await self._first(self._questions(link))
        if found is None or link.track is None:
            return await self._admitted(found)
        ids = tuple(dict.fromkeys((*found.ids, link.track)))
        return await self._admitted(replace(found, ids=ids))

    async def _known(self, link: Link) -> int | None:
        if link.track is None:
            return None
        async with self._database.read() as conn:
            return await catalog.track_id_by_external(conn, link.track)

    def _questions(self, link: Link) -> list[_Ask]:
        """Return whom to ask about a link, the best first."""
        sources, value = self._sources, link.value
        by_page = [self._led(link.url)]
        match link.namespace:
            case "deezer":
                return [lambda: sources.deezer.track(value), *by_page]
            case "apple":
                return [lambda: self._on_itunes(value), *by_page]
            case "audius":
                return [lambda: sources.audius.resolve(link.url)]
            case "mbid":
                return [lambda: sources.musicbrainz.recording(value)]
            case "spotify":
                app = sources.spotify
                own: list[_Ask] = [] if app is None else [lambda: app.track(value)]
                return [lambda: self._on_reccobeats(value), *own, *by_page]
            case _:
                return by_page

    async def _on_itunes(self, apple_id: str) -> SourceTrack | None:
        return (await self._sources.itunes.tracks([apple_id])).get(apple_id)

    async def _on_reccobeats(self, spotify_id: str) -> SourceTrack | None:
        return (await self._sources.reccobeats.tracks([spotify_id])).get(spotify_id)

    def _led(self, page: str) -> _Ask:
        """Return the question to Odesli for a page's recording, and to where that leads."""

        async def ask() -> SourceTrack | None:
            linked = await self._sources.odesli.links(page)
            if linked is None:
                return None
            named = _named_by(linked)
            ids = {one.namespace: one.value for one in linked.ids}
            elsewhere: list[_Ask] = []
            if "deezer" in ids:
                elsewhere.append(lambda: self._sources.deezer.track(ids["deezer"]))
            if "spotify" in ids:
                elsewhere.append(lambda: self._on_reccobeats(ids["spotify"]))
            if "apple" in ids:
                elsewhere.append(lambda: self._on_itunes(ids["apple"]))
            try:
                found = await self._first(elsewhere)
            except SourceError as error:
                if named is None:
                    raise
                log.info("%s is known by name only for now: %s", page, error)
                found = None
            if found is None:
                return named
            return replace(found, ids=tuple(dict.fromkeys((*found.ids, *linked.ids))))

        return ask

    # ------------------------------------------------------------------------- names

    async def _by_names(self, pairs: Sequence[Pair]) -> int | None:
        if not pairs:
            return None
        title, artist = pairs[0]
        sources = self._sources
        searches: list[FindsTracks] = [sources.deezer, sources.itunes, sources.audius]
        asked: list[_Ask] = [self._search(one, pairs) for one in searches]

        async def search_musicbrainz() -> SourceTrack | None:
            return same_recording(await sources.musicbrainz.search(title, artist), pairs)

        return await self._admitted(await self._first([*asked, search_musicbrainz]))

    def _search(self, source: FindsTracks, pairs: Sequence[Pair]) -> _Ask:
        async def ask() -> SourceTrack | None:
            title, artist = pairs[0]
            words = f"{artist} {plain_title(title)}"
            return same_recording(await source.search_text(words, limit=_SEARCHED), pairs)

        return ask

    # ------------------------------------------------------------------------- both

    async def _first(self, questions: Sequence[_Ask]) -> SourceTrack | None:
        """Return the first answer that tells of a recording.

        Raises:
            SourceError: none does, and one that may know it gave no answer.
        """
        trouble: SourceError | None = None
        for ask in questions:
            try:
                found = await ask()
            except AccessError as error:  # a wrong key is the operator's business
                log.warning("%s", error)
            except SourceError as error:
                log.info("asking on elsewhere: %s", error)
                trouble = trouble or error
            else:
                if found is not None:
                    return found
        if trouble is not None:
            raise trouble
        return None

    async def _admitted(self, found: SourceTrack | None) -> int | None:
        if found is None:
            return None
        async with self._database.write() as conn:
            (track_id,) = await admit(conn, [found], on=self._clock.now().date())
        log.info("resolved to track %d", track_id)
        return track_id


def same_recording(found: Sequence[SourceTrack], pairs: Sequence[Pair]) -> SourceTrack | None:
    """Return the first that is one of these recordings by name, version included."""
    wanted = {recording_key(*pair) for pair in pairs}
    return next((one for one in found if key_of(one) in wanted), None)


def _named_by(linked: LinkedServices) -> SourceTrack | None:
    """Return the recording as Odesli names it; None when it has no name."""
    if linked.title is None or linked.artist is None:
        return None
    return SourceTrack(linked.title, linked.artist.removesuffix(_TOPIC), linked.ids)
