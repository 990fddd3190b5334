"""Artists that somebody names to begin with: the known ones are chosen, the others got to know."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from bot.core.catalog import Link, ShortLink, artist_key, holds_link, read_text
from bot.core.models import Acquainted, Choice, SearchHit
from bot.errors import NotFoundError, SourceUnavailableError, UserError
from bot.services.finding import MAX_TEXT
from bot.services.growth.wishes import ArtistWishes
from bot.services.taste import FeedbackLedger
from bot.store.wishes import FAVORITE, Wish

log = logging.getLogger(__name__)

MOST: Final = 3
"""So many artists are enough to begin with."""


@dataclass(slots=True)
class Named:
    """What became of the names that somebody gave."""

    chosen: list[SearchHit] = field(default_factory=list)
    """They are in the ledger."""
    unsure: list[tuple[str, tuple[Choice, ...]]] = field(default_factory=list)
    """A name, and who may be meant; nothing was chosen for it."""
    wished: list[Wish] = field(default_factory=list)
    """Nobody here has them: they are yet to be got to know."""
    unknown: list[str] = field(default_factory=list)
    """Nobody here has them, and nobody is asked."""
    refused: list[str] = field(default_factory=list)
    """Why others of them are not got to know."""


class Favorites:
    """Takes the names of artists that a newcomer loves."""

    def __init__(self, wishes: ArtistWishes, ledger: FeedbackLedger) -> None:
        self._wishes = wishes
        self._ledger = ledger

    @property
    def may_meet(self) -> bool:
        """Whether artists whom nobody here has are got to know."""
        return self._wishes.is_possible

    async def name(self, user_id: int, names: Sequence[str]) -> Named:
        """Choose the artists that are surely meant by some names; each name counts once.

        What is empty, or no name at all, is unknown.
        """
        named, seen = Named(), set[str]()
        for given in names:
            name = " ".join(given.split())
            key = artist_key(name)
            if not name or (key and key in seen):
                continue
            seen.add(key)
            await self._read(named, user_id, name)
        ids = dict.fromkeys(hit.subject.id for hit in named.chosen)
        if ids:
            named.chosen = await self._ledger.choose_artists(user_id, list(ids))
        return named

    async def _read(self, named: Named, user_id: int, name: str) -> None:
        """Find out about one name."""
        asked = read_text(name)
        is_link = isinstance(asked, Link | ShortLink) or holds_link(name)
        if is_link or not artist_key(name) or len(name) > MAX_TEXT:
            named.unknown.append(name)
            return
        try:
            found = await self._wishes.meant(asked)
        except NotFoundError:
            named.unknown.append(name)
            return
        if found is None:
            await self.get_to_know(named, user_id, name)
        elif isinstance(found, tuple):
            named.unsure.append((name, found))
        else:
            named.chosen.append(found)

    async def get_to_know(self, named: Named, user_id: int, name: str) -> None:
        """Have an artist got to know, unless too many are already: then say why not."""
        try:
            named.wished.append(await self._wishes.wish(user_id, name, FAVORITE))
        except UserError as error:
            named.refused.append(str(error))

    async def meet(self, wish: Wish) -> Acquainted | None:
        """Get to know an artist, and choose them; None: nobody knows them, or is asked in vain.

        When the services do not answer, it is tried again later by itself.

        Raises:
            SourceUnavailableError: they do not.
        """
        done = await self._wishes.fulfil(wish.id)
        return done if isinstance(done, Acquainted) else None

    async def meet_quietly(self, wish: Wish) -> None:
        """Do what `meet` does while nobody waits for it."""
        try:
            await self.meet(wish)
        except SourceUnavailableError as error:
            log.info("getting to know an artist goes on later: %s", error)
