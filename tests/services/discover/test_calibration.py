"""Confidence that learns from what became of earlier picks."""

import pytest
from sqlalchemy import text
from sqlalchemy.dialects import sqlite

from bot.core.models import FeedbackKind, Subject, SubjectKind
from bot.core.ranking.confidence import Calibration
from bot.core.ranking.discovery import Discovery, StartOffer
from bot.core.ranking.wish import Wish
from bot.services import Services, build_services
from bot.services.discover.calibration import Calibrator, OwnHits
from bot.store import outcomes, tastes
from bot.store.engine import Database
from tests.fakes import FakeClock

ANN, BOB = 1, 2


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
async def services(starter: Database, clock: FakeClock) -> Services:
    services = build_services(starter, clock)
    for user in (ANN, BOB):
        for track in (1, 2, 3):
            await services.feedback.rate(user, Subject(SubjectKind.TRACK, track), 5)
    return services


async def discover(services: Services, user: int = ANN, count: int = 5) -> Discovery:
    found = await services.recommender.discover(user, Wish(count=count), guild_id=None)
    assert isinstance(found, Discovery)
    return found


async def judge(services: Services, found: Discovery, rating: int, user: int = ANN) -> None:
    for card in found.picks:
        await services.feedback.rate(user, Subject(SubjectKind.TRACK, card.track.id), rating)


async def counted(hits: OwnHits, database: Database) -> tuple[int, int]:
    async with database.read() as conn:
        position = await tastes.position(conn, ANN)
    return await hits.of(ANN, position.feedback_id)


def confidence(found: Discovery) -> float:
    value = found.picks[0].explanation.confidence
    assert value is not None
    return value


async def test_only_picks_that_were_judged_after_they_were_shown_are_outcomes(
    services: Services, starter: Database
) -> None:
    found = await discover(services)
    await services.feedback.rate(ANN, Subject(SubjectKind.TRACK, found.picks[0].track.id), 5)
    await services.feedback.rate(BOB, Subject(SubjectKind.TRACK, found.picks[1].track.id), 5)

    async with starter.read() as conn:
        all_of_them = await outcomes.latest(conn, limit=10)
        of_bob = await outcomes.said_of_latest(conn, BOB, limit=10)

    assert [(one.kind, one.value) for one in all_of_them] == [(FeedbackKind.RATING, 5)]
    assert of_bob == []


async def test_what_is_taken_back_is_no_outcome(services: Services, starter: Database) -> None:
    await judge(services, await discover(services, count=1), 5)
    await services.feedback.undo(ANN)

    assert await counted(OwnHits(starter), starter) == (0, 0)


async def test_likes_and_dislikes_of_picks_are_counted_and_a_three_is_neither(
    services: Services, starter: Database
) -> None:
    for rating in (5, 1, 3):
        await judge(services, await discover(services, count=2), rating)

    assert await counted(OwnHits(starter), starter) == (2, 2)


async def test_a_count_of_own_likes_serves_until_something_is_said(
    services: Services, starter: Database
) -> None:
    hits = OwnHits(starter)
    await judge(services, await discover(services, count=1), 5)
    before = await counted(hits, starter)
    await judge(services, await discover(services, count=1), 1)

    after = await counted(hits, starter)

    assert (before, after) == ((1, 0), (1, 1))


async def test_confidence_falls_when_picks_are_not_liked(services: Services) -> None:
    first = await discover(services)
    before = confidence(first)
    await judge(services, first, 1)

    assert confidence(await discover(services)) < before


async def test_the_calibration_is_fitted_anew_after_an_hour(
    services: Services, starter: Database, clock: FakeClock
) -> None:
    own = Calibrator(starter, clock)
    assert await own.calibration() == Calibration()
    await judge(services, await discover(services), 1)

    assert (await own.calibration()).outcomes == 0
    clock.move(hours=2)
    after = await own.calibration()

    assert after.outcomes == 5
    assert after.coefficients[0] < Calibration().coefficients[0]


@pytest.mark.sqlite
@pytest.mark.parametrize("user", [None, ANN], ids=["all", "one listener"])
async def test_outcomes_are_found_by_listener_and_track(
    starter: Database, user: int | None
) -> None:
    query = outcomes.latest_query(10, user).compile(
        dialect=sqlite.dialect(), compile_kwargs={"literal_binds": True}
    )

    async with starter.read() as conn:
        plan = [str(row) for row in await conn.execute(text(f"EXPLAIN QUERY PLAN {query}"))]

    of_picks = [step for step in plan if " recommendations " in step]
    assert all("user_id=? AND track_id=?" in step for step in of_picks), plan


async def test_only_dislikes_are_answered_with_what_is_missing(services: Services) -> None:
    for track in (10, 11):
        await services.feedback.rate(3, Subject(SubjectKind.TRACK, track), 1)

    offer = await services.recommender.discover(3, Wish(count=1), guild_id=None)

    assert isinstance(offer, StartOffer)
    assert offer.ratings == 2
