"""Reads lists that somebody made: tables, and slices of the Million Playlist Dataset.

A slice is `{"playlists": [{"tracks": [{"track_uri", "artist_name", "track_name"}, …]}, …]}` (Chen,
Lamere, Schedl & Zamani, 2018). Spotify's account data has `Playlist1.json` instead: `{"playlists":
[{"items": [{"track": {"trackUri", "artistName", "trackName"}}, …]}, …]}`.
"""

import json
from pathlib import Path
from typing import Any, Final

from bot.errors import SeedsError
from bot.services.catalog import read_seeds
from bot.services.packed import open_packed
from bot.services.scene.pieces import PlaylistPiece, WrittenTrack
from bot.sources.reading import said

_LARGEST_SLICE: Final = 1 << 28


def read_table(path: Path) -> PlaylistPiece:
    """Read a table of lists, as `seeds.read_seeds` does.

    Raises:
        SeedsError: it cannot be read, is cut off, or does not have these columns.
    """
    numbers: dict[str, int] = {}
    seeds = read_seeds(path)
    owners = [numbers.setdefault(seed.list, len(numbers)) for seed in seeds]
    tracks = [(seed.track_id, seed.artist, seed.title) for seed in seeds]
    return PlaylistPiece(len(numbers), owners, tracks)


def read_slice(path: Path) -> PlaylistPiece:
    """Read playlists as JSON.

    Raises:
        SeedsError: it cannot be read, is no JSON, or does not have this form.
    """
    owners: list[int] = []
    tracks: list[WrittenTrack] = []
    playlists = _playlists(path)
    for number, playlist in enumerate(playlists):
        try:
            if "tracks" in playlist:
                entries = [_track(entry) for entry in playlist["tracks"]]
            else:
                entries = [_own(item["track"]) for item in playlist["items"] if item.get("track")]
        except (KeyError, TypeError, AttributeError) as error:
            raise SeedsError(
                f"Playlist {number + 1} of {path} has no tracks in the form of the Million "
                "Playlist Dataset (track_uri, artist_name, track_name) or of Spotify's account "
                f"data (trackUri, artistName, trackName): {error!r}."
            ) from error
        owners += [number] * len(entries)
        tracks += entries
    return PlaylistPiece(len(playlists), owners, tracks)


def _playlists(path: Path) -> list[Any]:
    with open_packed(path) as file:
        content = file.stream.read(_LARGEST_SLICE)
    if len(content) == _LARGEST_SLICE:
        raise SeedsError(f"{path} is larger than 256 MB: split it into slices.")
    try:
        document = json.loads(content)
    except json.JSONDecodeError as error:
        raise SeedsError(
            f"Line {error.lineno} of {path} is not JSON ({error.msg}): is the file cut off?"
        ) from error
    except (ValueError, RecursionError) as error:
        raise SeedsError(f"{path} is not JSON: {error}.") from error
    playlists = document.get("playlists") if isinstance(document, dict) else None
    if not isinstance(playlists, list):
        raise SeedsError(f'{path} holds no list "playlists": it is not a playlist slice.')
    return playlists


def _own(track: dict[str, Any]) -> WrittenTrack:
    """Read a track of Spotify's account data; what is local or an episode is none."""
    return said(track.get("trackUri")), said(track.get("artistName")), said(track["trackName"])


def _track(entry: dict[str, Any]) -> WrittenTrack:
    return said(entry.get("track_uri")), said(entry.get("artist_name")), said(entry["track_name"])
