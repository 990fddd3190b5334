"""Sets an artist's tracks among companions (`core.companions`) and keeps the list."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.catalog import Catalog, read_text
from bot.core.lists import CompanionCard, CompanionList, Company, MadePlaylist, find_companions
from bot.core.models import SubjectKind, Track
from bot.core.ranking import ChosenTrack
from bot.errors import NotFoundError, UserError
from bot.services.catalog import LiveCatalog
from bot.services.discover import cards_of
from bot.services.finding import Genres, Lookup
from bot.services.lists.playlists import Playlists, in_dj_order
from bot.services.threads import compute
from bot.store import catalog as catalog_store
from bot.store.engine import Database

MAX_OWN: Final = 10
ANY_GENRE: Final = "any"
"""What to say in place of a genre when it does not matter."""
_SEPARATORS: Final = re.compile(r"[;\r\n]+")


@dataclass(frozen=True, slots=True)
class CompanionWish:
    """What an artist asks for."""

    tracks: str
    """Links, suggestions or "artist – title", separated by `;` or new lines."""
    size: int = 20
    """Of the whole list, the artist's tracks included."""
    genre: str | None = None
    """A name, or `ANY_GENRE`; None: the genres of the tracks."""
    lowest: int | None = None
    """0 … 100: companions are better known than this percentage of artists."""
    highest: int | None = None
    """0 … 100: and no better known than this percentage; None, both: `standing.within_reach`."""
    public: bool = False


class CompanionLists:
    """Makes lists for artists."""

    def __init__(
        self,
        database: Database,
        catalog: LiveCatalog,
        lookup: Lookup,
        genres: Genres,
        playlists: Playlists,
    ) -> None:
        self._database = database
        self._catalog = catalog
        self._lookup = lookup
        self._genre_names = genres
        self._playlists = playlists

    async def make(self, user_id: int, wish: CompanionWish) -> CompanionList:
        """Find companions, put all in the order a DJ would play them, and keep the list.

        Raises:
            NotFoundError: none of the tracks, or not the genre, can be found.
            UserError: too many tracks, bounds that leave nobody, or nothing is known of the tracks.
            SourceError: the services that may know a track do not answer.
        """
        pieces = _pieces(wish)
        track_ids, unknown = await self._found(pieces)
        if wish.size <= len(track_ids):
            raise UserError(
                f"A list of {wish.size} is too short for your {len(track_ids)} tracks. "
                "Ask for a longer one."
            )
        _check_bounds(wish)
        genres = await self._genres(wish.genre)
        catalog = await self._catalog.get()
        rows = catalog.rows_of(track_ids).tolist()
        if not rows:
            raise NotFoundError("These tracks are not in my catalogue any more.")
        wanted = wish.size - len(rows)
        company = await compute(
            find_companions,
            catalog,
            rows,
            wanted,
            genres=genres,
            lowest=_share(wish.lowest),
            highest=_share(wish.highest),
        )
        if company is None:
            raise UserError(
                "These tracks are not measured, they are in no list, and I do not know their "
                "genre. Name a `genre`, and I will take tracks that are typical of it."
            )
        async with self._database.read() as conn:
            own = await catalog_store.tracks_by_ids(conn, track_ids)
            cards = await _cards(conn, catalog, user_id, company)
        made = await self._kept(user_id, own, cards, public=wish.public) if cards else None
        return CompanionList(
            own=tuple(own),
            made=made,
            companions=cards,
            asked=wanted,
            bounds=company.bounds,
            genres=_names(catalog, company.bounds.genres),
            any_genre=genres == (),
            ground=company.ground,
            unmeasured=tuple(one for one in own if not _is_measured(catalog, one)),
            unknown=unknown,
            removed=company.removed,
        )

    async def _found(self, pieces: Sequence[str]) -> tuple[list[int], tuple[str, ...]]:
        """Return the tracks that are meant, each once, and what is unknown."""
        found: dict[int, None] = {}
        unknown = []
        for piece in pieces:
            try:
                hit = await self._lookup.certain(read_text(piece), (SubjectKind.TRACK,))
            except NotFoundError:
                if len(pieces) == 1:
                    raise
                unknown.append(piece)
            else:
                found[hit.subject.id] = None
        if not found:
            raise NotFoundError(
                "I know none of these tracks. Check the spelling, paste links, or choose one of "
                "the suggestions while you type."
            )
        return list(found), tuple(unknown)

    async def _genres(self, name: str | None) -> tuple[int, ...] | None:
        if name is None:
            return None
        if name.strip().lower() == ANY_GENRE:
            return ()
        return ((await self._genre_names.resolve(name)).id,)

    async def _kept(
        self,
        user_id: int,
        own: Sequence[Track],
        companions: Sequence[CompanionCard],
        *,
        public: bool,
    ) -> MadePlaylist:
        tracks = await in_dj_order([*own, *(one.card.track for one in companions)])
        artists = dict.fromkeys(track.artist for track in own)
        kept = await self._playlists.keep(
            user_id,
            f"{', '.join(artists)} in good company",
            tracks,
            public=public,
            own_track_ids={track.id for track in own},
        )
        return MadePlaylist(kept, len(tracks), await self._playlists.can_save(user_id))


def _pieces(wish: CompanionWish) -> list[str]:
    pieces = [" ".join(piece.split()) for piece in _SEPARATORS.split(wish.tracks)]
    named = list(dict.fromkeys(piece for piece in pieces if piece))
    if not named:
        raise UserError("Name at least one track of yours.")
    if len(named) > MAX_OWN:
        raise UserError(f"Name {MAX_OWN} tracks at most, please; that was {len(named)}.")
    return named


def _share(percent: int | None) -> float | None:
    return None if percent is None else percent / 100


def _check_bounds(wish: CompanionWish) -> None:
    lowest = 0 if wish.lowest is None else wish.lowest
    highest = 100 if wish.highest is None else wish.highest
    if lowest >= highest:
        raise UserError(
            f"No artist is between {lowest} % and {highest} %. "
            "Let `known_from` be smaller than `known_to`."
        )


async def _cards(
    conn: AsyncConnection, catalog: Catalog, user_id: int, company: Company
) -> tuple[CompanionCard, ...]:
    chosen = [ChosenTrack(one.row, one.explanation) for one in company.companions]
    cards = await cards_of(conn, catalog, user_id, chosen, [0] * len(chosen))
    return tuple(
        CompanionCard(card, _names(catalog, one.genres), one.artist_fame)
        for card, one in zip(cards, company.companions, strict=True)
    )


def _names(catalog: Catalog, genres: Sequence[int]) -> tuple[str, ...]:
    return tuple(name for genre in genres if (name := catalog.genre_name(genre)) is not None)


def _is_measured(catalog: Catalog, track: Track) -> bool:
    row = catalog.row_of(track.id)
    return row is not None and bool(catalog.measured[row])
