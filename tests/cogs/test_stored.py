"""Every kind of stored button, menu and form: its id stays what messages already hold."""

from dataclasses import replace
from datetime import date
from inspect import get_annotations

import discord
import pytest
from simcord import InteractionResult
from simcord.actors import MemberActor
from sqlalchemy import Table, select, text

from bot.core.accounts import LinkedService
from bot.core.lists import Form, PathWish, Telling
from bot.core.models import Subject, SubjectKind
from bot.core.promotion import Decision
from bot.core.ranking import DeepCuts, Filter, Mood, Wish
from bot.core.releases import ReleaseWish
from bot.core.taste import Span, period_of
from bot.store import promotions as promotion_store
from bot.store import reports, tables
from bot.ui import (
    accounts,
    ai,
    artists,
    asking,
    auditions,
    away,
    greeting,
    moderation,
    mute_list,
    mutes,
    own_digest,
    page_buttons,
    paths,
    pick_buttons,
    playlists,
    privacy,
    promotions,
    ratings,
    releases,
    replies,
    sharing,
    start,
    stories,
    which,
    wishes,
)
from bot.ui import blends as blends_ui
from bot.ui import help as help_ui
from bot.ui import map as maps
from bot.ui.stored import Stored, StoredForm
from tests.cogs.conftest import World
from tests.cogs.test_discover import answer

WISH = Wish(count=5, genre_id=7, mood=Mood.CALM, like=Subject(SubjectKind.ARTIST, 9), private=True)
BEGUN = Wish(private=True)
IN_WORDS = Wish(
    asked=7,
    private=True,
    like=Subject(SubjectKind.TRACK, 9),
    dropped=(Filter.GENRE, Filter.TEMPO),
)
YEAR, ALL = (period_of(span, date(2026, 11, 29)) for span in (Span.YEAR, Span.ALL))
IDS: dict[Stored, str] = {
    pick_buttons.Like("up", 12, 34): "pick:up:12:34",
    pick_buttons.Like("down", 12, 34): "pick:down:12:34",
    pick_buttons.Why(12, 34): "pick:why:12:34",
    pick_buttons.Numbers(12, 34): "pick:numbers:12:34",
    pick_buttons.Elsewhere(12, 34): "pick:elsewhere:12:34",
    pick_buttons.Proof(12, 34): "pick:proof:12:34",
    pick_buttons.More(12, 34): "pick:more:12:34",
    pick_buttons.Play(12, 34): "pick:play:12:34",
    pick_buttons.ListenOn(12, 34): "pick:listen:12:34",
    pick_buttons.Menu(12, 34): "pick:menu:12:34",
    pick_buttons.Never(12, 34): "pick:never:12:34",
    pick_buttons.Rest(12, 34): "pick:rest:12:34",
    pick_buttons.NeverVersion(12, 34): "pick:version:12:34",
    pick_buttons.Again(WISH): "again:5.60.7.calm.ar9..010.",
    pick_buttons.Again(replace(WISH, deep_cuts=DeepCuts.ONLY)): "again:5.60.7.calm.ar9..010..o",
    pick_buttons.StartGenres(WISH): "start:genres:5.60.7.calm.ar9..010.",
    pick_buttons.StartTracks(private=True): "start:tracks:1",
    pick_buttons.StartTracks(private=False): "start:tracks:0",
    blends_ui.Join(12, 2**63 - 1): "blend:join:12:9223372036854775807",
    blends_ui.Leave(12, 0): "blend:leave:12:0",
    blends_ui.Make(12, 0): "blend:make:12:0",
    greeting.ChooseChannels(): "greet:channels",
    greeting.PromotionsHere(): "greet:promotions",
    greeting.DigestHere(): "greet:digest",
    own_digest.Stop(): "digest:stop",
    help_ui.ChooseTopic(): "help:topic",
    help_ui.ShowHelp(): "help:show",
    start.Begin(): "start:begin",
    start.StartArtist(12, BEGUN): "start:artist:12:3.60.....010.",
    start.NameArtists(BEGUN): "start:name:3.60.....010.",
    start.PasteLink(BEGUN): "start:link:3.60.....010.",
    start.StartPicks(BEGUN): "start:picks:3.60.....010.",
    start.StartCards(BEGUN): "start:play:3.60.....010.",
    start.StartAgain(BEGUN): "start:again:3.60.....010.",
    start.Meant(BEGUN): "start:meant:3.60.....010.",
    start.Judged("up", 12, 34, BEGUN): "start:card:up:12:34:3.60.....010.",
    start.Judged("skip", 12, 34, BEGUN): "start:card:skip:12:34:3.60.....010.",
    auditions.Judge(3, "up"): "audition:3:up",
    ai.AppealLabel("artist", 2**63 - 1): "ai:appeal:artist:9223372036854775807",
    ai.DecideAppeal(3, "lifted"): "ai:decide:3:lifted",
    ratings.TurnHistory(2**63 - 1, 2, "Older"): "history:9223372036854775807:2:Older",
    ratings.RateChosen(2**63 - 1, 5): "rate:9223372036854775807:5",
    mutes.MuteChosen(5, 30): "mute:which:5:30",
    mutes.ShowAgain(5, "artist", 12): "mute:back:5:artist:12",
    mutes.ShowAgain(5, "track", 12): "mute:back:5:track:12",
    away.CountAgain(5, 3): "mute:count:5:3",
    mute_list.TakeBack(5, 1): "mute:take:5:1",
    mute_list.TurnMutes(5, 1, "Older"): "mute:list:5:1:Older",
    wishes.Toggle(5, "live", wanted=False): "me:5:live:0",
    ratings.RateWhich(): "rate:which",
    ratings.RateThis(2**63 - 1, 5): "rate:this:9223372036854775807:5",
    which.LikeChosen(WISH): "like:5.60.7.calm.ar9..010.",
    pick_buttons.Again(IN_WORDS): "again:w7.010.tr9.gt",
    which.LikeChosen(Wish(asked=7)): "like:w7.000..",
    asking.WithoutChosen(IN_WORDS): "without:w7.010.tr9.gt",
    which.SimilarChosen(private=True): "similar:1",
    privacy.Answer("delete", 5): "privacy:delete:5",
    privacy.Answer("keep", 5): "privacy:keep:5",
    page_buttons.ListPage("ask", 12, Telling.COMPANY): "page:list:ask:12:company",
    page_buttons.ListPage("make", 12, Telling.SOUND): "page:list:make:12:sound",
    page_buttons.CardPage("ask", 12): "page:card:ask:12",
    page_buttons.MapPage("make", 5): "page:map:make:5",
    stories.WebPage("ask", 5, "loved", YEAR): "page:story:ask:5:loved:20251130.20261130",
    sharing.EndPage(5, 1): "pages:end:5:1",
    sharing.EndAll(5): "pages:all:5",
    sharing.TurnPages(5, 1, "Older"): "pages:list:5:1:Older",
    playlists.WriteDown(1, Form.M3U8): "playlist:1:m3u8",
    playlists.Save(1): "playlist:1:save",
    paths.AnotherPath(PathWish(12, 34, 6, 1, private=True)): "path:12-34-6-1",
    promotions.Vote(1, "down"): "promotion:1:down",
    moderation.Report(1): "report:1",
    moderation.Decide(1, Decision.BAN): "moderate:1:ban",
    moderation.TurnLog(0, "Newer"): "modlog:0:Newer",
    artists.Invitation("accept", 1, 2, 3): "hand:accept:1:2:3",
    accounts.AddToken(): "link:token",
    accounts.PasteAddress(): "link:paste",
    accounts.EnterCode(): "link:code",
    accounts.Replace(LinkedService.LASTFM, "a:b%20c"): "link:replace:lastfm:a:b%20c",
    maps.ChoosePart(2**63 - 1): "map:choose:9223372036854775807",
    maps.TurnPart(5, 12, "up"): "map:turn:5:12:up",
    maps.ReallyTurn(5, 12, "off"): "map:sure:5:12:off",
    maps.BackToMap(5): "map:back:5",
    maps.ShareMap(5): "map:share:5",
    maps.RenamePart(5, 12): "map:name:5:12",
    releases.TurnReleases(ReleaseWish(30, 50, 1, private=True), 5): "releases:30.50.1.1:5",
    stories.Turn(5, "met", YEAR, "on"): "story:5:met:20251130.20261130:on",
    stories.Share(5, "profile", ALL): "story-share:5:profile:-.20261130",
}
UNREADABLE = (
    "pick:up:12",
    "pick:up:12:34:56",
    "pick:sideways:12:34",
    "pick:up:-1:34",
    "pick:up:9223372036854775808:34",
    "pick:up:12:99999999999999999999999999999999",
    "blend:join:12",
    "promotion:٣:up",
    "again:5.50",
    "again:w5.000..z",
    "again:w5.0..",
    "again:w.000..",
    "without:w99999999999999999999.000..",
    "again:5.60.7.angry.ar9..010.",
    "again:5.60.7.calm.ar9..010..x",
    "again:5.50.99999999999999999999....000.",
    "start:tracks:2",
    "history:5:1000000:Older",
    "rate:5:6",
    "rate:this:5:6",
    "playlist:1:doc",
    "path:12-34-6",
    "path:12-34-3-1",
    "path:12-34-6-21",
    "path:12--34-6-1",
    "moderate:1:praise",
    "link:replace:spotify:ann",
    "releases:30.50.1:5",
    "map:turn:5:12:sideways",
    "story:5:met:20261130.20251130:on",
    "story:5:met:20251301.20261130:on",
    "story:5:profile:20251130.20261130:on",
    "story-share:5:profile:20261130",
    "mute:which:5:366",
    "mute:back:5:sort:1",
    "me:5:loud:1",
    "page:list:give:12:sound",
    "page:list:ask:12:rhymes",
    "page:map:ask:99999999999999999999",
    "of another bot",
)


@pytest.mark.parametrize(("stored", "custom_id"), IDS.items(), ids=IDS.values())
def test_an_id_is_written_as_ever_and_read_again(stored: Stored, custom_id: str) -> None:
    assert stored.custom_id == custom_id
    assert type(stored).read(custom_id) == stored


def test_every_kind_is_listed_here_and_no_id_is_of_two_kinds(world: World) -> None:
    kinds = world.bot().presses.kinds

    assert {type(stored) for stored in IDS} == set(kinds)
    for stored, custom_id in IDS.items():
        assert [kind for kind in kinds if kind.read(custom_id)] == [type(stored)]


def test_the_code_of_a_former_version_is_still_read() -> None:
    assert pick_buttons.Again.read("again:3.60.....000") == pick_buttons.Again(Wish())


def test_nobody_reads_what_cannot_be(world: World) -> None:
    for custom_id in UNREADABLE:
        assert [kind for kind in world.bot().presses.kinds if kind.read(custom_id)] == []


async def test_a_button_that_cannot_be_read_is_answered_with_a_sentence(world: World) -> None:
    for custom_id in ("pick:up:12:99999999999999999999", "history:5", "of another bot"):
        result = await press(world, custom_id)

        assert result.ephemeral
        assert answer(result) == replies.NO_LONGER_WORKS


FORMS = [
    (accounts.PasteAddress(), "address", "https://example.com/?error=no"),
    (accounts.AddToken(), "token", "0f7e2d3c-0000-4000-8000-000000000000"),
    (accounts.EnterCode(), "code", "ABC234"),
    (moderation.Report(1), "reason", "not their music"),
    (ai.AppealLabel("artist", 1), "reason", "they play it themselves"),
    (start.NameArtists(BEGUN), "artist0", "Nobody Xq"),
    (start.PasteLink(BEGUN), "link", "Nobody Xq – Nothing Zq"),
    (maps.RenamePart(5, 12), "name", "mine"),
]


def test_every_form_is_listed_here(world: World) -> None:
    kinds = {kind for kind in world.bot().presses.kinds if issubclass(kind, StoredForm)}

    assert {type(form) for form, _, _ in FORMS} == kinds


@pytest.mark.both
@pytest.mark.parametrize(("form", "field", "written"), FORMS, ids=lambda one: str(one)[:20])
async def test_what_is_written_into_a_form_outlives_a_restart(
    world: World, form: StoredForm, field: str, written: str
) -> None:
    opened = await press(world, form.custom_id)
    assert opened.modal is not None
    await world.restart()

    result = await world.ann.submit_modal(opened, {field: written})

    assert result.ephemeral
    assert result.response is not None
    assert answer(result) or result.response.embeds
    assert answer(result) != replies.NO_LONGER_WORKS


async def test_a_report_that_was_being_written_during_a_restart_is_kept(world: World) -> None:
    await world.ann.slash(
        world.channel,
        "promote playlist",
        url="https://open.spotify.com/playlist/37i9dQZF1DXcBWIGoYBM5M",
        text="Quiet songs for rain",
    )
    post = next(one for one in world.channel.history() if one.components)
    opened = await world.ben.click(post, custom_id=moderation.Report(1).custom_id)
    await world.restart()

    await world.ben.submit_modal(opened, {"reason": "not their music"})

    async with world.database.read() as conn:
        assert await reports.open_reasons(conn, 1) == ("not their music",)


@pytest.mark.parametrize("value", ["rock", str(2**64), "-1"])
async def test_a_menu_of_another_version_is_answered_with_a_sentence(
    world: World, value: str
) -> None:
    menu: discord.ui.Select[discord.ui.View] = discord.ui.Select(
        custom_id=pick_buttons.StartGenres(Wish()).custom_id,
        options=[discord.SelectOption(label="Old", value=value)],
    )
    message = await post(world, menu)

    result = await world.ann.select(message, [value])

    assert result.ephemeral
    assert answer(result) == replies.NO_LONGER_WORKS


async def press(
    world: World, custom_id: str, actor: MemberActor | None = None
) -> InteractionResult:
    button: discord.ui.Button[discord.ui.View] = discord.ui.Button(label="Old", custom_id=custom_id)
    return await (actor or world.ann).click(await post(world, button), custom_id=custom_id)


async def post(world: World, item: discord.ui.Item[discord.ui.View]) -> discord.Message:
    channel = world.bot().get_channel(world.channel.id)
    assert isinstance(channel, discord.TextChannel)
    view = discord.ui.View(timeout=None)
    view.add_item(item)
    view.stop()
    return await channel.send("A former version of me", view=view)


# ------------------------------------------------------------------------ ids that never return

NAMED: dict[str, tuple[Table, ...]] = {
    "promotion_id": (tables.promotions,),
    "recommendation_id": (tables.recommendations,),
    "audition_id": (tables.recommendations,),
    "track_id": (tables.tracks,),
    "artist_id": (tables.artists,),
    "subject_id": (tables.artists, tables.tracks, tables.promotions),
    "appeal_id": (tables.ai_appeals,),
    "number": (tables.not_me,),
    "playlist_id": (tables.playlists,),
    "wish": (tables.genres, tables.tracks, tables.albums, tables.artists),
    "blend_id": (tables.blends,),
    "claim_id": (tables.artist_claims,),
    "hand_id": (),
    "holder_id": (),
    "owner_id": (),
    "only": (),
    "user_id": (),  # Discord's own, and Discord gives none twice
    "page": (),
    "period": (),  # days
}
"""What each field names that is, or holds, a number."""
NO_ID = {
    "subject",
    "verdict",
    "thumb",
    "score",
    "label",
    "private",
    "answer",
    "written",
    "decision",
    "service",
    "name",
    "way",
    "days",
    "kind",
    "sort",
    "wanted",
    "step",
    "telling",
}


def test_every_field_of_a_button_is_listed_with_the_table_whose_ids_it_holds(world: World) -> None:
    fields = {field for kind in world.bot().presses.kinds for field in get_annotations(kind)}

    assert fields == set(NAMED) | NO_ID


async def test_no_id_that_a_button_may_hold_is_given_to_another_row(world: World) -> None:
    named = {table for each in NAMED.values() for table in each}

    assert [
        table.name for table in named if not table.dialect_options["sqlite"]["autoincrement"]
    ] == []
    async with world.database.read() as conn:
        query = text("select name from sqlite_master where sql like '%autoincrement%'")
        assert {table.name for table in named} <= set(await conn.scalars(query))


async def test_a_promotion_after_a_deleted_one_has_a_new_id(world: World) -> None:
    url = "https://open.spotify.com/playlist/37i9dQZF1DXcBWIGoYBM5M"
    given = {"url": url, "text": "Quiet songs"}
    await world.ann.slash(world.channel, "promote playlist", **given)
    await world.bot().services.privacy.delete(world.ann.id)
    world.clock.move(days=31)

    await world.ben.slash(world.channel, "promote playlist", **given)

    async with world.database.read() as conn:
        assert await promotion_store.by_id(conn, 1) is None
        assert await promotion_store.by_id(conn, 2) is not None


async def test_a_button_under_the_message_of_something_else_does_nothing(world: World) -> None:
    url = "https://open.spotify.com/playlist/37i9dQZF1DXcBWIGoYBM5M"
    await world.ann.slash(world.channel, "promote playlist", url=url, text="Quiet songs")
    boss = world.guild.add_member(
        world.env.create_user("boss"),
        roles=[world.guild.create_role("boss", permissions=discord.Permissions(manage_guild=True))],
    )

    for custom_id in ("promotion:1:up", "moderate:1:ban", "moderate:1:keep"):
        result = await press(world, custom_id, boss)
        assert "is of a promotion that is gone" in answer(result)
    form = await press(world, "report:1")
    assert "is of a promotion that is gone" in answer(
        await world.ann.submit_modal(form, {"reason": "spam"})
    )
    for action in ("up", "why", "more", "play", "menu", "never", "rest", "version"):
        result = await press(world, f"pick:{action}:1:0")
        assert "is of a pick that is gone" in answer(result)
    async with world.database.read() as conn:
        for table in (tables.bans, tables.feedback, tables.reports):
            assert (await conn.execute(select(table))).all() == []


async def test_why_under_a_pick_of_another_track_is_for_ones_own_taste(world: World) -> None:
    for number in range(1, 4):
        await world.ann.slash(world.channel, "rate track", track=f"track:{number}", score=5)
    await world.ann.slash(world.channel, "discover", count=1)
    async with world.database.read() as conn:
        (track_id,) = await conn.scalars(select(tables.recommendations.c.track_id))
    services = world.bot().services

    _, own = await services.recommender.why(world.ann.id, 1, track_id)
    card, of_another = await services.recommender.why(world.ann.id, 1, track_id + 1)

    assert own
    assert not of_another
    assert card.track.id == track_id + 1
