"""A page to share: all that is on it, as it was when it was made.

Nothing on it changes afterwards, so nobody who has its address can watch anybody's taste.
"""

import json
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Self
from urllib.parse import urlsplit


class PageKind(StrEnum):
    """What is on a page."""

    LIST = "list"
    ARTIST = "artist"
    YEAR = "year"
    MAP = "map"


def is_web_address(url: str) -> bool:
    """Return whether an address is one that a page may lead to: http or https, with a host."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname)


@dataclass(frozen=True, slots=True)
class Link:
    """Where a page leads to."""

    label: str
    url: str

    def __post_init__(self) -> None:
        """Refuse what is no web address: `javascript:` and the like."""
        if not is_web_address(self.url):
            raise ValueError(f"no web address: {self.url!r}")


@dataclass(frozen=True, slots=True)
class Entry:
    """A track on a page."""

    title: str
    artist: str
    about: str = ""
    """Album, year and the like, in one line."""
    reason: str = ""
    """Why it is there, in words."""
    cover: str | None = None
    links: tuple[Link, ...] = ()


@dataclass(frozen=True, slots=True)
class Shown:
    """A picture on a page."""

    name: str
    """Of the file."""
    alt: str
    width: int
    height: int
    """In pixels."""
    title: str = ""
    """The heading above it."""


@dataclass(frozen=True, slots=True)
class Page:
    """What a page shows."""

    kind: PageKind
    title: str
    summary: str
    """One sentence; what chats show of it."""
    lines: tuple[str, ...] = ()
    """Below it, a paragraph each."""
    entries: tuple[Entry, ...] = ()
    pictures: tuple[Shown, ...] = ()
    links: tuple[Link, ...] = ()

    def to_json(self) -> str:
        """Write it down."""
        return json.dumps(asdict(self), ensure_ascii=False, separators=(",", ":"))

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Read what `to_json` wrote."""
        kept: dict[str, Any] = json.loads(text)
        return cls(
            kind=PageKind(kept["kind"]),
            title=kept["title"],
            summary=kept["summary"],
            lines=tuple(kept["lines"]),
            entries=tuple(
                Entry(**{**one, "links": _links(one["links"])}) for one in kept["entries"]
            ),
            pictures=tuple(Shown(**one) for one in kept["pictures"]),
            links=_links(kept["links"]),
        )


def _links(kept: list[dict[str, str]]) -> tuple[Link, ...]:
    return tuple(Link(**one) for one in kept)


@dataclass(frozen=True, slots=True)
class PageFile:
    """A file that belongs to a page: a picture, or its list in a form that players read."""

    name: str
    media_type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class KeptPage:
    """A page that stands."""

    id: int
    page: Page
    made_at: datetime
    ends_at: datetime
    files: tuple[str, ...] = ()
    """The names of its files."""
