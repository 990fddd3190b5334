"""Measured recordings on the catalogue's scale, and in the catalogue."""

import json
from dataclasses import replace
from importlib.resources import files

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from bot.audio.analysis import Analysis, Estimate, Key, Tempo
from bot.audio.pool import Analyzer
from bot.core.catalog.space import FEATURES, Catalog
from bot.core.models import AudioFeatures
from bot.services.catalog.analysis import _TYPICAL, LEAST, SOURCE, Analyses, Heard, measured_of
from bot.services.catalog.live import LiveCatalog
from bot.store import catalog as stored
from bot.store.engine import Database
from bot.store.tables import feature_provenance, tracks
from tests.audio.files import file_of, noise
from tests.fakes import FakeClock
from tests.spaces import catalog_of, raw_tracks
from tests.stored import StoredTrack, add_tracks

ANALYSIS = Analysis(
    sha256="a" * 64,
    format="wav",
    duration_s=200.0,
    sample_rate=44_100,
    channels=2,
    tempo=Tempo(120.0, 60.0, 0.9),
    key=Key(9, 0, 0.5),
    loudness_lufs=-9.5,
    bandwidth_hz=20_000,
    acousticness=Estimate(0.9, 0.87),
    energy=Estimate(0.2, 0.83),
    instrumentalness=Estimate(0.8, 0.57),
    danceability=Estimate(0.5, 0.56),
    speechiness=Estimate(0.1, 0.25),
    valence=Estimate(0.4, 0.25),
    fingerprint=b"",
    spectrogram=b"",
)


@pytest.fixture(scope="module")
def scale() -> Catalog:
    """A catalogue whose energy is spread evenly over 0 … 1."""
    even = np.linspace(0, 1, 2001).tolist()
    names = ("energy", "acousticness", "instrumentalness", "danceability")
    return catalog_of(raw_tracks(2001, measures=dict.fromkeys(names, even)))


def values(analysis: Analysis, scale: Catalog) -> dict[str, tuple[float, float]]:
    return {
        name: (getattr(one.features, name), one.confidence)
        for one in measured_of(1, analysis, scale)
        for name in AudioFeatures.__slots__
        if getattr(one.features, name) is not None
    }


def analyses(database: Database) -> Analyses:
    return Analyses(database, LiveCatalog(database), Analyzer(), FakeClock())


async def features_of(database: Database, track_id: int) -> AudioFeatures:
    async with database.read() as conn:
        return (await stored.tracks_by_ids(conn, [track_id]))[0].features


def test_the_more_uncertain_a_feature_the_nearer_it_is_to_the_middle(scale: Catalog) -> None:
    def energy(confidence: float) -> float:
        return values(replace(ANALYSIS, energy=Estimate(0.2, confidence)), scale)["energy"][0]

    assert 0 < energy(1.0) < energy(0.83) < energy(0.3) < 0.5


def test_what_is_measured_passes_through_with_its_confidence(scale: Catalog) -> None:
    found = values(ANALYSIS, scale)

    assert found["tempo"] == pytest.approx((120.0, 0.765))
    assert found["key"] == pytest.approx((9, 0.4))
    assert found["mode"] == pytest.approx((0, 0.4))
    assert found["loudness"] == (-9.5, 0.8)


def test_what_is_hardly_more_than_a_guess_is_unknown(scale: Catalog) -> None:
    unsure = replace(
        ANALYSIS,
        tempo=Tempo(120.0, 60.0, 0.1),
        key=Key(9, 0, 0.1),
        acousticness=Estimate(0.9, 0.0),
    )

    assert values(unsure, scale).keys() == {
        "loudness", "energy", "instrumentalness", "danceability",
    }  # fmt: skip
    assert all(confidence >= LEAST for _, confidence in values(ANALYSIS, scale).values())


def test_what_is_typical_is_what_the_regressions_say_of_average_music() -> None:
    weights = json.loads(files("bot.audio").joinpath("ridge.json").read_text(encoding="utf-8"))

    assert _TYPICAL
    for name, (mean, _) in _TYPICAL.items():
        assert mean == pytest.approx(weights["models"][name]["intercept"], abs=0.001)


def test_a_catalogue_that_knows_nothing_takes_estimates_as_they_are() -> None:
    empty = catalog_of(raw_tracks(0))

    assert np.isnan(empty.feature_tables[FEATURES.index("energy")]).all()
    assert values(ANALYSIS, empty)["energy"] == (0.2, 0.83)


@settings(max_examples=50, deadline=None)
@given(first=st.floats(0, 1), second=st.floats(0, 1))
def test_the_order_of_recordings_stays(scale: Catalog, first: float, second: float) -> None:
    low, high = (
        values(replace(ANALYSIS, energy=Estimate(value, 0.83)), scale)["energy"][0]
        for value in sorted((first, second))
    )

    assert 0 <= low <= high <= 1


async def test_a_new_recording_becomes_a_track_that_says_who_measured_it(
    starter: Database,
) -> None:
    (track_id,) = await analyses(starter).add([Heard("Shed", "Nobody Yet", ANALYSIS)])

    features = await features_of(starter, track_id)
    assert (features.tempo, features.key, features.mode) == (120.0, 9, 0)
    assert features.energy is not None
    assert features.speechiness is None
    async with starter.read() as conn:
        row = (await conn.execute(select(tracks).where(tracks.c.id == track_id))).one()
        query = select(feature_provenance).where(feature_provenance.c.track_id == track_id)
        origins = {origin.feature: origin for origin in await conn.execute(query)}
    assert (row.title, row.duration_ms) == ("Shed", 200_000)
    assert {origin.source for origin in origins.values()} == {SOURCE}
    assert origins["energy"].confidence == pytest.approx(0.83)
    catalog = await LiveCatalog(starter).get()
    place = catalog.row_of(track_id)
    assert place is not None
    assert catalog.measured[place]


async def test_what_the_catalogue_says_is_never_overwritten(database: Database) -> None:
    async with database.write() as conn:
        (known,) = await add_tracks(conn, [StoredTrack("Shed", "Low", {"energy": 0.9})])

    (track_id,) = await analyses(database).add([Heard("Shed", "Low", ANALYSIS)])

    features = await features_of(database, track_id)
    assert track_id == known
    assert features.energy == 0.9
    assert features.tempo == 120.0


async def test_the_same_file_under_another_name_is_the_same_track(database: Database) -> None:
    service = analyses(database)

    first = await service.add([Heard("Shed", "Low", ANALYSIS)])
    again = await service.add([Heard("Another Shed", "Lower", ANALYSIS)])

    assert first == again
    assert await service.holds(ANALYSIS.sha256)
    assert not await service.holds("b" * 64)


async def test_a_file_is_analysed_and_taken_in(database: Database) -> None:
    service = analyses(database)

    analysis = await service.analyze(file_of(noise()), "noise.wav")
    (track_id,) = await service.add([Heard("Noise", "Wind", analysis)])

    loudness = (await features_of(database, track_id)).loudness
    assert loudness == pytest.approx(analysis.loudness_lufs)
