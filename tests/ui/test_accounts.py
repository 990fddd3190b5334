"""Linked accounts in Discord's limits."""

from dataclasses import replace

import discord
import pytest

from bot.core.accounts import (
    MAX_NAME,
    ConsentPage,
    Linked,
    LinkedAccount,
    LinkedService,
    ListeningBasis,
    Occupied,
)
from bot.ui import accounts as ui
from tests.conftest import NOON

ACCOUNT = LinkedAccount(
    id=1,
    user_id=1,
    service=LinkedService.LISTENBRAINZ,
    name="ann",
    display_name=None,
    basis=ListeningBasis.TOP,
    playlist_id=None,
    playlist_name=None,
    linked_at=NOON,
    synced_at=None,
    cursor=None,
    problem=None,
)
LONG = "*" * MAX_NAME


def buttons(view: discord.ui.View | None) -> list[discord.ui.Button[discord.ui.View]]:
    assert view is not None
    return [one for one in view.children if isinstance(one, discord.ui.Button)]


def test_the_longest_names_fit_into_the_button_that_replaces() -> None:
    (button,) = buttons(ui.outcome_buttons(Occupied(replace(ACCOUNT, name=LONG), LONG)))

    assert len(button.label or "") <= 80
    assert len(button.custom_id or "") <= 100


def test_the_longest_status_fits_into_an_embed() -> None:
    account = replace(
        ACCOUNT,
        name=LONG,
        basis=ListeningBasis.PLAYLIST,
        playlist_name="|" * 500,
        problem="x" * 300,
    )
    accounts = tuple(replace(account, service=service) for service in LinkedService)

    embed = ui.status(accounts)

    assert len(embed) <= 6000
    assert all(len(field.value or "") <= 1024 for field in embed.fields)


def test_a_name_is_shown_as_it_stands() -> None:
    told = ui.outcome(Linked(replace(ACCOUNT, name="@everyone **x**")))

    assert "\\*\\*x\\*\\*" in told
    assert "@everyone" not in told


@pytest.mark.parametrize("comes_back", [True, False])
def test_the_way_to_spotify_is_a_button_or_a_link_where_it_is_too_long(comes_back: bool) -> None:
    short = ConsentPage("https://accounts.spotify.com/authorize?x", comes_back)
    long = ConsentPage(f"https://accounts.spotify.com/authorize?{'x' * 500}", comes_back)

    back = "Enter the code" if comes_back else "Paste the address"
    assert [one.label for one in buttons(ui.consent_buttons(short))] == ["Open Spotify", back]
    assert [one.label for one in buttons(ui.consent_buttons(long))] == [back]
    assert long.url in ui.consent(long)
    assert short.url not in ui.consent(short)
    assert len(ui.consent(long)) <= 2000


def test_who_lets_playlists_be_saved_is_not_told_that_nothing_is_changed() -> None:
    plain = ConsentPage("https://accounts.spotify.com/authorize?x", comes_back=True)

    assert "nothing is changed" in ui.consent(plain)
    assert "nothing is changed" not in ui.consent(replace(plain, saving=True))
