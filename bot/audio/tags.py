"""Who made a sound file's music and what it is called, by its tags.

mutagen reads them. Old programs wrote text in the code page of their country and called it
Latin-1; which one it was is told from the bytes.
"""

import io
import logging
import re
from dataclasses import dataclass
from typing import Any, Final

import charset_normalizer
import mutagen
import mutagen.apev2
import mutagen.id3

from bot.audio.containers import riff_chunks

log = logging.getLogger(__name__)

_CODE_PAGES: Final = ["cp1251", "koi8_r", "shift_jis", "gb18030", "big5", "euc_kr", "cp1253"]
_KOREAN: Final = ("euc_kr", "cp949")
_HAN: Final = re.compile("[\u4e00-\u9fff]")
_FOREIGN: Final = 0.4
"""From this share of letters beyond ASCII on, a text is hardly of the West of Europe."""
_TITLES: Final = ("TIT2", "title")
_ARTISTS: Final = ("TPE1", "artist", "TPE2", "albumartist", "album artist")
"""An album artist stands in for an artist who is not named."""
_INFO: Final = {b"INAM": "title", b"IART": "artist"}


@dataclass(frozen=True, slots=True)
class Tags:
    """What a file says of itself."""

    title: str | None
    artist: str | None
    """Several are parted by "; "."""


def rehearse() -> None:
    """Import all that reading a tag may import."""
    for page in ("cp1252", *_CODE_PAGES):
        b"".decode(page)
    _code_page("Группа крови".encode("cp1251"))
    mutagen.File(io.BytesIO(bytes(256)))


def read_tags(data: bytes) -> Tags:
    """Return what a file is called and by whom, as far as it says so."""
    found: dict[str, list[str]] = {}
    for source in (_by_mutagen, _ape, _riff_info):
        try:
            for name, values in source(data).items():
                found.setdefault(name, values)
        except Exception as error:
            log.debug("tags cannot be read: %s", error)
    return Tags(_first(found, _TITLES), _first(found, _ARTISTS))


def _first(found: dict[str, list[str]], names: tuple[str, ...]) -> str | None:
    lowered = {name.lower(): values for name, values in found.items()}
    for name in names:
        values = [" ".join(value.split()) for value in lowered.get(name.lower(), [])]
        values = list(dict.fromkeys(value for value in values if value))
        if values:
            return "; ".join(values)
    return None


def _by_mutagen(data: bytes) -> dict[str, list[str]]:
    opened = mutagen.File(io.BytesIO(data))
    return {} if opened is None or opened.tags is None else _texts(opened.tags)


def _ape(data: bytes) -> dict[str, list[str]]:
    """Return the APEv2 tag that may stand behind an MP3, beside or instead of ID3."""
    try:
        return _texts(mutagen.apev2.APEv2(io.BytesIO(data)))
    except mutagen.apev2.APENoHeaderError:
        return {}


def _texts(tags: Any) -> dict[str, list[str]]:
    if isinstance(tags, mutagen.id3.ID3):
        frames = {name: tags[name] for name in ("TIT2", "TPE1", "TPE2") if name in tags}
        page = _code_page(
            b" ".join(
                value.encode("latin-1", "ignore")
                for frame in frames.values()
                if frame.encoding == mutagen.id3.Encoding.LATIN1
                for value in map(str, frame.text)
            )
        )
        return {
            name: [_reread(str(value), page) for value in frame.text]
            if frame.encoding == mutagen.id3.Encoding.LATIN1
            else list(map(str, frame.text))
            for name, frame in frames.items()
        }
    return {str(name): _values(tags[name]) for name in tags.keys()}  # noqa: SIM118 (tuples in Vorbis)


def _values(value: Any) -> list[str]:
    if isinstance(value, str):
        return value.split("\0")
    return [str(one) for one in value]


def _reread(text: str, page: str) -> str:
    try:
        return text.encode("latin-1").decode(page)
    except UnicodeError:
        return text


def _code_page(text: bytes) -> str:
    """Return how bytes that are called Latin-1 are to be read."""
    letters = [byte for byte in text if byte > 0x7F or chr(byte).isalpha()]
    if not any(byte > 0x7F for byte in letters):
        return "latin-1"
    try:
        text.decode("utf-8")
    except UnicodeDecodeError:
        pass
    else:
        return "utf-8"
    if sum(byte > 0x7F for byte in letters) < _FOREIGN * len(letters):
        return "cp1252"
    best = charset_normalizer.from_bytes(text, cp_isolation=_CODE_PAGES).best()
    if best is None:
        return "cp1252"
    if best.encoding in _KOREAN and _HAN.search(text.decode(best.encoding, "replace")):
        return "gb18030"  # Korean names are written in Hangul alone
    return best.encoding


def _riff_info(data: bytes) -> dict[str, list[str]]:
    """Return the names in the INFO list of a WAV file."""
    found: dict[str, list[str]] = {}
    if data[:4] != b"RIFF":
        return found
    for kind, start, end in riff_chunks(data, 12):
        if kind == b"LIST" and data[start : start + 4] == b"INFO":
            inside = data[start + 4 : end]
            texts = {
                name: inside[a:b].rstrip(b"\0")
                for name, a, b in riff_chunks(inside)
                if name in _INFO
            }
            page = _code_page(b" ".join(texts.values()))
            for name, text in texts.items():
                found[_INFO[name]] = [text.decode(page, "replace")]
    return found
