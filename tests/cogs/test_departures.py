"""Who has their data deleted leaves what binds behind, and nothing that names them."""

from typing import Any

import discord
import pytest
from simcord.actors import MemberActor
from sqlalchemy import select

from bot.store import tables
from bot.store.engine import Database
from tests.cogs.conftest import World
from tests.cogs.test_artist import another, answer, artist, posts, promote, shown
from tests.cogs.test_moderate import (
    in_picks,
    log_lines,
    moderate,
    promote_track,
    report,
    reported_message,
)

OTHER = "https://low.bandcamp.com"


@pytest.fixture
def boss(world: World) -> MemberActor:
    role = world.guild.create_role("boss", permissions=discord.Permissions(manage_guild=True))
    return world.guild.add_member(world.env.create_user("boss"), roles=[role])


async def forget(world: World, actor: MemberActor) -> None:
    """Let somebody delete their data, with the command and its button."""
    asked = await actor.slash(world.channel, "privacy delete")
    question = asked.followups[0] if asked.followups else asked.response
    assert question is not None
    await actor.click(question.message, custom_id=f"privacy:delete:{actor.id}")


async def rows(database: Database, *names: str) -> list[Any]:
    async with database.read() as conn:
        return [
            row
            for name in names or sorted(tables.metadata.tables)
            for row in await conn.execute(select(tables.metadata.tables[name]))
        ]


@pytest.mark.both
async def test_a_reported_poster_who_deletes_their_data_is_found_by_the_ban(
    world: World, boss: MemberActor
) -> None:
    await artist(world, world.ann, "claim", name="Low")
    await promote(world, world.ann)
    post = posts(world.channel)[0]
    await report(world, world.ben)

    await forget(world, world.ann)
    again = await promote(world, world.ann, url=OTHER)
    (queued,) = (await moderate(world, boss, "queue")).followups
    fields = {field.name: field.value or "" for field in queued.embeds[0].fields}
    kept = await rows(world.database)
    await boss.click(queued.message, custom_id="moderate:1:ban")
    await artist(world, another(world), "claim", name="low")
    world.clock.move(days=40)
    later = await promote(world, world.ann, url=OTHER)

    assert "You may promote once in 24 hours" in again
    assert not any(str(world.ann.id) in str(row) for row in kept)
    assert "somebody who has deleted their data since" in fields["Posted"]
    assert "as **Low**" in fields["Posted"]
    assert post.jump_url in fields["Posted"]
    assert "You are banned from promoting" in later
    assert await rows(world.database, "promotions", "reports") == []
    assert [row.muted for row in await rows(world.database, "artist_claims")] == [True]
    assert "banned: who posted promotion 1" in await log_lines(world, boss)
    lines = shown(await moderate(world, boss, "bans"))[0].description or ""
    assert "Somebody who deleted their data" in lines
    own = (await world.ann.slash(world.channel, "privacy show")).response
    assert own is not None
    assert "1 ban by servers" in str(own.embeds[0].to_dict())
    await moderate(world, boss, "unban", user=world.ann)
    assert "Posted: " in await promote(world, world.ann, url=OTHER)


async def test_a_kept_promotion_of_who_is_gone_leaves_nothing(
    world: World, boss: MemberActor
) -> None:
    await artist(world, world.ann, "claim", name="Low")
    await promote(world, world.ann)
    await report(world, world.ben)
    await forget(world, world.ann)
    message = await reported_message(world, boss)

    await boss.click(message.message, custom_id="moderate:1:keep")

    assert await rows(world.database, "promotions", "reports", "artist_claims", "bans") == []
    assert "kept: promotion 1" in await log_lines(world, boss)


async def test_the_message_of_a_deleted_promotion_is_taken_down(world: World) -> None:
    await promote(world, world.ann)
    post = posts(world.channel)[0]

    await forget(world, world.ann)

    (notice,) = [one for one in world.channel.history() if one.id == post.id]
    assert notice.embeds[0].description == "This promotion was taken back by its artist."
    assert notice.components == []


async def test_a_promotion_that_waits_takes_no_votes_and_no_further_reports(world: World) -> None:
    await promote_track(world, world.ann)
    await report(world, world.ben)
    await forget(world, world.ann)
    services = world.bot().services

    for asked in (
        services.promotions.vote(world.ben.id, 1, up=True),
        services.reports.report(another(world).id, 1, "spam"),
    ):
        with pytest.raises(
            Exception, match=r"taken back by its artist|has taken this promotion back"
        ):
            await asked
    assert await in_picks(world, world.ben) == []


async def test_the_pauses_bind_whoever_deletes_their_data_and_end_by_themselves(
    world: World, boss: MemberActor
) -> None:
    await boss.slash(
        world.channel,
        "server promotions",
        server_cooldown_minutes=0,
        artist_cooldown_hours=48,
        user_cooldown_hours=24,
    )
    await artist(world, world.ann, "claim", name="Low")
    await promote_track(world, world.ann)

    await forget(world, world.ann)
    same_person = await promote(world, world.ann, url=OTHER)
    same_link = await promote(world, world.ben)
    same_track = await promote(world, world.ben, url=OTHER, tracks="Emxx52 – Humanitarian")
    await artist(world, world.ben, "claim", name="Low")
    same_name = await promote(world, world.ben, url=OTHER)
    left = await rows(world.database, "tombstones")
    world.clock.move(days=31)
    await world.bot().services.jobs.run_due()

    assert "You may promote once in 24 hours" in same_person
    assert "This link was promoted here less than 30 days ago" in same_link
    assert "All of these tracks were promoted here in the last 30 days" in same_track
    assert "An artist may be promoted only once in 48 hours" in same_name
    assert not any(str(world.ann.id) in str(row) for row in left)
    assert len(left) >= 5
    assert await rows(world.database, "tombstones", "jobs") == []
    assert "Posted: " in await promote(world, world.ben)


async def test_a_muted_name_stays_muted_whoever_registers_it(
    world: World, boss: MemberActor
) -> None:
    await artist(world, world.ann, "claim", name="Low")
    await moderate(world, boss, "claim mute", name="Low")

    await forget(world, world.ann)
    listed = shown(await moderate(world, boss, "claim list"))[0].description or ""
    taken = answer(await artist(world, world.ben, "claim", name="LOW"))
    refused = await promote(world, world.ben)
    await moderate(world, boss, "claim unmute", name="Low")

    assert "muted: nobody, who held it" in listed
    assert "its moderators have muted it" in taken
    assert "muted this artist's name" in refused
    assert "Posted: " in await promote(world, world.ben)


async def test_a_muted_name_that_nobody_holds_is_forgotten_when_it_is_unmuted(
    world: World, boss: MemberActor
) -> None:
    await artist(world, world.ann, "claim", name="Low")
    await moderate(world, boss, "claim mute", name="Low")
    await forget(world, world.ann)

    verified = await moderate(world, boss, "claim verify", name="Low")
    await moderate(world, boss, "claim unmute", name="Low")

    assert "Nobody holds that name now" in answer(verified)
    assert await rows(world.database, "artist_claims") == []


async def test_releasing_a_name_does_not_end_its_pause(world: World) -> None:
    await artist(world, world.ann, "claim", name="Low")
    await promote(world, world.ann)
    world.clock.move(hours=2)
    await artist(world, world.ann, "release", name="Low")

    await artist(world, world.ben, "claim", name="Low")
    refused = await promote(world, world.ben, url=OTHER)

    assert "An artist may be promoted only once in" in refused


async def test_who_deletes_their_data_between_reports_still_reports_once(
    world: World, boss: MemberActor
) -> None:
    await promote_track(world, world.ann)
    await report(world, world.ben)

    await forget(world, world.ben)
    again = await report(world, world.ben)
    assert "reported this promotion before" in answer(again)
    message = await reported_message(world, boss)

    assert "1 open report" in [field.name for field in message.embeds[0].fields]
    assert not any(str(world.ben.id) in str(row) for row in await rows(world.database, "reports"))
