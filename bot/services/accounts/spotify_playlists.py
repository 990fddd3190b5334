"""Saves playlists in the Spotify accounts of listeners who agreed to it."""

import logging
from collections.abc import Sequence
from functools import partial

from bot.core.accounts import LinkedService
from bot.core.lists import SavedPlaylist
from bot.errors import SourceError, UserError
from bot.services.accounts.accounts import Accounts
from bot.services.accounts.refusals import mended
from bot.services.accounts.tokens import NOT_SET_UP
from bot.services.sources import SpotifyUsers
from bot.sources.spotify.client import ADDED_IN_A_CALL

log = logging.getLogger(__name__)


class SpotifyPlaylists:
    """Makes private playlists."""

    def __init__(self, accounts: Accounts, spotify: SpotifyUsers | None) -> None:
        self._accounts = accounts
        self._spotify = spotify

    async def can_save(self, user_id: int) -> bool:
        """Tell whether the listener has linked an account; `save` tells what else it takes."""
        linked = await self._accounts.of(user_id)
        return any(account.service is LinkedService.SPOTIFY for account in linked)

    async def save(
        self, user_id: int, *, name: str, description: str, spotify_ids: Sequence[str]
    ) -> SavedPlaylist:
        """Make a private playlist in a listener's Spotify account, in this order.

        Args:
            description: one line.

        Raises:
            UserError: no Spotify account is linked, or its owner did not agree to this.
            SourceError: Spotify gives no answer; no playlist was made.
        """
        account = await self._accounts.account(user_id, LinkedService.SPOTIFY)
        if self._spotify is None:
            raise UserError(NOT_SET_UP)
        api, service = self._spotify.api, LinkedService.SPOTIFY
        with mended(service):
            if not await self._accounts.may_save(account):
                raise UserError(
                    "I may not save playlists in your Spotify account yet. "
                    "`/link spotify save_playlists:True` asks you; then try again."
                )
            make = partial(api.create_playlist, name=name, description=description)
            made = await self._accounts.ask_as(account, make)
        saved = 0
        for first in range(0, len(spotify_ids), ADDED_IN_A_CALL):
            group = spotify_ids[first : first + ADDED_IN_A_CALL]
            add = partial(api.add_to_playlist, playlist_id=made.id, track_ids=group)
            try:
                await self._accounts.ask_as(account, add)
            except SourceError as error:
                log.warning("%s tracks of a playlist were not taken: %s", len(group), error)
            else:
                saved += len(group)
        url = made.url or f"https://open.spotify.com/playlist/{made.id}"
        return SavedPlaylist(url, saved, len(spotify_ids) - saved)
