"""Links the accounts for which a name is enough: Last.fm and ListenBrainz."""

from bot.clock import Clock
from bot.core.accounts import LinkedService, LinkOutcome
from bot.errors import UserError
from bot.services.accounts import rows
from bot.services.accounts.refusals import mended, named, need_key, no_user, nothing_asked
from bot.services.accounts.vault import Vault
from bot.services.sources import Sources
from bot.store.engine import Database


class ByName:
    """Links accounts by their names, which the service must know."""

    def __init__(
        self, database: Database, clock: Clock, sources: Sources | None, vault: Vault
    ) -> None:
        self._database = database
        self._clock = clock
        self._sources = sources
        self._vault = vault

    async def lastfm(self, user_id: int, name: str, *, replace: bool = False) -> LinkOutcome:
        """Link a Last.fm account by its name.

        Args:
            name: or a link to its page.
            replace: unlink the one that is linked.

        Raises:
            UserError: there is no such name, or no key to ask with.
            SourceError: Last.fm gives no answer; nothing changes.
        """
        wanted, service = named(name), LinkedService.LASTFM
        lastfm = self._outside().lastfm
        if lastfm is None:
            raise UserError(
                "Linking Last.fm needs a key that whoever runs this bot has not set "
                "(LASTFM_API_KEY). `/link listenbrainz` and `/import` work without a key."
            )
        with mended(
            service, "Last.fm refuses this bot's key: whoever runs it checks LASTFM_API_KEY."
        ):
            found = await lastfm.user(wanted)
        if found is None:
            raise no_user(service, wanted)
        return await self._link(user_id, service, found, replace=replace)

    async def listenbrainz(
        self, user_id: int, name: str, token: str | None = None, *, replace: bool = False
    ) -> LinkOutcome:
        """Link a ListenBrainz account by its name, and with its user token where one is given.

        Raises:
            UserError: there is no such name, the token is not valid or not theirs, or nothing can
                be kept secret here.
            SourceError: ListenBrainz gives no answer; nothing changes.
        """
        wanted, service = named(name), LinkedService.LISTENBRAINZ
        if token is not None:
            return await self._link_with_token(user_id, wanted, token.strip(), replace=replace)
        with mended(service):
            exists = await self._outside().listenbrainz.user_exists(wanted)
        if not exists:
            raise no_user(service, wanted)
        return await self._link(user_id, service, wanted, replace=replace)

    async def add_token(self, user_id: int, token: str) -> LinkOutcome:
        """Keep the user token of the ListenBrainz account that is linked.

        Raises:
            UserError: none is linked, or as `listenbrainz`.
            SourceError: ListenBrainz gives no answer; nothing changes.
        """
        service = LinkedService.LISTENBRAINZ
        async with self._database.read() as conn:
            account = await rows.need(conn, user_id, service)
        return await self.listenbrainz(user_id, account.name, token)

    async def _link_with_token(
        self, user_id: int, name: str, token: str, *, replace: bool
    ) -> LinkOutcome:
        need_key(self._vault, "A token")
        if not token.isascii() or not token.isprintable() or " " in token:
            owner = None
        else:
            with mended(LinkedService.LISTENBRAINZ):
                owner = await self._outside().listenbrainz.token_owner(token)
        if owner is None:
            raise UserError(
                "ListenBrainz does not know that token. Copy it from "
                "https://listenbrainz.org/settings/ and try again."
            )
        if owner.casefold() != name.casefold():
            raise UserError(f"That token belongs to “{owner}”, not to “{name}”. Copy your own.")
        return await self._link(
            user_id,
            LinkedService.LISTENBRAINZ,
            owner,
            secret=self._vault.seal(token),
            replace=replace,
        )

    async def _link(
        self,
        user_id: int,
        service: LinkedService,
        name: str,
        *,
        secret: bytes | None = None,
        replace: bool,
    ) -> LinkOutcome:
        async with self._database.write() as conn:
            return await rows.link(
                conn,
                user_id,
                service,
                name=name,
                secret=secret,
                replace=replace,
                now=self._clock.now(),
            )

    def _outside(self) -> Sources:
        if self._sources is None:
            raise nothing_asked()
        return self._sources
