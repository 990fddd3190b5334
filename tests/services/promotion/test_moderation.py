import asyncio

import pytest

from bot.core.promotion.moderation import Action, Decision
from bot.core.promotion.promotion import Promotion, PromotionKind
from bot.core.server import GuildChanges
from bot.errors import NotFoundError
from bot.services import Services, build_services
from bot.services.promotion.permission import Asker
from bot.store.engine import Database
from tests.fakes import FakeClock

ANN, BEN, BOSS, OTHER_BOSS = 1, 2, 3, 4
HERE, THERE = 100, 200


@pytest.fixture
def services(database: Database) -> Services:
    return build_services(database, FakeClock())


async def promoted(services: Services) -> Promotion:
    prepared = await services.promoted_lists.prepare(
        Asker(ANN, HERE), PromotionKind.PLAYLIST, url="https://low.bandcamp.com", text="hi"
    )
    return await services.promotions.posted(prepared.promotion, 5, channel_id=6)


async def test_of_two_who_claim_a_name_at_once_one_gets_it(services: Services) -> None:
    done = await asyncio.gather(
        *(services.artists.claim(user_id, guild_id=HERE, name="Low") for user_id in (ANN, BEN)),
        return_exceptions=True,
    )

    assert sorted(type(one).__name__ for one in done) == ["Claim", "NotAllowedError"]


async def test_of_two_moderators_who_decide_at_once_one_decides(services: Services) -> None:
    promotion = await promoted(services)
    await services.reports.report(BEN, promotion.id, "spam")

    done = await asyncio.gather(
        *(
            services.reports.decide(
                moderator, guild_id=HERE, promotion_id=promotion.id, decision=decision
            )
            for moderator, decision in (
                (BOSS, Decision.REMOVE),
                (OTHER_BOSS, Decision.BAN),
            )
        ),
        return_exceptions=True,
    )

    assert sorted(type(one).__name__ for one in done) == ["Decided", "NotFoundError"]
    assert len((await services.moderation.log(HERE, 0)).entries) in (1, 2)


async def test_moderators_of_another_server_decide_nothing_here(services: Services) -> None:
    promotion = await promoted(services)

    for decision in Decision:
        with pytest.raises(NotFoundError, match="not of this server"):
            await services.reports.decide(
                BOSS, guild_id=THERE, promotion_id=promotion.id, decision=decision
            )

    assert (await services.promotions.get(promotion.id)).removed_at is None
    assert (await services.moderation.log(THERE, 0)).entries == ()


async def test_a_promotion_can_be_reported_again_by_others_after_it_was_kept(
    services: Services,
) -> None:
    promotion = await promoted(services)
    await services.reports.report(BEN, promotion.id, "spam")
    await services.reports.decide(
        BOSS, guild_id=HERE, promotion_id=promotion.id, decision=Decision.KEEP
    )

    taken = await services.reports.report(OTHER_BOSS, promotion.id, "stolen")

    assert taken.reported.reasons == ("stolen",)
    assert not taken.hidden


async def test_one_report_hides_where_the_server_says_so(services: Services) -> None:
    promotion = await promoted(services)
    await services.rules.change(HERE, GuildChanges(reports_until_hidden=1, moderation_channel_id=9))

    taken = await services.reports.report(BEN, promotion.id, "spam")

    assert (taken.hidden, taken.channel_id) == (True, 9)


async def test_an_action_that_is_none_for_names_is_a_mistake(services: Services) -> None:
    await services.artists.claim(ANN, guild_id=HERE, name="Low")

    with pytest.raises(ValueError, match="nothing that is done to a name"):
        await services.moderation.change_claim(
            BOSS, guild_id=HERE, name="Low", action=Action.BLOCKED
        )

    assert (await services.moderation.log(HERE, 0)).entries == ()
