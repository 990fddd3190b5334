"""Asks the services who an artist is, what they recorded, and who is played with them.

Only names leave the machine, and ids that the services gave themselves: never who likes whom.
"""

import logging
from collections.abc import Awaitable, Sequence
from dataclasses import dataclass, replace
from typing import Final, TypeVar

from bot.core.catalog import (
    COLLECTIVE_KEYS,
    LONGEST_KEY,
    Acquaintance,
    Neighbor,
    artist_key,
    parse_artists,
    song_key,
)
from bot.errors import SourceError, SourceUnavailableError
from bot.services.catalog import key_of
from bot.services.sources import Sources
from bot.sources.values import SourceArtist, SourceTrack

log = logging.getLogger(__name__)

T = TypeVar("T")

NEIGHBORS: Final = 30
"""So many of those who are played with an artist are remembered."""
ASKED_RECORDINGS: Final = 2
"""Of so many recordings it is asked what is played with them."""
_LISTED: Final = 50
_GENRES: Final = 4


@dataclass(frozen=True, slots=True)
class Introduced:
    """What the services know of an artist."""

    artist: Acquaintance
    songs: tuple[SourceTrack, ...]
    """The best known first, each song once."""
    neighbors: tuple[Neighbor, ...]
    """Those who are played with them, the most similar first."""
    released: tuple[SourceTrack, ...] = ()
    """Recordings of theirs of which it is told who released them, wanted or not."""


class Introductions:
    """Asks about artists."""

    def __init__(self, sources: Sources) -> None:
        self._sources = sources

    async def introduce(
        self, artist: Acquaintance, *, songs: int, recordings: Sequence[str] = ()
    ) -> Introduced | None:
        """Ask who an artist is; None: nobody knows anybody of that name.

        Args:
            artist: as far as they are known.
            songs: so many are wanted at most; 0: just who is played with them.
            recordings: MBIDs of theirs that the catalogue holds; all of them are asked about.

        Raises:
            SourceUnavailableError: nobody knows them, or a song of theirs, and somebody who may
                gave no answer.
        """
        return await _Introduction(self._sources, artist).made(songs, recordings)

    async def of_genre(self, genre: str) -> list[SourceArtist]:
        """Return artists whom people call so; raise `SourceError` when there is no answer."""
        return await self._sources.musicbrainz.artists_of_genre(genre)


class _Introduction:
    """The questions about one artist: one silent service does not end the others."""

    def __init__(self, sources: Sources, artist: Acquaintance) -> None:
        self._sources = sources
        self._artist = artist
        self._genres: tuple[str, ...] = ()
        self._trouble: SourceError | None = None

    async def made(self, songs: int, recordings: Sequence[str]) -> Introduced | None:
        await self._identify()
        artist = self._artist
        found = await self._songs(songs) if songs else []
        near = await self._neighbors(recordings)
        is_known = artist.deezer_id is not None or artist.mbid is not None or bool(near)
        if not is_known and self._trouble is None:
            return None
        if self._trouble is not None and (not is_known or (songs and not found)):
            until = (
                self._trouble.until if isinstance(self._trouble, SourceUnavailableError) else None
            )
            raise SourceUnavailableError(
                f"Nobody who answers knows more of {artist.name}: {self._trouble}", until
            ) from self._trouble
        released: list[SourceTrack] = []
        if artist.mbid is not None:
            released = await self._ask(self._sources.musicbrainz.released(artist.mbid))
        return Introduced(artist, tuple(found), tuple(near), tuple(released))

    async def _ask(self, question: Awaitable[list[T]]) -> list[T]:
        try:
            return await question
        except SourceError as error:
            log.info("going on without an answer: %s", error)
            self._trouble = self._trouble or error
            return []

    async def _identify(self) -> None:
        """Find out under which ids the services know the artist, and what people call them."""
        one, sources = self._artist, self._sources
        if one.deezer_id is None:
            named = self._same(await self._ask(sources.deezer.find_artists(one.name)))
            if named:
                best = max(named, key=lambda found: found.fans or 0)
                one = replace(one, deezer_id=best.id_in("deezer"), fans=best.fans)
        known = await self._ask(sources.musicbrainz.find_artists(one.name))
        same = [found for found in known if one.mbid and found.id_in("mbid") == one.mbid]
        same = same or [found for found in self._same(known) if found.id_in("mbid")]
        if len(same) == 1:  # of several with that name it is not known who is meant
            one = replace(one, mbid=same[0].id_in("mbid"))
            self._genres = same[0].genres[:_GENRES]
        self._artist = one

    def _same(self, found: Sequence[SourceArtist]) -> list[SourceArtist]:
        return [one for one in found if artist_key(one.name) == self._artist.key]

    async def _songs(self, wanted: int) -> list[SourceTrack]:
        one, sources = self._artist, self._sources
        listed: list[SourceTrack] = []
        if one.deezer_id is not None:
            listed = await self._ask(sources.deezer.top_tracks(one.deezer_id, limit=_LISTED))
        if not listed and one.mbid is not None:
            listed = await self._ask(sources.musicbrainz.recordings_by(one.mbid))
            listed.sort(key=lambda song: song.id_in("isrc") is None)
        own = {
            song_key(key_of(song)): song
            for song in reversed(listed)
            if artist_key(parse_artists(song.artist, "", comma_joined=False)[0] or "") == one.key
        }
        chosen = list(reversed(own.values()))[:wanted]
        return [await self._whole(song) for song in chosen]

    async def _whole(self, song: SourceTrack) -> SourceTrack:
        """Return a song with its ISRC, as far as Deezer tells it, and with the artist's genres."""
        deezer_id = song.id_in("deezer")
        if deezer_id is not None and song.id_in("isrc") is None:
            told = await self._ask(_some(self._sources.deezer.track(deezer_id)))
            song = told[0] if told else song
        return song if song.genres else replace(song, genres=self._genres)

    async def _neighbors(self, recordings: Sequence[str]) -> list[Neighbor]:
        one, sources = self._artist, self._sources
        near: list[SourceArtist] = []
        if one.mbid is not None:
            near += await self._ask(sources.labs.similar_artists(one.mbid))
        if one.deezer_id is not None:
            near += await self._ask(sources.deezer.related_artists(one.deezer_id))
        if sources.lastfm is not None:
            near += await self._ask(sources.lastfm.similar_artists(one.name))
        for mbid in recordings:
            for similar in await self._ask(sources.labs.similar_recordings(mbid)):
                first, _ = parse_artists(similar.track.artist, "", comma_joined=False)
                ids, similarity = similar.track.artist_ids, similar.similarity
                near.append(SourceArtist(first or "", ids, similarity=similarity))
        return self._joined(near)

    def _joined(self, near: Sequence[SourceArtist]) -> list[Neighbor]:
        """Join what several services say of one; those who agree make it surer."""
        found: dict[str, Neighbor] = {}
        for told in near:
            key, similarity = artist_key(told.name), told.similarity or 0.0
            if not 0 < len(key) <= LONGEST_KEY or key == self._artist.key or key in COLLECTIVE_KEYS:
                continue
            before = found.get(key, Neighbor(Acquaintance(key, told.name), 0.0))
            artist = replace(
                before.artist,
                mbid=before.artist.mbid or told.id_in("mbid"),
                deezer_id=before.artist.deezer_id or told.id_in("deezer"),
                fans=told.fans if before.artist.fans is None else before.artist.fans,
            )
            joined = 1 - (1 - before.similarity) * (1 - similarity)
            found[key] = Neighbor(artist, joined)
        ordered = sorted(found.values(), key=lambda one: (-one.similarity, one.artist.key))
        return ordered[:NEIGHBORS]


async def _some(question: Awaitable[T | None]) -> list[T]:
    found = await question
    return [] if found is None else [found]
