"""From what somebody typed, pasted or chose to a thing in the catalogue."""

import asyncio
import logging
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final

from bot.core.catalog import (
    Asked,
    Chosen,
    Link,
    Names,
    ShortLink,
    read_text,
    track_links,
    unread_site,
)
from bot.core.models import Choice, SearchHit, Subject, SubjectKind
from bot.errors import NotFoundError, SourceError, UserError
from bot.services.finding.enrichment import Enrichment
from bot.services.finding.held import in_catalog, linked, named_track, track_hit
from bot.services.finding.names import KnownNames
from bot.services.finding.resolving import Resolver
from bot.services.finding.track_lists import TrackLists
from bot.services.finding.unknown import called, leads_to_track, may_be_known, unknown, what
from bot.services.sources import Sources
from bot.store import catalog, measures, recent, search, subjects
from bot.store.engine import Database

log = logging.getLogger(__name__)

MAX_TEXT: Final = 300
"""Longer texts are no titles."""
CHOICES: Final = 5
"""So many things are offered when it is not sure which one is meant."""
_LOOKED_AT: Final = 15
SUGGESTIONS: Final = 25
_NO_LINK: Final = (
    "I see no link to a track in that message. I understand links to a single track of Spotify, "
    "Deezer, YouTube and others, not to albums or playlists."
)


def token(subject: Subject) -> str:
    """Return the value of a suggestion; `read_text` reads it again."""
    return Chosen(subject).text


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

    def __init__(
        self, database: Database, outside: Outside | None = None, names: KnownNames | None = None
    ) -> None:
        self._database = database
        self._outside = outside
        self._names = names or KnownNames(database)

    async def suggest(self, text: str, kinds: Collection[SubjectKind]) -> list[SearchHit]:
        """Return what a text that is still being typed may mean, best first."""
        if not text.strip() or len(text) > MAX_TEXT:
            return []
        hits = await self._names.suggest(text, kinds, limit=SUGGESTIONS)
        if hits == [] and (better := await self._names.respelled(text, kinds)) is not None:
            hits = await self._names.suggest(better, kinds, limit=SUGGESTIONS)
        if hits is not None:
            return hits
        async with self._database.read() as conn:
            return await search.search(conn, text, kinds=kinds, limit=SUGGESTIONS)

    async def suggest_own(self, user_id: int, kinds: Collection[SubjectKind]) -> list[SearchHit]:
        """Return what somebody was shown or liked last, for a field that is still empty."""
        async with self._database.read() as conn:
            return await recent.own(conn, user_id, kinds, limit=SUGGESTIONS)

    async def find(self, asked: Asked, kinds: Collection[SubjectKind]) -> SearchHit | None:
        """Return the one thing of the catalogue that is asked for, without asking anybody.

        None: the catalogue has none, but `ask`, which takes its time, may find a track.

        Raises:
            NotFoundError: nothing fits, and there is nobody to ask.
            UserError: the text is far too long to be a title.
        """
        if len(asked.text) > MAX_TEXT:
            raise UserError(
                f"That is too long to be a title. Type the name of the {what(kinds)}, "
                "or paste a link."
            )
        async with self._database.read() as conn:
            hit = await in_catalog(conn, asked, kinds)
        if hit is None and (self._outside is None or not may_be_known(asked, kinds)):
            raise await self._not_found(asked, kinds)
        return hit

    async def ask(self, asked: Asked, kinds: Collection[SubjectKind]) -> SearchHit:
        """Ask the services for a track that `find` did not find.

        One that is new is measured at once, if that is done quickly.

        Raises:
            NotFoundError: no service knows the track.
            SourceError: the services that may know it do not answer.
        """
        hit = await self._asked(asked)
        if hit is None:
            raise await self._not_found(asked, kinds)
        return hit

    async def _asked(self, asked: Asked) -> SearchHit | None:
        """Ask the services for a track; None when none knows it, or there is nobody to ask."""
        outside = self._outside
        track_id = None if outside is None else await _told(outside.resolver, asked)
        if outside is None or track_id is None:
            return None
        await outside.enrichment.enrich_now([track_id])
        async with self._database.read() as conn:
            return await track_hit(conn, track_id)

    async def _alike(self, text: str, kinds: Collection[SubjectKind]) -> list[SearchHit]:
        """Return what a misspelt text may mean, best first."""
        better = await self._names.respelled(text, kinds)
        if better is None:
            return []
        async with self._database.read() as conn:
            return await search.search(conn, better, kinds=kinds, limit=CHOICES)

    async def _not_found(self, asked: Asked, kinds: Collection[SubjectKind]) -> NotFoundError:
        """Return the sentence for what nothing fits, with what may have been meant."""
        if not isinstance(asked, Names) or unread_site(asked.text) is not None:
            return unknown(asked, kinds)
        alike = await self._alike(asked.text, kinds)
        if not alike:
            return unknown(asked, kinds)
        some = ", ".join(dict.fromkeys(called(hit) for hit in alike[:3]))
        return NotFoundError(
            f"I know no {what(kinds)} like that. Did you mean {some}? Choose it from the "
            "suggestions while you type."
        )

    async def resolve(self, asked: Asked, kinds: Collection[SubjectKind]) -> SearchHit:
        """Return the one thing that is asked for: of the catalogue, or a track the services know.

        Raises:
            NotFoundError: nothing in the catalogue fits, and no service knows the track.
            SourceError: the services that may know it do not answer.
            UserError: the text is far too long to be a title.
        """
        return await self.find(asked, kinds) or await self.ask(asked, kinds)

    async def meant(
        self, asked: Asked, kinds: Collection[SubjectKind]
    ) -> SearchHit | tuple[Choice, ...]:
        """Return what is asked for if that is sure, else what may be meant, best first.

        Sure is a link, a suggestion that was chosen, and words that are the whole name of just one
        thing; copies of one recording are one.

        Raises: as `resolve`.
        """
        return await self.at_hand(asked, kinds) or await self.elsewhere(asked, kinds)

    async def certain(self, asked: Asked, kinds: Collection[SubjectKind]) -> SearchHit:
        """Return what is asked for, as `resolve` does, but nothing that is not sure.

        Raises:
            UserError: it is not sure which one is meant, besides what `resolve` raises.
        """
        found = await self.meant(asked, kinds)
        if not isinstance(found, tuple):
            return found
        some = ", ".join(dict.fromkeys(called(one.hit) for one in found[:3]))
        raise UserError(
            f"I am not sure which {what(kinds)} you mean: {some}? Choose it from the suggestions "
            "while you type, or paste a link."
        )

    async def elsewhere(
        self, asked: Asked, kinds: Collection[SubjectKind]
    ) -> SearchHit | tuple[Choice, ...]:
        """Ask the services for what `at_hand` did not find; else return what may be meant.

        Raises: as `resolve`.
        """
        if not isinstance(asked, Names):
            return await self.ask(asked, kinds)
        told = await self._asked(asked)
        if told is not None:
            return told
        async with self._database.read() as conn:
            found = await search.search(conn, asked.text, kinds=kinds, limit=_LOOKED_AT)
        return await self._some(asked, kinds, found)

    async def at_hand(
        self, asked: Asked, kinds: Collection[SubjectKind]
    ) -> SearchHit | tuple[Choice, ...] | None:
        """Return what `meant` does, without asking anybody; None: `elsewhere` may find it.

        Raises: as `find`.
        """
        if not isinstance(asked, Names) or len(asked.text) > MAX_TEXT:
            return await self.find(asked, kinds)
        async with self._database.read() as conn:
            named = await named_track(conn, asked, kinds)
            found = await search.matches(conn, asked.text, kinds=kinds, limit=_LOOKED_AT)
        if named is not None:
            return named
        exact = [hit for hit, is_meant in found if is_meant]
        if len({(hit.title, hit.artist) for hit in exact}) == 1:
            return exact[0]
        if not exact and self._outside is not None and may_be_known(asked, kinds):
            return None
        return await self._some(asked, kinds, [hit for hit, _ in found])

    async def _some(
        self, asked: Names, kinds: Collection[SubjectKind], found: Sequence[SearchHit]
    ) -> tuple[Choice, ...]:
        """Return what words may mean that nothing is called.

        Raises:
            NotFoundError: there is nothing like them.
        """
        hits = found or await self._alike(asked.text, kinds)
        if not hits:
            raise unknown(asked, kinds)
        return await self._choices(hits)

    async def _choices(self, hits: Sequence[SearchHit]) -> tuple[Choice, ...]:
        """Return a few different things, each with what tells it from others of its name."""
        different = {(hit.subject.kind, hit.title, hit.artist): hit for hit in reversed(hits)}
        some = [hit for hit in hits if hit in different.values()][:CHOICES]
        async with self._database.read() as conn:
            ids = [hit.subject.id for hit in some if hit.subject.kind is SubjectKind.TRACK]
            known = {track.id: track for track in await catalog.tracks_by_ids(conn, ids)}
        return tuple(
            Choice(hit, track.album, track.year)
            if hit.subject.kind is SubjectKind.TRACK and (track := known.get(hit.subject.id))
            else Choice(hit)
            for hit in some
        )

    async def ask_for_mentions(
        self, mentions: Sequence[Asked], found: Sequence[int | None]
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

        async def ask(mention: Asked, known: int | None) -> int | None:
            if known is not None:
                return known
            try:
                return await _told(resolver, mention)
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

    async def linked_track(self, text: str) -> SearchHit:
        """Return the track whose link stands somewhere in a text.

        Raises:
            NotFoundError: there is no track link in it, or nobody knows its track.
            SourceError: the services that may know it do not answer.
        """
        asked = read_text(text)
        if not leads_to_track(asked):
            raise NotFoundError(_NO_LINK)
        return await self._led_to(asked)

    async def tracks_in(self, shown: Sequence[Subject], text: str) -> tuple[Choice, ...]:
        """Return the tracks that a message shows, else those whose links stand in it.

        Links of which nobody knows the track are left out, unless there are no others.

        Args:
            shown: what our own message shows; nothing for one of somebody else.
            text: what is written in it.

        Raises:
            NotFoundError: it holds none, or nobody knows them.
            SourceError: the services that may know them do not answer.
        """
        tracks = [one for one in shown if one.kind is SubjectKind.TRACK]
        if tracks:
            async with self._database.read() as conn:
                named = await subjects.names(conn, tracks)
            hits = [named[one] for one in tracks if one in named]
        else:
            hits = await self._linked_in(text)
        if not hits:
            raise NotFoundError(_NO_LINK)
        return await self._choices(hits)

    async def _linked_in(self, text: str) -> list[SearchHit]:
        found, refused = list[SearchHit](), list[NotFoundError | SourceError]()
        for asked in track_links(text)[:CHOICES]:
            try:
                found.append(await self._led_to(asked))
            except (NotFoundError, SourceError) as error:
                refused.append(error)
        if refused and not found:
            raise refused[0]
        return list(dict.fromkeys(found))

    async def _led_to(self, asked: Asked) -> SearchHit:
        """Return the track that a link leads to."""
        async with self._database.read() as conn:
            hit = await linked(conn, asked)
        return hit or await self.ask(asked, (SubjectKind.TRACK,))


async def _told(resolver: Resolver, asked: Asked) -> int | None:
    """Ask the services for a track; None when none knows it, or nothing names one."""
    match asked:
        case ShortLink():
            return await resolver.by_link(asked)
        case Link() if asked.may_be_track:
            return await resolver.by_link(asked)
        case Names(pairs=pairs):
            return await resolver.by_names(pairs)
        case _:
            return None
