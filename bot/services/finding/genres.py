"""From what somebody typed to a genre of the catalogue."""

from typing import Final

from bot.core.ranking import Genre
from bot.errors import NotFoundError
from bot.store import catalog, columns
from bot.store.engine import Database

_SUGGESTIONS: Final = 25


class Genres:
    """Finds genres by their names."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._counted: tuple[int, list[Genre]] = (-1, [])

    async def suggest(self, prefix: str, *, limit: int = _SUGGESTIONS) -> list[Genre]:
        """Return genres whose name holds the text, the largest first."""
        found = await self._all()
        wanted = prefix.strip().lower()
        return [genre for genre in found if wanted in genre.name][:limit]

    async def _all(self) -> list[Genre]:
        """Return every genre, the largest first: counted once for a version of the catalogue."""
        async with self._database.read() as conn:
            version = await columns.catalog_version(conn)
            if self._counted[0] != version:
                self._counted = version, await catalog.genre_counts(conn)
        return self._counted[1]

    async def resolve(self, name: str) -> Genre:
        """Return the genre with this name, or the only one that holds the text.

        Raises:
            NotFoundError: no genre has this name; the sentence names some that exist.
        """
        found = await self.suggest(name, limit=1000)
        exact = [genre for genre in found if genre.name == name.strip().lower()]
        if exact or len(found) == 1:
            return (exact or found)[0]
        some = found or await self.suggest("", limit=8)
        if not some:
            raise NotFoundError("My catalogue knows no genres; leave the genre out.")
        names = ", ".join(genre.name for genre in some[:8])
        raise NotFoundError(f"I do not know a genre of that name. Try one of: {names}.")
