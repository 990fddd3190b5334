"""Every kind of stored button, menu and form: its id stays what messages already hold."""

from dataclasses import replace

import discord
import pytest
from simcord import InteractionResult

from bot.core.accounts import LinkedService
from bot.core.lists import Form
from bot.core.models import Subject, SubjectKind
from bot.core.promotion import Decision
from bot.core.ranking import DeepCuts, Mood, Wish
from bot.core.releases import ReleaseWish
from bot.ui import (
    accounts,
    auditions,
    moderation,
    pick_buttons,
    playlists,
    privacy,
    promotions,
    ratings,
    releases,
    replies,
)
from bot.ui.stored import Stored
from tests.cogs.conftest import World
from tests.cogs.test_discover import answer

WISH = Wish(count=5, genre_id=7, mood=Mood.CALM, like=Subject(SubjectKind.ARTIST, 9), private=True)
IDS: dict[Stored, str] = {
    pick_buttons.Like("up", 12, 34): "pick:up:12:34",
    pick_buttons.Like("down", 12, 34): "pick:down:12:34",
    pick_buttons.Why(12, 34): "pick:why:12:34",
    pick_buttons.More(12, 34): "pick:more:12:34",
    pick_buttons.Again(WISH): "again:5.60.7.calm.ar9..010.",
    pick_buttons.Again(replace(WISH, deep_cuts=DeepCuts.ONLY)): "again:5.60.7.calm.ar9..010..o",
    pick_buttons.StartGenres(WISH): "start:genres:5.60.7.calm.ar9..010.",
    pick_buttons.StartTracks(private=True): "start:tracks:1",
    pick_buttons.StartTracks(private=False): "start:tracks:0",
    auditions.Judge(3, "up"): "audition:3:up",
    ratings.TurnHistory(2**63 - 1, 2, "Older"): "history:9223372036854775807:2:Older",
    privacy.Answer("delete", 5): "privacy:delete:5",
    privacy.Answer("keep", 5): "privacy:keep:5",
    playlists.WriteDown(1, Form.M3U8): "playlist:1:m3u8",
    playlists.Save(1): "playlist:1:save",
    promotions.Vote(1, "down"): "promotion:1:down",
    moderation.Report(1): "report:1",
    moderation.Decide(1, Decision.BAN): "moderate:1:ban",
    moderation.TurnLog(0, "Newer"): "modlog:0:Newer",
    accounts.AddToken(): "link:token",
    accounts.PasteAddress(): "link:paste",
    accounts.Replace(LinkedService.LASTFM, "a:b%20c"): "link:replace:lastfm:a:b%20c",
    releases.TurnReleases(ReleaseWish(30, 50, 1, private=True), 5): "releases:30.50.1.1:5",
}
UNREADABLE = (
    "pick:up:12",
    "pick:up:12:34:56",
    "pick:sideways:12:34",
    "pick:up:-1:34",
    "pick:up:9223372036854775808:34",
    "pick:up:12:99999999999999999999999999999999",
    "promotion:٣:up",
    "again:5.50",
    "again:5.60.7.angry.ar9..010.",
    "again:5.60.7.calm.ar9..010..x",
    "again:5.50.99999999999999999999....000.",
    "start:tracks:2",
    "history:5:1000000:Older",
    "playlist:1:doc",
    "moderate:1:praise",
    "link:replace:spotify:ann",
    "releases:30.50.1:5",
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


async def test_a_form_that_was_opened_before_a_restart_can_be_sent_after_it(world: World) -> None:
    form = await press(world, accounts.PasteAddress().custom_id)
    await world.restart()

    result = await world.ann.submit_modal(form, {"address": "https://example.com/?error=no"})

    assert result.ephemeral
    assert answer(result) != replies.NO_LONGER_WORKS


async def press(world: World, custom_id: str) -> InteractionResult:
    channel = world.bot().get_channel(world.channel.id)
    assert isinstance(channel, discord.TextChannel)
    view = discord.ui.View(timeout=None)
    view.add_item(discord.ui.Button(label="Old", custom_id=custom_id))
    view.stop()
    message = await channel.send("A former version of me", view=view)
    return await world.ann.click(message, custom_id=custom_id)
