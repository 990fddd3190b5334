"""One music service at its address: questions go in, JSON comes out.

What a reply means is decided here: status codes, errors inside an answer, redirects, what is kept.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from enum import Enum
from functools import partial

from yarl import URL

from bot.errors import (
    AccessError,
    BadAnswerError,
    ConsentEndedError,
    QuestionRefusedError,
    SourceError,
)
from bot.sources.answers import Ask, Found, Json, Keep
from bot.sources.host import Host, Pace, PassingError, retry_after
from bot.sources.http import MAX_BODY, MAX_REDIRECTS, PASSING, Http, Reply, origin

Params = Mapping[str, str | int]


class Trouble(Enum):
    """What an error in an answer means, whatever the status code says."""

    MISSING = "there is no such thing"
    BUSY = "not now"
    DENIED = "no key, token or right"
    ENDED = "no longer: the user took back the consent, or it ran out"
    REFUSED = "not a question it takes"


Complaint = Callable[[int, Json | None], Trouble | None]
"""Reads the error from a status code and an answer (None: not JSON); None: the code decides."""


def no_complaint(_status: int, _answer: Json | None) -> None:
    """Read the answer of a service whose status codes are right."""


def _texts(params: Params | None) -> dict[str, str]:
    return {name: str(value) for name, value in (params or {}).items()}


def _loads(body: bytes) -> Json | None:
    """Return the JSON of a body; None when it is not JSON, or nested too deeply."""
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None


class Service:
    """One service at its address: questions go in, JSON comes out, or None if there is none."""

    def __init__(
        self,
        http: Http,
        name: str,
        base: str,
        pace: Pace,
        *,
        secret: Params | None = None,
        complaint: Complaint = no_complaint,
        plain_404: bool = False,
        max_body: int = MAX_BODY,
    ) -> None:
        """Reach a service.

        Args:
            name: as the user knows it.
            base: the address that all paths are added to.
            pace: what the service allows.
            secret: the key, as parameters of every question; it is neither kept nor logged.
            complaint: reads the errors that the service puts into its answers.
            plain_404: a 404 means "there is none" even without JSON. Otherwise it could also mean
                that the service has moved, and is not remembered as a miss.
            max_body: bytes of its longest answers, unpacked.
        """
        self.name = name
        self.host = Host(name, pace, http.timing)
        self._http = http
        self._base = URL(base.rstrip("/"))
        self._secret = _texts(secret)
        self._complaint = complaint
        self._plain_404 = plain_404
        self._max_body = max_body

    async def get(
        self,
        path: str,
        params: Params | None = None,
        *,
        keep: Keep | None = None,
        headers: Mapping[str, str] | None = None,
        trim: Callable[[Json], Json] = lambda answer: answer,
    ) -> Json | None:
        """Ask for something; equal questions at the same time are one.

        Args:
            path: begins with "/"; what a user wrote is quoted in it.
            keep: how long the answer is kept; None: not at all.
            headers: further ones, such as a token; an answer that is kept must not depend on them.
            trim: takes out of an answer what must not be kept.

        Raises:
            SourceError: there is no answer.
        """
        url = self._url(path, params)
        key = str(url) if keep else " ".join([str(url), *(headers or {}).values()])

        async def ask(_keys: list[str]) -> Found:
            answer = await self._ask("GET", url, headers=headers)
            return {key: None if answer is None else trim(answer)}

        return (await self._http.once.each([key], ask, keep=keep))[key]

    async def get_each(
        self, question: str, ids: Sequence[str], ask: Ask, *, keep: Keep, size: int
    ) -> Found:
        """Ask for many things, many in one call; each is kept by itself, and asked once.

        Args:
            question: names what is asked of the ids.
            ask: makes one call for some of the ids.
            keep: how long each answer is kept.
            size: the most ids of one call.

        Raises:
            SourceError: a call had no answer; those before it are kept.
        """
        start = f"{self._base}{question} "

        async def ask_ids(keys: list[str]) -> Found:
            told = await ask([key.removeprefix(start) for key in keys])
            return {start + one: answer for one, answer in told.items()}

        keys = [start + one for one in ids]
        found = await self._http.once.each(keys, ask_ids, keep=keep, size=size)
        return {one: found[start + one] for one in ids}

    async def post(
        self,
        path: str,
        body: Json | None = None,
        *,
        form: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        idempotent: bool,
    ) -> Json | None:
        """Send JSON, or a form; raise `SourceError` when there is no answer."""
        return await self._ask(
            "POST", self._url(path, None), headers, body=body, form=form, idempotent=idempotent
        )

    def _url(self, path: str, params: Params | None) -> URL:
        url = URL(f"{self._base}{path}", encoded=True)
        return url.update_query(_texts(params))

    async def _ask(
        self,
        method: str,
        url: URL,
        headers: Mapping[str, str] | None = None,
        *,
        body: Json | None = None,
        form: Mapping[str, str] | None = None,
        idempotent: bool = True,
    ) -> Json | None:
        send = partial(
            self._http.send,
            self.name,
            method,
            headers=headers,
            body=body,
            form=form,
            max_body=self._max_body,
        )

        async def attempt() -> Json | None:
            reply = await send(url.update_query(self._secret))
            for _ in range(MAX_REDIRECTS):
                if method != "GET" or reply.location is None:
                    break
                if origin(reply.location) != origin(self._base):
                    raise BadAnswerError(f"{self.name} sent us to another host.")
                reply = await send(reply.location)
            return self._read(reply)

        return await self.host.call(attempt, idempotent=idempotent)

    def _read(self, reply: Reply) -> Json | None:
        self._mind_window(reply.headers)
        answer = _loads(reply.body)
        trouble = self._complaint(reply.status, answer) or self._trouble(reply.status, answer)
        match trouble:
            case None if answer is None and reply.body.strip():
                raise PassingError(BadAnswerError(f"{self.name} sent something that is not JSON."))
            case None:
                return answer
            case Trouble.MISSING:
                return None
            case Trouble.BUSY:
                raise reply.setback(self.host, self._http.timing.clock.now())
            case _:
                raise self._refusal(trouble, reply)

    def _trouble(self, status: int, answer: Json | None) -> Trouble | None:
        """Return what a status code means."""
        if 200 <= status < 300:
            return None
        if status in (404, 410):
            is_own = answer is not None or self._plain_404
            return Trouble.MISSING if is_own else Trouble.REFUSED
        if status in PASSING:
            return Trouble.BUSY
        return Trouble.DENIED if status in (401, 403) else Trouble.REFUSED

    def _refusal(self, trouble: Trouble, reply: Reply) -> SourceError:
        if trouble is Trouble.ENDED:
            return ConsentEndedError(f"The link to {self.name} has ended. Link the account again.")
        if trouble is Trouble.DENIED:
            return AccessError(
                f"{self.name} does not let us in (HTTP {reply.status}): the key, token or right "
                "for it is missing or no longer valid."
            )
        return QuestionRefusedError(f"{self.name} does not take this question ({reply.status}).")

    def _mind_window(self, headers: Mapping[str, str]) -> None:
        """Leave the service alone until its next rate window when this one is used up."""
        if headers.get("X-RateLimit-Remaining") == "0":
            wait = retry_after(
                headers.get("X-RateLimit-Reset-In"), now=self._http.timing.clock.now()
            )
            self.host.rest(wait or timedelta(0))
