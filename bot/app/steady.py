"""How the bot talks to Discord when the connection trembles: the one place that repeats requests.

Whether a request whose reply got lost was carried out, nobody knows. So what does no harm twice is
repeated; an acknowledgement that Discord knows already counts as given; the first answer after
"thinking…" is written as an edit, which does no harm twice; and a further post is looked for before
it is posted again.
"""

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from typing import Any, Final, TypeVar

import aiohttp
import discord
from discord.http import HTTPClient, Route, json_or_text
from discord.webhook.async_ import AsyncWebhookAdapter, async_context

log = logging.getLogger(__name__)

T = TypeVar("T")

ACKNOWLEDGED: Final = 40060
"""Discord's code for an interaction that was acknowledged before."""
_UNKNOWN_MESSAGE: Final = 10008
_TOO_LATE: Final = 10062
_CALLBACK: Final = "/interactions/{webhook_id}/{webhook_token}/callback"
_FOLLOW_UP: Final = "/webhooks/{webhook_id}/{webhook_token}"
_ORIGINAL: Final = _FOLLOW_UP + "/messages/@original"
_ONE_POST: Final = _FOLLOW_UP + "/messages/{message_id}"
_THINKING: Final = discord.InteractionResponseType.deferred_channel_message.value
_EPHEMERAL: Final = discord.MessageFlags(ephemeral=True).value
_NOT_EDITED: Final = ("flags", "tts")
"""What a new message may say, and an edited one may not."""


@dataclass(frozen=True, slots=True)
class Pace:
    """How long the bot waits before it says something to Discord again, in seconds."""

    acknowledge: tuple[float, ...] = (0.1, 0.3, 0.6, 1.0)
    """Before each further try of an acknowledgement: Discord waits three seconds for it."""
    ask: tuple[float, ...] = (1.0, 2.0, 4.0, 8.0)
    """Before each further try of anything else."""
    label: float = 1.0
    """Between two edits of the counts under one message."""


class NoAnswerError(discord.DiscordServerError):
    """Discord did not answer, however often it was asked; what was asked for may be done."""

    def __init__(self, cause: BaseException) -> None:
        Exception.__init__(self, f"no answer from Discord: {cause!r}")
        self.status = 0
        self.code = 0
        self.text = ""


def is_trouble(error: BaseException) -> bool:
    """Return whether Discord, or the way to it, failed: the same request may succeed later."""
    if isinstance(error, discord.HTTPException):
        return error.status == 429 or not 100 <= error.status < 500
    return isinstance(error, aiohttp.ClientError | OSError | TimeoutError)


def _is_cut(error: BaseException) -> bool:
    """Return whether discord.py did not repeat a request itself, as it does in other trouble."""
    return error.status == 503 if isinstance(error, discord.HTTPException) else is_trouble(error)


async def repeated(
    ask: Callable[[int], Awaitable[T]],
    pauses: Sequence[float],
    worth: Callable[[BaseException], bool] = is_trouble,
) -> T:
    """Ask until there is an answer, once more than there are pauses at most.

    Args:
        ask: gets the number of the try, from 0 on.
        pauses: seconds before each further try.
        worth: whether to try again after an error.

    Raises:
        discord.HTTPException: the last answer, or `NoAnswerError`.
    """
    for number, pause in enumerate(pauses):
        try:
            return await ask(number)
        except (discord.HTTPException, aiohttp.ClientError, OSError) as error:
            if not worth(error):
                raise
            log.info("asking Discord again in %s s: %r", pause, error)
        await asyncio.sleep(pause)
    try:
        return await ask(len(pauses))
    except (aiohttp.ClientError, OSError) as error:
        raise NoAnswerError(error) from error


def steady(http: HTTPClient, pace: Pace) -> None:
    """Let a client repeat what a cut connection left undecided, as far as that does no harm.

    That is everything but posts without a nonce; with one, Discord takes a post once. Most answers
    of a failing Discord are repeated by discord.py itself.
    """
    ask = http.request

    async def request(
        route: Route,
        *,
        files: Sequence[discord.File] | None = None,
        form: Sequence[dict[str, Any]] | None = None,
        **sent: Any,
    ) -> Any:
        async def once(number: int) -> Any:
            _rewind(files, number)
            try:
                return await ask(route, files=files, form=form, **sent)
            except discord.NotFound:
                if number and route.method == "DELETE":
                    return None
                raise

        body = _parts_body(form) if form else sent.get("json")
        named = isinstance(body, Mapping) and bool(body.get("enforce_nonce"))
        pauses = pace.ask if route.method != "POST" or named else ()
        return await repeated(once, pauses, _is_cut)

    http.request = request  # type: ignore[method-assign,assignment]


def answer_steadily(interaction: discord.Interaction[Any], pace: Pace) -> None:
    """Let all that this task answers to an interaction go through `Steady`."""
    async_context.set(Steady(interaction, pace))


def waiting() -> int | None:
    """Return the message in which everybody waits for the answer of this task; None for none."""
    through = async_context.get()
    return through.waiting if isinstance(through, Steady) else None


async def tell_meanwhile(interaction: discord.Interaction[Any], text: str) -> None:
    """Write something in the place of "thinking…", which the answer will take; only there.

    The task that answers must not answer before this is done.
    """
    through = async_context.get()
    if isinstance(through, Steady) and through.thinking:
        try:
            with through.aside():
                await interaction.edit_original_response(content=text)
        except discord.HTTPException as error:
            log.info("nobody is told that they have to wait: %s", error)


class Steady(AsyncWebhookAdapter):
    """What one interaction is answered through."""

    def __init__(self, interaction: discord.Interaction[Any], pace: Pace) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._within = async_context.get()
        self._interaction = interaction
        self._pace = pace
        self._known: set[int] = set()
        self._thinking = False
        self._private = False
        self._original: int | None = None
        self._aside = False
        self._told = False

    @contextmanager
    def aside(self) -> Iterator[None]:
        """Let what is written meanwhile in the place of "thinking…" be no answer yet."""
        self._aside = True
        try:
            yield
        finally:
            self._aside = False

    @property
    def thinking(self) -> bool:
        """Return whether the answer was promised and is not there yet."""
        return self._thinking

    @property
    def waiting(self) -> int | None:
        """Return the message in which everybody reads "thinking…"; None when there is none."""
        return self._original if self._thinking and not self._private else None

    async def request(self, route: Route, session: Any, **sent: Any) -> Any:
        """Ask Discord, and repeat it with care.

        Raises:
            discord.HTTPException: Discord refuses, or nothing came of it (`NoAnswerError`).
        """
        if route.path == _CALLBACK:
            return await self._acknowledge(route, session, sent)
        if route.webhook_token != self._interaction.token:
            return await self._ask(route, session, sent)
        if route.path == _FOLLOW_UP and route.method == "POST":
            return await self._follow_up(route, session, sent)
        done = await self._ask(route, session, sent)
        if route.path == _ORIGINAL and route.method in ("PATCH", "DELETE"):
            self._told = self._aside
            self._thinking = self._thinking and self._aside
        return done

    async def _ask(self, route: Route, session: Any, sent: Mapping[str, Any]) -> Any:
        async def once(number: int) -> Any:
            try:
                return await self._send(route, session, sent, number)
            except discord.NotFound:
                if number and route.method == "DELETE":
                    return None
                raise

        return await repeated(once, self._pace.ask)

    async def _send(self, route: Route, session: Any, sent: Mapping[str, Any], number: int) -> Any:
        _rewind(sent.get("files"), number)
        frank: Any = _Frank(session)
        return await self._within.request(route, frank, **sent)

    async def _acknowledge(self, route: Route, session: Any, sent: Mapping[str, Any]) -> Any:
        one = self._interaction

        async def once(number: int) -> Any:
            try:
                return await self._send(route, session, sent, number)
            except discord.HTTPException as error:
                completes = one.type is discord.InteractionType.autocomplete
                known = error.code == ACKNOWLEDGED and (number or completes)
                if not known and not (completes and error.code == _TOO_LATE):
                    raise
                log.info("this counts as acknowledged: %s", error)
                return {"interaction": {"id": str(one.id), "type": one.type.value}}

        done = await repeated(once, self._pace.acknowledge)
        body = _body(sent)
        self._thinking = body["type"] == _THINKING
        self._private = bool((body.get("data") or {}).get("flags", 0) & _EPHEMERAL)
        if self._thinking:
            self._original = int(done["interaction"].get("response_message_id") or 0)
        return done

    async def _follow_up(self, route: Route, session: Any, sent: Mapping[str, Any]) -> Any:
        if self._thinking:
            try:
                return await self._fill(session, sent)
            except discord.NotFound as error:
                if error.code != _UNKNOWN_MESSAGE:
                    raise
                log.info("what was to be answered in its place is gone: %s", error)
                self._thinking = False

        async def once(number: int) -> Any:
            arrived = self._arrived(_body(sent)) if number else None
            if arrived is not None:
                of = self._route("GET", _ONE_POST, message_id=arrived)
                return await self._ask(of, session, {})
            return await self._send(route, session, sent, number)

        done = await repeated(once, self._pace.ask)
        if done:
            self._known.add(int(done["id"]))
        return done

    async def _fill(self, session: Any, sent: Mapping[str, Any]) -> Any:
        """Put the first answer in the place of "thinking…": Discord does the same with a post."""
        edit = _as_edit(sent, over={"content": None} if self._told else {})
        done = await self._ask(self._route("PATCH", _ORIGINAL), session, edit)
        self._thinking = False
        self._known.add(int(done["id"]))
        return done

    def _route(self, method: str, path: str, **more: Any) -> Route:
        one = self._interaction
        return Route(method, path, webhook_id=one.application_id, webhook_token=one.token, **more)

    def _arrived(self, body: Mapping[str, Any]) -> int | None:
        """Return the message of a post whose reply got lost, if Discord has told of it.

        It tells of public messages where the bot is a member: elsewhere nobody can look.
        """
        if int(body.get("flags") or 0) & _EPHEMERAL:
            return None
        one, own = self._interaction, self._interaction.client.user
        for message in reversed(one.client.cached_messages):
            if message.id < one.id:
                return None
            asked = message.interaction_metadata
            if (
                message.channel.id == one.channel_id
                and message.author == own
                and message.id not in self._known
                and (asked is None or asked.id == one.id)
                and _looks(message) == _would_look(body)
            ):
                return int(message.id)
        return None


class _Frank:
    """A session that hands on each failure of Discord at once, instead of having it repeated."""

    def __init__(self, session: aiohttp.ClientSession) -> None:
        self._session = session

    @asynccontextmanager
    async def request(self, *args: Any, **sent: Any) -> AsyncIterator[aiohttp.ClientResponse]:
        async with self._session.request(*args, **sent) as response:
            if response.status >= 500:
                raise discord.DiscordServerError(response, await json_or_text(response))
            yield response


def _rewind(files: Sequence[discord.File] | None, number: int) -> None:
    for file in files or ():
        file.reset(seek=number)


def _body(sent: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a request says, with files or without."""
    parts = sent.get("multipart")
    return _parts_body(parts) if parts else dict(sent.get("payload") or {})


def _parts_body(parts: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    found = (json.loads(part["value"]) for part in parts if part["name"] == "payload_json")
    return next(found, {})


def _as_edit(sent: Mapping[str, Any], *, over: Mapping[str, Any]) -> dict[str, Any]:
    """Return a post as the edit of the message that waits for it.

    Args:
        over: what takes the place of what stands there, unless the post says something of it.
    """
    said = {name: value for name, value in _body(sent).items() if name not in _NOT_EDITED}
    body = {**over, **said}
    edit = {name: value for name, value in sent.items() if name != "params"}
    if not sent.get("multipart"):
        return edit | {"payload": body}
    parts = [
        {**part, "value": json.dumps(body)} if part["name"] == "payload_json" else part
        for part in sent["multipart"]
    ]
    return edit | {"multipart": parts}


def _would_look(body: Mapping[str, Any]) -> tuple[str, int, list[str]]:
    ids = list(_ids(body.get("components") or ()))
    return (body.get("content") or "").strip(), len(body.get("embeds") or ()), ids


def _looks(message: discord.Message) -> tuple[str, int, list[str]]:
    ids = list(_ids([one.to_dict() for one in message.components]))
    return message.content.strip(), len(message.embeds), ids


def _ids(components: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    for one in components:
        if one.get("custom_id"):
            yield one["custom_id"]
        yield from _ids(one.get("components") or ())
