"""Read what somebody typed, pasted or chose: once, into a value that everything else takes.

Nothing is fetched and nothing is searched.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, TypeAlias
from urllib.parse import SplitResult, urlsplit

from bot.core.catalog.links import service_of, service_url
from bot.core.catalog.music_services import (
    SHORT_HOSTS,
    LinkKind,
    MusicService,
    Shape,
    artist_at,
    page_at,
    service_at,
    unread_at,
    unwrapped,
)
from bot.core.models import ExternalId, Subject, SubjectKind
from bot.errors import UserError

Pair: TypeAlias = tuple[str, str]
"""Title and artist."""


@dataclass(frozen=True, slots=True)
class Link:
    """A page of a music service."""

    text: str
    """All that was written, with what stands around the link."""
    kind: LinkKind
    value: str
    """The service's own id; where it has none, the path that names the thing, in lower case."""
    url: str
    """Its page, in one normal form."""
    namespace: str = ""
    """Of the id of a track."""
    storefront: str | None = None
    """The country of a link to Apple Music, lower case: other stores may not have the album."""

    @property
    def service(self) -> str:
        """The name of its service."""
        return service_of(self.url)

    @property
    def track(self) -> ExternalId | None:
        """Which track it names; None: it names something else, or it cannot be told."""
        return ExternalId(self.namespace, self.value) if self.kind is LinkKind.TRACK else None

    @property
    def may_be_track(self) -> bool:
        """Whether a track may be behind it; Odesli knows which single an album is, for example."""
        service = service_at(urlsplit(self.url).netloc)
        return self.kind is LinkKind.TRACK or (service is not None and service.by_odesli)

    @property
    def is_list(self) -> bool:
        """Whether it leads to a playlist or an album."""
        return self.kind not in (LinkKind.TRACK, LinkKind.PAGE)


@dataclass(frozen=True, slots=True)
class ShortLink:
    """A link of which only its host knows where it leads."""

    text: str
    url: str


@dataclass(frozen=True, slots=True)
class Names:
    """Words: a title, an artist, or `artist – title`."""

    text: str
    pairs: tuple[Pair, ...] = ()
    """What `artist – title` may mean, the likelier order first; empty for all other words."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """A suggestion that was chosen while typing."""

    subject: Subject

    @property
    def text(self) -> str:
        """How it is written; `read_text` reads it again."""
        return f"{self.subject.kind}:{self.subject.id}"


Asked: TypeAlias = Link | ShortLink | Names | Chosen
"""What a text means."""

_CHOSEN: Final = re.compile(rf"({'|'.join(SubjectKind)}):([0-9]{{1,18}})")
_PIECES: Final = re.compile(r"[\s<>()\[\]{}\"|`]+")
_BEFORE: Final = "*_~'“‘,;.:!"
_AFTER: Final = ".,;:!?*~'”’"
_HOST: Final = re.compile(r"[a-z0-9.-]{1,60}")
_SHORTEST: Final = 12
_LONGEST: Final = 2000
TRACK_SEPARATORS: Final = re.compile(r"[;\r\n]+")
"""What stands between the tracks of a list."""
LIST_MARK: Final = re.compile(r"^(?:\d{1,3}[.)]\s+|[-*•]\s+)")
"""What stands before a line of a list."""
_LIST: Final = 2
"""The order of links that lead to no single track."""
_DASH: Final = re.compile(r"\s+[-–—]\s+")


def read_text(text: str) -> Asked:
    """Read a text, with or without a link in it.

    Of several links the first to a track counts; else the first that may lead to one; else the
    first to a list of tracks.
    """
    text = text.strip()
    chosen = _CHOSEN.fullmatch(text)
    if chosen:
        return Chosen(Subject(SubjectKind(chosen[1]), int(chosen[2])))
    links = [link for piece in _pieces_in(text) if (link := _link(piece, text)) is not None]
    return min(links, key=_order) if links else Names(text, _pairs_in(text))


def track_links(text: str) -> list[Link | ShortLink]:
    """Return the links of a text that may lead to a track, each once, in its order."""
    links = (_link(piece, text) for piece in _pieces_in(text))
    return list(dict.fromkeys(one for one in links if one is not None and _order(one) < _LIST))


def unread_site(text: str) -> str | None:
    """Return what a link in a text leads to that is not read, in words that may be shown.

    None when there is no link in it, or one that is read.
    """
    if not isinstance(read_text(text), Names):
        return None
    for piece in _pieces_in(text):
        address = _address(piece) if "://" in piece else None
        if address is not None:
            host = address.hostname or ""
            service = service_at(host)
            if service is not None and service.shapes:
                return f"this kind of page of {service.name}"
            return unread_at(host) or (host if _HOST.fullmatch(host) else "that site")
    return None


def _order(link: Link | ShortLink) -> int:
    if isinstance(link, ShortLink):
        return 1
    return 0 if link.kind is LinkKind.TRACK else 1 if link.may_be_track else _LIST


def _pieces_in(text: str) -> Iterator[str]:
    """Return the words that may be addresses, without what is wrapped around them."""
    for piece in _PIECES.split(text):
        bare = piece.lstrip(_BEFORE).rstrip(_AFTER)
        if _SHORTEST <= len(bare) <= _LONGEST:
            yield bare


def _address(piece: str) -> SplitResult | None:
    """Read one word as an address on the web, also without "https://"."""
    scheme, mark, rest = piece.partition("://")
    if mark and scheme.lower() not in ("http", "https"):
        return None
    try:
        return urlsplit("https://" + (rest if mark else piece))
    except ValueError:
        return None


def _link(piece: str, text: str) -> Link | ShortLink | None:
    """Read one word as an address, also without "https://"; None when it is no link to music."""
    if piece.startswith("spotify:"):
        piece = "open.spotify.com/" + piece.removeprefix("spotify:").replace(":", "/")
    address = _address(piece)
    if address is None:
        return None
    host = address.netloc.lower()
    inside = unwrapped(host, address.path + (f"?{address.query}" if address.query else ""))
    if inside is not None:
        address = urlsplit(inside)
        host = address.netloc.lower()
    if host in SHORT_HOSTS:
        return ShortLink(text, address._replace(netloc=host, fragment="").geturl())
    service = service_at(host)
    if service is None:
        return None
    artist = artist_at(host)
    where = (f"//{artist}" if artist else "") + address.path
    where += f"?{address.query}" if address.query else ""
    for shape in service.shapes:
        found = shape.pattern.fullmatch(where)
        if found:
            return _page(found, shape, service, text)
    return _page_for_odesli(address.geturl(), text) if service.by_odesli else None


def _page(found: re.Match[str], shape: Shape, service: MusicService, text: str) -> Link | None:
    store = found.groupdict().get("store")
    beside = found.re.groupindex.get("store")
    parts = [part for place, part in enumerate(found.groups(), 1) if place != beside]
    value = "/".join(parts)
    value = value.lower() if service.folds else value
    page = page_at(shape.page, value, store=store or "us")
    namespace = service.namespace if shape.kind is LinkKind.TRACK else ""
    return None if page is None else Link(text, shape.kind, value, page, namespace, store)


def _page_for_odesli(url: str, text: str) -> Link | None:
    try:
        page = service_url(url)
    except UserError:
        return None
    return Link(text, LinkKind.PAGE, page, page)


def _pairs_in(text: str) -> tuple[Pair, ...]:
    if TRACK_SEPARATORS.search(text):
        return ()
    parts = _DASH.split(LIST_MARK.sub("", " ".join(text.split())))
    if len(parts) == 1:
        return ()
    # artist – title, as asked for; title – artist, as many write it
    return (" - ".join(parts[1:]), parts[0]), (" - ".join(parts[:-1]), parts[-1])
