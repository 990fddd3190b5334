"""Stories from the database: what was said and what was played, by month, and what rose since."""

from datetime import UTC, date, datetime

import numpy as np
import pytest

from bot.core.catalog import month_of
from bot.core.models import Subject, SubjectKind
from bot.core.taste import Favorite, Period, Span
from bot.errors import UserError
from bot.services import Services, build_services
from bot.store import listening, popularity_past
from bot.store.engine import Database
from tests.conftest import NOON
from tests.fakes import FakeClock
from tests.store.test_listening import history, recorded
from tests.stored import StoredTrack, add_tracks

ANN = 1
TRACKS = 40


@pytest.fixture
async def filled(database: Database) -> Database:
    """Forty tracks by ten artists: the higher the number, the louder and better known."""
    async with database.write() as conn:
        await add_tracks(
            conn,
            [
                StoredTrack(
                    f"Song {number}", f"Artist {number % 10}",
                    {"energy": number / TRACKS, "danceability": 1 - number / TRACKS},
                    genres=("folk",) if number < 20 else ("noise",), popularity=number + 1.0,
                )
                for number in range(TRACKS)
            ],
        )  # fmt: skip
    return database


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def services(filled: Database, clock: FakeClock) -> Services:
    return build_services(filled, clock)


def track(number: int) -> Subject:
    return Subject(SubjectKind.TRACK, number)


def seconds(day: date) -> int:
    return int(datetime(day.year, day.month, day.day, 12, tzinfo=UTC).timestamp())


async def play(database: Database, title: str, days: list[date], track_id: int | None) -> None:
    async with database.write() as conn:
        tracks = [] if track_id is None else [track_id]
        (recording,) = await recorded(conn, title, tracks=tracks)
        own = await history(conn, "spotify", ANN)
        await listening.add_plays(conn, own, [recording] * len(days), [seconds(d) for d in days])


async def test_what_is_played_and_unknown_to_the_catalogue_is_told_too(
    services: Services, filled: Database
) -> None:
    await play(filled, "Unheard Of", [date(2026, 9, 1), date(2026, 10, 2)], None)

    story = await services.stories.of(ANN, services.stories.days(Span.YEAR))

    assert story.profile.artists == (Favorite("Low"),)
    assert story.profile.tracks == (Favorite("Unheard Of", "Low"),)
    assert [(one.start.month, one.plays, one.said) for one in story.months] == [
        (9, 1, 0),
        (10, 1, 0),
    ]
    assert [one.name for one in story.met] == ["Low"]
    assert story.met_since_began
    assert story.parts == ()


async def test_what_is_rated_down_is_no_favorite_however_often_it_is_played(
    services: Services, filled: Database
) -> None:
    await play(filled, "Song 3", [date(2026, 10, day) for day in range(1, 30)], 4)
    await services.feedback.rate(ANN, track(4), 1)
    await services.feedback.rate(ANN, track(40), 5)

    story = await services.stories.of(ANN, services.stories.days(Span.ALL))

    assert [one.name for one in story.profile.tracks] == ["Song 39"]
    assert "Artist 3" not in [one.name for one in story.profile.artists]
    levels = {one.feature: one.percentile for one in story.profile.levels}
    assert levels["energy"] > 0.9


async def test_a_period_holds_what_was_said_and_played_in_it(
    services: Services, filled: Database, clock: FakeClock
) -> None:
    await services.feedback.rate(ANN, track(1), 5)
    await play(filled, "Song 4", [date(2026, 10, 2)], 5)
    day = NOON.date()

    october = await services.stories.of(ANN, Period(date(2026, 10, 1), date(2026, 11, 1)))
    today = await services.stories.of(ANN, Period(day, date(2026, 11, 30)))
    before = await services.stories.of(ANN, Period(date(2020, 1, 1), date(2021, 1, 1)))

    assert [one.name for one in october.profile.tracks] == ["Song 4"]
    assert [one.name for one in today.profile.tracks] == ["Song 0"]
    assert (today.profile.plays, october.profile.counts.total) == (0, 0)
    assert before.profile.is_empty
    assert before.months == ()


async def test_without_a_past_nobody_was_early_and_the_quiet_ones_are_named(
    services: Services,
) -> None:
    for number in range(1, 9):
        await services.feedback.rate(ANN, track(number), 5)

    story = await services.stories.of(ANN, services.stories.days(Span.YEAR))

    assert (story.early, story.past) == ((), False)
    assert len(story.quiet) == 5
    assert story.fames


async def test_what_was_liked_before_it_rose_is_told_with_its_day(
    services: Services, filled: Database
) -> None:
    await services.feedback.rate(ANN, track(2), 5)
    month = month_of(NOON.date())
    ids = np.arange(1, TRACKS + 1)
    then = (ids * 20).astype(np.int16)
    now = np.where(ids == 2, 990, then).astype(np.int16)
    async with filled.write() as conn:
        for number, levels in ((month, then), (month + 2, now)):
            chosen = levels != then if number > month else np.ones(TRACKS, np.bool_)
            await popularity_past.keep(conn, "spotify", number, ids[chosen], levels[chosen])
            await popularity_past.note_look(conn, "spotify", number)

    story = await services.stories.of(ANN, services.stories.days(Span.YEAR))

    (early,) = story.early
    assert story.past
    assert early.track == Favorite("Song 1", "Artist 1")
    assert early.found.liked == NOON.date()
    assert early.found.before < 0.1
    assert early.found.after > 0.9


@pytest.mark.parametrize("year", [1969, 2027])
def test_a_year_in_which_nothing_can_have_been_heard_is_refused(
    services: Services, year: int
) -> None:
    with pytest.raises(UserError, match="Choose a year"):
        services.stories.days(Span.YEAR, year)
