"""From what somebody typed, pasted or chose to a thing in the catalogue."""

from collections.abc import Collection
from typing import Final

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.discovery import Genre
from bot.core.links import track_link
from bot.core.models import SearchHit, Subject, SubjectKind
from bot.errors import NotFoundError, UserError
from bot.store import catalog, search, subjects
from bot.store.engine import Database

MAX_TEXT: Final = 300
"""Longer texts are no titles."""
SUGGESTIONS: Final = 25


def token(subject: Subject) -> str:
    """Return the value of a suggestion; `Lookup.resolve` understands it."""
    return f"{subject.kind}:{subject.id}"


class Lookup:
    """Finds tracks, albums and artists by name, link or suggestion."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def suggest(self, text: str, kinds: Collection[SubjectKind]) -> list[SearchHit]:
        """Return what a text that is still being typed may mean, best first."""
        if not text.strip() or len(text) > MAX_TEXT:
            return []
        async with self._database.read() as conn:
            return await search.search(conn, text, kinds=kinds, limit=SUGGESTIONS)

    async def resolve(self, text: str, kinds: Collection[SubjectKind]) -> SearchHit:
        """Return the one thing a finished text means.

        Raises:
            NotFoundError: nothing in the catalogue fits, or the link's track is not in it.
            UserError: the text is far too long to be a title.
        """
        text = text.strip()
        what = " or ".join(kinds)
        if len(text) > MAX_TEXT:
            raise UserError(
                f"That is too long to be a title. Type the name of the {what}, or paste a link."
            )
        async with self._database.read() as conn:
            hit = await self._chosen(conn, text, kinds) or await self._linked(conn, text, kinds)
            if hit is not None:
                return hit
            found = await search.search(conn, text, kinds=kinds, limit=1)
        if not found:
            raise NotFoundError(
                f"I know no {what} like that. Check the spelling, or choose one of the suggestions "
                "while you type."
            )
        return found[0]

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
            NotFoundError: there is no track link in it, or its track is not in the catalogue.
        """
        async with self._database.read() as conn:
            hit = await self._linked(conn, text, (SubjectKind.TRACK,))
        if hit is None:
            raise NotFoundError(
                "I see no link to a track in that message. I understand links to a single track of "
                "Spotify, Deezer, YouTube and others, not to albums or playlists."
            )
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

    async def _linked(
        self, conn: AsyncConnection, text: str, kinds: Collection[SubjectKind]
    ) -> SearchHit | None:
        link = track_link(text)
        if link is None or SubjectKind.TRACK not in kinds:
            return None
        track_id = await catalog.track_id_by_external(conn, link)
        if track_id is None:
            raise NotFoundError(
                "The track of that link is not in my catalogue. Try its title: the same recording "
                "may be there under another link."
            )
        return await subjects.name(conn, Subject(SubjectKind.TRACK, track_id))
