"""Tokens: renewed in time, by one at a time; what ends is unlinked; keys are changed."""

import asyncio
from datetime import timedelta

import pytest
from aiohttp import web

from bot.core.accounts import EndedLink, LinkedAccount, LinkedService
from bot.demo.servers.loopback import says
from bot.errors import (
    AccessError,
    ConsentEndedError,
    SourceUnavailableError,
    TokenExpiredError,
)
from bot.services.accounts import rotation
from bot.services.accounts.accounts import Accounts, Linking
from bot.services.accounts.vault import Vault, new_key
from bot.sources.values import Account
from tests.conftest import NOON
from tests.linking import ANN, KEY, LinkingWorld


async def ask(world: LinkingWorld, account: LinkedAccount) -> Account:
    users = world.outside.sources.spotify_users
    assert users is not None
    return await world.accounts.ask_as(account, users.api.account)


async def test_a_token_is_used_until_its_last_minute(world: LinkingWorld) -> None:
    account = await world.link_spotify()

    world.clock.move(minutes=58)
    early = await world.accounts.access_token(account)
    world.clock.move(minutes=1, seconds=1)
    late = await world.accounts.access_token(account)

    assert (early, late) == ("access1", "access2")
    assert await world.accounts.access_token(account) == "access2"
    assert world.outside.accounts.refreshed == 1


async def test_many_who_ask_at_once_renew_once(world: LinkingWorld) -> None:
    account = await world.link_spotify()
    world.clock.move(hours=2)

    tokens = await asyncio.gather(*(world.accounts.access_token(account) for _ in range(10)))

    assert set(tokens) == {"access2"}
    assert world.outside.accounts.refreshed == 1


async def test_who_is_told_to_stop_meanwhile_still_keeps_the_new_tokens(
    world: LinkingWorld,
) -> None:
    account = await world.link_spotify()
    world.clock.move(hours=2)
    asked, answer = asyncio.Event(), asyncio.Event()

    async def slow(request: web.Request) -> web.StreamResponse:
        asked.set()
        await answer.wait()
        return await world.outside.accounts._token(request)

    world.outside.accounts.misbehave(slow)
    waiting = asyncio.create_task(world.accounts.access_token(account))
    await asked.wait()
    waiting.cancel()
    answer.set()
    with pytest.raises(asyncio.CancelledError):
        await waiting

    assert await world.accounts.access_token(account) == "access2"
    assert world.outside.accounts.refreshed == 1


async def test_a_token_that_was_revoked_is_renewed_once_and_asked_with_again(
    world: LinkingWorld,
) -> None:
    account = await world.link_spotify()
    world.outside.spotify.tokens.clear()

    told = await asyncio.gather(*(ask(world, account) for _ in range(3)))

    assert {one.id for one in told} == {"ann-at-spotify"}
    assert world.outside.accounts.refreshed == 1


async def test_a_fresh_token_that_is_refused_too_is_no_reason_to_go_on(
    world: LinkingWorld,
) -> None:
    account = await world.link_spotify()
    refusal = says({"error": {"status": 401, "message": "Bad token"}}, status=401)
    world.outside.spotify.misbehave(refusal, refusal)

    with pytest.raises(TokenExpiredError):
        await ask(world, account)

    assert world.outside.accounts.refreshed == 1
    assert await world.linked() == [LinkedService.SPOTIFY]


async def test_a_bot_that_lost_its_app_says_so_and_unlinks_nothing(world: LinkingWorld) -> None:
    account = await world.link_spotify()
    world.clock.move(hours=2)
    bare = Accounts(world.database, world.clock, None, Linking(Vault([KEY])))

    with pytest.raises(AccessError, match="whoever runs it sets SPOTIFY_CLIENT_ID"):
        await bare.access_token(account)

    assert await world.linked() == [LinkedService.SPOTIFY]


async def test_a_consent_that_ended_unlinks_the_account_with_a_note(world: LinkingWorld) -> None:
    account = await world.link_spotify()
    world.outside.accounts.refresh_tokens.clear()
    world.clock.move(hours=2)

    with pytest.raises(ConsentEndedError, match="`/link spotify` links it again"):
        await world.accounts.access_token(account)

    assert await world.linked() == []
    assert await world.sync_due(account) is None
    ended = EndedLink(LinkedService.SPOTIFY, NOON + timedelta(hours=2))
    assert await world.accounts.untold(ANN) == (ended,)
    await world.accounts.told(ANN, ended)
    assert await world.accounts.untold(ANN) == ()


async def test_linking_again_makes_the_note_needless(world: LinkingWorld) -> None:
    account = await world.link_spotify()
    world.outside.accounts.refresh_tokens.clear()
    world.clock.move(hours=2)
    with pytest.raises(ConsentEndedError):
        await world.accounts.access_token(account)

    await world.link_spotify()

    assert await world.accounts.untold(ANN) == ()


async def test_asking_to_link_again_does_not_end_what_is_linked(world: LinkingWorld) -> None:
    account = await world.link_spotify()
    world.outside.accounts.refresh_tokens.clear()
    world.clock.move(hours=2)

    again = await world.link_spotify()

    assert again.id == account.id
    assert await world.accounts.access_token(account) == "access2"


async def test_tokens_that_another_process_renewed_are_no_end(world: LinkingWorld) -> None:
    account = await world.link_spotify()
    other = world.with_keys(KEY)
    world.clock.move(hours=2)

    tokens = await asyncio.gather(world.accounts.access_token(account), other.access_token(account))

    assert set(tokens) == {"access2"}
    assert await world.linked() == [LinkedService.SPOTIFY]


async def test_a_spotify_that_is_down_ends_nothing(world: LinkingWorld) -> None:
    account = await world.link_spotify()
    world.clock.move(hours=2)
    world.outside.fail()

    with pytest.raises(SourceUnavailableError):
        await world.accounts.access_token(account)

    assert await world.linked() == [LinkedService.SPOTIFY]


async def test_an_account_that_was_unlinked_has_no_token_and_leaves_no_note(
    world: LinkingWorld,
) -> None:
    account = await world.link_spotify()
    await world.accounts.unlink(ANN, LinkedService.SPOTIFY)

    with pytest.raises(ConsentEndedError, match="not linked any more"):
        await world.accounts.access_token(account)

    assert await world.accounts.untold(ANN) == ()


async def test_a_token_under_an_old_key_is_put_under_the_newest_when_it_is_used(
    world: LinkingWorld,
) -> None:
    account = await world.link_spotify()
    new = new_key()

    token = await world.with_keys(new, KEY).access_token(account)

    assert token == "access1"  # noqa: S105
    assert Vault([new]).is_newest(await world.secret(account) or b"")
    assert await world.with_keys(new).access_token(account) == "access1"


async def test_a_token_that_no_key_opens_is_a_problem_of_the_account(world: LinkingWorld) -> None:
    account = await world.link_spotify()

    with pytest.raises(AccessError, match="whoever runs this bot changed its keys"):
        await world.with_keys(new_key()).access_token(account)

    (kept,) = await world.accounts.of(ANN)
    assert "Unlink and link it again" in (kept.problem or "")
    assert await world.accounts.access_token(kept) == "access1", "the key may come back"


async def test_rotation_puts_all_under_the_newest_and_tells_of_the_lost(
    world: LinkingWorld,
) -> None:
    spotify = await world.link_spotify()
    await world.accounts.by_name.listenbrainz(ANN, "ann", "hush-lb-token")
    lost, new = new_key(), new_key()
    other = await world.with_keys(lost).by_name.listenbrainz(2, "ann", "hush-lb-token")

    async with world.database.write() as conn:
        before = await rotation.rotate_seals(conn, Vault([new, KEY]))
        after = await rotation.count_sealed(conn, Vault([new]))

    assert before == rotation.Sealed(newest=0, older=2, lost=1)
    assert after == rotation.Sealed(newest=2, older=0, lost=1)
    assert await world.with_keys(new).access_token(spotify) == "access1"
    assert await world.with_keys(lost).access_token(other.account) == "hush-lb-token"
