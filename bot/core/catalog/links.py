"""May an address be shown to a whole server (`service_url`), does a text hold one (`holds_link`)?

Nothing is ever fetched.
"""

import re
import unicodedata
from typing import Final
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

from bot.core.catalog.music_services import MUSIC_SERVICES, artist_at, service_at
from bot.errors import UserError

MAX_URL_LENGTH: Final = 500
"""A little less than what a Discord link button takes (512)."""

_NAMES_THE_PAGE: Final = frozenset({"v", "list", "i", "trackAsin"})
"""Parameters that are part of what is linked; all others (utm_*, si, redirects) are dropped."""
_PLAIN_VALUE: Final = re.compile(r"[A-Za-z0-9_-]{1,100}")
_ESCAPED: Final = re.compile("%[0-9A-Fa-f]{2}")
_UNRESERVED: Final = re.compile("[A-Za-z0-9._~-]")
_HARMLESS_IN_PATH: Final = "/%:@!$&'*+,;=~-._"


def service_names() -> str:
    """Return the names of all services as one phrase."""
    *most, last = dict.fromkeys(service.name for service in MUSIC_SERVICES)
    return f"{', '.join(most)} or {last}"


def service_of(url: str) -> str:
    """Return the name of the service that an address from `service_url` belongs to."""
    host = urlsplit(url).hostname or ""
    service = service_at(host)
    return host if service is None else service.name


def service_url(url: str) -> str:
    """Return the address in its one normal form, if it is a page of a known music service.

    Only https, only the hosts of `MUSIC_SERVICES`, no user name, no port; tracking parameters and
    the fragment are dropped. An address in normal form is returned as it is.

    Raises:
        UserError: the address may not be promoted; the text says why.
    """
    url = url.strip()
    if len(url) > MAX_URL_LENGTH:
        raise UserError(
            f"That link is too long ({len(url):,} characters; {MAX_URL_LENGTH} is the most). "
            "Copy the share link."
        )
    if url.startswith("<") and url.endswith(">"):
        url = url[1:-1]
    if not url.lower().startswith("https://"):
        raise UserError(f"Give a link that starts with https://, to {service_names()}.")
    if not url.isprintable() or " " in url or "\\" in url:
        raise UserError(
            "That link holds spaces or other characters that no link has. Copy it again."
        )
    try:
        parts = urlsplit(url)
    except ValueError as error:
        raise UserError(_not_a_service()) from error
    if "@" in parts.netloc or ":" in parts.netloc:
        raise UserError(
            "That link holds a user name or a port, which no link to music needs. "
            f"Give a plain link to {service_names()}."
        )
    host = parts.netloc.lower()
    service = service_at(host)
    if service is None:
        raise UserError(_not_a_service())
    path = _plain_path(parts.path)
    if service.name == "Spotify":
        path = re.sub(r"^/intl-[a-z]{2}(?=/)", "", path)
    if not path and not artist_at(host):
        raise UserError(
            f"That link leads to the front page of {service.name}. Link the music itself."
        )
    kept = [
        (name, value)
        for name, value in parse_qsl(parts.query)
        if name in _NAMES_THE_PAGE and _PLAIN_VALUE.fullmatch(value)
    ]
    query = f"?{urlencode(kept)}" if kept else ""
    if host in service.hosts:
        host = service.hosts[0]
    normal = f"https://{host}{path}{query}"
    if len(normal) > MAX_URL_LENGTH:
        raise UserError("That link is too long once written out. Copy the share link instead.")
    return normal


def _plain_path(path: str) -> str:
    """Return a path in its one normal form (RFC 3986, section 6.2.2), without double slashes."""
    hidden, readable = "", quote(path, safe=_HARMLESS_IN_PATH)
    while readable != hidden:  # what one escape leaves may begin another
        hidden, readable = readable, _ESCAPED.sub(lambda one: _unescaped(one[0]), readable)
    kept: list[str] = []
    for part in readable.split("/"):
        if part == "..":
            kept = kept[:-1]
        elif part not in ("", "."):
            kept.append(part)
    return "".join(f"/{part}" for part in kept)


def _unescaped(escape: str) -> str:
    """Return the character that an escape needlessly hides, else the escape in capitals."""
    character = chr(int(escape[1:], 16))
    return character if _UNRESERVED.fullmatch(character) else escape.upper()


def _not_a_service() -> str:
    return f"I only take links to {service_names()}."


_ENDINGS: Final = (
    "com|net|org|info|biz|io|gg|co|app|xyz|ly|tv|fm|de|uk|fr|es|nl|se|pl|ru|cn|jp|br|eu|ca|au|ch"
    "|dev|ai|cc|gl|sh|tk|ml|su|ws|example"
)
_ENDINGS_LIKE_WORDS: Final = (
    "agency|at|band|be|click|club|in|is|it|link|live|me|music|no|online|page|shop|site|so|store|to"
    "|top|us"
)
"""After these only a path makes it a link: people forget the space after a full stop."""
_LINK: Final = re.compile(
    r"[a-z][a-z0-9+.-]{1,20}://|\bwww\.|\bspotify:[a-z]|\bdiscord(?:app)?\.(?:gg|com)\b"
    rf"|\b[a-z0-9-]{{2,63}}\.(?:{_ENDINGS})(?![a-z0-9])"
    rf"|\b[a-z0-9-]{{1,63}}\.(?:{_ENDINGS_LIKE_WORDS})/"
)


def holds_link(text: str) -> bool:
    """Return whether a text holds something that is, or reads like, an address on the web."""
    return _LINK.search(unicodedata.normalize("NFKC", text).casefold()) is not None
