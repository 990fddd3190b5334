"""Spotify: ask, agree, come back; once, in ten minutes, and nobody else."""

import asyncio
import logging

import pytest
from yarl import URL

from bot.core.accounts import LinkedService
from bot.demo.servers.loopback import says
from bot.demo.servers.spotify import SpotifyUser
from bot.errors import NotAllowedError, SourceUnavailableError, UserError
from bot.services.accounts.by_consent import READING, SAVING
from bot.services.accounts.consents import pasted_answer
from tests.conftest import NOON
from tests.linking import ANN, BEN, LinkingWorld, parameter


async def test_who_agreed_is_linked_and_asked_at_once(world: LinkingWorld) -> None:
    done = await world.come_back(await world.agree())

    account = done.account
    assert (account.name, account.shown_name) == ("ann-at-spotify", "Ann")
    assert await world.accounts.access_token(account) == "access1"
    assert await world.sync_due(account) == NOON


async def test_only_what_is_needed_is_asked_for_and_saving_by_those_who_want_it(
    world: LinkingWorld,
) -> None:
    plain = await world.accounts.by_consent.begin(ANN, called="ann")
    account = await world.link_spotify(saving=True)
    again = await world.accounts.by_consent.begin(ANN, called="ann")

    assert set(parameter(plain.url, "scope").split()) == READING
    assert (plain.saving, again.saving) == (False, True)
    assert await world.accounts.may_save(account)
    assert SAVING in parameter(again.url, "scope").split(), "a new consent takes nothing back"


async def test_a_wider_consent_keeps_the_account(world: LinkingWorld) -> None:
    first = await world.link_spotify()
    before = await world.accounts.may_save(first)

    second = await world.link_spotify(saving=True)

    assert second.id == first.id
    assert (before, await world.accounts.may_save(second)) == (False, True)


async def test_an_answer_counts_once(world: LinkingWorld) -> None:
    address = await world.agree()
    await world.come_back(address)

    with pytest.raises(UserError, match="it was used already"):
        await world.come_back(address)


async def test_two_answers_at_once_are_one(world: LinkingWorld) -> None:
    address = await world.agree()

    done = await asyncio.gather(
        world.come_back(address), world.come_back(address), return_exceptions=True
    )

    assert sum(isinstance(one, UserError) for one in done) == 1
    assert await world.linked() == [LinkedService.SPOTIFY]


async def test_a_state_that_was_never_given_is_refused(world: LinkingWorld) -> None:
    address = URL(await world.agree()).update_query(state="guessed")

    with pytest.raises(UserError, match="`/link spotify` in Discord again"):
        await world.come_back(str(address))

    assert world.outside.accounts.calls == []


async def test_somebody_else_cannot_bring_the_answer_and_does_not_use_it_up(
    world: LinkingWorld,
) -> None:
    address = await world.agree(ANN)

    with pytest.raises(NotAllowedError, match="Somebody else asked"):
        await world.come_back(address, BEN)
    await world.come_back(address, ANN)

    assert (await world.linked(BEN), await world.linked(ANN)) == ([], [LinkedService.SPOTIFY])


@pytest.mark.parametrize(("minutes", "in_time"), [(9.9, True), (10, False)])
async def test_an_answer_counts_for_ten_minutes(
    world: LinkingWorld, minutes: float, in_time: bool
) -> None:
    address = await world.agree()
    world.clock.move(minutes=minutes)

    if in_time:
        await world.come_back(address)
    else:
        with pytest.raises(UserError, match="older than ten minutes"):
            await world.come_back(address)

    assert bool(await world.linked()) is in_time


async def test_asking_again_closes_the_question_before(world: LinkingWorld) -> None:
    first = await world.agree()
    second = await world.agree()

    with pytest.raises(UserError):
        await world.come_back(first)
    await world.come_back(second)


async def test_a_restart_closes_all_questions(world: LinkingWorld) -> None:
    address = await world.agree()
    restarted = world.with_keys()

    with pytest.raises(UserError, match="I was restarted since"):
        await restarted.by_consent.finish(pasted_answer(address), user_id=ANN)


async def test_who_does_not_agree_is_not_linked(world: LinkingWorld) -> None:
    address = URL(await world.agree())
    refused = address.with_query(error="access_denied", state=address.query["state"])

    with pytest.raises(UserError, match="You did not agree"):
        await world.come_back(str(refused))
    with pytest.raises(UserError, match="used already"):
        await world.come_back(str(address))

    assert await world.linked() == []


@pytest.mark.parametrize(
    "pasted",
    ["", "hello", "http://127.0.0.1:8888/spotify/callback", "https://x/?code=1", "http://["],
)
def test_what_is_no_such_address_is_told(pasted: str) -> None:
    with pytest.raises(UserError, match="copy the whole address"):
        pasted_answer(pasted)


async def test_a_code_that_spotify_refuses_is_told(world: LinkingWorld) -> None:
    address = URL(await world.agree())

    with pytest.raises(UserError, match="no longer takes this answer"):
        await world.come_back(str(address.update_query(code="made-up")))

    assert await world.linked() == []


async def test_an_app_that_spotify_does_not_know_is_for_the_operator(world: LinkingWorld) -> None:
    address = await world.agree()
    world.outside.accounts.client_id = "another"

    with pytest.raises(UserError, match="SPOTIFY_CLIENT_ID"):
        await world.come_back(address)


async def test_who_has_no_seat_is_told_of_the_five(world: LinkingWorld) -> None:
    world.spotify_user.allowed = False

    with pytest.raises(UserError, match=r"five seats.*developer\.spotify\.com/dashboard"):
        await world.link_spotify()

    assert await world.linked() == []


async def test_an_app_whose_owner_has_no_premium_is_told(world: LinkingWorld) -> None:
    message = "Active premium subscription required for the owner of the app"
    world.outside.spotify.misbehave(says({"error": {"message": message}}, status=403))

    with pytest.raises(UserError, match="owner has Premium"):
        await world.link_spotify()


async def test_a_spotify_that_is_down_links_nothing(world: LinkingWorld) -> None:
    address = await world.agree()
    world.outside.fail()

    with pytest.raises(SourceUnavailableError, match="Try again"):
        await world.come_back(address)

    assert await world.linked() == []


async def test_another_spotify_account_is_not_linked_over_the_first(world: LinkingWorld) -> None:
    first = await world.link_spotify()

    with pytest.raises(UserError, match=r"Another Spotify account is linked already \(Ann\)"):
        await world.link_spotify(user=SpotifyUser("another"))

    assert await world.accounts.of(ANN) == (first,)


async def test_without_a_key_nothing_is_asked(world: LinkingWorld) -> None:
    with pytest.raises(UserError, match="whoever runs this bot has set no key"):
        await world.with_keys().by_consent.begin(ANN, called="ann")


async def test_no_secret_stands_in_a_log_or_in_what_a_value_shows(
    world: LinkingWorld, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    page = await world.accounts.by_consent.begin(ANN, called="ann")
    address = world.outside.accounts.agree(page.url, world.spotify_user)
    answer = pasted_answer(address)
    account = (await world.come_back(address)).account
    world.clock.move(hours=2)
    await world.accounts.access_token(account)
    world.outside.accounts.refresh_tokens.clear()
    await world.accounts.ask_as(account, world.outside.sources.spotify_users.api.account)  # type: ignore[union-attr]

    shown = " ".join([caplog.text, repr(answer), repr(page), repr(account)])
    state, code = parameter(address, "state"), parameter(address, "code")
    for secret in (state, code, "access1", "access2", "refresh1", "refresh2"):
        assert secret not in shown
