"""Linking and unlinking, as listeners do it."""

from collections.abc import AsyncIterator

import pytest
from simcord.actors import MemberActor
from simcord.results import InteractionResult, ResponseMessage
from sqlalchemy import select
from yarl import URL

from bot.core.accounts import LinkedAccount
from bot.demo.outside import World as Services
from bot.demo.servers.lastfm import LastFmUser
from bot.demo.servers.songs import Song
from bot.demo.servers.spotify import SpotifyUser
from bot.services.accounts.accounts import Linking
from bot.services.accounts.consents import pasted_answer
from bot.services.accounts.vault import Vault
from bot.services.finding.lookup import Outside
from bot.store import accounts as store
from bot.store.engine import Database
from bot.store.tables import jobs, linked_accounts
from tests.cogs.bands import add_bands, spotify_id
from tests.cogs.conftest import World
from tests.fakes import FakeClock
from tests.linking import KEY, LULLABY
from tests.outside import open_outside

SONG_4 = Song("Song 4", "Band 4", spotify_id=spotify_id(4))
ANN = SpotifyUser("ann-at-spotify", playlists={"list1": [LULLABY]})


@pytest.fixture
async def services(database: Database, clock: FakeClock) -> AsyncIterator[Services]:
    async with open_outside(database, clock, [LULLABY, SONG_4], with_keys=True) as services:
        services.lastfm.users += [LastFmUser("Ann"), LastFmUser("Anna")]
        services.listenbrainz.listens["ann"] = []
        services.listenbrainz.tokens["hush-lb-token"] = "ann"
        yield services


@pytest.fixture
def outside(services: Services) -> Outside | None:
    return services.outside


@pytest.fixture
def linking() -> Linking:
    return Linking(Vault([KEY]))


def said(result: InteractionResult) -> str:
    """Return the private answer."""
    message = answered(result)
    assert message.ephemeral, "nobody else must see what somebody links"
    return message.content


def answered(result: InteractionResult) -> ResponseMessage:
    message = result.response or result.followups[0]
    assert message is not None
    return message


def fields(result: InteractionResult) -> dict[str, str]:
    (embed,) = answered(result).embeds
    return {field.name or "": field.value or "" for field in embed.fields}


async def accounts(world: World, who: MemberActor) -> tuple[LinkedAccount, ...]:
    async with world.database.read() as conn:
        return await store.of_user(conn, who.id)


def consent_url(result: InteractionResult) -> str:
    """Return where the button leads to."""
    buttons = [one for row in answered(result).components for one in row["components"]]
    return str(next(one["url"] for one in buttons if "url" in one))


async def link_spotify(
    world: World, services: Services, who: MemberActor, **options: bool
) -> InteractionResult:
    """Ask, agree, press the button and paste where the browser ended."""
    asked = await who.slash(world.channel, "link spotify", **options)
    address = services.accounts.agree(consent_url(asked), ANN)
    form = await who.click(answered(asked), label="Paste the address")
    return await who.submit_modal(form, {"address": address})


@pytest.mark.both
async def test_a_lastfm_account_is_linked_by_its_name(world: World) -> None:
    result = await world.ann.slash(world.channel, "link lastfm", name="ann")

    assert said(result).startswith("Linked: **Ann** of Last.fm. What counts is what you play most")
    assert [one.name for one in await accounts(world, world.ann)] == ["Ann"]
    async with world.database.read() as conn:
        assert list(await conn.execute(select(jobs.c.kind, jobs.c.due_at))) == [
            ("sync", world.clock.now())
        ]


async def test_a_name_that_nobody_has_is_told(world: World) -> None:
    result = await world.ann.slash(world.channel, "link lastfm", name="nobody")

    assert "Last.fm has no user called “nobody”" in said(result)
    assert await accounts(world, world.ann) == ()


async def test_a_service_that_is_down_is_told(world: World, services: Services) -> None:
    services.fail()

    result = await world.ann.slash(world.channel, "link listenbrainz", name="ann")

    assert "ListenBrainz" in said(result)
    assert "Try again in a few minutes" in said(result)


async def test_another_name_takes_the_place_of_the_first_at_the_press_of_a_button(
    world: World,
) -> None:
    await world.ann.slash(world.channel, "link lastfm", name="ann")

    asked = await world.ann.slash(world.channel, "link lastfm", name="anna")
    await world.restart()
    done = await world.ann.click(answered(asked), label="Unlink Ann, link Anna")

    assert "delete everything that came from it" in said(asked)
    assert said(done).startswith("Linked: **Anna** of Last.fm")
    assert [one.name for one in await accounts(world, world.ann)] == ["Anna"]


async def test_a_token_is_added_by_a_form_also_after_a_restart(world: World) -> None:
    linked = await world.ann.slash(world.channel, "link listenbrainz", name="ann")
    await world.restart()

    form = await world.ann.click(answered(linked), label="Add a token")
    done = await world.ann.submit_modal(form, {"token": "hush-lb-token"})

    assert said(done).startswith("Kept, encrypted: the token of **ann**")
    async with world.database.read() as conn:
        secret = await conn.scalar(select(linked_accounts.c.secret))
    assert secret is not None
    assert b"hush" not in secret


async def test_a_token_that_is_not_valid_is_told(world: World) -> None:
    linked = await world.ann.slash(world.channel, "link listenbrainz", name="ann")

    form = await world.ann.click(answered(linked), label="Add a token")
    done = await world.ann.submit_modal(form, {"token": "typo"})

    assert "ListenBrainz does not know that token" in said(done)


async def test_spotify_is_linked_by_agreeing_and_pasting(world: World, services: Services) -> None:
    asked = await world.ann.slash(world.channel, "link spotify")
    done = await link_spotify(world, services, world.ann)

    assert "five seats" in said(asked)
    assert "a page that may not load" in said(asked)
    assert said(done).startswith("Linked: **Ann** of Spotify")
    assert [one.name for one in await accounts(world, world.ann)] == ["ann-at-spotify"]


async def test_a_bot_that_is_reached_by_browsers_says_nothing_of_pasting(world: World) -> None:
    world.linking = Linking(Vault([KEY]), "https://b.example.org/spotify/callback", is_served=True)
    await world.restart()

    asked = await world.ann.slash(world.channel, "link spotify")

    assert "may well not load" not in said(asked)
    assert URL(consent_url(asked)).query["redirect_uri"].startswith("https://b.example.org/")


async def test_where_a_page_is_served_the_code_that_it_shows_links_the_account(
    world: World, services: Services
) -> None:
    world.linking = Linking(Vault([KEY]), "https://b.example.org/spotify/callback", is_served=True)
    await world.restart()
    asked = await world.ann.slash(world.channel, "link spotify")
    address = services.accounts.agree(consent_url(asked), ANN)
    by_consent = world.bot().services.accounts.by_consent
    code = by_consent.arrive(pasted_answer(address)).code

    form = await world.ann.click(answered(asked), label="Enter the code")
    wrong = await world.ann.submit_modal(form, {"code": "nonsense"})
    form = await world.ann.click(answered(asked), label="Enter the code")
    done = await world.ann.submit_modal(form, {"code": code})

    assert "That is not the code on the page" in said(wrong)
    assert said(done).startswith("Linked: **Ann** of Spotify")


async def test_what_somebody_else_agreed_to_cannot_be_pasted(
    world: World, services: Services
) -> None:
    asked = await world.ann.slash(world.channel, "link spotify")
    own = await world.ben.slash(world.channel, "link spotify")
    address = services.accounts.agree(consent_url(asked), ANN)

    form = await world.ben.click(answered(own), label="Paste the address")
    done = await world.ben.submit_modal(form, {"address": address})

    assert "Somebody else asked for this link" in said(done)
    assert await accounts(world, world.ben) == ()


async def test_after_a_restart_the_button_works_and_says_to_ask_again(
    world: World, services: Services
) -> None:
    asked = await world.ann.slash(world.channel, "link spotify")
    address = services.accounts.agree(consent_url(asked), ANN)
    await world.restart()

    form = await world.ann.click(answered(asked), label="Paste the address")
    done = await world.ann.submit_modal(form, {"address": address})

    assert "I was restarted since. Use `/link spotify` in Discord again" in said(done)


async def test_what_is_no_address_is_told(world: World) -> None:
    asked = await world.ann.slash(world.channel, "link spotify")

    form = await world.ann.click(answered(asked), label="Paste the address")
    done = await world.ann.submit_modal(form, {"address": "it did not load"})

    assert "copy the whole address of the page" in said(done)


async def test_status_shows_what_is_linked_and_what_could_be(
    world: World, services: Services
) -> None:
    before = fields(await world.ann.slash(world.channel, "link status"))
    await link_spotify(world, services, world.ann)
    (account,) = await accounts(world, world.ann)
    async with world.database.write() as conn:
        await store.set_synced(conn, account.id, now=world.clock.now(), cursor=None)
        await store.set_problem(conn, account.id, "It rains.")
    after = fields(await world.ann.slash(world.channel, "link status"))

    assert before == {
        "Last.fm": "not linked: `/link lastfm`",
        "ListenBrainz": "not linked: `/link listenbrainz`",
        "Spotify": "not linked: `/link spotify`",
    }
    assert "**Ann**" in after["Spotify"]
    assert f"last read: <t:{int(world.clock.now().timestamp())}:R>" in after["Spotify"]
    assert "It rains." in after["Spotify"]
    assert fields(await world.ben.slash(world.channel, "link status")) == before


async def test_a_playlist_is_chosen_among_ones_own(world: World, services: Services) -> None:
    await link_spotify(world, services, world.ann)

    offered = await world.ann.autocomplete(
        world.channel, "link basis", "playlist", "mi", service="spotify", what="playlist"
    )
    result = await world.ann.slash(
        world.channel, "link basis", service="spotify", what="playlist", playlist="list1"
    )

    assert [(one["name"], one["value"]) for one in offered] == [("Mine", "list1")]
    assert said(result).startswith(
        "What counts from Spotify now: your playlist “Mine”. You can also choose"
    )


async def test_what_a_service_does_not_offer_is_told(world: World) -> None:
    await world.ann.slash(world.channel, "link lastfm", name="ann")

    result = await world.ann.slash(world.channel, "link basis", service="lastfm", what="saved")

    assert "Last.fm offers only `top` and `recent`" in said(result)


async def test_unlinking_deletes_the_account_at_once(world: World, services: Services) -> None:
    await link_spotify(world, services, world.ann)

    result = await world.ann.slash(world.channel, "unlink", service="spotify")
    again = await world.ann.slash(world.channel, "unlink", service="spotify")

    assert said(result).startswith("Unlinked: **Ann** of Spotify. Everything that came from it")
    assert "spotify.com/account/apps" in said(result)
    assert "You have linked no account of Spotify" in said(again)
    async with world.database.read() as conn:
        assert (await conn.execute(select(linked_accounts))).first() is None
        assert await conn.scalar(select(jobs.c.kind).where(jobs.c.kind == "sync")) is None


async def test_a_link_that_ended_is_told_once_at_the_next_command_and_never_by_message(
    world: World, services: Services
) -> None:
    await link_spotify(world, services, world.ann)
    (account,) = await accounts(world, world.ann)
    services.accounts.refresh_tokens.clear()
    world.clock.move(hours=2)
    ended = await world.ann.slash(
        world.channel, "link basis", service="spotify", what="playlist", playlist="list1"
    )

    first = await world.ann.slash(world.channel, "privacy show")
    second = await world.ann.slash(world.channel, "privacy show")

    assert "Your link to Spotify has ended" in said(ended)
    assert await accounts(world, world.ann) == ()
    notes = [one.content for one in first.followups if one.content]
    assert [note.startswith("Your link to Spotify ended <t:") for note in notes] == [True]
    assert all(one.ephemeral for one in first.followups)
    assert [one.content for one in second.followups if one.content] == []
    assert account.service == "spotify"


async def test_privacy_shows_the_account_and_deletes_it_with_its_job(
    world: World, services: Services
) -> None:
    await link_spotify(world, services, world.ann)
    await world.ann.slash(world.channel, "link lastfm", name="ann")
    await world.ben.slash(world.channel, "link lastfm", name="ann")

    shown = fields(await world.ann.slash(world.channel, "privacy show"))
    await world.bot().services.privacy.delete(world.ann.id)

    assert "2 linked accounts: Last.fm (Ann) and Spotify (Ann)" in shown["Kept"]
    assert await accounts(world, world.ann) == ()
    assert len(await accounts(world, world.ben)) == 1
    async with world.database.read() as conn:
        syncs = select(jobs).where(jobs.c.kind == "sync")
        assert len((await conn.execute(syncs)).all()) == 1


async def test_what_was_agreed_to_before_everything_was_deleted_links_nothing(
    world: World, services: Services
) -> None:
    asked = await world.ann.slash(world.channel, "link spotify")
    address = services.accounts.agree(consent_url(asked), ANN)
    await world.bot().services.privacy.delete(world.ann.id)

    form = await world.ann.click(answered(asked), label="Paste the address")
    done = await world.ann.submit_modal(form, {"address": address})

    assert "Use `/link spotify` in Discord again" in said(done)
    assert await accounts(world, world.ann) == ()


async def test_privacy_deletes_the_note_of_an_ended_link(world: World, services: Services) -> None:
    await link_spotify(world, services, world.ann)
    services.accounts.refresh_tokens.clear()
    world.clock.move(hours=2)
    await world.ann.slash(
        world.channel, "link basis", service="spotify", what="playlist", playlist="list1"
    )
    privacy = world.bot().services.privacy

    kept = await privacy.show(world.ann.id)
    await privacy.delete(world.ann.id)

    assert kept.ended_links == 1
    assert (await privacy.show(world.ann.id)).total == 0


class TestWithoutKeys:
    """A bot whose operator has set nothing up."""

    @pytest.fixture
    async def services(self, database: Database, clock: FakeClock) -> AsyncIterator[Services]:
        async with open_outside(database, clock, []) as services:
            services.listenbrainz.listens["ann"] = []
            yield services

    @pytest.fixture
    def linking(self) -> Linking:
        return Linking(Vault())

    async def test_lastfm_says_what_is_missing_and_what_works_without(self, world: World) -> None:
        result = await world.ann.slash(world.channel, "link lastfm", name="ann")

        assert "LASTFM_API_KEY" in said(result)
        assert "`/link listenbrainz` and `/import` work without" in said(result)

    async def test_spotify_says_what_is_missing(self, world: World) -> None:
        result = await world.ann.slash(world.channel, "link spotify")

        assert "SPOTIFY_CLIENT_ID" in said(result)

    async def test_a_token_says_what_is_missing_and_the_name_is_enough(self, world: World) -> None:
        linked = await world.ann.slash(world.channel, "link listenbrainz", name="ann")

        form = await world.ann.click(answered(linked), label="Add a token")
        done = await world.ann.submit_modal(form, {"token": "hush-lb-token"})

        assert said(linked).startswith("Linked: **ann** of ListenBrainz")
        assert "SECRET_KEYS" in said(done)


class TestWithoutServices:
    """A bot that asks nobody, as in the demo."""

    @pytest.fixture
    def outside(self) -> Outside | None:
        return None

    @pytest.mark.parametrize("service", ["lastfm", "listenbrainz"])
    async def test_linking_says_so(self, world: World, service: str) -> None:
        result = await world.ann.slash(world.channel, f"link {service}", name="ann")

        assert "asks no music services" in said(result)


async def list_of_likes(world: World, number: int) -> ResponseMessage:
    """Let Ann give a band a 5, and ask for what she likes as a list."""
    await add_bands(world.database)
    await world.ann.slash(world.channel, "rate track", track=f"track:{321 + number}", score=5)
    return answered(await world.ann.slash(world.channel, "playlist"))


def buttons(message: ResponseMessage) -> list[str | None]:
    return [one.get("label") for row in message.components for one in row["components"]]


async def test_a_list_is_saved_at_spotify_for_those_who_agreed(
    world: World, services: Services
) -> None:
    without = await list_of_likes(world, 4)
    await link_spotify(world, services, world.ann, save_playlists=True)
    message = answered(await world.ann.slash(world.channel, "playlist"))

    result = await world.ann.click(message, custom_id="playlist:2:save")

    assert "Save to Spotify" not in buttons(without)
    assert "Save to Spotify" in buttons(message)
    assert said(result).startswith("Saved 1 track: https://open.spotify.com/playlist/")
    (made,) = set(ANN.playlists) - {"list1"}
    assert [song.spotify_id for song in ANN.playlists.pop(made)] == [spotify_id(4)]


async def test_who_linked_without_saving_is_told_how_to_agree_to_it(
    world: World, services: Services
) -> None:
    await link_spotify(world, services, world.ann)
    message = await list_of_likes(world, 4)

    result = await world.ann.click(message, custom_id="playlist:1:save")

    assert "`/link spotify save_playlists:True`" in said(result)
    assert set(ANN.playlists) == {"list1"}
