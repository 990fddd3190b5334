"""Maps: what a preview says is what comes; a turned cluster is part of the taste."""

import numpy as np
import pytest

from bot.core.models import Subject, SubjectKind
from bot.core.ranking.discovery import Discovery
from bot.core.ranking.wish import Wish
from bot.errors import NotFoundError, UserError
from bot.services import Services, build_services
from bot.services.taste.taste import derive, read_grounds
from bot.store.engine import Database
from tests.fakes import FakeClock

ANN, BEN = 1, 2


@pytest.fixture
def services(starter: Database) -> Services:
    return build_services(starter, FakeClock())


async def like_two_kinds(services: Services, user_id: int = ANN) -> list[int]:
    """Let somebody like the calmest and the most energetic tracks; return a track of each part."""
    catalog = await services.catalog.get()
    order = catalog.track_ids[np.argsort(catalog.gaussian[:, 1], kind="stable")].tolist()
    for number in (*order[:8], *order[-8:]):
        await services.feedback.rate(user_id, Subject(SubjectKind.TRACK, number), 5)
    return [one.track_id for one in (await services.maps.of(user_id)).clusters]


async def next_five(services: Services) -> set[int]:
    found = await services.recommender.discover(ANN, Wish(count=5), guild_id=None)
    assert isinstance(found, Discovery)
    await services.recommender.dropped(found.picks)
    return {pick.track.id for pick in found.picks}


@pytest.mark.parametrize("factor", [0.0, 0.5, 2.0])
async def test_as_many_picks_change_as_the_preview_said(services: Services, factor: float) -> None:
    track, *_ = await like_two_kinds(services)
    before = await next_five(services)

    said = await services.maps.preview(ANN, track, factor)
    assert await next_five(services) == before, "a preview keeps nothing"
    await services.maps.turn(ANN, track, factor)

    assert said.picks == 5
    assert len(before - await next_five(services)) == said.changed


async def test_undo_gives_the_same_bytes_back(services: Services, starter: Database) -> None:
    track, *_ = await like_two_kinds(services)
    catalog = await services.catalog.get()

    async def blobs() -> tuple[bytes, bytes]:
        async with starter.read() as conn:
            grounds = await read_grounds(conn, ANN)
        kept = (await services.tastes.of(catalog, ANN)).to_blobs()
        assert kept == derive(catalog, grounds).to_blobs()
        return kept

    before = await blobs()
    await services.maps.turn(ANN, track, 0.0)
    assert await blobs() != before
    await services.feedback.undo(ANN)

    assert await blobs() == before


async def test_a_turned_part_stays_turned_when_more_is_liked(services: Services) -> None:
    track, *_ = await like_two_kinds(services)
    await services.maps.turn(ANN, track, 2.0)
    catalog = await services.catalog.get()
    near = catalog.vectors(np.arange(len(catalog))) @ catalog.vectors(catalog.rows_of([track]))[0]
    for row in np.argsort(-near)[8:11].tolist():
        subject = Subject(SubjectKind.TRACK, int(catalog.track_ids[row]))
        await services.feedback.rate(ANN, subject, 5)

    taste = await services.tastes.of(catalog, ANN)

    clusters = taste.profile.clusters
    (label,) = clusters.labels[clusters.rows == catalog.row_of(track)]
    assert clusters.factors[label] == 2.0


async def test_a_name_stays_with_its_part_and_is_nobody_elses(services: Services) -> None:
    track, *_ = await like_two_kinds(services)
    await like_two_kinds(services, BEN)
    await services.maps.rename(ANN, track, "  My   side ", lambda one: one.own_name or "")

    own, others = await services.maps.of(ANN), await services.maps.of(BEN)

    assert [one.own_name for one in own.clusters if one.track_id == track] == ["My side"]
    assert {one.own_name for one in others.clusters} == {None}


async def test_what_cannot_be_turned_or_named_is_refused(services: Services) -> None:
    track, *_ = await like_two_kinds(services)

    with pytest.raises(UserError, match="at most 40"):
        await services.maps.rename(ANN, track, "x" * 41, lambda _: "")
    with pytest.raises(NotFoundError, match="likes have changed"):
        await services.maps.turn(BEN, track, 2.0)
    with pytest.raises(NotFoundError, match="likes have changed"):
        await services.maps.preview(ANN, 10**9, 2.0)


async def test_a_catalogue_without_tracks_is_told(database: Database) -> None:
    services = build_services(database, FakeClock())

    with pytest.raises(NotFoundError, match="no track of my catalogue is measured"):
        await services.maps.of(ANN)
