"""oEmbed: what a page of Spotify says about itself, without a key."""

from typing import Any, Final

from bot.errors import BadAnswerError
from bot.sources import reading
from bot.sources.answers import A_MONTH, Json
from bot.sources.host import Pace
from bot.sources.http import Http
from bot.sources.service import Service
from bot.sources.values import Card

BASE: Final = "https://open.spotify.com"
PACE: Final = Pace(calls=10, seconds=10)
"""The limit is not published."""


class OEmbed:
    """Client for Spotify's oEmbed. It gives the title, but not the artist."""

    name = "oembed"

    def __init__(self, http: Http, base: str = BASE, pace: Pace = PACE) -> None:
        self._service = Service(http, "Spotify", base, pace, plain_404=True)

    async def card(self, url: str) -> Card | None:
        """Return what a page on open.spotify.com is called; None when there is no such page."""
        answer = await self._service.get("/oembed", {"url": url}, keep=A_MONTH, trim=kept)
        return parse_card(reading.part(answer))


def kept(answer: Json) -> Json:
    """Return a card with what is read of it."""
    row = reading.part(answer)
    if reading.text(row.get("title")) is None:
        raise BadAnswerError("oEmbed: the answer has no title.")
    return {name: row.get(name) for name in ("title", "author_name", "thumbnail_url")}


def parse_card(row: dict[str, Any]) -> Card | None:
    """Read a card; None for one without a title."""
    title = reading.text(row.get("title"))
    if title is None:
        return None
    cover = reading.text(row.get("thumbnail_url"))
    return Card(title, reading.text(row.get("author_name")), cover)
