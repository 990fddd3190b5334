"""Promoted tracks among the picks, and the words of the listener."""

import asyncio
from datetime import timedelta
from itertools import pairwise

import pytest
from sqlalchemy import text

from bot.core.models import Subject, SubjectKind
from bot.core.ranking.discovery import Discovery
from bot.core.ranking.wish import Wish
from bot.core.server import GuildChanges
from bot.errors import NotFoundError
from bot.services import Services, build_services
from bot.store import asking, listeners, promotions
from bot.store.engine import Database
from tests.fakes import FakeClock
from tests.stored import StoredTrack, add_tracks, let_artists_be_known

ANN, ARTIST, BEN, GUILD = 1, 2, 3, 77


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
async def services(starter: Database, clock: FakeClock) -> Services:
    services = build_services(starter, clock)
    for track in (1, 2, 3):
        await services.feedback.rate(ANN, Subject(SubjectKind.TRACK, track), 5)
    return services


async def promote(
    database: Database, clock: FakeClock, track_ids: list[int], *, by: int = ARTIST
) -> None:
    async with database.write() as conn:
        await listeners.ensure(conn, by, now=clock.now())
        one = await promotions.add(
            conn,
            by,
            guild_id=GUILD,
            url="https://low.bandcamp.com",
            text="x",
            track_ids=track_ids,
            now=clock.now(),
        )
        await promotions.set_posted(conn, one.id, 900, channel_id=9)


async def discover(services: Services, *, count: int = 5, guild: int = GUILD) -> Discovery:
    found = await services.recommender.discover(ANN, Wish(count=count), guild_id=guild)
    assert isinstance(found, Discovery)
    return found


async def fitting_track(services: Services) -> int:
    """Return a track that fits the listener, by an artist who is not among their picks."""
    shown = await discover(services)
    await services.recommender.dropped(shown.picks)
    artists = {card.track.artist_id for card in shown.picks}
    similar = await services.recommender.similar(ANN, 1, count=20)
    return next(card.track.id for card in similar.picks if card.track.artist_id not in artists)


async def test_a_promoted_track_comes_last_and_is_labelled(
    services: Services, starter: Database, clock: FakeClock
) -> None:
    clock.move(hours=2)  # nothing was rated just now
    track = await fitting_track(services)
    await promote(starter, clock, [track])

    picks = (await discover(services)).picks

    assert [card.promoted for card in picks] == [False, False, False, False, True]
    assert picks[-1].track.id == track


async def test_at_most_one_pick_in_five_is_promoted_over_many_answers(
    services: Services, starter: Database, clock: FakeClock
) -> None:
    similar = await services.recommender.similar(ANN, 1, count=5)
    await promote(starter, clock, [card.track.id for card in similar.picks])

    shown = [card.promoted for _ in range(8) for card in (await discover(services, count=3)).picks]

    assert any(shown)
    assert all(sum(shown[place : place + 5]) <= 1 for place in range(len(shown)))


async def test_an_answer_of_fewer_than_three_picks_holds_no_promoted_one(
    services: Services, starter: Database, clock: FakeClock
) -> None:
    similar = await services.recommender.similar(ANN, 1, count=5)
    await promote(starter, clock, [card.track.id for card in similar.picks])

    short = [await discover(services, count=2) for _ in range(4)]
    longer = await discover(services, count=3)

    assert not any(card.promoted for found in short for card in found.picks)
    assert [card.promoted for card in longer.picks] == [False, False, True]


async def test_what_a_newcomer_is_shown_to_judge_holds_and_brings_no_promotion(
    services: Services, starter: Database, clock: FakeClock
) -> None:
    first = await services.recommender.start_card(BEN, guild_id=GUILD)
    await services.recommender.dropped([first])
    await promote(starter, clock, [first.track.id])

    shown = await services.recommender.start_card(BEN, guild_id=GUILD)

    assert shown.track.id != first.track.id
    assert (await services.recommender.start_card(BEN + 2**32)).track.id == first.track.id
    async with starter.read() as conn:
        seen = await asking.shown(conn, BEN, since=clock.now() - timedelta(days=1), run=4)
    assert seen.track_ids == (shown.track.id,)
    assert seen.unpromoted_run == 0


async def test_a_server_may_ask_for_fewer_promoted_picks(
    services: Services, starter: Database, clock: FakeClock
) -> None:
    similar = await services.recommender.similar(ANN, 1, count=20)
    await promote(starter, clock, [card.track.id for card in similar.picks])
    await services.rules.change(GUILD, GuildChanges(promoted_every=8))

    shown = [card.promoted for _ in range(8) for card in (await discover(services, count=3)).picks]

    places = [place for place, promoted in enumerate(shown) if promoted]
    assert places
    assert all(later - place >= 8 for place, later in pairwise([-1, *places]))


async def test_nobody_is_shown_what_they_promoted_themselves(
    services: Services, starter: Database, clock: FakeClock
) -> None:
    await promote(starter, clock, [await fitting_track(services)], by=ANN)

    assert not any(card.promoted for card in (await discover(services)).picks)


async def test_a_promotion_of_another_server_is_not_shown_here(
    services: Services, starter: Database, clock: FakeClock
) -> None:
    await promote(starter, clock, [await fitting_track(services)])

    assert not any(card.promoted for card in (await discover(services, guild=78)).picks)


async def test_a_promotion_ends_after_30_days(
    services: Services, starter: Database, clock: FakeClock
) -> None:
    await promote(starter, clock, [await fitting_track(services)])
    clock.move(days=31)

    assert not any(card.promoted for card in (await discover(services)).picks)


async def test_the_same_ledger_gives_the_same_list(services: Services) -> None:
    first = await discover(services)
    await services.recommender.dropped(first.picks)

    again = await discover(services)

    assert [card.track.id for card in again.picks] == [card.track.id for card in first.picks]


async def test_a_thumb_down_changes_the_next_list(services: Services) -> None:
    before = await discover(services)
    await services.recommender.dropped(before.picks)
    for track in (10, 40, 70):
        await services.feedback.rate(ANN, Subject(SubjectKind.TRACK, track), 1)

    after = await discover(services)

    assert [card.explanation.score for card in after.picks] != [
        card.explanation.score for card in before.picks
    ]


async def test_the_closest_track_comes_with_what_was_said_of_it(services: Services) -> None:
    card = (await discover(services)).picks[0]

    assert card.closest is not None
    assert card.closest.feedback is not None
    assert card.closest.hit.subject.id in (1, 2, 3)
    assert card.closest.feedback.value == 5


async def test_what_was_never_imported_cannot_be_resembled(services: Services) -> None:
    wish = Wish(like=Subject(SubjectKind.TRACK, 10**9))

    with pytest.raises(NotFoundError, match="not in my catalogue"):
        await services.recommender.discover(ANN, wish, guild_id=None)


async def test_picks_that_a_crash_kept_from_being_posted_may_come_again(
    services: Services, clock: FakeClock
) -> None:
    clock.move(hours=2)  # nothing was rated just now
    first = await discover(services)
    await services.recommender.posted([first.picks[0]], 500)
    clock.move(hours=1)

    await services.recommender.tidy()

    again = [card.track.id for card in (await discover(services)).picks]
    assert first.picks[0].track.id not in again
    assert first.picks[1].track.id in again


async def test_an_explanation_of_another_version_is_made_anew(
    services: Services, starter: Database
) -> None:
    card = (await discover(services)).picks[0]
    async with starter.write() as conn:
        await conn.execute(text("update recommendations set explanation = '{}'"))

    again, own = await services.recommender.why(ANN, card.recommendation_id, card.track.id)

    assert own
    assert again.explanation.similarity == pytest.approx(card.explanation.similarity)


async def test_two_answers_at_once_do_not_show_the_same_tracks(services: Services) -> None:
    first, second = await asyncio.gather(discover(services), discover(services))

    shown = [card.track.id for found in (first, second) for card in found.picks]
    assert len(set(shown)) == 10


async def test_two_starts_at_once_do_not_show_the_same_tracks(services: Services) -> None:
    start = services.recommender.start_card

    first, second = await asyncio.gather(start(ANN), start(ANN))

    assert first.track.id != second.track.id


async def test_nothing_is_like_a_track_of_which_nothing_is_known(
    services: Services, starter: Database
) -> None:
    async with starter.write() as conn:
        (track,) = await add_tracks(conn, [StoredTrack("Silence", "Nobody Yet")])

    with pytest.raises(NotFoundError, match="Nothing of that track has been measured yet"):
        await services.recommender.similar(ANN, track)


async def test_why_says_where_a_pick_stands_at_the_other_position_of_the_dial(
    services: Services, starter: Database, clock: FakeClock
) -> None:
    await let_artists_be_known(starter)
    pick = (await discover_at(services, 0)).picks[0]
    clock.move(minutes=1)
    await discover_at(services, 0)  # what is shown later does not count

    other = await services.recommender.elsewhere(ANN, pick.recommendation_id, pick.track.id)

    assert other is not None
    assert (other.obscurity, other.is_now) == (60, False)
    with pytest.raises(NotFoundError, match="no longer keep that pick"):
        await services.recommender.elsewhere(BEN, pick.recommendation_id, pick.track.id)


async def test_of_a_pick_that_is_gone_a_sentence_says_so(
    services: Services, starter: Database
) -> None:
    await let_artists_be_known(starter)
    pick = (await discover_at(services, 60)).picks[0]
    await services.privacy.delete(ANN)

    with pytest.raises(NotFoundError, match="no longer keep that pick"):
        await services.recommender.elsewhere(ANN, pick.recommendation_id, pick.track.id)
    with pytest.raises(NotFoundError, match="not in my catalogue any more"):
        await services.recommender.elsewhere(ANN, pick.recommendation_id, 10**9)


async def test_why_says_now_when_something_was_said_since(
    services: Services, starter: Database
) -> None:
    await let_artists_be_known(starter)
    found = await discover_at(services, 60)
    pick = found.picks[0]
    before = await services.recommender.elsewhere(ANN, pick.recommendation_id, pick.track.id)
    await services.feedback.rate(ANN, Subject(SubjectKind.TRACK, pick.track.id), 5)

    after = await services.recommender.elsewhere(ANN, pick.recommendation_id, pick.track.id)

    assert [one and one.is_now for one in (before, after)] == [False, True]


async def test_why_says_now_when_the_catalogue_has_changed(
    services: Services, starter: Database
) -> None:
    await let_artists_be_known(starter)
    pick = (await discover_at(services, 60)).picks[0]
    async with starter.write() as conn:
        await add_tracks(conn, [StoredTrack("New", "Nobody")])

    other = await services.recommender.elsewhere(ANN, pick.recommendation_id, pick.track.id)

    assert other is not None
    assert other.is_now


async def test_why_of_a_wish_for_likeness_goes_by_that_wish(
    services: Services, starter: Database
) -> None:
    await let_artists_be_known(starter)
    like = Subject(SubjectKind.TRACK, 20)
    found = await services.recommender.discover(
        ANN, Wish(count=1, obscurity=0, like=like), guild_id=GUILD
    )
    assert isinstance(found, Discovery)
    pick = found.picks[0]

    other = await services.recommender.elsewhere(ANN, pick.recommendation_id, pick.track.id)

    assert other is not None
    assert (other.obscurity, other.is_now) == (60, False)


async def discover_at(services: Services, obscurity: int) -> Discovery:
    found = await services.recommender.discover(
        ANN, Wish(count=5, obscurity=obscurity), guild_id=GUILD
    )
    assert isinstance(found, Discovery)
    return found
