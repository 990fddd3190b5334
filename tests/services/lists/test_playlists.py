"""What goes into a listener's own list, and in which order."""

import pytest

from bot.core.lists.playlist import MAX_TRACKS, Content, Order
from bot.core.lists.sequencing import dj_order
from bot.core.models import FeedbackSource, Subject, SubjectKind
from bot.errors import NotAllowedError, NotFoundError
from bot.services import Services, build_services
from bot.store import listeners, picks
from bot.store.engine import Database
from tests.fakes import FakeClock
from tests.stored import StoredTrack, add_tracks

ANN, BEN = 1, 2


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
async def services(database: Database, clock: FakeClock) -> Services:
    """Twelve tracks of ever more energy."""
    async with database.write() as conn:
        facts = [
            {"energy": n / 12, "key": 5 * n % 12, "mode": 1, "tempo": 90 + n} for n in range(12)
        ]
        await add_tracks(
            conn, [StoredTrack(f"Song {n}", f"Band {n}", one) for n, one in enumerate(facts)]
        )
    return build_services(database, clock)


def track(number: int) -> Subject:
    return Subject(SubjectKind.TRACK, number)


async def show(database: Database, clock: FakeClock, *track_ids: int) -> None:
    """Show Ann some tracks, one a day."""
    for track_id in track_ids:
        async with database.write() as conn:
            await listeners.ensure(conn, ANN, now=clock.now())
            await picks.add(
                conn, ANN, track_id, explanation="{}", promotion_id=None, now=clock.now()
            )
        clock.move(days=1)


async def like(services: Services, clock: FakeClock, number: int) -> None:
    await services.feedback.thumb(
        ANN, track(number), up=True, source=FeedbackSource.BUTTON, message_id=number
    )
    clock.move(days=1)


async def exported(services: Services, content: Content, **wish: object) -> list[int]:
    made = await services.playlists.export(ANN, content, **({"order": Order.NEWEST} | wish))  # type: ignore[arg-type]
    return [one.id for one in made.kept.playlist.tracks]


async def test_each_content_holds_what_it_says(
    services: Services, database: Database, clock: FakeClock
) -> None:
    await show(database, clock, 1, 2, 3)
    await like(services, clock, 2)
    for number, score in ((3, 4), (4, 5), (5, 3), (6, 1)):
        await services.feedback.rate(ANN, track(number), score)
        clock.move(days=1)
    await services.feedback.rate(ANN, Subject(SubjectKind.ARTIST, 9), 5)

    assert await exported(services, Content.LIKES) == [4, 3, 2]
    assert await exported(services, Content.PICKS) == [3, 2]
    assert await exported(services, Content.RATINGS) == [4, 3]
    assert await exported(services, Content.HISTORY) == [3, 2, 1]
    assert await exported(services, Content.HISTORY, order=Order.SCORE) == [2, 3, 1]


async def test_only_the_last_days_count_when_asked_for(
    services: Services, clock: FakeClock
) -> None:
    for number in (1, 2, 3):
        await like(services, clock, number)

    assert await exported(services, Content.LIKES, days=2) == [3, 2]
    clock.move(days=30)
    with pytest.raises(NotFoundError) as caught:
        await exported(services, Content.LIKES, days=2)
    assert "no track in the last 2 days" in str(caught.value)
    assert "Without `days` there would be 3 tracks." in str(caught.value)


@pytest.mark.parametrize("content", Content)
async def test_an_empty_list_says_why_and_what_to_do(services: Services, content: Content) -> None:
    with pytest.raises(NotFoundError, match=r"yet\. .*`/(discover|rate track)`"):
        await exported(services, content)


async def test_an_undone_like_leaves_the_list(services: Services, clock: FakeClock) -> None:
    await like(services, clock, 1)
    await like(services, clock, 2)
    await services.feedback.undo(ANN)

    assert await exported(services, Content.LIKES) == [1]


async def test_dj_order_is_the_order_a_dj_would_choose(
    services: Services, clock: FakeClock
) -> None:
    for number in range(1, 13):
        await like(services, clock, number)
    newest = await services.playlists.export(ANN, Content.LIKES, order=Order.NEWEST)

    mixed = await services.playlists.export(ANN, Content.LIKES, order=Order.DJ)

    features = [one.features for one in newest.kept.playlist.tracks]
    place = {one.id: number for number, one in enumerate(newest.kept.playlist.tracks)}
    order = [place[one.id] for one in mixed.kept.playlist.tracks]
    assert tuple(order) == dj_order(features) != tuple(range(12))


async def test_a_list_is_cut_where_it_becomes_too_long(
    services: Services, database: Database, clock: FakeClock
) -> None:
    many = MAX_TRACKS + 5
    async with database.write() as conn:
        ids = await add_tracks(conn, [StoredTrack(f"More {n}", "Many") for n in range(many)])
        await listeners.ensure(conn, ANN, now=clock.now())
        for track_id in ids:
            clock.move(seconds=1)
            await picks.add(
                conn, ANN, track_id, explanation="{}", promotion_id=None, now=clock.now()
            )

    made = await services.playlists.export(ANN, Content.HISTORY, order=Order.NEWEST)

    assert made.found == many
    assert [one.id for one in made.kept.playlist.tracks] == ids[: -MAX_TRACKS - 1 : -1]


async def test_a_private_list_is_for_its_listener_only(
    services: Services, clock: FakeClock
) -> None:
    await like(services, clock, 1)
    private = (await services.playlists.export(ANN, Content.LIKES)).kept
    public = await services.playlists.keep(ANN, "T", private.playlist.tracks, public=True)

    assert (await services.playlists.get(ANN, private.id)).playlist == private.playlist
    assert (await services.playlists.get(BEN, public.id)).playlist.title == "T"
    with pytest.raises(NotAllowedError, match="somebody else"):
        await services.playlists.get(BEN, private.id)
    with pytest.raises(NotFoundError, match="this one is gone"):
        await services.playlists.get(ANN, 99)


async def test_nothing_can_be_saved_where_nothing_is_linked(
    services: Services, clock: FakeClock
) -> None:
    await like(services, clock, 1)
    made = await services.playlists.export(ANN, Content.LIKES)

    assert not made.can_be_saved
