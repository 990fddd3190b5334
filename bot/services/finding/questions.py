"""The questions to the music services about a batch of tracks.

What many tracks can be asked for in one call (ReccoBeats, ListenBrainz) is asked so; only what is
left is asked one by one (Deezer, Last.fm), and one question follows the other.
"""

import logging
from collections.abc import AsyncIterator, Collection, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Final

from bot.core.catalog import recording_key
from bot.errors import AccessError, BadAnswerError, SourceError, SourceUnavailableError
from bot.services.catalog import CONFIDENCE, Known, by_recording, key_of, plain_title
from bot.services.sources import Sources
from bot.sources.reccobeats import ReccoBeats
from bot.sources.values import SourceTrack
from bot.store import measures
from bot.store.measures import LackingTrack, Measured, TrackPopularity

log = logging.getLogger(__name__)

_BY_MANY: Final = ("spotify", "isrc")
"""The ids by which many tracks are asked for in one call."""
_NAMESPACES: Final = (*_BY_MANY, "mbid")


class BatchQuestions:
    """The questions about one batch, and what was told."""

    def __init__(self, sources: Sources, batch: Sequence[LackingTrack]) -> None:
        self._sources = sources
        self._batch = batch
        self._ids = {
            track.id: {name: track.ids_in(name) for name in _NAMESPACES} for track in batch
        }
        self.identified: list[SourceTrack] = []
        """Tracks that had no ISRC, as Deezer knows them."""
        self.measured: list[Measured] = []
        self.played: list[TrackPopularity] = []
        self.refused: set[int] = set()
        """Tracks that a service gave no usable answer about."""
        self.unreadable: BadAnswerError | None = None
        """Why one of these may be asked about again: what came was no answer."""
        self._locked_out = False

    async def features(self) -> None:
        """Ask what was measured: by Spotify id or ISRC, the other of the two for what is left."""
        for track in self._batch:
            if not any(self._ids[track.id][name] for name in _BY_MANY):
                await self._ask_deezer(track)
        known: set[int] = set()
        for namespaces in (_BY_MANY, _BY_MANY[::-1]):
            owners = self._owners(namespaces, without=known)
            found = await self._sources.reccobeats.audio_features(list(owners))
            for one, features in found.items():
                source, confidence = ReccoBeats.name, CONFIDENCE[ReccoBeats.name]
                if any(getattr(features, name) is not None for name in measures.ESSENTIAL):
                    self.measured.append(Measured(owners[one], source, confidence, features))
                    known.add(owners[one])

    async def popularity(self) -> None:
        """Ask how much the tracks are played; one by one only where many at once tell nothing."""
        owners = self._owners(_BY_MANY)
        for one, told in (await self._sources.reccobeats.tracks(list(owners))).items():
            self._count(owners[one], told)
        await self._ask_listenbrainz()
        for ask in (self._ask_deezer, self._ask_lastfm):
            for track in self._left():
                await ask(track)

    async def _ask_listenbrainz(self) -> None:
        by_mbid = self._owners(("mbid",))
        try:
            told = await self._sources.listenbrainz.popularity(list(by_mbid))
        except AccessError as error:
            log.warning("going on without ListenBrainz, set LISTENBRAINZ_TOKEN: %s", error)
            return
        name = self._sources.listenbrainz.name
        for mbid, plays in told.items():
            if plays.listeners is not None:
                self.played.append(TrackPopularity(by_mbid[mbid], name, plays.listeners))

    def _left(self) -> list[LackingTrack]:
        known = {one.track_id for one in self.played}
        return [track for track in self._batch if track.id not in known]

    def _count(self, track_id: int, told: SourceTrack) -> None:
        self.played += [TrackPopularity(track_id, one.source, one.value) for one in told.popularity]

    def _owners(
        self, namespaces: Sequence[str], *, without: Collection[int] = ()
    ) -> dict[str, int]:
        """Return the first id of each track in the first of some namespaces where it has one."""
        owners: dict[str, int] = {}
        for track_id, ids in self._ids.items():
            named = [one for name in namespaces for one in ids[name][:1]]
            if named and track_id not in without:
                owners.setdefault(named[0], track_id)
        return owners

    async def _ask_deezer(self, track: LackingTrack) -> None:
        """Ask how much a track is played there; one that has no ISRC yet learns that too."""
        async with self._alone(track):
            found = await self._on_deezer(track)
            if found is None:
                return
            self._count(track.id, found)
            isrc = found.id_in("isrc")
            if isrc and not self._ids[track.id]["isrc"]:
                self._ids[track.id]["isrc"] = [isrc]
                own = (*found.ids, *track.ids)
                named = replace(found, title=track.title, artist=track.artist, ids=own)
                self.identified.append(named)

    async def _on_deezer(self, track: LackingTrack) -> SourceTrack | None:
        """Return a track as Deezer knows it: by its id there, its ISRC, or its names."""
        deezer = self._sources.deezer
        for deezer_id in track.ids_in("deezer")[:1]:
            return await deezer.track(deezer_id)
        for isrc in self._ids[track.id]["isrc"][:1]:
            return await deezer.track_by_isrc(isrc)
        found = _same(await deezer.search(plain_title(track.title), track.artist), track)
        found_id = None if found is None else found.id_in("deezer")
        if found is None or found_id is None or found.id_in("isrc"):
            return found
        return await deezer.track(found_id) or found  # a search may not tell the ISRC

    async def _ask_lastfm(self, track: LackingTrack) -> None:
        lastfm = self._sources.lastfm
        if lastfm is None or self._locked_out:
            return
        async with self._alone(track):
            try:
                found = await lastfm.track(track.title, track.artist)
            except AccessError as error:
                log.warning("going on without Last.fm: %s", error)
                self._locked_out = True
            else:
                if found is not None:
                    self._count(track.id, found)

    @asynccontextmanager
    async def _alone(self, track: LackingTrack) -> AsyncIterator[None]:
        """Let a question about one track fail alone, unless the service does not answer at all."""
        try:
            yield
        except SourceUnavailableError:
            raise
        except SourceError as error:
            log.info("%r is left out: %s", track.title, error)
            self.refused.add(track.id)
            if isinstance(error, BadAnswerError):
                self.unreadable = error


def _same(found: Sequence[SourceTrack], track: LackingTrack) -> SourceTrack | None:
    """Return the first that is the same recording by name and duration."""
    known = Known(leaders={recording_key(track.title, track.artist): [track.id]})
    known.durations[track.id] = track.duration_ms
    return next((one for one in found if by_recording(known, key_of(one), one.duration_ms)), None)
