"""Recognize links to playlists and albums of music services. Nothing is ever fetched."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from bot.core.catalog.addresses import Address, address_of, pieces_in
from bot.core.catalog.links import ARTIST_PAGE


class ListKind(StrEnum):
    """What a list of tracks is."""

    PLAYLIST = "playlist"
    ALBUM = "album"
    RELEASE_GROUP = "release group"
    """An album of MusicBrainz in all its editions."""


@dataclass(frozen=True, slots=True)
class CollectionLink:
    """A playlist or an album of one service."""

    service: str
    """As the user knows it: a name of `core.links.SERVICES`."""
    kind: ListKind
    value: str
    """The service's own id; on SoundCloud, Bandcamp and Audius the path that names the list."""
    url: str
    """Its page, in one normal form."""
    storefront: str | None = None
    """The country of a link to Apple Music, lower case: other stores may not have the album."""


_Reader = Callable[[Address], CollectionLink | None]

_LOCALE: Final = r"(?:/(?:intl-)?[a-z]{2}(?:-[a-z]{2})?)?"
_MBID: Final = r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
_SLUG: Final = r"[\w.%~-]{1,200}"

_SPOTIFY_URI: Final = re.compile(
    r"spotify:(?:user:[^:]{1,100}:)?(album|playlist):([A-Za-z0-9]{22})"
)
_SPOTIFY: Final = re.compile(
    rf"{_LOCALE}(?:/embed)?(?:/user/[^/]{{1,100}})?/(album|playlist)/([A-Za-z0-9]{{22}})/?"
)
_DEEZER: Final = re.compile(rf"{_LOCALE}/(album|playlist)/(\d{{1,18}})/?")
_APPLE: Final = re.compile(r"(?:/([a-z]{2}))?/album/(?:[^/]+/)?(?:id)?(\d{1,18})/?")
_APPLE_PLAYLIST: Final = re.compile(r"(?:/([a-z]{2}))?/playlist/(?:[^/]+/)?(pl\.[\w.-]{1,60})/?")
_MUSICBRAINZ: Final = re.compile(rf"/(release|release-group)/({_MBID})(?:/[a-z-]*)?", re.I)
_LISTENBRAINZ: Final = re.compile(rf"/(playlist|release|album|release-group)/({_MBID})/?", re.I)
_AUDIUS: Final = re.compile(rf"/({_SLUG})/(playlist|album)/({_SLUG})/?", re.ASCII)
_YOUTUBE_LIST: Final = re.compile(r"[A-Za-z0-9_-]{10,80}")
_YOUTUBE_ALBUM: Final = re.compile(r"/browse/(MPREb_[A-Za-z0-9_-]{5,40})/?")
_ALBUM_LISTS: Final = "OLAK5uy_"
"""The ids of the lists that YouTube Music makes from albums begin like this."""
_TIDAL: Final = re.compile(
    rf"(?:/browse)?/(?:(album)/(\d{{1,18}})|(playlist)/({_MBID}))(?:/u)?/?", re.I
)
_SOUNDCLOUD: Final = re.compile(rf"/({_SLUG})/sets/({_SLUG})/?", re.ASCII)
_BANDCAMP: Final = re.compile(rf"/album/({_SLUG})/?", re.ASCII)


def collection_link(text: str) -> CollectionLink | None:
    """Find the first link to a playlist or an album in a text: in any wrapping, any locale.

    A link to one track of an album does not count.
    """
    for piece in pieces_in(text):
        found = _collection_of(piece)
        if found is not None:
            return found
    return None


def _collection_of(piece: str) -> CollectionLink | None:
    uri = _SPOTIFY_URI.fullmatch(piece)
    if uri:
        return _spotify(uri[1], uri[2])
    address = address_of(piece)
    if address is None:
        return None
    if ARTIST_PAGE.fullmatch(address.host):
        return _read_bandcamp(address)
    reader = _READERS.get(address.host)
    return reader(address) if reader else None


def _spotify(kind: str, value: str) -> CollectionLink:
    url = f"https://open.spotify.com/{kind}/{value}"
    return CollectionLink("Spotify", ListKind(kind), value, url)


def _read_spotify(address: Address) -> CollectionLink | None:
    found = _SPOTIFY.fullmatch(address.path)
    return _spotify(found[1], found[2]) if found else None


def _read_deezer(address: Address) -> CollectionLink | None:
    found = _DEEZER.fullmatch(address.path)
    if not found:
        return None
    url = f"https://www.deezer.com/{found[1]}/{found[2]}"
    return CollectionLink("Deezer", ListKind(found[1]), found[2], url)


def _read_apple(address: Address) -> CollectionLink | None:
    album = _APPLE.fullmatch(address.path)
    if album and not address.query.get("i"):
        country = album[1] or "us"
        url = f"https://music.apple.com/{country}/album/{album[2]}"
        return CollectionLink("Apple Music", ListKind.ALBUM, album[2], url, album[1])
    playlist = _APPLE_PLAYLIST.fullmatch(address.path)
    if not playlist:
        return None
    url = f"https://music.apple.com/{playlist[1] or 'us'}/playlist/{playlist[2]}"
    return CollectionLink("Apple Music", ListKind.PLAYLIST, playlist[2], url, playlist[1])


def _read_musicbrainz(address: Address) -> CollectionLink | None:
    found = _MUSICBRAINZ.fullmatch(address.path)
    return _on_musicbrainz(found[1].lower() == "release", found[2]) if found else None


def _read_listenbrainz(address: Address) -> CollectionLink | None:
    found = _LISTENBRAINZ.fullmatch(address.path)
    if not found:
        return None
    value = found[2].lower()
    if found[1].lower() != "playlist":  # its pages of albums name those of MusicBrainz
        return _on_musicbrainz(found[1].lower() == "release", value)
    url = f"https://listenbrainz.org/playlist/{value}"
    return CollectionLink("ListenBrainz", ListKind.PLAYLIST, value, url)


def _on_musicbrainz(is_release: bool, mbid: str) -> CollectionLink:
    kind = ListKind.ALBUM if is_release else ListKind.RELEASE_GROUP
    value, page = mbid.lower(), "release" if is_release else "release-group"
    return CollectionLink("MusicBrainz", kind, value, f"https://musicbrainz.org/{page}/{value}")


def _read_audius(address: Address) -> CollectionLink | None:
    found = _AUDIUS.fullmatch(address.path)
    if not found:
        return None
    value = f"{found[1]}/{found[2]}/{found[3]}".lower()
    return CollectionLink("Audius", ListKind(found[2]), value, f"https://audius.co/{value}")


def _read_youtube(service: str, host: str) -> _Reader:
    def read(address: Address) -> CollectionLink | None:
        album = _YOUTUBE_ALBUM.fullmatch(address.path)
        if album:
            return CollectionLink(service, ListKind.ALBUM, album[1], f"https://{host}{album[0]}")
        value = address.query.get("list", "")
        is_list = address.path.rstrip("/") == "/playlist" and _YOUTUBE_LIST.fullmatch(value)
        if not is_list:
            return None
        kind = ListKind.ALBUM if value.startswith(_ALBUM_LISTS) else ListKind.PLAYLIST
        return CollectionLink(service, kind, value, f"https://{host}/playlist?list={value}")

    return read


def _read_tidal(address: Address) -> CollectionLink | None:
    found = _TIDAL.fullmatch(address.path)
    if not found:
        return None
    kind, value = (found[1], found[2]) if found[1] else (found[3], found[4])
    kind, value = kind.lower(), value.lower()
    return CollectionLink("TIDAL", ListKind(kind), value, f"https://tidal.com/{kind}/{value}")


def _read_soundcloud(address: Address) -> CollectionLink | None:
    found = _SOUNDCLOUD.fullmatch(address.path)
    if not found:
        return None
    value = f"{found[1]}/sets/{found[2]}".lower()
    return CollectionLink("SoundCloud", ListKind.PLAYLIST, value, f"https://soundcloud.com/{value}")


def _read_bandcamp(address: Address) -> CollectionLink | None:
    found = _BANDCAMP.fullmatch(address.path)
    if not found:
        return None
    artist, title = address.host.partition(".")[0], found[1].lower()
    url = f"https://{address.host}/album/{title}"
    return CollectionLink("Bandcamp", ListKind.ALBUM, f"{artist}/{title}", url)


_READERS: Final[Mapping[str, _Reader]] = {
    "open.spotify.com": _read_spotify,
    "play.spotify.com": _read_spotify,
    "deezer.com": _read_deezer,
    "www.deezer.com": _read_deezer,
    "music.apple.com": _read_apple,
    "geo.music.apple.com": _read_apple,
    "itunes.apple.com": _read_apple,
    "musicbrainz.org": _read_musicbrainz,
    "www.musicbrainz.org": _read_musicbrainz,
    "listenbrainz.org": _read_listenbrainz,
    "www.listenbrainz.org": _read_listenbrainz,
    "audius.co": _read_audius,
    "www.audius.co": _read_audius,
    "music.youtube.com": _read_youtube("YouTube Music", "music.youtube.com"),
    "youtube.com": _read_youtube("YouTube", "www.youtube.com"),
    "www.youtube.com": _read_youtube("YouTube", "www.youtube.com"),
    "m.youtube.com": _read_youtube("YouTube", "www.youtube.com"),
    "tidal.com": _read_tidal,
    "www.tidal.com": _read_tidal,
    "listen.tidal.com": _read_tidal,
    "soundcloud.com": _read_soundcloud,
    "www.soundcloud.com": _read_soundcloud,
    "m.soundcloud.com": _read_soundcloud,
}
