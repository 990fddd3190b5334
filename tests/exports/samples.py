"""Exports as the services write them."""

import io
import json
import zipfile
from typing import Any

SPOTIFY_URI = "spotify:track:6f807x0ima9a1j3VPbc7VN"


def streamed(title: str = "Lullaby", *, ms: int = 180_000, at: str = "12:03:00") -> dict[str, Any]:
    """A play of the extended streaming history of Spotify."""
    return {
        "ts": f"2024-05-01T{at}Z",
        "ms_played": ms,
        "ip_addr": "203.0.113.7",
        "platform": "secret phone",
        "master_metadata_track_name": title,
        "master_metadata_album_artist_name": "Low",
        "spotify_track_uri": SPOTIFY_URI,
        "episode_name": None,
    }


PODCAST = {**streamed(), "master_metadata_track_name": None, "episode_name": "Talk"}
OF_THE_YEAR = {
    "endTime": "2024-05-01 12:03", "artistName": "Low", "trackName": "Lullaby", "msPlayed": 180_000,
}  # fmt: skip
LISTEN = {
    "listened_at": 1_714_564_800,
    "track_metadata": {
        "artist_name": "Low feat. Guest",
        "track_name": "Lullaby",
        "additional_info": {"recording_mbid": "11111111-1111-4111-8111-111111111111"},
    },
}
SCROBBLE = {
    "artist": {"mbid": "", "#text": "Low"},
    "name": "Lullaby",
    "date": {"uts": "1714564800", "#text": "01 May 2024, 12:00"},
}
EXPORTIFY = (
    "\ufeffTrack URI,Track Name,Artist URI(s),Artist Name(s),Added At\n"
    f'{SPOTIFY_URI},Lullaby,spotify:artist:1,"Tyler, The Creator",2020-01-01T00:00:00Z\n'
    "spotify:local:a:b,Mine,,Me,2020-01-01T00:00:00Z\n"
)


def lines(*rows: Any) -> bytes:
    return b"\n".join(json.dumps(row).encode() for row in rows)


def array(*rows: Any) -> bytes:
    return json.dumps(rows, indent=1).encode()


def zipped(files: dict[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return packed.getvalue()
