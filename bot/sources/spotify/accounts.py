"""Asks Spotify's accounts service for tokens: authorization code with PKCE, and for the app."""

from base64 import b64encode, urlsafe_b64encode
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Final

from yarl import URL

from bot.errors import BadAnswerError
from bot.sources import reading
from bot.sources.answers import Json
from bot.sources.host import Pace
from bot.sources.http import Http
from bot.sources.service import Service, Trouble
from bot.sources.values import Grant

BASE: Final = "https://accounts.spotify.com"
PACE: Final = Pace(calls=10, seconds=10)

_ERRORS: Final = {
    "invalid_grant": Trouble.ENDED,
    "invalid_client": Trouble.DENIED,
    "unauthorized_client": Trouble.DENIED,
}


class SpotifyAccounts:
    """Client for the OAuth endpoints. Secrets go out in forms and headers, never in addresses."""

    def __init__(
        self,
        http: Http,
        client_id: str,
        client_secret: str | None = None,
        base: str = BASE,
        pace: Pace = PACE,
    ) -> None:
        self._service = Service(http, "Spotify", base, pace, complaint=complaint)
        self._clock = http.timing.clock
        self._base = base
        self._client_id = client_id
        self._client_secret = client_secret

    def authorize_url(
        self, *, redirect_uri: str, state: str, challenge: str, scopes: Iterable[str]
    ) -> str:
        """Return the page where a user agrees; it sends them back to the redirect URI.

        Args:
            redirect_uri: HTTPS, or http://127.0.0.1:PORT; as registered for the app.
            state: comes back with the user; single-use.
            challenge: `challenge_of` a verifier that is kept for `exchange`.
        """
        url = URL(self._base.rstrip("/")) / "authorize"
        asked = {
            "client_id": self._client_id,
            "response_type": "code",
            "redirect_uri": redirect_uri,
            "state": state,
            "scope": " ".join(sorted(scopes)),
            "code_challenge_method": "S256",
            "code_challenge": challenge,
        }
        return str(url.with_query(asked))

    async def exchange(self, code: str, *, redirect_uri: str, verifier: str) -> Grant:
        """Return the tokens for a code that a user brought back; it works once.

        Raises:
            ConsentEndedError: the code is too old, used or not for this verifier.
            AccessError: the app is not known to Spotify.
        """
        form = {"code": code, "redirect_uri": redirect_uri, "code_verifier": verifier}
        return await self._grant("authorization_code", form)

    async def refresh(self, refresh_token: str) -> Grant:
        """Return fresh tokens. Ask once at a time: the old refresh token may end with the answer.

        Raises:
            ConsentEndedError: the user took the consent back, or it is older than six months.
            AccessError: the app is not known to Spotify.
        """
        return await self._grant("refresh_token", {"refresh_token": refresh_token})

    async def app_grant(self) -> Grant:
        """Return a token for what needs no user, such as albums; this needs the client's secret.

        Raises:
            AccessError: the app is not known to Spotify, or has no secret here.
        """
        return await self._grant("client_credentials", {}, idempotent=True)

    async def _grant(
        self, kind: str, form: Mapping[str, str], *, idempotent: bool = False
    ) -> Grant:
        whole = {"grant_type": kind, "client_id": self._client_id, **form}
        headers = {}
        if self._client_secret is not None:
            pair = b64encode(f"{self._client_id}:{self._client_secret}".encode())
            headers["Authorization"] = f"Basic {pair.decode()}"
        asked_at = self._clock.now()
        answer = await self._service.post(
            "/api/token", form=whole, headers=headers, idempotent=idempotent
        )
        return parse_grant(answer, lasts_from=asked_at)


def challenge_of(verifier: str) -> str:
    """Return the S256 challenge of a PKCE verifier (RFC 7636, section 4.2)."""
    digest = sha256(verifier.encode("ascii")).digest()
    return urlsafe_b64encode(digest).rstrip(b"=").decode()


def complaint(_status: int, answer: Json | None) -> Trouble | None:
    """Read the error of an OAuth answer (RFC 6749, section 5.2)."""
    code = reading.part(answer).get("error")
    return None if code is None else _ERRORS.get(str(code))


def parse_grant(answer: Json, *, lasts_from: datetime) -> Grant:
    """Read tokens, whose time runs from when they were asked for."""
    row = reading.part(answer)
    token = reading.text(row.get("access_token"))
    seconds = reading.number(row.get("expires_in"), 1, 10**7)
    if token is None or seconds is None:
        raise BadAnswerError("Spotify: there is no token in the answer.")
    return Grant(
        access_token=token,
        expires_at=lasts_from + timedelta(seconds=seconds),
        refresh_token=reading.text(row.get("refresh_token")),
        scopes=frozenset((reading.text(row.get("scope")) or "").split()),
    )
