"""Finds a path from one track to another, explains every hop, and keeps it as a list."""

from collections.abc import Collection
from typing import Final

import numpy as np

from bot.clock import Clock
from bot.core.catalog import Asked, Catalog
from bot.core.lists import (
    FoundPath,
    MadePlaylist,
    Path,
    PathStep,
    PathWish,
    find_path,
    others,
)
from bot.core.models import Subject, SubjectKind
from bot.core.ranking import Basis, Explanation, Query, explained, rank
from bot.core.taste import Opinion, TasteProfile, build_taste
from bot.errors import NotFoundError, UserError
from bot.services.catalog import LiveCatalog
from bot.services.finding import Lookup
from bot.services.lists.playlists import Playlists
from bot.services.taste import Tastes, subject_rows
from bot.services.threads import compute
from bot.store import ai
from bot.store import catalog as catalog_store
from bot.store.engine import Database

ENDS: Final = (SubjectKind.TRACK, SubjectKind.ARTIST)
"""What a path may lead from and to."""
OBSCURE: Final = 70
"""The dial for what ends a path to one's own taste."""
_NONE: Final = (
    "I find no path between these two: nothing I know lies between them, nearer to the end with "
    "every step and without a turn in how well known it is. Name another end."
)
_BARRED: Final = (
    "You muted or do not like what lies between these two, so there is no path. `/mute show` and "
    "`/settings me` take mutes back. Or name another end."
)
_NO_OTHER: Final = "I find no other path between these two. Name another end, or other `steps`."


class Paths:
    """Finds paths for listeners."""

    def __init__(
        self,
        database: Database,
        catalog: LiveCatalog,
        tastes: Tastes,
        lookup: Lookup,
        playlists: Playlists,
        clock: Clock,
    ) -> None:
        self._database = database
        self._catalog = catalog
        self._tastes = tastes
        self._lookup = lookup
        self._playlists = playlists
        self._clock = clock

    async def end(self, asked: Asked) -> int:
        """Return the track that somebody names as an end; of an artist, the best-known song.

        Raises:
            NotFoundError: nothing is called so, or nothing by that artist is here.
            UserError: it is not sure what is meant.
            SourceError: the services that may know it do not answer.
        """
        hit = await self._lookup.certain(asked, ENDS)
        if hit.subject.kind is SubjectKind.TRACK:
            return hit.subject.id
        return await self._best_known(hit.subject)

    async def own_end(self, user_id: int, start_id: int) -> int:
        """Return a track by somebody few know that fits a listener's taste, to end a path with.

        Raises:
            UserError: nothing is known of their taste.
            NotFoundError: nothing in the catalogue fits.
        """
        catalog = await self._catalog.get()
        said = await self._tastes.of(catalog, user_id)
        if not said.profile.has_taste:
            raise UserError(
                "Say with `to` where the path ends. Or tell me what you love with `/start`: then "
                "it can end with something for your taste."
            )
        start = await self._measured(catalog, start_id)
        artist = catalog.rows_of_artists(catalog.artist_ids[[start]])
        query = Query(
            count=1,
            obscurity=OBSCURE,
            rated=tuple(said.rated_rows.tolist()),
            heard=tuple(said.heard_rows.tolist()),
            unwanted=said.mutes.at(self._clock.now()),
            excluded=tuple(artist.tolist()),
        )
        found = await compute(rank, catalog, said.profile, query)
        if not found.picks:
            raise NotFoundError(
                "I find nothing new for your taste to end with. Say with `to` where the path ends."
            )
        return found.picks[0].track_id

    async def find(self, user_id: int, wish: PathWish, *, guild_id: int | None = None) -> FoundPath:
        """Find a path, explain it, and keep it as a list of whoever asks.

        Args:
            user_id: who asks.
            wish: from where to where.
            guild_id: the server where they ask, which may leave something out.

        Raises:
            UserError: both ends are one artist's.
            NotFoundError: an end is gone or not measured, or there is no (other) path.
        """
        catalog = await self._catalog.get()
        start = await self._measured(catalog, wish.start_id)
        goal = await self._measured(catalog, wish.goal_id)
        if catalog.artist_ids[start] == catalog.artist_ids[goal]:
            raise UserError(
                "Both ends are by the same artist, so there is no way to go. Name another end."
            )
        said = await self._tastes.of(catalog, user_id)
        unwanted = said.mutes.at(self._clock.now()).rows(catalog)
        async with self._database.read() as conn:
            left = (await ai.left_out(conn, guild_id)).rows(catalog)
        barred = {*unwanted.tolist(), *left.tolist(), *said.profile.disliked_rows.tolist()}
        path, hops = await compute(_found, catalog, start, goal, wish, barred)
        return await self._kept(user_id, catalog, wish, path, hops)

    async def _kept(
        self,
        user_id: int,
        catalog: Catalog,
        wish: PathWish,
        path: Path,
        hops: list[Explanation],
    ) -> FoundPath:
        ids = [int(catalog.track_ids[row]) for row in path.rows]
        async with self._database.read() as conn:
            known = {one.id: one for one in await catalog_store.tracks_by_ids(conn, ids)}
        tracks = [known[one] for one in ids if one in known]
        if len(tracks) < len(ids):
            raise NotFoundError("The catalogue changed just now. Ask for the path again.")
        title = f"From {tracks[0].title} to {tracks[-1].title}"
        kept = await self._playlists.keep(user_id, title, tracks, public=not wish.private)
        made = MadePlaylist(kept, len(tracks), await self._playlists.can_save(user_id))
        reasons = [None, *hops]
        steps = [
            PathStep(track, reason, float(catalog.fame[row]) if catalog.counted[row] else None)
            for track, reason, row in zip(tracks, reasons, path.rows, strict=True)
        ]
        return FoundPath(made, tuple(steps), path.course, asked=wish.steps)

    async def _measured(self, catalog: Catalog, track_id: int) -> int:
        """Return the row of a track.

        Raises:
            NotFoundError: it is gone, or neither its sound nor its company is known.
        """
        row = catalog.row_of(track_id)
        if row is None:
            raise NotFoundError("That track is not in my catalogue any more. Name another end.")
        if not (catalog.measured[row] or catalog.listed[row]):
            async with self._database.read() as conn:
                found = await catalog_store.tracks_by_ids(conn, [track_id])
            name = f"“{found[0].title}”" if found else "That track"
            raise NotFoundError(
                f"{name} was never measured, so I cannot tell what is near it. Name another end."
            )
        return row

    async def _best_known(self, artist: Subject) -> int:
        """Return the best-known measured song of an artist; ties go to the first."""
        catalog = await self._catalog.get()
        async with self._database.read() as conn:
            rows = await subject_rows(conn, catalog, artist)
        known = rows[catalog.measured[rows] | catalog.listed[rows]]
        if not len(known):
            raise NotFoundError(
                "I know no measured track by that artist. Name a track, or another artist."
            )
        popularity = np.nan_to_num(catalog.popularity[known], nan=-1.0)
        return int(catalog.track_ids[known[popularity.argmax()]])


def _found(
    catalog: Catalog, start: int, goal: int, wish: PathWish, barred: Collection[int]
) -> tuple[Path, list[Explanation]]:
    """Find a path and why each hop is one; every other path does without the artists of the last.

    Raises:
        NotFoundError: there is none.
    """
    path = find_path(catalog, start, goal, wish.steps, barred=barred)
    if path is None:
        is_barred = bool(barred) and find_path(catalog, start, goal, wish.steps) is not None
        raise NotFoundError(_BARRED if is_barred else _NONE)
    left_out = set(barred)
    for _ in range(wish.number):
        left_out |= others(catalog, path)
        path = find_path(catalog, start, goal, wish.steps, barred=left_out)
        if path is None:
            raise NotFoundError(_NO_OTHER)
    hops = [
        explained(catalog, _like(catalog, before), row, Basis.LIKE)
        for before, row in zip(path.rows, path.rows[1:], strict=False)
    ]
    return path, hops


def _like(catalog: Catalog, row: int) -> TasteProfile:
    return build_taste(catalog, [Opinion(row, 1.0)])
