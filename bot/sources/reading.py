"""Reads fields of an answer: what is missing, null, blank or out of range is None, never 0."""

import math
import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any, Final, TypeVar

from bot.core.models import AudioFeatures, ExternalId
from bot.errors import BadAnswerError
from bot.sources.answers import Json
from bot.sources.values import Popularity

T = TypeVar("T")

_LONGEST_TEXT: Final = 2000
_DAY_MS: Final = 86_400_000
_YEAR: Final = re.compile(r"([12]\d{3})(?:\D|$)")
_ISRC: Final = re.compile(r"[A-Z]{2}[A-Z0-9]{3}[0-9]{7}")
_MBID: Final = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def said(value: Any) -> str | None:
    """Return a text that can be stored and compared; None for anything else and for blank ones."""
    if not isinstance(value, str):
        return None
    if not value.isascii():
        value = value.encode("utf-8", "ignore").decode()  # halves of surrogate pairs
    return value.replace("\0", "").strip() or None  # which PostgreSQL does not take


def rows(answer: Json, *path: str, of: str) -> list[dict[str, Any]]:
    """Return the objects of the list that an answer holds under a path of names.

    Some services send a list of one as the object itself, and an empty one as null or "".

    Raises:
        BadAnswerError: there is no list.
    """
    found = answer
    for name in path:
        if not isinstance(found, dict) or name not in found:
            raise BadAnswerError(f"{of}: there is no {'.'.join(path)} in the answer.")
        found = found[name]
    if isinstance(found, list | dict) or found is None or found == "":
        return parts(found)
    raise BadAnswerError(f"{of}: {'.'.join(path) or 'the answer'} is no list.")


def each(found: list[dict[str, Any]], read: Callable[[dict[str, Any]], T | None]) -> list[T]:
    """Read each object; those that do not hold what they must are left out."""
    return [value for value in map(read, found) if value is not None]


def part(value: Json) -> dict[str, Any]:
    """Return an object; an empty one for everything else."""
    return value if isinstance(value, dict) else {}


def parts(value: Json) -> list[dict[str, Any]]:
    """Return the objects of a list (or the one that stands for it); nothing for anything else."""
    if isinstance(value, dict):
        return [value]
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def text(value: Json) -> str | None:
    """Return a text without the blanks around it; None for a blank or a very long one.

    Numbers count as texts. Characters that no database takes (NUL, halves of characters) are
    dropped.
    """
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    clean = said(value)
    return clean if clean is not None and len(clean) <= _LONGEST_TEXT else None


def texts(value: Json) -> list[str]:
    """Return the texts of a list; nothing for anything else."""
    return [one for one in map(text, value) if one] if isinstance(value, list) else []


def number(value: Json, low: float, high: float) -> float | None:
    """Return a number, or a text that is one, in a range with both ends."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    try:
        found = float(value)
    except (ValueError, OverflowError):
        return None
    return found if math.isfinite(found) and low <= found <= high else None


def whole(value: Json, low: int, high: int) -> int | None:
    """Return a whole number in a range with both ends; fractions are rounded."""
    found = number(value, low, high)
    return None if found is None else round(found)


def count(value: Json) -> int | None:
    """Return a count: 0 or more."""
    return whole(value, 0, 2**53)


def flag(value: Json) -> bool | None:
    """Return a truth value."""
    return value if isinstance(value, bool) else None


def duration_ms(value: Json, *, unit_ms: int = 1) -> int | None:
    """Return a duration; some services send 0 when it is unknown."""
    found = number(value, 0, _DAY_MS / unit_ms)
    return round(found * unit_ms) if found else None


def year(value: Json) -> int | None:
    """Return the year that a date begins with."""
    found = _YEAR.match(text(value) or "")
    return int(found[1]) if found else None


def day(value: Json) -> date | None:
    """Return a full date, from "2026-11-20" or a time that begins so."""
    try:
        return date.fromisoformat((text(value) or "")[:10])
    except ValueError:
        return None


def moment(value: Json) -> datetime | None:
    """Return a time from seconds since 1970 or from "2026-11-20T12:00:00Z"."""
    seconds = number(value, 1, 2**33)
    if seconds is not None:
        return datetime.fromtimestamp(seconds, UTC)
    try:
        found = datetime.fromisoformat(text(value) or "")
        return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
    except (ValueError, OverflowError):  # the year 1 in Asia is none in Greenwich
        return None


def isrc(value: Json) -> str | None:
    """Return an ISRC in its plain form: "GBAYE0601498"."""
    plain = (text(value) or "").replace("-", "").upper()
    return plain if _ISRC.fullmatch(plain) else None


def mbid(value: Json) -> str | None:
    """Return an id of MusicBrainz."""
    plain = (text(value) or "").lower()
    return plain if _MBID.fullmatch(plain) else None


def ids(**values: str | None) -> tuple[ExternalId, ...]:
    """Return the ids that are known, by namespace."""
    return tuple(ExternalId(namespace, value) for namespace, value in values.items() if value)


def popularity(source: str, value: float | None) -> tuple[Popularity, ...]:
    """Return the popularity as the source gives it; empty when it does not."""
    return () if value is None else (Popularity(source, value),)


def credit(names: list[str]) -> str | None:
    """Return several artists as one text; None for fewer than two."""
    return ", ".join(names) if len(names) > 1 else None


def features(row: dict[str, Any]) -> AudioFeatures:
    """Return what is measured, in the ranges of `AudioFeatures`.

    Where tempo and danceability are both 0, the analysis failed and nothing is known. A loudness of
    -60 dB is silence; a key of -1 is none.
    """
    danceability = number(row.get("danceability"), 0, 1)
    tempo = number(row.get("tempo"), 0, 400)
    if danceability == tempo == 0:
        return AudioFeatures()
    loudness = number(row.get("loudness"), -60, 10)
    meter = whole(row.get("time_signature"), 0, 16)
    return AudioFeatures(
        danceability=danceability,
        energy=number(row.get("energy"), 0, 1),
        valence=number(row.get("valence"), 0, 1),
        acousticness=number(row.get("acousticness"), 0, 1),
        instrumentalness=number(row.get("instrumentalness"), 0, 1),
        liveness=number(row.get("liveness"), 0, 1),
        speechiness=number(row.get("speechiness"), 0, 1),
        loudness=None if loudness == -60 else loudness,
        tempo=tempo or None,
        key=whole(row.get("key"), 0, 11),
        mode=whole(row.get("mode"), 0, 1),
        time_signature=meter or None,
    )
