"""The catalogue in memory, always that of the database."""

import asyncio
import logging
from dataclasses import replace
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from bot.core.ai import AiShare
from bot.core.catalog import Catalog, append_tracks, build_catalog, outgrown_sources, with_ai
from bot.core.scene import with_scene
from bot.services.heap import give_back
from bot.store import ai, columns, scene_files, snapshot
from bot.store.columns import CatalogMark
from bot.store.engine import Database

log = logging.getLogger(__name__)

_PATCH_SHARE: Final = 0.02
_PATCH_LEAST: Final = 50
_GROWTH: Final = 1.1
"""Quantile tables serve until the catalogue has grown by a tenth."""


class LiveCatalog:
    """Hands out the newest catalogue: from memory, else the snapshot, else the database.

    After an import the next `get` builds it anew, after single tracks it adds them, after a
    training it takes over the new scene; meanwhile the event loop goes on.
    """

    def __init__(self, database: Database, folder: Path | None = None) -> None:
        self._database = database
        self._folder = folder or snapshot.snapshot_folder(database.beside)
        self._scene_folder = scene_files.scene_folder(database.beside)
        self._unusable_scene = ""
        self._catalog: Catalog | None = None
        self._lock = asyncio.Lock()

    async def start(self) -> None:
        """Load the catalogue now, so that the first question need not wait."""
        await self.get()

    @property
    def size(self) -> int:
        """How many tracks are in memory."""
        return 0 if self._catalog is None else len(self._catalog)

    async def get(self) -> Catalog:
        """Return the catalogue of this moment; a cheap question when nothing has changed."""
        async with self._database.read() as conn:
            version = await columns.catalog_version(conn)
        return await self.of(version)

    async def of(self, version: int, *, at_hand: bool = False) -> Catalog:
        """Return the catalogue, given which version the database has, as somebody has just read.

        Args:
            version: as `columns.catalog_version` says.
            at_hand: do as `at_hand` does.
        """
        held = self._catalog
        if held is not None and at_hand and self._lock.locked():
            return held
        if held is not None and (held.version, held.scene_version) == (
            version,
            self._wanted_scene(),
        ):
            return held
        async with self._lock, self._database.turn("catalogue"):
            return await self._renewed()

    async def at_hand(self) -> Catalog:
        """Return the catalogue in use while somebody brings it up to date; else as `get`.

        For callers that do not need what came in a moment ago.
        """
        held = self._catalog
        return held if held is not None and self._lock.locked() else await self.get()

    def _wanted_scene(self) -> str:
        """Return the version of the scene there is; empty when none can be used."""
        version = scene_files.current_version(self._scene_folder)
        return version if version and version != self._unusable_scene else ""

    async def _renewed(self) -> Catalog:
        async with self._database.read() as conn:
            wanted = await columns.catalog_mark(conn)
        found = self._catalog
        if found is None or await asyncio.to_thread(self._is_newer_there, found, wanted):
            found = await asyncio.to_thread(snapshot.load, self._folder) or found
        held = found
        if held is None or snapshot.mark(held) != wanted:
            held = await self._patched(held, wanted) or await self._built()
        if held.scene_version != self._wanted_scene():
            held = await self._in_scene(held)
        if held is not found:
            held = await self._kept(await self._labelled(held))
        self._catalog = held
        if held is not found:
            await give_back()
        return held

    async def _labelled(self, catalog: Catalog) -> Catalog:
        """Mark what AI made, as lists and promotions say it now."""
        async with self._database.read() as conn:
            by_artist = await ai.listed_artists(conn)
            of_tracks = await ai.declared_tracks(conn)

        def rows_of(share: AiShare) -> NDArray[np.int64]:
            artists = [number for number, one in by_artist.items() if one.share is share]
            tracks = [number for number, one in of_tracks if one.share is share]
            return np.concatenate([catalog.rows_of_artists(artists), catalog.rows_of(tracks)])

        wholly, partly = rows_of(AiShare.WHOLLY), rows_of(AiShare.PARTLY)
        return replace(catalog, sorts=with_ai(catalog.sorts, wholly, partly))

    def _is_newer_there(self, held: Catalog, wanted: CatalogMark) -> bool:
        """Tell whether another process has kept a catalogue on disk that is wanted here."""
        return held.version != wanted.version == snapshot.version_there(self._folder)

    async def _in_scene(self, catalog: Catalog) -> Catalog:
        """Put the catalogue in the current scene, or in none when that cannot be used."""
        version, stored = self._wanted_scene(), None
        if version:
            stored = await asyncio.to_thread(scene_files.load, self._scene_folder)
            if stored is None:
                self._unusable_scene = version
        version = "" if stored is None else stored.mark.version
        if catalog.scene_version == version:
            return catalog
        log.info("the catalogue is put in %s", f"scene {version}" if version else "no scene")
        scene = None if stored is None else stored.scene
        return await asyncio.to_thread(with_scene, catalog, scene, version=version)

    async def _patched(self, held: Catalog | None, wanted: CatalogMark) -> Catalog | None:
        """Bring an older catalogue up to date; None when building it anew is right."""
        if held is None or not len(held) or held.version >= wanted.version:
            return None
        async with self._database.read() as conn:
            if held.version < await columns.forgotten_version(conn):
                return None
            changed = await columns.changed_count(conn, since=held.version)
            too_many = changed > max(_PATCH_LEAST, _PATCH_SHARE * len(held))
            if too_many or wanted.tracks > _GROWTH * max(held.built_size, 10 * _PATCH_LEAST):
                return None
            version = await columns.catalog_version(conn)
            raw = await columns.read_raw(conn, since=held.version)
        try:
            patched = await asyncio.to_thread(append_tracks, held, raw, version=version)
        except ValueError as error:
            log.info("the catalogue is built anew: %s", error)
            return None
        outgrown = outgrown_sources(patched)
        if outgrown:
            log.info("the catalogue is built anew: %s tells much more now", " and ".join(outgrown))
        if outgrown or snapshot.mark(patched) != wanted:  # or tracks were removed, or it is another
            return None
        log.info("catalogue %d: %d tracks added or changed", version, changed)
        return patched

    async def _built(self) -> Catalog:
        async with self._database.read() as conn:
            version = await columns.catalog_version(conn)
            raw = await columns.read_raw(conn)
        catalog = await asyncio.to_thread(build_catalog, raw, version=version)
        log.info("catalogue %d: built from %d tracks", version, len(catalog))
        return catalog

    async def _kept(self, catalog: Catalog) -> Catalog:
        """Keep a catalogue on disk and map it from there; in memory only when that fails."""
        try:
            await asyncio.to_thread(snapshot.save, self._folder, catalog)
        except OSError as error:
            log.warning("the catalogue snapshot cannot be written: %s", error)
            return catalog
        return await asyncio.to_thread(snapshot.load, self._folder) or catalog
