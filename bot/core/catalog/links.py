"""Recognize links to music services, and tell harmless ones from the rest. Nothing is ever fetched.

Two questions, two functions: which track does a text name (`track_link`), and may this address be
shown to a whole server (`service_url`).
"""

import re
import unicodedata
from collections.abc import Callable
from typing import Final
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

from bot.core.catalog.addresses import address_of, pieces_in
from bot.core.models import ExternalId
from bot.errors import UserError

MAX_URL_LENGTH: Final = 500
"""A little less than what a Discord link button takes (512)."""

SERVICES: Final[dict[str, tuple[str, ...]]] = {
    "Spotify": ("open.spotify.com", "play.spotify.com"),
    "Apple Music": ("music.apple.com", "geo.music.apple.com", "itunes.apple.com"),
    "YouTube": ("www.youtube.com", "youtube.com", "m.youtube.com", "youtu.be"),
    "YouTube Music": ("music.youtube.com",),
    "SoundCloud": (
        "soundcloud.com", "www.soundcloud.com", "m.soundcloud.com", "on.soundcloud.com",
    ),
    "Bandcamp": ("bandcamp.com", "www.bandcamp.com"),
    "Deezer": ("www.deezer.com", "deezer.com", "link.deezer.com"),
    "TIDAL": ("tidal.com", "www.tidal.com", "listen.tidal.com"),
    "Audius": ("audius.co", "www.audius.co"),
    "Amazon Music": (
        "music.amazon.com", "music.amazon.co.uk", "music.amazon.de", "music.amazon.fr",
        "music.amazon.it", "music.amazon.es", "music.amazon.ca", "music.amazon.in",
        "music.amazon.co.jp", "music.amazon.com.au", "music.amazon.com.br", "music.amazon.com.mx",
    ),
    "Mixcloud": ("www.mixcloud.com", "mixcloud.com", "m.mixcloud.com"),
    "Qobuz": ("open.qobuz.com", "play.qobuz.com", "www.qobuz.com"),
    "Last.fm": ("www.last.fm", "last.fm"),
    "ListenBrainz": ("listenbrainz.org", "www.listenbrainz.org"),
    "MusicBrainz": ("musicbrainz.org", "www.musicbrainz.org"),
    "Songlink": ("song.link", "album.link", "artist.link", "playlist.link", "odesli.co"),
}  # fmt: skip
"""The services a promotion may point to, each with its hosts. Artists' own pages on Bandcamp
(`name.bandcamp.com`) are known beside these."""

_SERVICE_OF: Final = {host: name for name, hosts in SERVICES.items() for host in hosts}
_SAME_HOST: Final = {
    "play.spotify.com": "open.spotify.com",
    "youtube.com": "www.youtube.com",
    "m.youtube.com": "www.youtube.com",
    "www.soundcloud.com": "soundcloud.com",
    "m.soundcloud.com": "soundcloud.com",
    "www.bandcamp.com": "bandcamp.com",
    "deezer.com": "www.deezer.com",
    "www.tidal.com": "tidal.com",
    "listen.tidal.com": "tidal.com",
    "www.audius.co": "audius.co",
    "mixcloud.com": "www.mixcloud.com",
    "m.mixcloud.com": "www.mixcloud.com",
    "last.fm": "www.last.fm",
    "www.listenbrainz.org": "listenbrainz.org",
    "www.musicbrainz.org": "musicbrainz.org",
}
"""Other spellings of a host, so that one page has one address."""
ARTIST_PAGE: Final = re.compile(r"(?!xn--)([a-z0-9][a-z0-9-]{0,62})\.bandcamp\.com")
"""The host of an artist's own pages on Bandcamp."""
_NAMES_THE_PAGE: Final = frozenset({"v", "list", "i", "trackAsin"})
"""Parameters that are part of what is linked; all others (utm_*, si, redirects) are dropped."""
_PLAIN_VALUE: Final = re.compile(r"[A-Za-z0-9_-]{1,100}")
_ESCAPED: Final = re.compile("%[0-9A-Fa-f]{2}")
_UNRESERVED: Final = re.compile("[A-Za-z0-9._~-]")
_HARMLESS_IN_PATH: Final = "/%:@!$&'*+,;=~-._"


def service_names() -> str:
    """Return the names of all services as one phrase."""
    *most, last = SERVICES
    return f"{', '.join(most)} or {last}"


def service_of(url: str) -> str:
    """Return the name of the service that an address from `service_url` belongs to."""
    host = urlsplit(url).hostname or ""
    return _service_of_host(host) or host


def _service_of_host(host: str) -> str | None:
    if ARTIST_PAGE.fullmatch(host):
        return "Bandcamp"
    return _SERVICE_OF.get(host)


def service_url(url: str) -> str:
    """Return the address in its one normal form, if it is a page of a known music service.

    Only https, only the hosts of `SERVICES`, no user name, no port; tracking parameters and the
    fragment are dropped. An address in normal form is returned as it is.

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
    service = _service_of_host(host)
    if service is None:
        raise UserError(_not_a_service())
    path = _plain_path(parts.path)
    if service == "Spotify":
        path = re.sub(r"^/intl-[a-z]{2}(?=/)", "", path)
    if not path and not ARTIST_PAGE.fullmatch(host):
        raise UserError(f"That link leads to the front page of {service}. Link the music itself.")
    kept = [
        (name, value)
        for name, value in parse_qsl(parts.query)
        if name in _NAMES_THE_PAGE and _PLAIN_VALUE.fullmatch(value)
    ]
    query = f"?{urlencode(kept)}" if kept else ""
    normal = f"https://{_SAME_HOST.get(host, host)}{path}{query}"
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


# ----------------------------------------------------------------------------- tracks in a text

_SPOTIFY_URI: Final = re.compile(r"spotify:track:([A-Za-z0-9]{22})")

_SPOTIFY: Final = re.compile(
    r"/(?:intl-[a-z]{2}(?:-[a-z]{2})?/)?(?:embed/)?track/([A-Za-z0-9]{22})/?"
)
_DEEZER: Final = re.compile(r"/(?:[a-z]{2}/)?track/(\d{1,18})/?")
_VIDEO: Final = re.compile(r"[A-Za-z0-9_-]{11}")
_VIDEO_PATH: Final = re.compile(r"/(?:shorts|embed|live|v)/([A-Za-z0-9_-]{11})/?")
_TWO_NAMES: Final = re.compile(r"/([\w.-]{1,100})/([\w.-]{1,200})/?", re.ASCII)
_BANDCAMP: Final = re.compile(r"/track/([\w.-]{1,200})/?", re.ASCII)
_APPLE_SONG: Final = re.compile(r"/(?:[a-z]{2}/)?song/(?:[^/]+/)?(\d{1,18})/?")
_APPLE_ALBUM: Final = re.compile(r"/(?:[a-z]{2}/)?album/(?:[^/]+/)?\d{1,18}/?")
_UUID: Final = re.compile(
    r"/(?:recording|track)/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})/?", re.I
)

_NO_ARTIST: Final = {
    "charts", "discover", "explore", "feed", "jobs", "messages", "mobile", "pages", "people",
    "popular", "search", "settings", "signin", "signup", "stream", "tags", "trending", "upload",
    "you",
}  # fmt: skip
_NO_TRACK: Final = {
    "album", "albums", "comments", "followers", "following", "likes", "playlist", "playlists",
    "popular-tracks", "reposts", "sets", "tracks",
}  # fmt: skip


def track_link(text: str) -> ExternalId | None:
    """Find the first link to a track in a text: a link or URI of a known service, in any wrapping.

    The value is the service's own id where it has one (spotify, deezer, youtube, apple, mbid), else
    the lower-case path that names the track: "artist/title" (soundcloud, bandcamp, audius).
    """
    for piece in pieces_in(text):
        found = _track_of(piece)
        if found is not None:
            return found
    return None


def _track_of(piece: str) -> ExternalId | None:
    uri = _SPOTIFY_URI.fullmatch(piece)
    if uri:
        return ExternalId("spotify", uri[1])
    address = address_of(piece)
    if address is None:
        return None
    artist = ARTIST_PAGE.fullmatch(address.host)
    if artist:
        page = _BANDCAMP.fullmatch(address.path)
        return ExternalId("bandcamp", f"{artist[1]}/{page[1].lower()}") if page else None
    reader = _READERS.get(address.host)
    return reader(address.path, address.query) if reader else None


def _by_path(
    namespace: str, pattern: re.Pattern[str]
) -> Callable[[str, dict[str, str]], ExternalId | None]:
    def read(path: str, _query: dict[str, str]) -> ExternalId | None:
        match = pattern.fullmatch(path)
        return ExternalId(namespace, match[1]) if match else None

    return read


def _read_youtube(path: str, query: dict[str, str]) -> ExternalId | None:
    match = _VIDEO_PATH.fullmatch(path)
    video = match[1] if match else query.get("v", "") if path.rstrip("/") == "/watch" else ""
    return ExternalId("youtube", video) if _VIDEO.fullmatch(video) else None


def _read_short_youtube(path: str, _query: dict[str, str]) -> ExternalId | None:
    video = path.strip("/")
    return ExternalId("youtube", video) if _VIDEO.fullmatch(video) else None


def _two_names(namespace: str) -> Callable[[str, dict[str, str]], ExternalId | None]:
    def read(path: str, _query: dict[str, str]) -> ExternalId | None:
        match = _TWO_NAMES.fullmatch(path)
        if not match:
            return None
        artist, title = match[1].lower(), match[2].lower()
        known = artist not in _NO_ARTIST and title not in _NO_TRACK
        return ExternalId(namespace, f"{artist}/{title}") if known else None

    return read


def _read_apple(path: str, query: dict[str, str]) -> ExternalId | None:
    song = _APPLE_SONG.fullmatch(path)
    number = song[1] if song else query.get("i", "") if _APPLE_ALBUM.fullmatch(path) else ""
    return ExternalId("apple", number) if re.fullmatch(r"[0-9]{1,18}", number) else None


def _read_mbid(path: str, _query: dict[str, str]) -> ExternalId | None:
    match = _UUID.fullmatch(path)
    return ExternalId("mbid", match[1].lower()) if match else None


_READERS: Final[dict[str, Callable[[str, dict[str, str]], ExternalId | None]]] = {
    "open.spotify.com": _by_path("spotify", _SPOTIFY),
    "play.spotify.com": _by_path("spotify", _SPOTIFY),
    "deezer.com": _by_path("deezer", _DEEZER),
    "www.deezer.com": _by_path("deezer", _DEEZER),
    "youtube.com": _read_youtube,
    "www.youtube.com": _read_youtube,
    "m.youtube.com": _read_youtube,
    "music.youtube.com": _read_youtube,
    "youtu.be": _read_short_youtube,
    "soundcloud.com": _two_names("soundcloud"),
    "www.soundcloud.com": _two_names("soundcloud"),
    "m.soundcloud.com": _two_names("soundcloud"),
    "audius.co": _two_names("audius"),
    "www.audius.co": _two_names("audius"),
    "music.apple.com": _read_apple,
    "geo.music.apple.com": _read_apple,
    "musicbrainz.org": _read_mbid,
    "listenbrainz.org": _read_mbid,
}


# ----------------------------------------------------------------------------- links in a text

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
