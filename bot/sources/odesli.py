"""Odesli (song.link): one link to a recording or album → the same on all services."""

from typing import Any, Final

from bot.errors import BadAnswerError
from bot.sources import reading
from bot.sources.answers import A_MONTH, Json
from bot.sources.host import Pace
from bot.sources.http import Http
from bot.sources.service import Params, Service, Trouble
from bot.sources.values import LinkedServices

BASE: Final = "https://api.song.link/v1-alpha.1"
PACE: Final = Pace(calls=10, seconds=60)
PACE_WITH_KEY: Final = Pace(calls=60, seconds=60)

_NAMESPACES: Final = {
    "spotify": "spotify",
    "deezer": "deezer",
    "appleMusic": "apple",
    "itunes": "apple",
    "youtube": "youtube",
    "audius": "audius_id",
}
"""Our names for the ids of its platforms. Audius' own links contain names, not this id."""


class Odesli:
    """Client for the one question that Odesli answers: where else is this?"""

    name = "odesli"

    def __init__(
        self, http: Http, key: str | None = None, base: str = BASE, pace: Pace | None = None
    ) -> None:
        secret: Params | None = {"key": key} if key else None
        own = PACE_WITH_KEY if key else PACE
        self._service = Service(
            http, "Odesli", base, pace or own, secret=secret, complaint=complaint
        )

    async def links(self, url: str) -> LinkedServices | None:
        """Return where a recording is on all services; None when it knows no such recording."""
        params: Params = {"url": url, "songIfSingle": "true"}
        answer = await self._service.get("/links", params, keep=A_MONTH, trim=kept)
        return None if answer is None else parse_links(answer)

    async def album_pages(self, url: str) -> tuple[str, ...]:
        """Return the pages of an album on all services; nothing when it knows no such album."""
        answer = await self._service.get("/links", {"url": url}, keep=A_MONTH, trim=kept)
        return () if answer is None else parse_album_pages(answer)


def complaint(status: int, answer: Json | None) -> Trouble | None:
    """Read a 400 about a link that it cannot resolve: the question itself was fine."""
    code = reading.text(reading.part(answer).get("code")) or ""
    return Trouble.MISSING if status == 400 and "could_not" in code else None


def kept(answer: Json) -> Json:
    """Return an answer with what is read of it."""
    whole = reading.part(answer)
    links, entities = whole.get("linksByPlatform"), whole.get("entitiesByUniqueId")
    if not isinstance(links, dict) or not isinstance(entities, dict):
        raise BadAnswerError("Odesli: there are no links in the answer.")
    return {
        "entityUniqueId": whole.get("entityUniqueId"),
        "linksByPlatform": {
            name: {key: reading.part(link).get(key) for key in ("url", "entityUniqueId")}
            for name, link in links.items()
        },
        "entitiesByUniqueId": {
            name: {key: reading.part(one).get(key) for key in ("id", "type", "title", "artistName")}
            for name, one in entities.items()
        },
    }


def parse_album_pages(answer: dict[str, Any]) -> tuple[str, ...]:
    """Read where an album is; nothing for a recording or an artist."""
    entities = reading.part(answer.get("entitiesByUniqueId"))
    asked = reading.part(entities.get(reading.text(answer.get("entityUniqueId")) or ""))
    if reading.text(asked.get("type")) != "album":
        return ()
    links = reading.part(answer.get("linksByPlatform"))
    urls = [reading.text(reading.part(links[name]).get("url")) for name in sorted(links)]
    return tuple(url for url in urls if url)


def parse_links(answer: dict[str, Any]) -> LinkedServices | None:
    """Read where a recording is; None for an album or an artist."""
    entities, links = (
        reading.part(answer.get(name)) for name in ("entitiesByUniqueId", "linksByPlatform")
    )
    asked = reading.part(entities.get(reading.text(answer.get("entityUniqueId")) or ""))
    if reading.text(asked.get("type")) not in (None, "song"):
        return None
    urls = {name: reading.text(reading.part(link).get("url")) for name, link in links.items()}
    ids: dict[str, str | None] = {}
    for platform, namespace in _NAMESPACES.items():
        entity = reading.text(reading.part(links.get(platform)).get("entityUniqueId"))
        known = reading.text(reading.part(entities.get(entity or "")).get("id"))
        ids[namespace] = ids.get(namespace) or known
    return LinkedServices(
        title=reading.text(asked.get("title")),
        artist=reading.text(asked.get("artistName")),
        links=tuple((name, url) for name, url in sorted(urls.items()) if url),
        ids=reading.ids(**ids),
    )
