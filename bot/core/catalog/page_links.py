"""Where a track can be heard: the addresses of its own pages, and of searches for it."""

from typing import Final
from urllib.parse import quote, quote_plus, urlsplit

from bot.core.catalog.links import service_of
from bot.core.catalog.music_services import track_page
from bot.core.models import Track

_SHOWN: Final = ("spotify", "deezer", "mbid", "youtube")
"""The ids whose pages are offered; the others' pages are in one country only, or often moved."""
_SEARCHES: Final = {
    "YouTube": "https://www.youtube.com/results?search_query={}",
    "Bandcamp": "https://bandcamp.com/search?q={}",
    "Spotify": "https://open.spotify.com/search/{}",
    "Deezer": "https://www.deezer.com/search/{}",
    "SoundCloud": "https://soundcloud.com/search?q={}",
    "Apple Music": "https://music.apple.com/search?term={}",
}
_SEARCHED: Final = 80
"""This many characters of artist and title are enough to find a track."""
_LONGEST_QUERY: Final = 440
"""As written in an address, where a letter may take twelve: Discord takes no button above 512."""


def pages(track: Track) -> list[tuple[str, str]]:
    """Return label and address of the track's own pages, each service once."""
    found: dict[str, str] = {}
    for known in track.external_ids:
        page = track_page(known) if known.namespace in _SHOWN else None
        if page is not None:
            found.setdefault(service_of(page), page)
    return list(found.items())


def project_page(track: Track) -> tuple[str, str] | None:
    """Return host and address of where a freely licensed track comes from.

    None where Discord would refuse a whole message for a button with that address.
    """
    homepage = None if track.credit is None else track.credit.homepage
    if homepage is None or len(homepage) > 512:
        return None
    try:
        parts = urlsplit(homepage)
    except ValueError:
        return None
    host = (parts.hostname or "").removeprefix("www.")
    return (host[:60], homepage) if host and parts.scheme in ("http", "https") else None


def main_page(track: Track) -> str | None:
    """Return the address to open; for a freely licensed track, that of its project."""
    known = [*pages(track), project_page(track)]
    return None if known[0] is None else known[0][1]


def searches(track: Track) -> list[tuple[str, str]]:
    """Return label and address of searches for the track."""
    words = f"{track.artist} {track.title}"[:_SEARCHED].strip()
    while len(quote(words, safe="")) > _LONGEST_QUERY:
        words = words[:-1].strip()
    return [
        (label, address.format(quote_plus(words) if "?" in address else quote(words, safe="")))
        for label, address in _SEARCHES.items()
    ]
