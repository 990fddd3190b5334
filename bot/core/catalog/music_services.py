"""The music services, one row each: their hosts, what their pages name, and how to write a page.

Nothing else knows how an address of a service looks. Nothing is ever fetched.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from typing import Final
from urllib.parse import quote, unquote

from bot.core.models import ExternalId


class LinkKind(StrEnum):
    """What a page of a music service shows."""

    TRACK = "track"
    ALBUM = "album"
    PLAYLIST = "playlist"
    RELEASE_GROUP = "release group"
    """An album of MusicBrainz in all its editions."""
    PAGE = "page"
    """Something that only Odesli can tell us more about."""


@dataclass(frozen=True, slots=True)
class Shape:
    """One form of address, and what it names."""

    kind: LinkKind
    pattern: re.Pattern[str]
    """Of the path and the query. Its groups, joined by "/", are the id; `store` is beside it."""
    page: str
    """How the address is written again: one `{}` for each part of the id."""


@dataclass(frozen=True, slots=True)
class MusicService:
    """A service whose pages may be shown to a server."""

    name: str
    hosts: tuple[str, ...]
    """The first is the normal one; the others are spellings of it."""
    shapes: tuple[Shape, ...] = ()
    also: tuple[str, ...] = ()
    """More hosts, whose addresses stay as they are."""
    namespace: str = ""
    """Of its track ids in `ExternalId`."""
    folds: bool = False
    """Its ids mean the same in lower case."""
    by_odesli: bool = False
    """We have no client for it, and Odesli knows its pages."""


_LOCALE: Final = r"(?:/(?:intl-)?[a-z]{2}(?:-[a-z]{2})?)?"
_STORE: Final = r"(?:/(?P<store>[a-z]{2}))?"
_ID: Final = r"([A-Za-z0-9]{22})"
_NUMBER: Final = r"([0-9]{1,18})"
_UUID: Final = r"([0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12})"
_SLUG: Final = r"([\w.%~-]{1,200})"
_VIDEO: Final = r"([A-Za-z0-9_-]{11})"
_ON_SPOTIFY: Final = rf"{_LOCALE}(?:/embed)?{_LOCALE}(?:/user/[^/?]{{1,100}})?"
_ON_APPLE: Final = rf"{_STORE}/album/(?:[^/?]+/)?(?:id)?"
_NO_ARTIST: Final = (
    "charts|discover|explore|feed|jobs|messages|mobile|pages|people|popular|search|settings|signin"
    "|signup|stream|tags|tracks|trending|upload|you"
)
_NO_TRACK: Final = (
    "album|albums|comments|followers|following|likes|playlist|playlists|popular-tracks|reposts|sets"
    "|tracks"
)
_TWO_NAMES: Final = (
    rf"(?i:/(?!(?:{_NO_ARTIST})/)([\w.-]{{1,100}})"
    rf"/(?!(?:{_NO_TRACK})(?:[/?]|$))([\w.-]{{1,200}}))"
)


def _shape(kind: LinkKind, path: str, page: str, parameter: str = "") -> Shape:
    """Let a path end with a slash, and a query have more parameters than the one that counts."""
    query = rf"\?(?:.*&)?{parameter}(?:&.*)?" if parameter else r"(?:\?.*)?"
    return Shape(kind, re.compile(f"{path}/?{query}", re.ASCII), f"https://{page}")


_track, _album, _playlist = (
    partial(_shape, kind) for kind in (LinkKind.TRACK, LinkKind.ALBUM, LinkKind.PLAYLIST)
)


def _numbered(before: str, number: str, host: str) -> tuple[Shape, ...]:
    kinds = (LinkKind.TRACK, LinkKind.ALBUM, LinkKind.PLAYLIST)
    return tuple(_shape(one, f"{before}/{one}/{number}", f"{host}/{one}/{{}}") for one in kinds)


def _youtube(host: str) -> tuple[Shape, ...]:
    video = "www.youtube.com/watch?v={}"
    return (
        _track("/watch", video, f"v={_VIDEO}"),
        _track(f"/(?:shorts|embed|live|v)/{_VIDEO}", video),
        _album("/browse/(MPREb_[A-Za-z0-9_-]{5,40})", f"{host}/browse/{{}}"),
        # YouTube Music makes such a list of every album.
        _album("/playlist", f"{host}/playlist?list={{}}", "list=(OLAK5uy_[A-Za-z0-9_-]{2,71})"),
        _playlist("/playlist", f"{host}/playlist?list={{}}", "list=([A-Za-z0-9_-]{10,80})"),
        _album("/browse/VL(OLAK5uy_[A-Za-z0-9_-]{2,71})", f"{host}/playlist?list={{}}"),
        _playlist("/browse/VL([A-Za-z0-9_-]{10,80})", f"{host}/playlist?list={{}}"),
    )


_MUSICBRAINZ: Final = (
    _album(f"/release/{_UUID}(?:/[a-z-]*)?", "musicbrainz.org/release/{}"),
    _shape(
        LinkKind.RELEASE_GROUP,
        f"/(?:release-group|album)/{_UUID}(?:/[a-z-]*)?",
        "musicbrainz.org/release-group/{}",
    ),
    _track(f"/(?:recording|track)/{_UUID}", "musicbrainz.org/recording/{}"),
)

MUSIC_SERVICES: Final = (
    MusicService(
        "Spotify", ("open.spotify.com", "play.spotify.com"),
        _numbered(_ON_SPOTIFY, _ID, "open.spotify.com"), namespace="spotify",
    ),
    MusicService(
        "Apple Music", ("music.apple.com",), (
            _track(f"{_STORE}/song/(?:[^/?]+/)?{_NUMBER}", "music.apple.com/us/song/{}"),
            _track(f"{_ON_APPLE}[0-9]{{1,18}}", "music.apple.com/us/song/{}", f"i={_NUMBER}"),
            _album(f"{_ON_APPLE}{_NUMBER}", "music.apple.com/{store}/album/{}"),
            _playlist(
                rf"{_STORE}/playlist/(?:[^/?]+/)?(pl\.[\w.-]{{1,60}})",
                "music.apple.com/{store}/playlist/{}",
            ),
        ),
        also=(
            "geo.music.apple.com", "itunes.apple.com", "geo.itunes.apple.com",
            "classical.music.apple.com", "beta.music.apple.com", "embed.music.apple.com",
        ),
        namespace="apple",
    ),
    MusicService(
        "YouTube", (
            "www.youtube.com", "youtube.com", "m.youtube.com", "www.youtube-nocookie.com",
            "youtube-nocookie.com",
        ),
        _youtube("www.youtube.com"), namespace="youtube",
    ),
    MusicService(
        "YouTube", ("youtu.be",), (_track(f"/{_VIDEO}", "www.youtube.com/watch?v={}"),),
        namespace="youtube",
    ),
    MusicService(
        "YouTube Music", ("music.youtube.com",), _youtube("music.youtube.com"), namespace="youtube"
    ),
    MusicService(
        "SoundCloud", ("soundcloud.com", "www.soundcloud.com", "m.soundcloud.com"), (
            # A private link has a secret at its end, which goes nowhere.
            _track(f"{_TWO_NAMES}(?:/s-[A-Za-z0-9]{{1,40}})?", "soundcloud.com/{}/{}"),
            _playlist(f"/{_SLUG}/(sets)/{_SLUG}", "soundcloud.com/{}/{}/{}"),
        ),
        also=("on.soundcloud.com",), namespace="soundcloud", folds=True,
    ),
    MusicService(
        "Bandcamp", ("bandcamp.com", "www.bandcamp.com"), (
            # `texts` puts the artist, who stands in the host, before the path.
            _track(r"//([\w-]+)/track/([\w.-]{1,200})", "{}.bandcamp.com/track/{}"),
            _album(rf"//([\w-]+)/album/{_SLUG}", "{}.bandcamp.com/album/{}"),
        ),
        namespace="bandcamp", folds=True,
    ),
    MusicService(
        "Deezer", ("www.deezer.com", "deezer.com"),
        _numbered(_LOCALE, _NUMBER, "www.deezer.com"),
        also=("link.deezer.com",), namespace="deezer",
    ),
    MusicService(
        "TIDAL", ("tidal.com", "www.tidal.com", "listen.tidal.com"), (
            _album(f"(?:/browse)?/album/{_NUMBER}(?:/u)?", "tidal.com/album/{}"),
            _playlist(f"(?:/browse)?/playlist/{_UUID}(?:/u)?", "tidal.com/playlist/{}"),
        ),
        folds=True, by_odesli=True,
    ),
    MusicService(
        "Audius", ("audius.co", "www.audius.co"), (
            _album(f"/{_SLUG}/(album)/{_SLUG}", "audius.co/{}/{}/{}"),
            _playlist(f"/{_SLUG}/(playlist)/{_SLUG}", "audius.co/{}/{}/{}"),
            _track(_TWO_NAMES, "audius.co/{}/{}"),
        ),
        namespace="audius", folds=True,
    ),
    MusicService(
        "Amazon Music", ("music.amazon.com",), by_odesli=True,
        also=(
            "music.amazon.co.uk", "music.amazon.de", "music.amazon.fr", "music.amazon.it",
            "music.amazon.es", "music.amazon.ca", "music.amazon.in", "music.amazon.co.jp",
            "music.amazon.com.au", "music.amazon.com.br", "music.amazon.com.mx",
            "music.amazon.nl", "music.amazon.se", "music.amazon.pl", "music.amazon.com.tr",
            "music.amazon.com.be", "music.amazon.ae", "music.amazon.sa", "music.amazon.sg",
            "music.amazon.eg", "music.amazon.ie",
        ),
    ),
    MusicService("Mixcloud", ("www.mixcloud.com", "mixcloud.com", "m.mixcloud.com")),
    MusicService("Qobuz", ("open.qobuz.com",), also=("play.qobuz.com", "www.qobuz.com")),
    MusicService("Last.fm", ("www.last.fm", "last.fm")),
    MusicService(
        "ListenBrainz", ("listenbrainz.org", "www.listenbrainz.org"),
        (_playlist(f"/playlist/{_UUID}", "listenbrainz.org/playlist/{}"), *_MUSICBRAINZ),
        namespace="mbid", folds=True,
    ),
    MusicService(
        "MusicBrainz", ("musicbrainz.org", "www.musicbrainz.org"), _MUSICBRAINZ,
        namespace="mbid", folds=True,
    ),
    MusicService(
        "Songlink", ("song.link",), by_odesli=True,
        also=("album.link", "artist.link", "playlist.link", "odesli.co"),
    ),
)  # fmt: skip
"""Artists' own pages on Bandcamp (`name.bandcamp.com`) are known beside these hosts."""

SHORT_HOSTS: Final = (
    "spotify.link", "spotify.app.link", "link.tospotify.com",
    "link.deezer.com", "deezer.page.link", "dzr.page.link", "on.soundcloud.com",
)  # fmt: skip
"""Where short links stand: the only hosts that an address from a user is fetched from."""

_WRAPPERS: Final = (
    ("embed.spotify.com", re.compile(r"/\?(?:.*&)?uri=spotify:(\w+):(\w+)(?:&.*)?"),
     "open.spotify.com/{}/{}"),
    ("embed.tidal.com", re.compile(r"/(track|album|playlist)s/([\w-]+)/?(?:\?.*)?"),
     "tidal.com/{}/{}"),
    ("w.soundcloud.com", re.compile(r"/player/?\?(?:.*&)?url=https?://([^&]+)(?:&.*)?"), "{}"),
    ("www.youtube.com", re.compile(r"/attribution_link\?(?:.*&)?u=(/[^&]+)(?:&.*)?"),
     "www.youtube.com{}"),
    ("www.amazon", re.compile(r"//([a-z.]{2,6})/music/player/(.+)"), "music.amazon.{}/{}"),
)  # fmt: skip
"""Players and redirectors that name the page inside: host, what follows it, and the page."""
_UNREAD: Final = {
    "pandora.com": "Pandora", "qobuz.com": "Qobuz", "yandex.ru": "Yandex Music",
    "yandex.com": "Yandex Music", "genius.com": "Genius", "shazam.com": "Shazam",
    "mixcloud.com": "Mixcloud", "last.fm": "Last.fm", "napster.com": "Napster",
    "anghami.com": "Anghami", "boomplay.com": "Boomplay", "beatport.com": "Beatport",
    "discogs.com": "Discogs", "rateyourmusic.com": "Rate Your Music", "vk.com": "VK",
}  # fmt: skip
"""Sites of music whose pages nobody reads here."""

_SERVICE_AT: Final = {
    host: service for service in MUSIC_SERVICES for host in (*service.hosts, *service.also)
}
_ARTIST_HOST: Final = re.compile(r"(?!xn--)([a-z0-9][a-z0-9-]{0,62})\.bandcamp\.com")
_TRACK_PAGES: Final[Mapping[str, str]] = {
    service.namespace: shape.page
    for service in reversed(MUSIC_SERVICES)
    for shape in service.shapes
    if shape.kind is LinkKind.TRACK
}


def artist_at(host: str) -> str | None:
    """Return whose own pages on Bandcamp a host holds; None for any other host."""
    found = _ARTIST_HOST.fullmatch(host)
    return found[1] if found else None


def service_at(host: str) -> MusicService | None:
    """Return the service that a host, in lower case, belongs to."""
    return _SERVICE_AT.get("bandcamp.com" if artist_at(host) else host)


def unwrapped(host: str, where: str) -> str | None:
    """Return the page that the address of a player or a redirector holds; None for any other.

    Args:
        host: in lower case.
        where: path and query.
    """
    if host.startswith("www.amazon."):
        host, where = "www.amazon", f"//{host.removeprefix('www.amazon.')}{where}"
    readable = unquote(where)
    for name, pattern, page in _WRAPPERS:
        found = pattern.fullmatch(readable) if host == name else None
        if found:
            return "https://" + page.format(*found.groups())
    return None


def unread_at(host: str) -> str | None:
    """Return the name of a site of music that a host belongs to, whose pages are not read."""
    parts = host.lower().split(".")
    return next((_UNREAD[name] for name in map(".".join, _tails(parts)) if name in _UNREAD), None)


def _tails(parts: list[str]) -> list[list[str]]:
    return [parts[start:] for start in range(len(parts) - 1)]


def page_at(page: str, value: str, **more: str) -> str | None:
    """Write the address of a page; None when the id has not as many parts as it needs."""
    places = page.count("{}")
    parts = value.split("/", places - 1)
    return page.format(*(quote(part) for part in parts), **more) if len(parts) == places else None


def track_page(known: ExternalId) -> str | None:
    """Return the address of a track's page; None for ids that have none."""
    page = _TRACK_PAGES.get(known.namespace)
    return None if page is None else page_at(page, known.value)


def identifier(known: ExternalId) -> str | None:
    """Return what other programs know a track by: its URI on Spotify, its page elsewhere."""
    if known.namespace == "spotify":
        return f"spotify:track:{quote(known.value)}"
    return track_page(known)
