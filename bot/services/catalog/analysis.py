"""Recordings that we measured ourselves, brought to the catalogue's scale and into it.

What listeners perceive is only estimated. An estimate is placed among what the same regression says
of other music, that place is drawn towards the middle by how badly it predicts (in units of a
normal distribution, which is where tracks are ranked: `core.gaussian`), and the catalogue's value
at that place is taken. An uncertain feature thereby weighs less in every ranking, by just that.
Tempo, key and loudness are measured as they are and pass through.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

import numpy as np
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.audio.analysis import PERCEIVED, Analysis, Estimate
from bot.audio.pool import Analyzer, Fetch
from bot.clock import Clock
from bot.core.catalog import FEATURES, QUANTILES, Catalog, normal_share
from bot.core.models import AudioFeatures, ExternalId
from bot.services.catalog.admission import admit
from bot.services.catalog.live import LiveCatalog
from bot.sources.values import SourceTrack
from bot.store import catalog as stored
from bot.store import measures
from bot.store.engine import Database
from bot.store.measures import Measured
from bot.store.uploads import NAMESPACE

SOURCE: Final = "analysis"
"""Our name in `feature_provenance`."""
LEAST: Final = 0.3
"""Features trusted less than this are shown, but not stored: for the ranking they are unknown."""

_TEMPO_TRUST, _KEY_TRUST, _LOUDNESS_TRUST = 0.85, 0.8, 0.8
"""Below what ReccoBeats is trusted; loudness in LUFS may lie a few dB off that of other tables."""
_TYPICAL: Final = {
    "acousticness": (0.643, 0.29),
    "energy": (0.453, 0.21),
    "instrumentalness": (0.664, 0.18),
    "danceability": (0.516, 0.10),
}
"""Mean and spread of the estimates over music at large: the means over the 650 tracks that the
regressions were fitted to; a regression spreads by ρ times what it predicts, and that is the spread
of the feature in a table of 296 thousand tracks. Game music of 52 files lies close to these means
and spreads by three quarters of that to all of it."""


@dataclass(frozen=True, slots=True)
class Heard:
    """A recording that was analysed, with its names."""

    title: str
    artist: str
    analysis: Analysis


class Analyses:
    """Analyses sound files, and takes recordings into the catalogue."""

    def __init__(
        self, database: Database, catalog: LiveCatalog, analyzer: Analyzer, clock: Clock
    ) -> None:
        self._database = database
        self._catalog = catalog
        self._analyzer = analyzer
        self._clock = clock

    async def analyze(
        self, content: bytes | Path | Fetch, name: str, *, excerpt: bool = False
    ) -> Analysis:
        """Return what can be heard in a sound file.

        Args:
            content: the file, where it is, or what brings it.
            name: what its owner calls it; only for sentences.
            excerpt: also return some seconds of it to be heard.

        Raises:
            UserError: it is not a sound file that can be read, or too many wait already.
        """
        return await self._analyzer.analyze(content, name, excerpt=excerpt)

    async def holds(self, sha256: str) -> bool:
        """Return whether a file was taken into the catalogue before."""
        async with self._database.read() as conn:
            known = ExternalId(NAMESPACE, sha256)
            return await stored.track_id_by_external(conn, known) is not None

    async def add(self, heard: Sequence[Heard]) -> list[int]:
        """Take recordings into the catalogue; return their tracks, in the same order.

        A recording that is there already, by its names and duration or as the very same file, only
        learns what is unknown of it: what the catalogue says is never overwritten.
        """
        scale = await self._catalog.get()
        async with self._database.write() as conn:
            return await take_in(conn, heard, scale, on=self._clock.now().date())


async def take_in(
    conn: AsyncConnection, heard: Sequence[Heard], scale: Catalog, *, on: date
) -> list[int]:
    """Do what `Analyses.add` does, within a transaction that does more."""
    track_ids = await admit(conn, [_told(one) for one in heard], on=on)
    known = {track.id: track.features for track in await stored.tracks_by_ids(conn, track_ids)}
    measured = [
        one
        for track_id, recording in zip(track_ids, heard, strict=True)
        for one in measured_of(track_id, recording.analysis, scale)
        if _adds(one.features, known[track_id])
    ]
    await measures.learn(conn, measured, [], on=on)
    return track_ids


def on_scale(analysis: Analysis, scale: Catalog) -> tuple[AudioFeatures, dict[str, float]]:
    """Return all that was measured on the catalogue's scale, and how far each is trusted, 0 … 1.

    What is hardly more than a guess is here, too: it may be shown, but decides nothing.
    """
    tempo, key = analysis.tempo, analysis.key
    estimates: dict[str, Estimate] = {name: getattr(analysis, name) for name in PERCEIVED}
    placed: dict[str, Any] = {
        name: _placed(name, one, scale) if name in _TYPICAL else one.value
        for name, one in estimates.items()
    }
    features = AudioFeatures(
        **placed,
        loudness=analysis.loudness_lufs,
        tempo=tempo.bpm or None,
        key=key.pitch_class,
        mode=key.mode,
    )
    trust = {name: one.confidence for name, one in estimates.items()} | {
        "tempo": _TEMPO_TRUST * tempo.confidence,
        "key": _KEY_TRUST * key.confidence,
        "mode": _KEY_TRUST * key.confidence,
        "loudness": _LOUDNESS_TRUST,
    }
    return features, trust


def measured_of(track_id: int, analysis: Analysis, scale: Catalog) -> list[Measured]:
    """Return what an analysis says of a track on the catalogue's scale, each with its confidence.

    Features that are trusted less than `LEAST` are left out.
    """
    features, trust = on_scale(analysis, scale)
    together = ("tempo",), ("key", "mode"), ("loudness",), *((name,) for name in PERCEIVED)
    return [
        Measured(track_id, SOURCE, trust[names[0]], _only(features, names))
        for names in together
        if trust[names[0]] >= LEAST
    ]


def _only(features: AudioFeatures, names: Sequence[str]) -> AudioFeatures:
    values: dict[str, Any] = {name: getattr(features, name) for name in names}
    return AudioFeatures(**values)


def _placed(name: str, estimate: Estimate, scale: Catalog) -> float:
    """Return the catalogue's value at the place of an estimate; the estimate where it has none."""
    table = scale.feature_tables[FEATURES.index(name)].astype(np.float64)
    if np.isnan(table[0]):
        return estimate.value
    mean, spread = _TYPICAL[name]
    level = estimate.confidence * (estimate.value - mean) / spread
    share = normal_share(np.array([level]))
    return float(np.interp(share, (np.arange(QUANTILES) + 0.5) / QUANTILES, table)[0])


def _adds(features: AudioFeatures, known: AudioFeatures) -> bool:
    """Return whether none of the measured features is known yet."""
    return all(
        getattr(known, name) is None
        for name in AudioFeatures.__slots__
        if getattr(features, name) is not None
    )


def _told(heard: Heard) -> SourceTrack:
    return SourceTrack(
        heard.title,
        heard.artist,
        ids=(ExternalId(NAMESPACE, heard.analysis.sha256),),
        duration_ms=round(1000 * heard.analysis.duration_s),
    )
