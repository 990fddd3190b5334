"""Where a track can be heard: its own page where one is known, a search elsewhere."""

from typing import Final
from urllib.parse import quote, quote_plus

from bot.core.models import Track
from bot.ui import text

_PAGES: Final = {
    "spotify": ("Spotify", "https://open.spotify.com/track/{}"),
    "deezer": ("Deezer", "https://www.deezer.com/track/{}"),
    "mbid": ("MusicBrainz", "https://musicbrainz.org/recording/{}"),
    "youtube": ("YouTube", "https://www.youtube.com/watch?v={}"),
}


def pages(track: Track) -> list[tuple[str, str]]:
    """Return label and address of the track's own pages, each service once."""
    found: dict[str, str] = {}
    for known in track.external_ids:
        if known.namespace in _PAGES:
            label, address = _PAGES[known.namespace]
            found.setdefault(label, address.format(quote(known.value, safe="")))
    return list(found.items())


def main_page(track: Track) -> str | None:
    """Return the one address to open; a freely licensed track's is its project's."""
    own = pages(track)
    if own:
        return own[0][1]
    homepage = None if track.credit is None else track.credit.homepage
    return homepage if homepage and _can_be_opened(homepage) else None


def anywhere(track: Track) -> str:
    """Return an address where the track can be heard, a search where no page is known."""
    return main_page(track) or _searches(track)[0][1]


def links(track: Track) -> str:
    """Return a line of links: own pages first, then searches."""
    own = pages(track)
    labels = {label for label, _ in own}
    searches = _searches(track)
    shown = [f"[{label}]({address})" for label, address in own]
    shown += [f"[search {label}]({address})" for label, address in searches if label not in labels]
    return " · ".join(shown)


def _searches(track: Track) -> list[tuple[str, str]]:
    words = quote_plus(text.cut(f"{track.artist} {track.title}", 80))
    return [
        ("YouTube", f"https://www.youtube.com/results?search_query={words}"),
        ("Bandcamp", f"https://bandcamp.com/search?q={words}"),
    ]


def _can_be_opened(address: str) -> bool:
    """Discord refuses a whole message for a button with any other address."""
    return address.startswith(("https://", "http://")) and len(address) <= 512
