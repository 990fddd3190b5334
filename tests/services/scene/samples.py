"""Small files of every kind, as they are in circulation."""

import gzip
import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

HALF_HOUR = 1800
MONDAY = 1_700_000_000


def listen(
    title: str, at: int, *, user: int | str | None = 1, artist: str = "Low", **more: Any
) -> dict[str, Any]:
    """Return a listen as a dump of ListenBrainz has it; `more` goes to its additional_info."""
    named = {"user_id": user, "user_name": f"user {user}"} if user is not None else {}
    return {
        **named,
        "listened_at": MONDAY + at,
        "recording_msid": "5a1d7b42-0000-4000-a000-000000000000",
        "track_metadata": {
            "artist_name": artist,
            "track_name": title,
            "release_name": "Album",
            "additional_info": {"submission_client": "player", **more},
        },
    }


def as_lines(listens: Iterable[Any]) -> bytes:
    return "".join(json.dumps(one) + "\n" for one in listens).encode()


def as_slice(playlists: Sequence[Sequence[Mapping[str, str]]], *, indent: int | None = 4) -> bytes:
    """Return playlists as a slice of the Million Playlist Dataset."""
    document = {
        "info": {"generated_on": "2017-12-03 08:41:42.057563", "slice": "0-999", "version": "v1"},
        "playlists": [
            {
                "name": f"list {pid}",
                "collaborative": "false",
                "pid": pid,
                "num_tracks": len(tracks),
                "tracks": [
                    {
                        "pos": pos,
                        "artist_name": track["artist"],
                        "track_uri": track["uri"],
                        "track_name": track["title"],
                        "duration_ms": 166264,
                    }
                    for pos, track in enumerate(tracks)
                ],
            }
            for pid, tracks in enumerate(playlists)
        ],
    }
    return json.dumps(document, indent=indent).encode()


def track(title: str, artist: str = "Low", uri: str = "spotify:track:0") -> dict[str, str]:
    return {"title": title, "artist": artist, "uri": uri}


def written(path: Path, content: bytes) -> Path:
    """Write a file, gzipped when its name says so; its folder is made."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(gzip.compress(content) if path.suffix == ".gz" else content)
    return path
