"""Picks for one listener, who answers them without Discord.

Chats open every address that is posted in them, to show what is behind: so a GET uses no address
up, and whoever follows it presses a button first.
"""

import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qs

from aiohttp import web

from bot.clock import Clock
from bot.core.models import Feedback, FeedbackKind
from bot.core.ranking import PickCard
from bot.core.sharing import Link, is_web_address
from bot.errors import NotFoundError, UserError
from bot.services.sharing import ShownPicks, Visits
from bot.ui import ai, listen, picks, score, text, why
from bot.web.front import NOT_HERE, Front, secret_of
from bot.web.rendering import html

_COOKIE: Final = "visit"
_HOUR_S: Final = 3600
_MOST_FIELDS: Final = 8
_NOT_WHOLE: Final = "What your browser sent was not whole. Load the page of your picks again."
_FROM_ELSEWHERE: Final = (
    "This was pressed on another page than mine, so I did nothing. Use the page of your picks."
)


@dataclass(frozen=True, slots=True)
class _Shown:
    """A pick as the page shows it."""

    number: int
    card: PickCard
    cover: str | None
    line: str
    facts: str
    label: str
    """Who says that AI made it; empty: nobody."""
    link: Link | None
    """Where it is heard best."""
    others: tuple[Link, ...]
    said: str
    """What the listener has said of it; empty: nothing."""
    up: bool
    down: bool
    why: tuple[str, ...]
    parts: Sequence[tuple[str, float]]
    """What spoke for it, or against it: see `score.shares`."""
    more: tuple[tuple[str, str], ...]


def visit_routes(visits: Visits, front: Front, clock: Clock, *, https: bool) -> list[web.RouteDef]:
    """Return the routes of picks in a browser.

    Args:
        https: whether the web reaches them so; then the cookie is sent in no other way.
    """
    shown = _Visits(visits, front.root, clock, https=https)
    return [
        web.get("/picks", front.before(shown.picks)),
        web.post("/picks", front.before(shown.thumb)),
        web.get("/picks/{secret}", front.before(shown.door)),
        web.post("/picks/{secret}", front.before(shown.open)),
    ]


class _Visits:
    def __init__(self, visits: Visits, root: str, clock: Clock, *, https: bool) -> None:
        self._visits = visits
        self._root = root
        self._clock = clock
        self._https = https

    async def door(self, request: web.Request) -> web.StreamResponse:
        """Ask whoever followed the address to press a button."""
        secret = secret_of(request.match_info["secret"])
        if not await self._visits.waits(secret):
            raise NotFoundError(NOT_HERE)
        return html("door.html", root=self._root, here=f"{self._root}/picks/{secret}")

    async def open(self, request: web.Request) -> web.StreamResponse:
        """Use the address up, and go on to the picks."""
        await _form_of(request)
        secret = await self._visits.open(secret_of(request.match_info["secret"]))
        response = self._onwards()
        response.set_cookie(
            _COOKIE,
            secret,
            max_age=_HOUR_S,
            path=f"{self._root}/picks",
            secure=self._https,
            httponly=True,
            samesite="Strict",
        )
        return response

    async def picks(self, request: web.Request) -> web.StreamResponse:
        """Show the picks."""
        secret = secret_of(request.cookies.get(_COOKIE, ""))
        found = await self._visits.shown(secret)
        shown = [_shown(found, card, number) for number, card in enumerate(found.cards, 1)]
        return html(
            "picks.html",
            root=self._root,
            images=[one.cover for one in shown if one.cover],
            picks=shown,
            minutes=max(1, round((found.ends_at - self._clock.now()).total_seconds() / 60)),
            token=_token(secret),
        )

    async def thumb(self, request: web.Request) -> web.StreamResponse:
        """Take a thumb, and show the picks again."""
        form = await _form_of(request)
        secret = secret_of(request.cookies.get(_COOKIE, ""))
        track, thumb = form.get("track", ""), form.get("thumb")
        if not (track.isascii() and track.isdigit() and len(track) < 19) or thumb not in (
            "up",
            "down",
        ):
            raise UserError(_NOT_WHOLE)
        if not hmac.compare_digest(form.get("token", "").encode(), _token(secret).encode()):
            raise UserError(_FROM_ELSEWHERE)
        await self._visits.thumb(secret, int(track), up=thumb == "up")
        return self._onwards()

    def _onwards(self) -> web.Response:
        return web.Response(status=303, headers={"Location": f"{self._root}/picks"})


async def _form_of(request: web.Request) -> dict[str, str]:
    """Return the fields that a form of ours sent.

    Raises:
        UserError: it is no form, or another page sent it.
    """
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
        raise UserError(_FROM_ELSEWHERE)
    if request.content_type != "application/x-www-form-urlencoded":
        raise UserError(_NOT_WHOLE)
    try:
        sent = (await request.read()).decode("utf-8", "replace")
        fields = parse_qs(sent, max_num_fields=_MOST_FIELDS)
    except (web.RequestPayloadError, ValueError) as error:
        raise UserError(_NOT_WHOLE) from error
    return {name: values[0] for name, values in fields.items()}


def _token(secret: str) -> str:
    """Return what the forms of a visit hold, which nobody can know who does not see its page."""
    return hmac.new(secret.encode(), b"form", hashlib.sha256).hexdigest()


def _shown(found: ShownPicks, card: PickCard, number: int) -> _Shown:
    entry = found.said.get(card.track.id)
    thumb = entry is not None and entry.kind is FeedbackKind.THUMB
    embed = why.full(card, own=True)
    fields = [(one.name or "", one.value or "") for one in embed.fields]
    links = [
        Link(name, address)
        for name, address in listen.addresses(card.track)
        if is_web_address(address)
    ]
    return _Shown(
        number,
        card,
        None if card.cover is None else card.cover.url,
        text.bare(why.line(card)),
        text.bare(picks.facts(card)),
        "" if card.ai is None else ai.line(card.ai),
        links[0] if links else None,
        tuple(links[1:]),
        _told(entry),
        thumb and entry is not None and entry.value > 0,
        thumb and entry is not None and entry.value < 0,
        tuple(text.bare(embed.description or "").splitlines()),
        score.shares(card.explanation),
        tuple((name, text.bare(value)) for name, value in fields if name != why.PARTS),
    )


def _told(entry: Feedback | None) -> str:
    """Return what a listener has said of a pick, as a sentence."""
    if entry is None:
        return ""
    if entry.kind is not FeedbackKind.THUMB:
        return text.capital(f"{why.said(entry).removeprefix(', which ')}.")
    direction = "more" if entry.value > 0 else "less"
    return f"Counted: your next picks will be {direction} like it. /undo in Discord takes it back."
