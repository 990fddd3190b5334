"""Say when two written names mean the same artist, the same recording, the same song."""

import re
from typing import Final

from bot.core.catalog.folding import plain_text, text_key
from bot.core.catalog.titles import title_keys

SEPARATOR: Final = "\x1f"
"""Separates the fields of a recording key; no folded text contains it."""
KEYS: Final = 2
"""Counted up when keys of names that are stored would be others than before."""

_TURNED: Final = re.compile(r"(.+), *(the|los|las|les|la|le|el|die|der|das)", re.I)
_AND: Final = re.compile(r"(?<=\w\w) (?:und|y|et) (?=\w\w)")
LOOKS_TURNED: Final = (
    r"(?i), *(?:the|los|las|les|la|le|el|die|der|das)\s*$|[^a-z0-9](?:und|y|et)[^a-z0-9]"
)
"""An artist's name without this has the key that its text has."""


def artist_key(name: str) -> str:
    """Fold an artist's name, so that it is the same however it is typed.

    "Beatles, The" is The Beatles, and "Simón y Garfunkel" has its "and" in another language.
    """
    plain = plain_text(name).strip()
    turned = _TURNED.fullmatch(plain)
    if turned is not None:
        plain = f"{turned[2]} {turned[1]}"
    return _AND.sub(" and ", text_key(plain))


def recording_key(title: str, artist: str) -> str:
    """Return what every copy of one recording shares: song, artist and version, by name.

    Two recordings can share it (a song recorded twice): the duration tells them apart.
    """
    song, version = title_keys(title)
    return SEPARATOR.join((song, artist_key(artist), version))


def song_key(recording: str) -> str:
    """Return the part of a recording key that live, remix and remaster of one song share."""
    return recording.rpartition(SEPARATOR)[0]


_SHARED: Final = re.compile(
    r"(?:(?:the|an?|first|second|final|opening|closing|end|main|love|album) )*"
    r"(?:intro(?:ducao|duccion|duction|duzione)?|outro|interlude|interludio|interlud|intermezzo"
    r"|intermission|skit|prelude|preludio|prologue?|prologo|epilogue?|epilogo|overture|ouverture"
    r"|untitled|sin titulo|sans titre|ohne titel|senza titolo|title(?: track| theme)?|titles|theme"
    r"|themes?(?: song)?|opening|ending|finale|credits|entracte|segue|bonus(?: track)?"
    r"|hidden track|track|part|movement|side|chapter|talk(?:ing)?|speech|applause|silence|jam|solo"
    r"|(?:drum|guitar|piano|bass) solo|freestyle|commentary|dialogue?|announcement|tuning)"
    r"(?: (?:\d+|[ivx]+|[a-d]|one|two|three|four|five|song|music))*"
)


def is_shared_title(song: str) -> bool:
    """Say whether a folded title is of the kind that one artist gives to many pieces ("Intro")."""
    return _SHARED.fullmatch(song) is not None
