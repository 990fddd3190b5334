"""Music made by AI: declared, listed, left out, appealed."""

import json
import os
from pathlib import Path

import discord
import pytest
from simcord.actors import MemberActor
from simcord.results import InteractionResult

from bot.core.ai import AiRule, AiShare
from bot.core.catalog import Sort, mask_of
from bot.core.promotion import Action
from bot.core.ranking import Discovery, Wish
from bot.core.server import GuildChanges
from bot.services.promotion import AiMusic
from bot.store import ai, guild_settings, jobs
from tests.cogs.conftest import World
from tests.cogs.test_audition import near_tracks, promote
from tests.cogs.test_discover import answer, cards, rate_some


async def listed(world: World, folder: Path, *names: str, **more: str) -> Path:
    """Have the operator's list name artists."""
    file = folder / "robots.json"
    file.write_text(json.dumps([{"name": one, **more} for one in names]), encoding="utf-8")
    await AiMusic(world.database, world.clock, file).begin()
    return file


async def moderator(world: World, name: str = "mod") -> MemberActor:
    role = world.guild.create_role("mods", permissions=discord.Permissions(manage_guild=True))
    return world.guild.add_member(world.env.create_user(name), roles=[role])


async def rule(world: World, ai: AiRule) -> None:
    await world.bot().services.rules.change(world.guild.id, GuildChanges(ai=ai))


def everything(result: InteractionResult) -> str:
    """Return all that an answer shows, with the ids of its buttons."""
    said = [one for one in (result.response, *result.followups) if one is not None]
    parts = []
    for one in said:
        parts += [one.content or "", *(str(embed.to_dict()) for embed in one.embeds)]
        parts += [f"{item.label} {item.custom_id}" for item in buttons(one.message)]
    return " ".join(parts)


def buttons(message: discord.Message) -> list[discord.Button]:
    return [
        item
        for row in message.components
        for item in getattr(row, "children", ())
        if isinstance(item, discord.Button)
    ]


def press_of(result: InteractionResult, label: str) -> tuple[discord.Message, str]:
    """Return where a button of an answer stands, and its id."""
    for one in (result.response, *result.followups):
        for item in buttons(one.message) if one is not None else ():
            if item.label == label:
                assert one is not None
                return one.message, item.custom_id or ""
    raise AssertionError(f"no button {label}: {everything(result)}")


async def picks_of_listed(world: World, folder: Path) -> str:
    """Have the list name the artist of a track near to Ann, and return the name."""
    artist = await picked_artist(world)
    await listed(world, folder, artist, why="a press release")
    return artist


async def picked_artist(world: World) -> str:
    """Return an artist who is among the first picks of Ann, and whom she has not rated."""
    await rate_some(world, world.ann)
    services = world.bot().services
    wish = Wish(count=5, obscurity=0)
    found = await services.recommender.discover(world.ann.id, wish, guild_id=None)
    assert isinstance(found, Discovery)
    await services.recommender.dropped(found.picks)
    return found.picks[0].track.artist


async def shown_artists(world: World, actor: MemberActor, *, times: int = 3) -> str:
    """Return all that some answers show."""
    for _ in range(times):
        await actor.slash(world.channel, "discover", count=5, obscurity=0)
        world.clock.move(seconds=30)
    return " ".join(str(one.to_dict()) for one in cards(world))


async def test_a_listed_artist_has_a_label_with_who_says_so(world: World, tmp_path: Path) -> None:
    artist = await picks_of_listed(world, tmp_path)

    shown = await shown_artists(world, world.ann)

    assert f"**{artist}**" in shown
    assert "Made by AI, says this bot's list" in shown
    assert shown.count("Made by AI") == 1


async def test_a_server_that_allows_shows_no_label(world: World, tmp_path: Path) -> None:
    artist = await picks_of_listed(world, tmp_path)
    await rule(world, AiRule.ALLOW)

    shown = await shown_artists(world, world.ann)

    assert f"**{artist}**" in shown
    assert "Made by AI" not in shown


async def test_a_server_that_leaves_out_picks_nothing_of_it(world: World, tmp_path: Path) -> None:
    artist = await picks_of_listed(world, tmp_path)
    await rule(world, AiRule.LEAVE_OUT)

    assert f"**{artist}**" not in await shown_artists(world, world.ann)


async def test_what_ai_made_partly_is_labelled_where_a_server_leaves_out(
    world: World, tmp_path: Path
) -> None:
    await listed(world, tmp_path, await picked_artist(world), share="partly")
    await rule(world, AiRule.LEAVE_OUT)

    assert "Made partly by AI, says this bot's list" in await shown_artists(world, world.ann)


async def test_a_listener_leaves_it_out_for_themselves_alone(world: World, tmp_path: Path) -> None:
    artist = await picks_of_listed(world, tmp_path)
    card = await world.ann.slash(world.channel, "settings me")
    message, custom_id = press_of(card, "No music made by AI")
    await world.ann.click(message, custom_id=custom_id)

    services = world.bot().services
    assert Sort.AI in (await services.muting.standing(world.ann.id)).without
    assert Sort.AI not in (await services.muting.standing(world.ben.id)).without
    assert f"**{artist}**" not in await shown_artists(world, world.ann)


async def test_the_promotion_of_what_ai_made_wholly_is_refused_where_it_is_left_out(
    world: World,
) -> None:
    await rule(world, AiRule.LEAVE_OUT)
    link = "https://low.bandcamp.com/album/rain"

    refused = await world.ben.slash(
        world.channel, "promote album", url=link, text="Rain", ai="wholly"
    )
    taken = await world.ben.slash(
        world.channel, "promote album", url=link, text="Rain", ai="partly"
    )

    assert "leaves out music that AI made wholly" in everything(refused)
    assert "Posted" in everything(taken)


async def test_a_declared_promotion_says_so_and_the_label_can_be_lifted(world: World) -> None:
    link = "https://low.bandcamp.com/album/rain"
    await world.ben.slash(world.channel, "promote album", url=link, text="Rain", ai="wholly")
    (post,) = [
        one
        for one in world.channel.history()
        if "Appeal the label" in [item.label for item in buttons(one)]
    ]
    assert "whoever promoted it declared that" in str(post.embeds[0].to_dict())
    appeal = next(one.custom_id for one in buttons(post) if one.label == "Appeal the label")
    opened = await world.ben.click(post, custom_id=appeal or "")
    sent = await world.ben.submit_modal(opened, {"reason": "I pressed the wrong one"})
    assert "moderators" in everything(sent)

    mod = await moderator(world)
    queue = await mod.slash(world.channel, "moderate queue")
    assert "I pressed the wrong one" in everything(queue)
    message, lift = press_of(queue, "Lift it here")
    await world.restart()
    await mod.click(message, custom_id=lift)

    post = next(one for one in world.channel.history() if one.id == post.id)
    assert "AI" not in str(post.embeds[0].to_dict())
    assert "Appeal the label" not in [one.label for one in buttons(post)]
    assert "lifted an AI label" in everything(await mod.slash(world.channel, "moderate log"))


async def test_a_lifted_label_is_gone_in_that_server_alone(world: World, tmp_path: Path) -> None:
    artist = await picks_of_listed(world, tmp_path)
    await world.ben.slash(world.channel, "artist claim", name=artist)
    sent = await world.ben.slash(world.channel, "artist appeal", reason="I play every note")
    assert "moderators of this server decide" in everything(sent)
    twice = await world.ben.slash(world.channel, "artist appeal", reason="Once more")
    assert "waits for the moderators already" in everything(twice)
    mod = await moderator(world)
    queue = await mod.slash(world.channel, "moderate queue")
    assert "a press release" in everything(queue)
    message, lift = press_of(queue, "Lift it here")
    await mod.click(message, custom_id=lift)

    await rule(world, AiRule.LEAVE_OUT)
    shown = await shown_artists(world, world.ann)

    assert f"**{artist}**" in shown
    assert "Made by AI" not in shown
    over = await world.ben.slash(world.channel, "artist appeal", reason="And again")
    assert "gone already" in everything(over)
    async with world.database.read() as conn:
        elsewhere = await guild_settings.get(conn, 1)
    assert elsewhere.ai is AiRule.LABEL


async def test_nobody_decides_about_their_own_appeal_or_their_own_music(
    world: World, tmp_path: Path
) -> None:
    artist = await picks_of_listed(world, tmp_path)
    mod = await moderator(world)
    await mod.slash(world.channel, "artist claim", name=artist)
    await mod.slash(world.channel, "artist appeal", reason="It is me")
    queue = await mod.slash(world.channel, "moderate queue")
    message, keep = press_of(queue, "Keep it")

    own = await mod.click(message, custom_id=keep)
    second = await moderator(world, "second")
    queue = await second.slash(world.channel, "moderate queue")
    message, keep = press_of(queue, "Keep it")
    await second.click(message, custom_id=keep)

    assert "somebody else has to decide" in everything(own)
    later = await mod.slash(world.channel, "artist appeal", reason="Please")
    assert "in the last 30 days" in everything(later)
    world.clock.move(days=31)
    assert "Thank you" in everything(
        await mod.slash(world.channel, "artist appeal", reason="Please")
    )


async def test_a_why_explains_the_label_and_takes_an_appeal(world: World, tmp_path: Path) -> None:
    await rate_some(world, world.ann)
    (track,) = await near_tracks(world, world.ann, count=1)
    await promote(world, track.id)
    async with world.database.write() as conn:
        await conn.exec_driver_sql("update promotions set ai = 'partly', kind = 'track'")
        await ai.touch(conn)
    await world.ann.slash(world.channel, "discover", count=5)
    shown = [str(one.to_dict()) for one in cards(world)]
    assert "Made partly by AI, says who promoted it" in shown[-1]

    message = [one for one in world.channel.history() if buttons(one)][-1]
    custom_id = [i.custom_id for i in buttons(message) if i.label == "Why"][-1]
    why = await world.ann.click(message, custom_id=custom_id or "")

    assert "whoever promoted it declared that" in everything(why)
    private, appeal = press_of(why, "Appeal the label")
    opened = await world.ann.click(private, custom_id=appeal)
    sent = await world.ann.submit_modal(opened, {"reason": "I know that band"})
    assert "Thank you" in everything(sent)


async def test_whoever_promotes_a_song_of_others_labels_nothing_but_the_promotion(
    world: World,
) -> None:
    await rate_some(world, world.ann)
    (track,) = await near_tracks(world, world.ann, count=1)
    number = await promote(world, track.id)
    async with world.database.write() as conn:
        await conn.exec_driver_sql("update promotions set ai = 'wholly', kind = 'track'")
        await ai.touch(conn)

    services = world.bot().services
    catalog = await services.catalog.get()
    row = catalog.row_of(track.id)
    assert row is not None
    assert not catalog.sorts[row] & mask_of([Sort.AI, Sort.PARTLY_AI])
    card, _ = await services.recommender.why(world.ben.id, 0, track.id, guild_id=world.guild.id)
    assert card.ai is None
    await rule(world, AiRule.LEAVE_OUT)
    async with world.database.read() as conn:
        assert await ai.wholly_declared(conn, world.guild.id) == {number}
        assert not await ai.left_out(conn, world.guild.id)
    await world.ann.slash(world.channel, "discover", count=5)
    assert "Promoted by an artist" not in " ".join(str(one.to_dict()) for one in cards(world))


async def test_a_verified_artist_declares_it_of_their_own_song(world: World) -> None:
    await rate_some(world, world.ann)
    (track,) = await near_tracks(world, world.ann, count=1)
    await promote(world, track.id)
    await world.ben.slash(world.channel, "artist claim", name=track.artist)
    services = world.bot().services

    async def is_marked() -> bool:
        async with world.database.write() as conn:
            await conn.exec_driver_sql(
                "update promotions set ai = 'wholly', claim_id = (select id from artist_claims)"
            )
            await ai.touch(conn)
        catalog = await services.catalog.get()
        row = catalog.row_of(track.id)
        assert row is not None
        return bool(catalog.sorts[row] & mask_of([Sort.AI]))

    assert not await is_marked()
    await services.moderation.change_claim(
        1, guild_id=world.guild.id, name=track.artist, action=Action.VERIFIED
    )
    assert await is_marked()


async def test_an_appeal_outlives_its_writer_without_them(world: World, tmp_path: Path) -> None:
    artist = await picks_of_listed(world, tmp_path)
    await world.ben.slash(world.channel, "artist claim", name=artist)
    await world.ben.slash(world.channel, "artist appeal", reason="I play every note")
    assert "1 appeal" in everything(await world.ben.slash(world.channel, "privacy show"))

    await world.bot().services.privacy.delete(world.ben.id)

    queue = everything(await (await moderator(world)).slash(world.channel, "moderate queue"))
    assert "I play every note" in queue
    assert str(world.ben.id) not in queue


async def test_a_list_that_goes_bad_leaves_the_last_good_one(
    world: World, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    file = await listed(
        world, tmp_path, await picked_artist(world), "Nobody Here", "Various Artists"
    )
    music = AiMusic(world.database, world.clock, file)
    await music.look(0)

    async with world.database.read() as conn:
        assert await jobs.planned_for(conn, "ai-list", 0) is not None
    file.write_text("<html>", encoding="utf-8")
    await music.look(0)
    await music.look(0)
    assert len([one for one in caplog.messages if "the last good" in one.lower()]) == 1
    assert "Made by AI" in await shown_artists(world, world.ann)

    file.write_text('["Nobody Here"]', encoding="utf-8")
    os.utime(file, ns=(1, 1))
    await music.look(0)
    assert artist_count(await labels(world)) == 0


async def labels(world: World) -> list[str]:
    async with world.database.read() as conn:
        return [one.share for one in (await ai.listed_artists(conn)).values()]


def artist_count(found: list[str]) -> int:
    return len([one for one in found if one == AiShare.WHOLLY])


async def test_the_rule_of_a_server_is_its_managers(world: World) -> None:
    mod = await moderator(world)

    said = await mod.slash(world.channel, "server ai", rule="leave out")

    assert "is not promoted or picked" in everything(said)
    assert "Made by AI" not in answer(said)
