import pytest

from bot.core.accounts import LinkedService, ListeningBasis
from bot.errors import NotFoundError, UserError
from tests.conftest import NOON
from tests.linking import ANN, LULLABY, LinkingWorld

SPOTIFY = LinkedService.SPOTIFY


async def test_a_playlist_is_chosen_by_its_id_or_its_name(world: LinkingWorld) -> None:
    world.spotify_user.playlists["list1"] = [LULLABY]
    await world.link_spotify()

    by_id = await world.accounts.basis.set(ANN, SPOTIFY, ListeningBasis.PLAYLIST, "list1")
    by_name = await world.accounts.basis.set(ANN, SPOTIFY, ListeningBasis.PLAYLIST, "mine")

    assert by_id == by_name
    assert (by_id.basis, by_id.playlist_id, by_id.playlist_name) == ("playlist", "list1", "Mine")


async def test_a_change_is_read_at_once_and_forgets_the_playlist(world: LinkingWorld) -> None:
    world.spotify_user.playlists["list1"] = []
    account = await world.link_spotify()
    await world.accounts.basis.set(ANN, SPOTIFY, ListeningBasis.PLAYLIST, "list1")
    world.clock.move(hours=1)

    changed = await world.accounts.basis.set(ANN, SPOTIFY, ListeningBasis.SAVED)

    assert (changed.basis, changed.playlist_id) == (ListeningBasis.SAVED, None)
    assert await world.sync_due(account) == world.clock.now() != NOON


@pytest.mark.parametrize("basis", [ListeningBasis.SAVED, ListeningBasis.PLAYLIST])
async def test_what_a_service_does_not_offer_is_told_with_what_it_does(
    world: LinkingWorld, basis: ListeningBasis
) -> None:
    await world.accounts.by_name.lastfm(ANN, "ann")

    with pytest.raises(UserError, match=r"Last\.fm offers only `top` and `recent`"):
        await world.accounts.basis.set(ANN, LinkedService.LASTFM, basis, "x")


@pytest.mark.parametrize(
    ("basis", "playlist"), [(ListeningBasis.PLAYLIST, None), (ListeningBasis.TOP, "list1")]
)
async def test_a_playlist_goes_with_that_basis_and_no_other(
    world: LinkingWorld, basis: ListeningBasis, playlist: str | None
) -> None:
    await world.link_spotify()

    with pytest.raises(UserError, match="`what:playlist` go together"):
        await world.accounts.basis.set(ANN, SPOTIFY, basis, playlist)


async def test_a_playlist_that_is_not_theirs_is_told(world: LinkingWorld) -> None:
    await world.link_spotify()

    with pytest.raises(NotFoundError, match="no such playlist among yours"):
        await world.accounts.basis.set(ANN, SPOTIFY, ListeningBasis.PLAYLIST, "other")


async def test_a_basis_needs_an_account(world: LinkingWorld) -> None:
    with pytest.raises(NotFoundError, match="You have linked no account of Spotify"):
        await world.accounts.basis.set(ANN, SPOTIFY, ListeningBasis.TOP)


async def test_playlists_are_suggested_by_what_is_typed_and_asked_for_once(
    world: LinkingWorld,
) -> None:
    world.spotify_user.playlists = {f"list{n}": [] for n in range(60)}
    await world.link_spotify()
    asked = len(world.outside.spotify.calls)

    found = await world.accounts.basis.suggest_playlists(ANN, "MIN")
    none = await world.accounts.basis.suggest_playlists(ANN, "jazz")

    assert len(found) >= 50
    assert none == []
    assert len(world.outside.spotify.calls) - asked == 4


async def test_no_playlists_are_suggested_without_an_account_or_an_answer(
    world: LinkingWorld,
) -> None:
    strangers = await world.accounts.basis.suggest_playlists(ANN, "")
    await world.link_spotify()
    world.outside.fail()

    assert strangers == await world.accounts.basis.suggest_playlists(ANN, "") == []
