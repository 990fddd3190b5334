"""What a link leads to, however it is written. Nothing is ever fetched."""

import re
from typing import Final
from urllib.parse import parse_qsl, urlsplit

from bot.core.catalog.links import service_url
from bot.core.catalog.music_services import LinkKind
from bot.core.catalog.texts import Link, read_text

_BESIDE_THE_PAGE: Final = re.compile(r"^(?:/(?:embed|intl-[a-z]{2}(?:-[a-z]{2})?))+(?=/)")
_SONGLINK: Final = re.compile(
    r"https://(song|album|playlist)\.link/([sdiy])/([\w.-]{1,100})", re.ASCII
)
_SONGLINK_PAGES: Final = {
    "s": "https://open.spotify.com/{kind}/{value}",
    "d": "https://www.deezer.com/{kind}/{value}",
    "i": "https://music.apple.com/us/{song}/{value}",
    "y": "https://www.youtube.com/{watch}{value}",
}
_SAME_LISTS: Final = {"YouTube Music": "YouTube"}


def link_meaning(url: str) -> str:
    """Return what tells the page of a link from others: the same for all its spellings.

    Host names that mean the same, languages, countries, embedded players, case and short forms
    make no difference. Two pages may have one meaning only by accident (ids that differ in case).

    Args:
        url: an address from `service_url`.
    """
    url = _behind(service_url(url))
    asked = read_text(url)
    if isinstance(asked, Link) and asked.kind is not LinkKind.PAGE:
        if asked.track is not None:
            return f"{asked.track.namespace}:{asked.track.value}"
        service = _SAME_LISTS.get(asked.service, asked.service)
        return f"{service}:{asked.kind}:{asked.value}"
    parts = urlsplit(url)
    path = _BESIDE_THE_PAGE.sub("", parts.path.lower())
    named = sorted(parse_qsl(parts.query))
    return f"{parts.netloc}{path}?{named}" if named else f"{parts.netloc}{path}"


def _behind(url: str) -> str:
    """Return the page that a link of Songlink is about, where the link says it."""
    found = _SONGLINK.match(url)
    if found is None:
        return url
    is_song = found[1] == "song"
    words = {
        "kind": "track" if is_song else found[1],
        "song": found[1],
        "watch": "watch?v=" if is_song else "playlist?list=",
    }
    return _SONGLINK_PAGES[found[2]].format(value=found[3], **words)
