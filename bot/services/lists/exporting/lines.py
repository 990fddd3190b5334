"""Lists as lines: M3U8 for players, plain links for people.

M3U8 is M3U in UTF-8 with the comments that players know: `#EXTINF:seconds,artist - title` and, for
the whole list, `#PLAYLIST:title`. A length that is not known is -1.
"""

from bot.core.catalog import main_page, searches
from bot.core.lists import Playlist
from bot.core.models import Track


def write_m3u8(playlist: Playlist) -> str:
    """Write a list for players; a track without a page of its own is a search for it."""
    lines = ["#EXTM3U", f"#PLAYLIST:{one_line(playlist.title)}"]
    for track in playlist.tracks:
        seconds = -1 if track.duration_ms is None else round(track.duration_ms / 1000)
        lines.append(f"#EXTINF:{seconds},{one_line(byline(track))} - {one_line(track.title)}")
        if track.album:
            lines.append(f"#EXTALB:{one_line(track.album)}")
        lines.append(_address(track))
    return "\n".join([*lines, ""])


def write_links(playlist: Playlist) -> str:
    """Write one line per track: "Artist – Title address"; that of its own page, else a search."""
    return "".join(
        f"{one_line(byline(track))} – {one_line(track.title)} {_address(track)}\n"
        for track in playlist.tracks
    )


def byline(track: Track) -> str:
    """Return all artists of a track as they are printed."""
    return track.artist_credit or track.artist


def one_line(text: str) -> str:
    """Return foreign text without what could begin another line."""
    return " ".join("".join(one if one.isprintable() else " " for one in text).split())


def _address(track: Track) -> str:
    return main_page(track) or searches(track)[0][1]
