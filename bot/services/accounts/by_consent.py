"""Links Spotify accounts: their owner agrees on a page of Spotify's, and comes back with a code."""

import logging
from typing import Final

from bot.clock import Clock
from bot.core.accounts import ConsentPage, Linked, LinkedAccount, LinkedService, Occupied
from bot.errors import AccessError, ConsentEndedError, UserError
from bot.services.accounts import rows
from bot.services.accounts.consents import Arrived, Consent, ConsentAnswer, Consents
from bot.services.accounts.refusals import mended, need_key
from bot.services.accounts.tokens import Tokens
from bot.services.sources import SpotifyUsers
from bot.sources.values import Grant
from bot.store.engine import Database

log = logging.getLogger(__name__)

HOME_REDIRECT: Final = "http://127.0.0.1:8888/spotify/callback"
READING: Final = frozenset(
    {"user-read-recently-played", "user-top-read", "user-library-read", "playlist-read-private"}
)
SAVING: Final = "playlist-modify-private"
"""Asked for only by those who want to save playlists."""


class ByConsent:
    """Asks for consents and takes the answers: authorization code with PKCE (RFC 7636)."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        spotify: SpotifyUsers | None,
        tokens: Tokens,
        redirect_uri: str,
        *,
        is_served: bool,
    ) -> None:
        self._database = database
        self._clock = clock
        self._spotify = spotify
        self._tokens = tokens
        self._redirect_uri = redirect_uri
        self._comes_back = is_served and redirect_uri.startswith("https://")
        self._consents = Consents(clock)

    async def begin(self, user_id: int, *, called: str, saving: bool = False) -> ConsentPage:
        """Return the page where a listener agrees that their Spotify account is linked.

        Args:
            user_id: of the listener; nobody else's answer counts.
            called: their Discord name, shown to whoever agrees.
            saving: ask whether playlists may be saved, too.

        Raises:
            UserError: the bot is not set up for it.
        """
        users = self._users()
        need_key(self._tokens.vault, "Spotify")
        async with self._database.read() as conn:
            own = await rows.find(conn, user_id, LinkedService.SPOTIFY)
        if own is not None and not saving:
            saving = await self._saves_already(own)
        state, challenge = self._consents.begin(user_id, called=called)
        url = users.consent.authorize_url(
            redirect_uri=self._redirect_uri,
            state=state,
            challenge=challenge,
            scopes=READING | {SAVING} if saving else READING,
        )
        return ConsentPage(url, comes_back=self._comes_back, saving=saving)

    async def _saves_already(self, account: LinkedAccount) -> bool:
        """Return whether playlists may be saved, which a new consent must not take back."""
        try:
            return SAVING in await self._tokens.scopes(account)
        except AccessError as error:
            log.info("the account %s is asked for all of its consent again: %s", account.id, error)
            return False

    async def finish(self, answer: ConsentAnswer, *, user_id: int) -> Linked:
        """Link the Spotify account whose owner agreed, and pastes where their browser ended.

        Args:
            user_id: who brings it.

        Raises:
            UserError: the answer is too late or somebody else's, they did not agree, or Spotify
                does not let them in.
            SourceError: Spotify gives no answer; nothing changes.
        """
        self._users()
        consent = self._consents.take(answer.state, user_id=user_id)
        return await self._link(consent, _agreed(answer))

    def arrive(self, answer: ConsentAnswer) -> Arrived:
        """Keep what a browser brings, until who asked types the code that its page shows.

        Raises:
            UserError: the answer is too late, or they did not agree.
        """
        self._users()
        consent = self._consents.take(answer.state, user_id=None)
        return self._consents.arrive(consent, _agreed(answer))

    async def confirm(self, user_id: int, typed: str) -> Linked:
        """Link the account whose owner agreed and sees the code that is typed here.

        Raises:
            UserError: it is another code, it is too late, or Spotify does not let them in.
            SourceError: Spotify gives no answer; nothing changes.
        """
        self._users()
        arrived = self._consents.confirm(user_id, typed)
        return await self._link(arrived.consent, arrived.grant)

    async def _link(self, consent: Consent, code: str) -> Linked:
        users = self._users()
        grant = await self._exchanged(users, code, consent.verifier)
        with mended(LinkedService.SPOTIFY):
            owner = await users.api.account(grant.access_token)
        async with self._tokens.holding(consent.user_id), self._database.write() as conn:
            done = await rows.link(
                conn,
                consent.user_id,
                LinkedService.SPOTIFY,
                name=owner.id,
                display_name=owner.name,
                secret=self._tokens.sealed(grant),
                now=self._clock.now(),
            )
        if isinstance(done, Occupied):
            raise UserError(
                f"Another Spotify account is linked already ({done.account.shown_name}). Unlink it "
                "with `/unlink`, then use `/link spotify` again."
            )
        return Linked(done.account)

    def forget(self, user_id: int) -> None:
        """Close the question that a listener has open."""
        self._consents.drop(user_id)

    async def _exchanged(self, users: SpotifyUsers, code: str, verifier: str) -> Grant:
        try:
            with mended(
                LinkedService.SPOTIFY,
                "Spotify does not know this bot's app: whoever runs it checks SPOTIFY_CLIENT_ID "
                "and SPOTIFY_CLIENT_SECRET.",
            ):
                return await users.consent.exchange(
                    code, redirect_uri=self._redirect_uri, verifier=verifier
                )
        except ConsentEndedError as error:
            raise UserError(
                "Spotify no longer takes this answer. Use `/link spotify` in Discord again."
            ) from error

    def _users(self) -> SpotifyUsers:
        if self._spotify is None:
            raise UserError(
                "Linking Spotify needs an app that whoever runs this bot has not set up "
                "(SPOTIFY_CLIENT_ID). `/link listenbrainz` works without."
            )
        return self._spotify


def _agreed(answer: ConsentAnswer) -> str:
    if answer.code is None:
        raise UserError(
            "You did not agree at Spotify, so nothing was linked. `/link spotify` asks again."
        )
    return answer.code
