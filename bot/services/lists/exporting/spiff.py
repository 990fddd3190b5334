"""Lists as XSPF 1 ("spiff", XML) and JSPF (the same in JSON), as xspf.org describes them.

A track's identifiers are what others may know it by: its MusicBrainz recording (by which
ListenBrainz reads a JSPF) and its Spotify URI. Its ISRC is a `meta`, its length is in milliseconds.
"""

import json
from typing import Any, Final
from xml.etree import ElementTree as ET

from bot.core.catalog import identifier, main_page
from bot.core.lists import Playlist
from bot.core.models import ExternalId, Track
from bot.services.lists.exporting.lines import byline, one_line

NAMESPACE: Final = "http://xspf.org/ns/0/"
ISRC: Final = "https://musicbrainz.org/doc/ISRC"
"""What a `meta` says that holds an ISRC."""

_IDENTIFIERS: Final = ("mbid", "spotify")


def write_xspf(playlist: Playlist) -> str:
    """Write a list as XML."""
    root = ET.Element("playlist", {"version": "1", "xmlns": NAMESPACE})
    _add(root, "title", playlist.title)
    _add(root, "annotation", playlist.description)
    _add(root, "date", playlist.created_at.isoformat())
    tracks = ET.SubElement(root, "trackList")
    for track in playlist.tracks:
        entry = ET.SubElement(tracks, "track")
        _add(entry, "location", main_page(track))
        for known_as in _identifiers(track):
            _add(entry, "identifier", known_as)
        _add(entry, "title", track.title)
        _add(entry, "creator", byline(track))
        _add(entry, "album", track.album)
        _add(entry, "duration", track.duration_ms)
        for isrc in _values(track, "isrc"):
            _add(entry, "meta", isrc).set("rel", ISRC)
    ET.indent(root)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{ET.tostring(root, "unicode")}\n'


def write_jspf(playlist: Playlist) -> str:
    """Write a list as JSON."""
    whole = {
        "title": playlist.title,
        "annotation": playlist.description,
        "date": playlist.created_at.isoformat(),
        "track": [_jspf_track(track) for track in playlist.tracks],
    }
    return json.dumps({"playlist": whole}, ensure_ascii=False, indent=2) + "\n"


def _jspf_track(track: Track) -> dict[str, Any]:
    page = main_page(track)
    entry = {
        "location": [page] if page else None,
        "identifier": _identifiers(track) or None,
        "title": track.title,
        "creator": byline(track),
        "album": track.album,
        "duration": track.duration_ms,
        "meta": [{ISRC: isrc} for isrc in _values(track, "isrc")] or None,
    }
    return {name: value for name, value in entry.items() if value is not None}


def _identifiers(track: Track) -> list[str]:
    return [
        name
        for namespace in _IDENTIFIERS
        for value in _values(track, namespace)
        if (name := identifier(ExternalId(namespace, value))) is not None
    ]


def _values(track: Track, namespace: str) -> list[str]:
    return [known.value for known in track.external_ids if known.namespace == namespace]


def _add(parent: ET.Element, name: str, value: str | int | None) -> ET.Element:
    """Add an element unless there is nothing to say; return it (else one that is nowhere).

    A line holds no control character, which XML 1.0 has no way to write.
    """
    element = ET.Element(name)
    if value is not None and value != "":
        element.text = one_line(str(value))
        parent.append(element)
    return element
