"""What pages show of lists and artists: gathered here, put into words by `ui`."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Final

import numpy as np

from bot.core.catalog import Catalog
from bot.core.lists import (
    Form,
    KeptPlaylist,
    Playlist,
    Telling,
    ToldTrack,
    companion_reasons,
)
from bot.core.models import Track
from bot.core.promotion import ArtistCard, sound_of
from bot.core.ranking import Basis, Explanation, explained
from bot.core.sharing import PageFile
from bot.core.taste import Opinion, build_taste
from bot.errors import NotAllowedError
from bot.services.catalog import LiveCatalog
from bot.services.lists import Playlists, write_playlist
from bot.services.promotion import Artists
from bot.services.threads import compute
from bot.store import catalog as catalog_store
from bot.store import claims, covers
from bot.store.engine import Database

MOST_SHOWN: Final = 60
"""So many tracks stand on a page, which stays small; its files hold all."""
MOST_OF_ARTIST: Final = 10

_LONGEST_STEM: Final = 30
_TYPES: Final = {
    Form.M3U8: "audio/x-mpegurl",
    Form.XSPF: "application/xspf+xml",
    Form.JSPF: "application/json",
    Form.CSV: "text/csv; charset=utf-8",
}
_NOT_YOURS: Final = "Only who made this list can share it. Make yours: `/playlist`."
_NOT_YOUR_NAME: Final = "Only who holds this name in this server can share its card."
_MUTED: Final = "The moderators have muted this name, so its card cannot be shared now."


class PageContents:
    """Gathers what a page shows."""

    def __init__(
        self, database: Database, catalog: LiveCatalog, playlists: Playlists, artists: Artists
    ) -> None:
        self._database = database
        self._catalog = catalog
        self._playlists = playlists
        self._artists = artists

    async def of_list(
        self, user_id: int, playlist_id: int, telling: Telling
    ) -> tuple[KeptPlaylist, list[ToldTrack]]:
        """Return a list of theirs with its first tracks as a page tells of them.

        Raises:
            NotFoundError: it is not kept any more.
            NotAllowedError: it is somebody else's.
        """
        kept = await self._playlists.get(user_id, playlist_id)
        if kept.user_id != user_id:
            raise NotAllowedError(_NOT_YOURS)
        return kept, await self._told(kept.playlist.tracks[:MOST_SHOWN], telling, kept)

    async def of_artist(
        self, user_id: int, *, guild_id: int, claim_id: int
    ) -> tuple[ArtistCard, list[ToldTrack]]:
        """Return the card of a name they hold, and the artist's best-known tracks.

        Raises:
            NotAllowedError: it is not theirs (any more), or muted.
        """
        async with self._database.read() as conn:
            claim = await claims.by_id(conn, claim_id)
        if claim is None or (claim.user_id, claim.guild_id) != (user_id, guild_id):
            raise NotAllowedError(_NOT_YOUR_NAME)
        if claim.muted:
            raise NotAllowedError(_MUTED)
        card = await self._artists.card(user_id, guild_id=guild_id, name=claim.name)
        if card.known is None:
            return card, []
        catalog = await self._catalog.get()
        async with self._database.read() as conn:
            artist_id = await claims.catalog_artist(conn, claim.key)
            rows = catalog.rows_of_artists([] if artist_id is None else [artist_id])
            order = np.argsort(-np.nan_to_num(catalog.popularity[rows], nan=-1.0), kind="stable")
            ids = catalog.track_ids[rows[order[:MOST_OF_ARTIST]]].tolist()
            tracks = await catalog_store.tracks_by_ids(conn, ids)
        return card, await self._told(tracks, Telling.SOUND, None)

    async def _told(
        self, tracks: Sequence[Track], telling: Telling, kept: KeptPlaylist | None
    ) -> list[ToldTrack]:
        catalog = await self._catalog.get()
        async with self._database.read() as conn:
            pictures = await covers.addresses(conn, [one.id for one in tracks])
        own = frozenset() if kept is None else kept.own_track_ids
        return await compute(_told, catalog, tracks, pictures, telling, own)


def list_files(playlist: Playlist) -> list[PageFile]:
    """Write a list down in every form that players and sheets read."""
    files = []
    for form, media_type in _TYPES.items():
        written = write_playlist(playlist, form)
        stem, _, ending = written.name.rpartition(".")
        name = f"{stem[:_LONGEST_STEM].strip('-')}.{ending}"
        files.append(PageFile(name, media_type, written.content))
    return files


def _told(
    catalog: Catalog,
    tracks: Sequence[Track],
    pictures: dict[int, str],
    telling: Telling,
    own: frozenset[int],
) -> list[ToldTrack]:
    rows = [catalog.row_of(one.id) for one in tracks]
    reasons = _reasons(catalog, tracks, rows, telling, own)
    found = []
    for track, row, reason in zip(tracks, rows, reasons, strict=True):
        sound = sound_of(catalog, [track.id])
        counted = row is not None and bool(catalog.counted[row])
        found.append(
            ToldTrack(
                track,
                pictures.get(track.id),
                () if sound is None else sound.levels,
                float(catalog.fame[row]) if counted else None,
                reason,
                track.id in own,
            )
        )
    return found


def _reasons(
    catalog: Catalog,
    tracks: Sequence[Track],
    rows: Sequence[int | None],
    telling: Telling,
    own: frozenset[int],
) -> list[Explanation | None]:
    """Return what each track is told to have in common with others; None where it has nothing."""
    match telling:
        case Telling.STEPS:
            return [None, *(_hop(catalog, *pair) for pair in pairwise(rows))]
        case Telling.COMPANY:
            mine = [row for one, row in zip(tracks, rows, strict=True) if one.id in own]
            known = [row for row in mine if row is not None]
            others = [row for row in rows if row is not None and row not in known]
            found = companion_reasons(catalog, known, others) if known else [None] * len(others)
            by_row = dict(zip(others, found, strict=True))
            return [by_row.get(-1 if row is None else row) for row in rows]
        case Telling.SOUND:
            return [None] * len(tracks)


def _hop(catalog: Catalog, before: int | None, row: int | None) -> Explanation | None:
    if before is None or row is None:
        return None
    return explained(catalog, build_taste(catalog, [Opinion(before, 1.0)]), row, Basis.LIKE)
