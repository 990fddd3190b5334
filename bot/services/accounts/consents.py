"""Consents that were asked for and not given yet: in memory, single-use, for ten minutes."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final
from urllib.parse import parse_qsl, urlsplit

from bot.clock import Clock
from bot.core.accounts import MAX_ANSWER
from bot.errors import NotAllowedError, UserError
from bot.sources.spotify import challenge_of

LASTS: Final = timedelta(minutes=10)
CODE_LASTS: Final = timedelta(minutes=5)
"""Spotify takes what came back with a browser for ten minutes at most."""
_TRIES: Final = 5
_LETTERS: Final = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
"""Without those that look alike."""
_CODE_LENGTH: Final = 6

_NOT_OPEN: Final = (
    "This link to Spotify has expired: it was used already, it is older than ten minutes, or I "
    "was restarted since. Use `/link spotify` in Discord again."
)
_NO_ANSWER: Final = (
    "That is not the address your browser ended at. After you agree at Spotify, copy the whole "
    "address of the page you land on, even if that page does not load; it holds `code=` and "
    "`state=`."
)
_OTHER_USER: Final = (
    "Somebody else asked for this link. Use `/link spotify` yourself, and paste the address you "
    "get."
)

_NO_CODE: Final = (
    "No code of yours is open: five minutes have passed, it was mistyped too often, or I was "
    "restarted since. Nothing was linked. Use `/link spotify` again."
)
_WRONG_CODE: Final = (
    "That is not the code on the page. Nothing was linked yet: look at the page and press "
    "**Enter the code** again."
)


@dataclass(frozen=True, slots=True)
class ConsentAnswer:
    """What comes back with a listener from the page where they agree."""

    state: str = field(repr=False)
    code: str | None = field(repr=False)
    """None: they did not agree."""


@dataclass(frozen=True, slots=True)
class Consent:
    """A question that waits for its answer."""

    user_id: int
    called: str
    """The Discord name of who asked."""
    verifier: str = field(repr=False)
    until: datetime


@dataclass(frozen=True, slots=True)
class Arrived:
    """What a browser brought: it counts when who asked types the code that the page shows."""

    consent: Consent
    grant: str = field(repr=False)
    """The code of the service."""
    code: str = field(repr=False)
    """The one on the page."""
    until: datetime
    tries: int = _TRIES


class Consents:
    """Opens questions and closes them; each listener has one at a time, the last they asked for."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._open: dict[str, Consent] = {}
        self._arrived: dict[int, Arrived] = {}

    def begin(self, user_id: int, *, called: str) -> tuple[str, str]:
        """Open a question; return its state and the challenge (RFC 7636) of its verifier."""
        self.drop(user_id)
        state, verifier = secrets.token_urlsafe(16), secrets.token_urlsafe(48)
        self._open[state] = Consent(user_id, called, verifier, self._clock.now() + LASTS)
        return state, challenge_of(verifier)

    def drop(self, user_id: int) -> None:
        """Close the question of a listener, and all that are too old."""
        now = self._clock.now()
        self._open = {
            state: one
            for state, one in self._open.items()
            if one.until > now and one.user_id != user_id
        }
        self._arrived = {
            asker: one
            for asker, one in self._arrived.items()
            if one.until > now and asker != user_id
        }

    def take(self, state: str, *, user_id: int | None) -> Consent:
        """Close a question, so that no second answer to it counts.

        Args:
            user_id: who brings it; None: a browser, and nobody knows whose.

        Raises:
            UserError: there is no such question any more.
            NotAllowedError: somebody else asked it.
        """
        consent = self._open.get(state)
        if consent is None or consent.until <= self._clock.now():
            raise UserError(_NOT_OPEN)
        if user_id not in (None, consent.user_id):
            raise NotAllowedError(_OTHER_USER)
        del self._open[state]
        return consent

    def arrive(self, consent: Consent, grant: str) -> Arrived:
        """Keep what a browser brought, in memory; return it with the code that its page shows.

        Who sees the page is who agreed. Only if they are who asked can the code come from both.
        """
        code = "".join(secrets.choice(_LETTERS) for _ in range(_CODE_LENGTH))
        arrived = Arrived(consent, grant, code, self._clock.now() + CODE_LASTS)
        self._arrived[consent.user_id] = arrived
        return arrived

    def confirm(self, user_id: int, typed: str) -> Arrived:
        """Return what a browser brought for who asked, once they type the code of its page.

        Raises:
            UserError: it is another code, or none is open (any more).
        """
        arrived = self._arrived.pop(user_id, None)
        if arrived is None or arrived.until <= self._clock.now():
            raise UserError(_NO_CODE)
        plain = "".join(letter for letter in typed.upper() if letter.isalnum())
        if secrets.compare_digest(plain.encode(), arrived.code.encode()):
            return arrived
        if arrived.tries > 1:
            self._arrived[user_id] = replace(arrived, tries=arrived.tries - 1)
            raise UserError(_WRONG_CODE)
        raise UserError(_NO_CODE)


def read_answer(query: Mapping[str, str]) -> ConsentAnswer:
    """Read the parameters that a browser comes back with.

    Raises:
        UserError: it does not come from there.
    """
    state, code = query.get("state"), query.get("code")
    if not state or not (code or query.get("error")):
        raise UserError(_NO_ANSWER)
    return ConsentAnswer(state, code or None)


def pasted_answer(address: str) -> ConsentAnswer:
    """Read the address that a listener's browser ended at.

    Raises:
        UserError: it is another one.
    """
    try:
        query = urlsplit(address.strip()[:MAX_ANSWER]).query
    except ValueError:
        raise UserError(_NO_ANSWER) from None
    return read_answer(dict(parse_qsl(query)))
