"""From what somebody typed, pasted or chose to a thing in the catalogue."""

import asyncio
import logging
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.catalog import recording_key, track_link
from bot.core.models import SearchHit, Subject, SubjectKind
from bot.core.promotion import TrackMention
from bot.core.ranking import Genre
from bot.errors import NotFoundError, SourceError, UserError
from bot.services.finding.enrichment import Enrichment
from bot.services.finding.resolving import Pair, Resolver, pairs_in
from bot.services.finding.track_lists import TrackLists
from bot.services.sources import Sources
from bot.store import catalog, measures, search, subjects
from bot.store.engine import Database

log = logging.getLogger(__name__)

MAX_TEXT: Final = 300
"""Longer texts are no titles."""
SUGGESTIONS: Final = 25


def token(subject: Subject) -> str:
    """Return the value of a suggestion; `Lookup.resolve` understands it."""
    return f"{subject.kind}:{subject.id}"


@dataclass(frozen=True, slots=True)
class Outside:
    """What asks the music services."""

    resolver: Resolver
    enrichment: Enrichment
    lists: TrackLists
    sources: Sources


class Lookup:
    """Finds tracks, albums and artists by name, link or suggestion.

    What the catalogue does not hold is asked of the music services, where there are any.
    """

    def __init__(self, database: Database, outside: Outside | None = None) -> None:
        self._database = database
        self._outside = outside

    async def suggest(self, text: str, kinds: Collection[SubjectKind]) -> list[SearchHit]:
        """Return what a text that is still being typed may mean, best first."""
        if not text.strip() or len(text) > MAX_TEXT:
            return []
        async with self._database.read() as conn:
            return await search.search(conn, text, kinds=kinds, limit=SUGGESTIONS)

    async def find(self, text: str, kinds: Collection[SubjectKind]) -> SearchHit | None:
        """Return the one thing of the catalogue that a finished text means, without asking anybody.

        None: the catalogue has none, but `resolve`, which takes its time, may find a track.

        Raises:
            NotFoundError: nothing fits, and there is nobody to ask.
            UserError: the text is far too long to be a title.
        """
        text = text.strip()
        if len(text) > MAX_TEXT:
            raise UserError(
                f"That is too long to be a title. Type the name of the {_what(kinds)}, "
                "or paste a link."
            )
        is_track = SubjectKind.TRACK in kinds
        is_link, pairs = is_track and self._is_link(text), pairs_in(text) if is_track else ()
        async with self._database.read() as conn:
            hit = await self._chosen(conn, text, kinds)
            if hit is None and is_link:
                hit = await self._linked(conn, text)
            if hit is None and not is_link:
                hit = await self._named(conn, pairs) or await self._searched(conn, text, kinds)
        may_be_known = is_link or pairs
        if hit is None and (self._outside is None or not may_be_known):
            raise _unknown_link() if is_link else _unknown_name(kinds)
        return hit

    async def resolve(self, text: str, kinds: Collection[SubjectKind]) -> SearchHit:
        """Return the one thing a finished text means.

        Raises:
            NotFoundError: nothing in the catalogue fits, and no service knows the track.
            SourceError: the services that may know it do not answer.
            UserError: the text is far too long to be a title.
        """
        hit = await self.find(text, kinds)
        if hit is None:
            hit = await self._asked(text.strip())
        if hit is None:
            raise _unknown_link() if self._is_link(text) else _unknown_name(kinds)
        return hit

    async def ask_for_mentions(
        self, mentions: Sequence[TrackMention], found: Sequence[int | None]
    ) -> list[int | None]:
        """Ask the services for those mentions that the catalogue does not hold.

        Args:
            mentions: as an artist named them.
            found: their tracks; None: not in the catalogue. Those that no service knows, or answers
                for in time, stay so.
        """
        if self._outside is None:
            return list(found)
        resolver = self._outside.resolver

        async def ask(mention: TrackMention, known: int | None) -> int | None:
            if known is not None:
                return known
            try:
                if resolver.is_link(mention.text):
                    return await resolver.by_link(mention.text)
                return await resolver.by_names(mention.names)
            except SourceError as error:
                log.info("a track of a promotion stays unknown: %s", error)
                return None

        asked = [ask(*one) for one in zip(mentions, found, strict=True)]
        track_ids = await asyncio.gather(*asked)
        new = [own for own, known in zip(track_ids, found, strict=True) if own and not known]
        if new:
            await self._outside.enrichment.enrich_now(new)
        return track_ids

    async def unmeasured(self, subject: Subject) -> tuple[str, ...]:
        """Return the features that a track which is not measured lacks; nothing for the others."""
        if subject.kind is not SubjectKind.TRACK:
            return ()
        async with self._database.read() as conn:
            return await measures.unmeasured(conn, subject.id)

    def _is_link(self, text: str) -> bool:
        asked = self._outside is not None and self._outside.resolver.is_link(text)
        return asked or track_link(text) is not None

    async def _asked(self, text: str) -> SearchHit | None:
        """Ask the services; a track that is new is measured at once, if that is done quickly."""
        if self._outside is None:
            return None
        resolver = self._outside.resolver
        if resolver.is_link(text):
            track_id = await resolver.by_link(text)
        else:
            track_id = await resolver.by_names(pairs_in(text))
        if track_id is None:
            return None
        await self._outside.enrichment.enrich_now([track_id])
        async with self._database.read() as conn:
            return await subjects.name(conn, Subject(SubjectKind.TRACK, track_id))

    async def suggest_genres(self, prefix: str, *, limit: int = SUGGESTIONS) -> list[Genre]:
        """Return genres whose name holds the text, the largest first."""
        async with self._database.read() as conn:
            found = await catalog.genre_counts(conn)
        wanted = prefix.strip().lower()
        return [genre for genre in found if wanted in genre.name][:limit]

    async def resolve_genre(self, name: str) -> Genre:
        """Return the genre with this name, or the only one that holds the text.

        Raises:
            NotFoundError: no genre has this name; the sentence names some that exist.
        """
        found = await self.suggest_genres(name, limit=1000)
        exact = [genre for genre in found if genre.name == name.strip().lower()]
        if exact or len(found) == 1:
            return (exact or found)[0]
        some = found or await self.suggest_genres("", limit=8)
        if not some:
            raise NotFoundError("My catalogue knows no genres; leave the genre out.")
        names = ", ".join(genre.name for genre in some[:8])
        raise NotFoundError(f"I know no genre of that name. Try one of: {names}.")

    async def linked_track(self, text: str) -> SearchHit:
        """Return the track whose link stands somewhere in a text.

        Raises:
            NotFoundError: there is no track link in it, or nobody knows its track.
            SourceError: the services that may know it do not answer.
        """
        if not self._is_link(text):
            raise NotFoundError(
                "I see no link to a track in that message. I understand links to a single track of "
                "Spotify, Deezer, YouTube and others, not to albums or playlists."
            )
        async with self._database.read() as conn:
            hit = await self._linked(conn, text)
        hit = hit or await self._asked(text)
        if hit is None:
            raise _unknown_link()
        return hit

    async def _chosen(
        self, conn: AsyncConnection, text: str, kinds: Collection[SubjectKind]
    ) -> SearchHit | None:
        kind, _, number = text.partition(":")
        if kind not in {one.value for one in kinds} or not (number.isascii() and number.isdigit()):
            return None
        if len(number) > 18:
            return None
        return await subjects.name(conn, Subject(SubjectKind(kind), int(number)))

    async def _named(self, conn: AsyncConnection, pairs: Sequence[Pair]) -> SearchHit | None:
        """Return the very recording that is named, which a search might not rank first."""
        for pair in pairs:
            for track_id in await catalog.track_ids_by_recording(conn, recording_key(*pair)):
                return await subjects.name(conn, Subject(SubjectKind.TRACK, track_id))
        return None

    async def _searched(
        self, conn: AsyncConnection, text: str, kinds: Collection[SubjectKind]
    ) -> SearchHit | None:
        found = await search.search(conn, text, kinds=kinds, limit=1)
        return found[0] if found else None

    async def _linked(self, conn: AsyncConnection, text: str) -> SearchHit | None:
        link = track_link(text)
        track_id = None if link is None else await catalog.track_id_by_external(conn, link)
        if track_id is None:
            return None
        return await subjects.name(conn, Subject(SubjectKind.TRACK, track_id))


def _what(kinds: Collection[SubjectKind]) -> str:
    return " or ".join(kinds)


def _unknown_link() -> NotFoundError:
    return NotFoundError(
        "The track of that link is not in my catalogue. Try its title: the same recording "
        "may be there under another link."
    )


def _unknown_name(kinds: Collection[SubjectKind]) -> NotFoundError:
    return NotFoundError(
        f"I know no {_what(kinds)} like that. Check the spelling, or choose one of the suggestions "
        "while you type."
    )
