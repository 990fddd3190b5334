from datetime import timedelta
from typing import Any

import discord
import pytest
from simcord.actors import MemberActor
from simcord.builders import ChannelHandle
from simcord.results import InteractionResult
from sqlalchemy.exc import OperationalError

from bot.core.models import Subject, SubjectKind
from bot.core.promotion.promotion import Promotion
from bot.core.ranking.discovery import Discovery
from bot.core.ranking.wish import Wish
from bot.store import feedback, listeners, picks, promotions, reports, tastes, votes
from tests.cogs.conftest import World

URL = "https://open.spotify.com/playlist/37i9dQZF1DXcBWIGoYBM5M?si=abc"
CLEAN_URL = "https://open.spotify.com/playlist/37i9dQZF1DXcBWIGoYBM5M"
OTHER_URL = "https://low.bandcamp.com"
TEXT = "Quiet songs for rain"


async def promote(
    world: World, actor: MemberActor | None = None, **options: Any
) -> InteractionResult:
    given = {"url": URL, "text": TEXT} | options
    return await (actor or world.ann).slash(world.channel, "promote playlist", **given)


def answer(result: InteractionResult) -> str:
    """Return the last private word to the artist."""
    if result.followups:
        last = result.followups[-1]
        if last.ephemeral:
            return last.content
    assert result.ephemeral
    assert result.response is not None
    return result.response.content


def posts(channel: ChannelHandle) -> list[discord.Message]:
    return [message for message in channel.history() if message.embeds and message.components]


def labels(message: discord.Message) -> list[str | None]:
    return [
        item.label
        for row in message.components
        for item in getattr(row, "children", ())
        if isinstance(item, discord.Button)
    ]


def ids(message: discord.Message) -> list[str]:
    return [
        item.custom_id
        for row in message.components
        for item in getattr(row, "children", ())
        if isinstance(item, discord.Button) and item.custom_id
    ]


async def kept(world: World) -> list[Promotion]:
    async with world.database.read() as conn:
        found = [await promotions.by_id(conn, number) for number in range(1, 9)]
    return [promotion for promotion in found if promotion is not None]


def cara(world: World) -> MemberActor:
    return world.guild.add_member(world.env.create_user("cara"))


async def settings(world: World, **options: Any) -> InteractionResult:
    boss = world.guild.add_member(
        world.env.create_user("boss"),
        roles=[world.guild.create_role("boss", permissions=discord.Permissions(manage_guild=True))],
    )
    return await boss.slash(world.channel, "server promotions", **options)


async def test_promote_posts_here_with_link_text_and_buttons(world: World) -> None:
    result = await promote(world)

    (post,) = posts(world.channel)
    embed = post.embeds[0]
    assert (embed.title, embed.url, embed.description) == ("A playlist on Spotify", CLEAN_URL, TEXT)
    assert embed.author.name == "Promoted by ann"
    assert labels(post) == ["0", "0", "Open on Spotify", "⚑ Report"]
    assert answer(result).startswith(f"Posted: {post.jump_url}")
    assert [promotion.message_id for promotion in await kept(world)] == [post.id]
    async with world.database.read() as conn:
        assert await picks.subjects_of(conn, post.id) == (Subject(SubjectKind.PROMOTION, 1),)


@pytest.mark.both
async def test_promote_says_which_taste_the_known_tracks_suit(world: World) -> None:
    tracks = 'Baklund - Nothing; Urban Warfare – "Marine" Baklund; nonsense by nobody'

    result = await promote(world, tracks=tracks)

    fields = {field.name: field.value or "" for field in posts(world.channel)[0].embeds[0].fields}
    assert fields["Suits"].startswith("for people who like it ")
    assert "(measured on 1 of its tracks)" in fields["Suits"]
    assert fields["Tracks"] == "I know 1 of 3 named tracks"
    assert "Not in my catalogue:\n• Baklund - Nothing\n• nonsense by nobody" in answer(result)
    async with world.database.read() as conn:
        since = world.clock.now() - timedelta(days=1)
        found = await promotions.promoted_track_ids(
            conn,
            world.ben.id,
            guild_id=world.guild.id,
            since=since,
            hidden_after=1,
            now=world.clock.now(),
        )
    assert [number for number, _ in found] == [1]


async def test_promote_without_known_tracks_says_nothing_of_taste(world: World) -> None:
    await promote(world)

    assert posts(world.channel)[0].embeds[0].fields == []


async def test_a_text_pings_nobody_and_formats_nothing(world: World) -> None:
    await promote(world, text="**hey** @everyone <@1> `x` # [a](b)")

    post = posts(world.channel)[0]
    assert not post.mention_everyone
    assert post.mentions == []
    description = post.embeds[0].description or ""
    assert "\\*\\*hey" in description
    assert "@everyone" not in description
    assert "<@1>" not in description


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"url": "https://evil.example/open.spotify.com"}, "I only take links to Spotify"),
        ({"url": "my playlist"}, "starts with https://"),
        ({"url": "https://open.spotify.com/" + "x" * 3900}, "too long"),
        ({"text": "see https://evil.example"}, "leave links out of the text"),
        ({"text": "   "}, "Say a few words"),
        ({"tracks": ";".join(map(str, range(21)))}, "20 tracks at most"),
    ],
)
async def test_a_bad_promotion_is_refused_in_a_sentence(
    world: World, said: dict[str, Any], sentence: str
) -> None:
    result = await promote(world, **said)

    assert sentence in answer(result)
    assert posts(world.channel) == []
    assert await kept(world) == []


async def test_votes_show_in_the_labels_and_the_last_word_counts(world: World) -> None:
    await promote(world)
    post = posts(world.channel)[0]

    await world.ben.click(post, custom_id="promotion:1:up")
    await world.ben.click(post, custom_id="promotion:1:up")
    assert labels(posts(world.channel)[0])[:2] == ["1", "0"]
    await cara(world).click(post, custom_id="promotion:1:up")
    await world.ben.click(post, custom_id="promotion:1:down")

    assert labels(posts(world.channel)[0])[:2] == ["1", "1"]
    await world.bot().services.tastes.catch_up()
    async with world.database.read() as conn:
        assert len(await feedback.counting(conn, world.ben.id)) == 1
        assert await tastes.read(conn, world.ben.id) is None


async def test_votes_work_after_a_restart(world: World) -> None:
    await promote(world)
    await world.restart()

    await world.ben.click(posts(world.channel)[0], custom_id="promotion:1:down")

    assert labels(posts(world.channel)[0])[:2] == ["0", "1"]


async def test_a_reaction_and_a_button_of_one_listener_are_one_vote(world: World) -> None:
    await promote(world)
    post = posts(world.channel)[0]
    await world.ben.react(post, "👍")

    await cara(world).click(post, custom_id="promotion:1:down")
    assert labels(posts(world.channel)[0])[:2] == ["1", "1"]
    await world.ben.click(post, custom_id="promotion:1:down")

    assert labels(posts(world.channel)[0])[:2] == ["0", "2"]


async def test_a_vote_on_a_deleted_promotion_is_told(world: World) -> None:
    await promote(world)
    async with world.database.write() as conn:
        await listeners.delete_everything(conn, world.ann.id, now=world.clock.now())

    result = await world.ben.click(posts(world.channel)[0], custom_id="promotion:1:up")

    assert "Its artist has taken this promotion back" in answer(result)


async def test_promotions_go_to_the_channel_of_the_server(world: World) -> None:
    stage = world.guild.create_text_channel("promotions")
    await settings(world, channel=stage)

    result = await promote(world)

    (post,) = posts(stage)
    assert posts(world.channel) == []
    assert post.jump_url in answer(result)


async def test_a_channel_that_is_gone_is_told_and_replaced_by_here(world: World) -> None:
    stage = world.guild.create_text_channel("promotions")
    await settings(world, channel=stage)
    world.env.backend.delete_channel(stage.id)
    await world.env.settle()

    result = await promote(world)

    assert len(posts(world.channel)) == 1
    assert "channel for promotions is gone" in answer(result)


async def test_a_channel_closed_to_the_bot_is_told_and_replaced_by_here(world: World) -> None:
    stage = world.guild.create_text_channel("promotions")
    await settings(world, channel=stage)
    world.env.inject_error("POST", f"/channels/{stage.id}/messages", status=403, code=50013)

    result = await promote(world)

    assert len(posts(world.channel)) == 1
    assert f"I may not post in <#{stage.id}>" in answer(result)


async def test_missing_permissions_in_the_channel_are_named(world: World) -> None:
    me = world.env.bot.user
    assert me is not None
    closed = discord.PermissionOverwrite(send_messages=False, embed_links=False)
    stage = world.guild.create_text_channel("promotions", overwrites={me: closed})
    async with world.database.write() as conn:
        await conn.exec_driver_sql(
            "INSERT INTO guild_settings (guild_id, promotion_channel_id, artist_cooldown_hours, "
            "guild_cooldown_minutes) VALUES (?, ?, 24, 30)",
            (world.guild.id, stage.id),
        )

    result = await promote(world)

    assert len(posts(world.channel)) == 1
    assert "(missing: Send Messages and Embed Links)" in answer(result)


async def test_a_failed_post_in_the_channel_leaves_nothing_behind(world: World) -> None:
    stage = world.guild.create_text_channel("promotions")
    await settings(world, channel=stage)
    world.env.inject_error("POST", f"/channels/{stage.id}/messages", status=400)

    result = await promote(world)

    assert "Discord did not accept the message" in answer(result)
    assert posts(stage) == posts(world.channel) == []
    assert await kept(world) == []


async def test_a_post_that_cannot_be_noted_is_taken_down_again(world: World) -> None:
    world.expected_errors.append(OperationalError)
    async with world.database.write() as conn:
        await conn.exec_driver_sql("ALTER TABLE posts RENAME TO hidden")

    result = await promote(world)

    assert "Something went wrong on my side" in answer(result)
    assert posts(world.channel) == []
    assert await kept(world) == []


async def test_a_failed_post_leaves_no_promotion_and_costs_no_turn(world: World) -> None:
    world.env.inject_error("POST", "/webhooks/*", status=400)

    failed = await promote(world)
    kept_after_failure = await kept(world)
    again = await promote(world)

    assert "Discord did not accept the message" in answer(failed)
    assert kept_after_failure == []
    assert "Posted: " in answer(again)


async def test_an_artist_waits_a_day(world: World) -> None:
    await promote(world)
    world.clock.move(hours=23)

    result = await promote(world, url=OTHER_URL)
    assert answer(result) == "You may promote once in 24 hours here. Try again in 60 minutes."
    world.clock.move(hours=1)
    result = await promote(world, url=OTHER_URL)

    assert "Posted: " in answer(result)


async def test_a_server_takes_one_promotion_in_half_an_hour(world: World) -> None:
    await promote(world)
    world.clock.move(minutes=29)

    result = await promote(world, world.ben, url=OTHER_URL)
    assert "one promotion in 30 minutes" in answer(result)
    assert "Try again in 60 seconds" in answer(result)
    world.clock.move(minutes=1)
    result = await promote(world, world.ben, url=OTHER_URL)

    assert "Posted: " in answer(result)


async def test_the_same_link_comes_again_after_30_days_only(world: World) -> None:
    await promote(world)
    world.clock.move(days=29)

    result = await promote(world, world.ben, url=CLEAN_URL)
    assert "promoted here less than 30 days ago" in answer(result)
    world.clock.move(days=1)
    result = await promote(world, world.ben)

    assert "Posted: " in answer(result)


async def test_only_the_role_may_promote_when_the_server_says_so(world: World) -> None:
    role = world.guild.create_role("artists")
    await settings(world, role=role)
    member = world.guild.add_member(world.env.create_user("member"), roles=[role])

    refused = await promote(world)
    taken = await promote(world, member)

    assert f"the role <@&{role.id}>" in answer(refused)
    assert "Posted: " in answer(taken)


async def test_promote_works_in_a_direct_message(world: World) -> None:
    user = world.ann.user
    await user.send_dm("hello")

    result = await user.slash("promote playlist", url=URL, text=TEXT)

    assert "Posted: " in answer(result)
    assert [promotion.guild_id for promotion in await kept(world)] == [None]
    async with world.database.read() as conn:
        since = world.clock.now() - timedelta(days=1)
        found = await promotions.promoted_track_ids(
            conn,
            world.ben.id,
            guild_id=None,
            since=since,
            hidden_after=1,
            now=world.clock.now(),
        )
    assert found == []


async def test_a_reaction_to_a_promotion_counts_in_its_labels(world: World) -> None:
    await promote(world)
    (post,) = posts(world.channel)

    await world.ben.react(post, "👍")
    assert labels(posts(world.channel)[0])[:2] == ["1", "0"]
    await world.ben.unreact(post, "👍")

    assert labels(posts(world.channel)[0])[:2] == ["0", "0"]


async def test_nobody_votes_on_their_own_promotion_by_button_or_reaction(world: World) -> None:
    await promote(world)
    (post,) = posts(world.channel)

    result = await world.ann.click(post, custom_id="promotion:1:up")
    await world.ann.react(post, "👍")

    assert "your own 👍 and 👎 do not count" in answer(result)
    assert labels(posts(world.channel)[0])[:2] == ["0", "0"]
    assert "The people behind this promotion have no vote" in (post.embeds[0].footer.text or "")
    async with world.database.read() as conn:
        assert await feedback.counting(conn, world.ann.id) == []


async def promoted_pick(world: World) -> discord.Message:
    """Let Ann promote a track that fits Ben, and Ben see it among his picks."""
    for number in range(1, 4):
        await world.ben.slash(world.channel, "rate track", track=f"track:{number}", score=5)
    recommender = world.bot().services.recommender
    shown = await recommender.discover(world.ben.id, Wish(count=5), guild_id=None)
    assert isinstance(shown, Discovery)
    await recommender.dropped(shown.picks)
    taken = {card.track.artist_id for card in shown.picks}
    similar = await recommender.similar(world.ben.id, 1, count=20)
    track = next(card.track for card in similar.picks if card.track.artist_id not in taken)
    await promote(world, tracks=f"{track.artist} – {track.title}")
    await world.want_picks_apart()
    await world.ben.slash(world.channel, "discover", count=5)
    (pick,) = (
        post
        for post in posts(world.channel)
        if "Promoted by an artist" in (post.embeds[0].author.name or "")
    )
    return pick


def thumb_of(message: discord.Message) -> str:
    first = message.components[0]
    assert isinstance(first, discord.ActionRow)
    button = first.children[0]
    assert isinstance(button, discord.Button)
    return button.custom_id or ""


async def test_an_artist_cannot_thumb_the_promoted_pick_of_their_own_track(world: World) -> None:
    pick = await promoted_pick(world)

    result = await world.ann.click(pick, custom_id=thumb_of(pick))
    await world.ann.react(pick, "👎")
    other = await world.ben.click(pick, custom_id=thumb_of(pick))

    assert "your own 👍 and 👎 do not count" in result.followups[-1].content
    assert "Counted" in other.followups[-1].content
    async with world.database.read() as conn:
        assert await feedback.counting(conn, world.ann.id) == []
        assert (await votes.reception_of(conn, [1])).up == 1


async def test_a_promoted_pick_is_reported_from_its_menu_and_no_other_pick_is(
    world: World,
) -> None:
    pick, reader = await promoted_pick(world), cara(world)
    other = next(
        one for one in posts(world.channel) if "pick:menu" in str(ids(one)) and one != pick
    )
    menus = []
    for post in (pick, other):
        (menu,) = [one for one in ids(post) if one.startswith("pick:menu:")]
        opened = await reader.click(post, custom_id=menu)
        assert opened.response is not None
        menus.append(opened.response.message)

    form = await reader.click(menus[0], custom_id="report:1")
    await reader.submit_modal(form, {"reason": "not their music"})

    assert "report:1" not in ids(menus[1])
    async with world.database.read() as conn:
        assert await reports.open_reasons(conn, 1) == ("not their music",)


async def test_an_artist_who_rates_a_promoted_track_changes_only_their_own_taste(
    world: World,
) -> None:
    pick = await promoted_pick(world)
    track_id = thumb_of(pick).split(":")[2]

    await world.ann.slash(world.channel, "rate track", track=f"track:{track_id}", score=5)

    async with world.database.read() as conn:
        assert len(await feedback.counting(conn, world.ann.id)) == 1
        assert (await votes.reception_of(conn, [1])).up == 0


async def test_where_the_bot_is_no_member_the_link_leads_to_the_post(world: World) -> None:
    bot = world.bot()
    bot._connection._remove_guild(bot.get_guild(world.guild.id))  # type: ignore[arg-type]

    result = await promote(world)

    (post,) = posts(world.channel)
    assert f"https://discord.com/channels/{world.guild.id}/{world.channel.id}/{post.id}" in answer(
        result
    )
    assert "this server" not in answer(result)


def test_no_promotion_is_said_to_be_for_a_server_that_may_be_none(world: World) -> None:
    group = world.bot().tree.get_command("promote")

    assert isinstance(group, discord.app_commands.Group)
    assert [one.name for one in group.commands if "server" in one.description] == []


@pytest.mark.parametrize(
    ("command", "url", "instead"),
    [
        ("album", "https://open.spotify.com/playlist/37i9dQZF1DXcBWIGoYBM5M", "playlist"),
        ("album", "https://www.youtube.com/playlist?list=PLAAAAAAAAAAAAAAAAAA", "playlist"),
        ("playlist", "https://www.deezer.com/en/album/302127", "album"),
        ("playlist", "https://low.bandcamp.com/album/hey-what", "album"),
    ],
)
async def test_a_playlist_is_no_album_and_an_album_no_playlist(
    world: World, command: str, url: str, instead: str
) -> None:
    result = await world.ann.slash(world.channel, f"promote {command}", url=url, text=TEXT)

    assert f"use `/promote {instead}`" in answer(result)
    assert posts(world.channel) == []


async def test_a_link_written_in_another_way_is_the_same_link(world: World) -> None:
    await promote(world)
    world.clock.move(days=2)
    spellings = (
        CLEAN_URL.replace(".com/", ".com/./"),
        CLEAN_URL.replace(".com/", ".com//"),
        CLEAN_URL.replace("playlist", "play%6cist"),
        CLEAN_URL.replace(".com/", ".com/embed/"),
        CLEAN_URL.replace(".com/", ".com/intl-de/"),
    )

    answers = [answer(await promote(world, world.ben, url=url)) for url in spellings]

    assert all("This link was promoted here less than 30 days ago" in one for one in answers)
    assert len(posts(world.channel)) == 1
