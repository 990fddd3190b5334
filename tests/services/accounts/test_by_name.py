"""Last.fm and ListenBrainz: a name that the service knows, and a token where one is given."""

import pytest

from bot.core.accounts import Linked, LinkedService, ListeningBasis, Occupied
from bot.demo.servers.lastfm import LastFmUser
from bot.demo.servers.loopback import says, status
from bot.errors import NotFoundError, SourceUnavailableError, UserError
from tests.conftest import NOON
from tests.linking import ANN, BEN, LinkingWorld


async def test_a_name_is_linked_as_its_owner_writes_it_and_asked_at_once(
    world: LinkingWorld,
) -> None:
    done = await world.accounts.by_name.lastfm(ANN, " ann ")

    assert isinstance(done, Linked)
    assert (done.account.name, done.account.service) == ("Ann", LinkedService.LASTFM)
    assert done.account.basis is ListeningBasis.TOP
    assert await world.sync_due(done.account) == NOON
    assert await world.accounts.access_token(done.account) is None


@pytest.mark.parametrize(
    "page", ["https://www.last.fm/user/Ann", "https://www.last.fm/user/ann/library?page=2", "@Ann"]
)
async def test_a_link_to_a_page_is_as_good_as_the_name(world: LinkingWorld, page: str) -> None:
    done = await world.accounts.by_name.lastfm(ANN, page)

    assert done.account.name == "Ann"


@pytest.mark.parametrize("service", ["lastfm", "listenbrainz"])
async def test_a_name_that_nobody_has_is_told_and_nothing_is_kept(
    world: LinkingWorld, service: str
) -> None:
    link = getattr(world.accounts.by_name, service)

    with pytest.raises(NotFoundError, match="has no user called “nobody”"):
        await link(ANN, "nobody")

    assert await world.linked() == []


@pytest.mark.parametrize(
    "name", ["", "   ", "..", "a/b", "x" * 65, "https://www.last.fm/music/Low"]
)
async def test_what_can_be_no_name_is_not_asked_for(world: LinkingWorld, name: str) -> None:
    with pytest.raises(UserError, match="user name"):
        await world.accounts.by_name.listenbrainz(ANN, name)

    assert world.outside.listenbrainz.calls == []


async def test_a_service_that_is_down_is_told_and_nothing_is_kept(world: LinkingWorld) -> None:
    world.outside.fail()

    with pytest.raises(SourceUnavailableError, match=r"Last\.fm .* Try again"):
        await world.accounts.by_name.lastfm(ANN, "ann")

    assert await world.linked() == []


async def test_a_key_that_lastfm_refuses_is_for_the_operator(world: LinkingWorld) -> None:
    world.outside.lastfm.key = "another"

    with pytest.raises(UserError, match="whoever runs it checks LASTFM_API_KEY"):
        await world.accounts.by_name.lastfm(ANN, "ann")


async def test_an_answer_that_makes_no_sense_is_told_as_such(world: LinkingWorld) -> None:
    world.outside.listenbrainz.misbehave(status(418))

    with pytest.raises(UserError, match="an answer that I cannot use"):
        await world.accounts.by_name.listenbrainz(ANN, "ann")


async def test_another_name_waits_for_a_yes_and_then_takes_the_place_of_the_first(
    world: LinkingWorld,
) -> None:
    first = await world.accounts.by_name.lastfm(ANN, "ann")

    asked = await world.accounts.by_name.lastfm(ANN, "anna")
    kept = await world.accounts.of(ANN)
    done = await world.accounts.by_name.lastfm(ANN, "anna", replace=True)

    assert asked == Occupied(first.account, "Anna")
    assert kept == (first.account,)
    assert done.account.name == "Anna"
    assert await world.accounts.of(ANN) == (done.account,)
    assert await world.sync_due(first.account) is None


async def test_the_same_name_again_keeps_the_account(world: LinkingWorld) -> None:
    first = await world.accounts.by_name.lastfm(ANN, "ann")

    again = await world.accounts.by_name.lastfm(ANN, "ANN")

    assert again == first


async def test_two_listeners_may_link_the_same_name(world: LinkingWorld) -> None:
    await world.accounts.by_name.lastfm(ANN, "ann")
    world.outside.lastfm.users.append(LastFmUser("Ben"))

    await world.accounts.by_name.lastfm(BEN, "ann")

    assert await world.linked(ANN) == await world.linked(BEN) == [LinkedService.LASTFM]


async def test_a_token_is_kept_encrypted_and_used(world: LinkingWorld) -> None:
    await world.accounts.by_name.listenbrainz(ANN, "ann")

    done = await world.accounts.by_name.add_token(ANN, " hush-lb-token ")

    assert b"hush" not in (await world.secret(done.account) or b"")
    assert await world.accounts.access_token(done.account) == "hush-lb-token"


async def test_a_name_with_its_token_is_linked_in_one_step(world: LinkingWorld) -> None:
    done = await world.accounts.by_name.listenbrainz(ANN, "ann", "hush-lb-token")

    assert await world.accounts.access_token(done.account) == "hush-lb-token"


@pytest.mark.parametrize("token", ["unknown", "", "two words", "é", "line\nbreak"])
async def test_a_token_that_is_not_valid_is_told(world: LinkingWorld, token: str) -> None:
    await world.accounts.by_name.listenbrainz(ANN, "ann")

    with pytest.raises(UserError, match="does not know that token"):
        await world.accounts.by_name.add_token(ANN, token)


async def test_the_token_of_somebody_else_is_refused(world: LinkingWorld) -> None:
    done = await world.accounts.by_name.listenbrainz(ANN, "anna")

    with pytest.raises(UserError, match="belongs to “ann”, not to “anna”"):
        await world.accounts.by_name.add_token(ANN, "hush-lb-token")

    assert await world.secret(done.account) is None


async def test_a_token_needs_an_account_and_a_key(world: LinkingWorld) -> None:
    with pytest.raises(NotFoundError, match="`/link listenbrainz` links one"):
        await world.accounts.by_name.add_token(ANN, "hush-lb-token")
    await world.accounts.by_name.listenbrainz(ANN, "ann")

    with pytest.raises(UserError, match="SECRET_KEYS"):
        await world.with_keys().by_name.add_token(ANN, "hush-lb-token")


async def test_unlinking_removes_the_account_and_its_job(world: LinkingWorld) -> None:
    done = await world.accounts.by_name.listenbrainz(ANN, "ann", "hush-lb-token")

    gone = await world.accounts.unlink(ANN, LinkedService.LISTENBRAINZ)

    assert gone == done.account
    assert await world.linked() == []
    assert await world.secret(done.account) is None
    assert await world.sync_due(done.account) is None
    with pytest.raises(NotFoundError, match="no account of ListenBrainz"):
        await world.accounts.unlink(ANN, LinkedService.LISTENBRAINZ)


async def test_no_account_is_linked_when_lastfm_has_an_error_of_its_own(
    world: LinkingWorld,
) -> None:
    world.outside.lastfm.misbehave(says({"error": 13, "message": "Invalid method signature"}))

    with pytest.raises(UserError, match="cannot use"):
        await world.accounts.by_name.lastfm(ANN, "ann")
