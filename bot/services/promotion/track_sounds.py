"""How a single track sounds, and what of the catalogue sounds close to it."""

from collections.abc import Collection
from typing import Final

from bot.audio.analysis import Analysis
from bot.core.catalog import Catalog
from bot.core.models import AudioFeatures, Track
from bot.core.promotion import TrackSound, levels_of_sound, sounds_close
from bot.services.catalog import LEAST, LiveCatalog, on_scale
from bot.services.threads import compute
from bot.store import catalog as stored
from bot.store.engine import Database

NEAR: Final = 3
"""So many tracks that sound close are named."""


class TrackSounds:
    """Describes tracks, whether the catalogue has them or not."""

    def __init__(self, database: Database, catalog: LiveCatalog) -> None:
        self._database = database
        self._catalog = catalog

    async def of_known(self, track: Track) -> TrackSound | None:
        """Return what the catalogue knows of a track; None when nothing of it is measured."""
        if track.features == AudioFeatures():
            return None
        catalog = await self._catalog.get()
        return TrackSound(
            track.features,
            levels_of_sound(catalog, track.features, {}),
            await self._near(catalog, track.features, {}, without=[track.artist_id]),
        )

    async def of_file(self, analysis: Analysis, *, without: Collection[int]) -> TrackSound:
        """Return what was measured of a file.

        Args:
            analysis: of the file.
            without: artists that are not named as close; its own.
        """
        catalog = await self._catalog.get()
        features, trust = on_scale(analysis, catalog)
        used = {name: share if share >= LEAST else 0.0 for name, share in trust.items()}
        beats = analysis.tempo.bpm > 0
        return TrackSound(
            features,
            levels_of_sound(catalog, features, trust),
            await self._near(catalog, features, used, without=without),
            other_tempo=analysis.tempo.other_bpm if beats else None,
            tempo_trust=analysis.tempo.confidence if beats else None,
            key_trust=analysis.key.confidence,
            spectrogram=analysis.spectrogram,
        )

    async def _near(
        self,
        catalog: Catalog,
        features: AudioFeatures,
        trust: dict[str, float],
        *,
        without: Collection[int],
    ) -> tuple[Track, ...]:
        rows = await compute(
            sounds_close, catalog, features, trust, count=NEAR, without_artists=without
        )
        ids = catalog.track_ids[rows].tolist()
        async with self._database.read() as conn:
            return tuple(await stored.tracks_by_ids(conn, ids))
