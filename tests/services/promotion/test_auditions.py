"""Who is asked to hear what, and what comes of it for the artists."""

import asyncio
from collections.abc import Sequence
from datetime import timedelta

import numpy as np
import pytest

from bot.core.lists.playlist import Content
from bot.core.models import FeedbackSource, Subject, SubjectKind
from bot.core.promotion.auditions import GUARANTEED
from bot.core.promotion.moderation import Action, Decision
from bot.core.ranking.discovery import Discovery, PickCard
from bot.core.ranking.wish import Wish
from bot.core.server import GuildChanges
from bot.errors import NotAllowedError, NotFoundError
from bot.services import Services, build_services
from bot.store import auditions, digests, listeners, promotions, votes
from bot.store.engine import Database
from tests.fakes import FakeClock

ARTIST, OTHER, GUILD = 2, 3, 77
PEOPLE = range(101, 120)


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
async def services(starter: Database, clock: FakeClock) -> Services:
    return build_services(starter, clock)


async def listener(services: Services, user_id: int) -> int:
    for track in (1, 2, 3):
        await services.feedback.rate(user_id, Subject(SubjectKind.TRACK, track), 5)
    await services.auditions.join(user_id)
    return user_id


async def love(services: Services, user_id: int, tracks: Sequence[int]) -> None:
    for track in tracks:
        await services.feedback.rate(user_id, Subject(SubjectKind.TRACK, track), 5)


async def promote(
    database: Database,
    clock: FakeClock,
    track_ids: list[int],
    *,
    by: int = ARTIST,
    claim_id: int | None = None,
) -> int:
    async with database.write() as conn:
        await listeners.ensure(conn, by, now=clock.now())
        one = await promotions.add(
            conn,
            by,
            guild_id=GUILD,
            url="u",
            text="x",
            track_ids=track_ids,
            claim_id=claim_id,
            now=clock.now(),
        )
        await promotions.set_posted(conn, one.id, 900 + one.id, channel_id=1)
    return one.id


async def near(services: Services) -> list[int]:
    similar = await services.recommender.similar(PEOPLE[-1], 1, count=20)
    return [card.track.id for card in similar.picks]


async def audition(services: Services, user_id: int) -> PickCard | None:
    found = await services.recommender.discover(user_id, Wish(count=5), guild_id=GUILD)
    assert isinstance(found, Discovery)
    for place, card in enumerate(found.picks):
        await services.recommender.posted([card], user_id * 100_000 + card.recommendation_id)
        assert card.blind <= (place == len(found.picks) - 1)
    last = found.picks[-1]
    return last if last.blind else None


async def judge(services: Services, user_id: int, card: PickCard, *, up: bool = True) -> None:
    await services.auditions.judge(
        user_id,
        card.recommendation_id,
        up=up,
        source=FeedbackSource.BUTTON,
        message_id=user_id * 100_000 + card.recommendation_id,
    )


async def test_two_listeners_at_once_do_not_take_the_last_hearing_both(
    services: Services, starter: Database, clock: FakeClock
) -> None:
    await promote(starter, clock, (await near(services))[:1])
    people = [await listener(services, user_id) for user_id in PEOPLE[: GUARANTEED + 3]]

    found = await asyncio.gather(*(audition(services, user_id) for user_id in people))

    assert sum(card is not None for card in found) == GUARANTEED


async def test_every_promotion_is_heard_in_turn_and_a_playlist_counts_once(
    services: Services, starter: Database, clock: FakeClock
) -> None:
    tracks = await near(services)
    first = await promote(starter, clock, tracks[:3])
    second = await promote(starter, clock, tracks[3:4], by=OTHER)
    for user_id in PEOPLE[:12]:
        card = await audition(services, await listener(services, user_id))
        if card is not None:
            await judge(services, user_id, card)

    async with starter.read() as conn:
        rows = await auditions.standings(conn, GUILD, pending_since=clock.now())

    assert {one.promotion_id: one.hearings for one in rows} == {first: 5, second: 5}


async def test_a_hearing_that_nobody_used_goes_to_somebody_else(
    services: Services, starter: Database, clock: FakeClock
) -> None:
    await promote(starter, clock, (await near(services))[:1])
    for user_id in PEOPLE[:GUARANTEED]:
        assert await audition(services, await listener(services, user_id)) is not None
    late = await listener(services, PEOPLE[GUARANTEED])
    assert await audition(services, late) is None

    clock.move(days=2, hours=1)

    assert await audition(services, late) is not None


async def test_there_are_none_outside_servers_or_for_those_who_left(
    services: Services, starter: Database, clock: FakeClock
) -> None:
    await promote(starter, clock, (await near(services))[:1])
    ann = await listener(services, PEOPLE[0])
    alone = await services.recommender.discover(ann, Wish(count=5), guild_id=None)
    assert isinstance(alone, Discovery)
    await services.recommender.dropped(alone.picks)

    await services.auditions.leave(ann)

    assert not any(card.blind for card in alone.picks)
    assert await audition(services, ann) is None


async def test_a_wrong_message_or_listener_judges_nothing(
    services: Services, starter: Database, clock: FakeClock
) -> None:
    await promote(starter, clock, (await near(services))[:1])
    ann = await listener(services, PEOPLE[0])
    card = await audition(services, ann)
    assert card is not None
    press = services.auditions.judge
    message = ann * 100_000 + card.recommendation_id

    with pytest.raises(NotAllowedError):
        await press(
            ARTIST,
            card.recommendation_id,
            up=True,
            source=FeedbackSource.BUTTON,
            message_id=message,
        )
    with pytest.raises(NotFoundError):
        await press(
            ann, card.recommendation_id, up=True, source=FeedbackSource.BUTTON, message_id=5
        )

    assert (await services.auditions.status(ann, guild_id=GUILD)).judged == 0


async def test_two_presses_at_once_are_one_verdict(
    services: Services, starter: Database, clock: FakeClock
) -> None:
    number = await promote(starter, clock, (await near(services))[:1])
    ann = await listener(services, PEOPLE[0])
    card = await audition(services, ann)
    assert card is not None

    await asyncio.gather(judge(services, ann, card), judge(services, ann, card, up=False))

    async with starter.read() as conn:
        assert len(await auditions.judged(conn, [number])) == 1


async def test_who_likes_one_artist_only_counts_less_in_the_results(
    services: Services, starter: Database, clock: FakeClock
) -> None:
    await promote(starter, clock, (await near(services))[:1])
    catalog = await services.catalog.get()
    favorite = np.bincount(catalog.artist_index).argmax()
    only_one = catalog.track_ids[catalog.artist_index == favorite][:12].tolist()
    for place, user_id in enumerate(PEOPLE[:GUARANTEED]):
        card = await audition(services, await listener(services, user_id))
        assert card is not None
        if place < 3:
            await love(services, user_id, only_one)
        await judge(services, user_id, card, up=place < 3)

    (damped,) = await services.auditions.results(ARTIST, guild_id=GUILD)
    others = [track for track in range(20, 140, 5) if track not in only_one]
    await love(services, PEOPLE[0], others)
    (later,) = await services.auditions.results(ARTIST, guild_id=GUILD)

    assert damped.totals is not None
    assert damped.totals.most < 0.5
    assert 0 < damped.totals.expected < 1
    assert later == damped  # what is liked later would tell what was said


async def test_what_was_told_does_not_change_when_somebody_takes_their_word_back(
    services: Services, starter: Database, clock: FakeClock
) -> None:
    number = await promote(starter, clock, (await near(services))[:1])
    await services.rules.change(GUILD, GuildChanges(guaranteed_hearings=9))
    for place, user_id in enumerate(PEOPLE[:GUARANTEED]):
        await heard_and_judged(services, user_id, up=place < 3)
    first = await services.auditions.results(ARTIST, guild_id=GUILD)

    await heard_and_judged(services, PEOPLE[5], up=True)
    for user_id in PEOPLE[:2]:
        await services.feedback.undo(user_id)
    await services.privacy.delete(PEOPLE[2])
    later = await services.auditions.results(ARTIST, guild_id=GUILD)

    assert first[0].totals is not None
    assert first[0].totals.listeners == 5
    assert later == first
    async with starter.read() as conn:
        assert len(await auditions.judged(conn, [number])) == 3


async def test_who_took_their_word_back_is_left_out_when_enough_others_have_come(
    services: Services, starter: Database, clock: FakeClock
) -> None:
    await promote(starter, clock, (await near(services))[:1])
    await services.rules.change(GUILD, GuildChanges(guaranteed_hearings=20))
    for user_id in PEOPLE[:5]:
        await heard_and_judged(services, user_id, up=True)
    await services.auditions.results(ARTIST, guild_id=GUILD)
    await services.feedback.undo(PEOPLE[0])
    told = []
    for user_id in PEOPLE[5:9]:
        await heard_and_judged(services, user_id, up=False)
        (one,) = await services.auditions.results(ARTIST, guild_id=GUILD)
        assert one.totals is not None
        told.append((one.totals.listeners, round(one.totals.most, 2)))

    assert told == [(5, 1.0)] * 3 + [(8, told[-1][1])]
    assert told[-1][1] < 0.7


async def test_accounts_that_like_one_artist_only_are_not_among_the_five(
    services: Services, starter: Database, clock: FakeClock
) -> None:
    await promote(starter, clock, (await near(services))[:1])
    await services.rules.change(GUILD, GuildChanges(guaranteed_hearings=9))
    for user_id in PEOPLE[:5]:
        card = await audition(services, await listener(services, user_id))
        assert card is not None
        await judge(services, user_id, card)
        if user_id == PEOPLE[0]:  # an account that likes nothing but what was promoted
            for track in (1, 2, 3):
                await services.feedback.rate(user_id, Subject(SubjectKind.TRACK, track), 1)

    (early,) = await services.auditions.results(ARTIST, guild_id=GUILD)
    await heard_and_judged(services, PEOPLE[5], up=True)
    (later,) = await services.auditions.results(ARTIST, guild_id=GUILD)

    assert early.totals is None
    assert later.totals is not None


async def heard_and_judged(services: Services, user_id: int, *, up: bool) -> None:
    card = await audition(services, await listener(services, user_id))
    assert card is not None
    await judge(services, user_id, card, up=up)


async def test_whoever_acts_for_a_name_sees_how_its_promotions_were_heard(
    services: Services, starter: Database, clock: FakeClock
) -> None:
    holder, hand = 501, 502
    claim = await services.artists.claim(holder, guild_id=GUILD, name="Low")
    await services.artists.accept(hand, guild_id=GUILD, claim_id=claim.id, holder_id=holder)
    number = await promote(starter, clock, [1], claim_id=claim.id)

    found = [
        await services.auditions.results(user_id, guild_id=GUILD)
        for user_id in (ARTIST, holder, hand)
    ]

    assert [[one.promotion.id for one in each] for each in found] == [[number]] * 3
    with pytest.raises(NotFoundError, match="promoted nothing"):
        await services.auditions.results(OTHER, guild_id=GUILD)


async def test_a_server_says_how_many_hearings_each_promotion_gets(
    services: Services, starter: Database, clock: FakeClock
) -> None:
    await promote(starter, clock, (await near(services))[:1])
    await services.rules.change(GUILD, GuildChanges(guaranteed_hearings=2))
    people = [await listener(services, user_id) for user_id in PEOPLE[:4]]

    found = [await audition(services, user_id) for user_id in people]

    assert sum(card is not None for card in found) == 2
    assert (await services.auditions.status(people[0], guild_id=GUILD)).guaranteed == 2
    assert (await services.auditions.status(people[0], guild_id=None)).guaranteed == GUARANTEED


async def test_what_waits_to_be_judged_blind_is_in_no_list_of_what_was_shown(
    services: Services, starter: Database, clock: FakeClock
) -> None:
    await promote(starter, clock, (await near(services))[:1])
    ann = await listener(services, PEOPLE[0])
    card = await audition(services, ann)
    assert card is not None

    before = await services.playlists.export(ann, Content.HISTORY)
    await judge(services, ann, card)
    after = await services.playlists.export(ann, Content.HISTORY)

    assert card.track not in before.kept.playlist.tracks
    assert set(after.kept.playlist.tracks) == {*before.kept.playlist.tracks, card.track}


async def test_what_was_liked_blind_is_in_no_digest(
    services: Services, starter: Database, clock: FakeClock
) -> None:
    await promote(starter, clock, (await near(services))[:1])
    ann = await listener(services, PEOPLE[0])
    card = await audition(services, ann)
    assert card is not None
    message_id = ann * 100_000 + card.recommendation_id
    await services.recommender.posted([card], message_id, guild_id=GUILD)

    await judge(services, ann, card)

    async with starter.read() as conn:
        since = clock.now() - timedelta(days=1)
        assert await digests.liked_tracks(conn, GUILD, since=since, limit=9) == []
        assert card.track.id not in await digests.shown_tracks(conn, GUILD, limit=9)


async def test_what_was_said_blind_moves_no_count_on_the_artists_card(
    services: Services, starter: Database, clock: FakeClock
) -> None:
    number = await promote(starter, clock, (await near(services))[:1])
    ann = await listener(services, PEOPLE[0])
    card = await audition(services, ann)
    assert card is not None
    await services.recommender.posted([card], ann * 100_000 + card.recommendation_id)

    await judge(services, ann, card)

    async with starter.read() as conn:
        received = await votes.reception_of(conn, [number])
    assert (received.up, received.down) == (0, 0)


@pytest.mark.parametrize("how", ["reported", "removed", "muted", "banned"])
async def test_the_auditions_of_what_moderators_hide_end(
    services: Services, starter: Database, clock: FakeClock, how: str
) -> None:
    boss, fan = 601, 602
    claim = await services.artists.claim(ARTIST, guild_id=GUILD, name="Low")
    number = await promote(starter, clock, (await near(services))[:1], claim_id=claim.id)
    people = [await listener(services, user_id) for user_id in PEOPLE[:2]]
    assert await audition(services, people[0]) is not None
    moderation = services.moderation

    if how == "reported":
        await services.rules.change(GUILD, GuildChanges(reports_until_hidden=1))
        await services.reports.report(fan, number, "spam")
    elif how == "removed":
        await services.reports.decide(
            boss, guild_id=GUILD, promotion_id=number, decision=Decision.REMOVE
        )
    elif how == "muted":
        await moderation.change_claim(boss, guild_id=GUILD, name="Low", action=Action.MUTED)
    else:
        await moderation.ban(boss, guild_id=GUILD, user_id=ARTIST)

    assert await audition(services, people[1]) is None


async def test_results_are_of_one_server_in_a_server_and_of_all_elsewhere(
    services: Services, starter: Database, clock: FakeClock
) -> None:
    await promote(starter, clock, (await near(services))[:1])

    assert len(await services.auditions.results(ARTIST, guild_id=None)) == 1
    with pytest.raises(NotFoundError, match="promoted nothing"):
        await services.auditions.results(ARTIST, guild_id=GUILD + 1)
