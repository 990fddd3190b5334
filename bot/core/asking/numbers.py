"""Numbers in a wish: years and decades, beats per minute, listeners."""

import re
from dataclasses import dataclass
from typing import Final

from bot.core.asking.words import CROWDS, DECADES, RECENT_YEARS
from bot.core.ranking import Bound, Years

Tempo = tuple[float | None, float | None]
"""Slowest and fastest in beats per minute, both included; None is open."""

ABOUT_BPM: Final = 5.0
EXACTLY_BPM: Final = 2.0
ABOUT_YEARS: Final = 2
_SLOWEST, _FASTEST = 30.0, 300.0
_FEW_PLAYS: Final = 100_000
_THIRDS: Final = {"early": (0, 3), "mid": (4, 6), "middle": (4, 6), "late": (7, 9)}
"""Which years of a decade they are."""

_DECADE_WORDS: Final = "|".join(sorted(DECADES, key=len, reverse=True))
_POINT: Final = (
    r"(?:(?:the|year|years|around the|of the) )*"
    r"(?:(?P<third{n}>early|mid|middle|late)(?: (?:of )?(?:the )?| ))?(?:"
    r"(?P<year{n}>(?:1[89]|20)\d\d)(?! (?:s|bpm|beats|listeners|plays|fans)\b)"
    r"|(?P<decade{n}>(?:1[89]|20)\d0|\d0) s"
    rf"|(?P<word{{n}}>{_DECADE_WORDS})"
    r")(?!\S)"
)
_BEFORE: Final = r"before|pre|older than|prior to|earlier than|from before|not after|made before"
_UNTIL: Final = r"until|till|up to|no later than|not later than|to|through|upto"
_AFTER: Final = r"after|post|newer than|later than|past|from after|younger than|more recent than"
_FROM: Final = r"starting|starting from|starting in|not before|no earlier than|beginning in"
_ON: Final = r"(?:onwards|onward|on|(?:and|or) (?:later|newer|up)|till now|-)(?!\S)"
_P1, _P2 = _POINT.replace("{n}", "1"), _POINT.replace("{n}", "2")
_YEARS: Final = tuple(
    (kind, re.compile(pattern))
    for kind, pattern in (
        ("range", rf"(?:between |from |in |of )*{_P1} (?:to|-|until|till|through|and|or) {_P2}"),
        ("before", rf"(?:{_BEFORE}) {_P1}"),
        ("until", rf"(?:{_UNTIL}) {_P1}"),
        ("after", rf"(?:{_AFTER}) {_P1}"),
        ("since", rf"(?:since|from|{_FROM}) {_P1} {_ON}"),
        ("since", rf"(?:since|{_FROM}) {_P1}"),
        ("since", rf"{_P1} {_ON}(?! \d)"),
        ("until", rf"{_P1} (?:and earlier|or earlier|or older|and older|and before)(?!\S)"),
        ("about", rf"(?:from |in )?(?:around|about|circa|ca|roughly|approximately) {_P1}"),
        ("in", rf"(?:(?:from|in|of|during) )?{_P1}"),
    )
)
_OF: Final = r"(?:from |in |of )?(?:the )?"
_SPANS: Final = tuple(
    (re.compile(rf"{_OF}{pattern}(?!\S)"), kind)
    for pattern, kind in (
        (r"(?:last|past|previous) (?P<years>\d{1,2}) years?", "last"),
        (r"last (?:few|couple of|couple) years", "few"),
        (r"this years?", "this"),
        (r"last years?", "year"),
        (r"(?:last|past) decade", "ten"),
        (r"this decade", "decade"),
        (r"(?:this |21 st |twenty first )century", "21"),
        (r"(?:20 th |twentieth )century", "20"),
    )
)

_UNDER: Final = (
    r"under|below|less than|slower than|max|maximum|at most|up to|no more than|not more than"
    r"|not over|not above|lower than|fewer than|no faster than|not faster than|beneath|maximal"
)
_OVER: Final = (
    r"over|above|more than|faster than|at least|min|minimum|from|no less than|not under"
    r"|not below|higher than|no slower than|not slower than|greater than|minimal|starting at"
)
_ABOUT: Final = r"around|about|circa|ca|roughly|approximately|approx|near|close to|some|like"
_BPM: Final = r"(?:bpms?|b p m|beats per minute|beats a minute|beats pr minute)"
_N: Final = r"\d{2,3}(?:\.\d+)?"
_COMPARED: Final = (
    rf"(?:(?P<under>{_UNDER})|(?P<over>{_OVER})|(?P<exact>exactly|precisely)|(?:{_ABOUT}))?"
)
_RANGE: Final = rf"(?:between |from )?(?P<low>{_N}) (?:-|to|and|through|until|or) (?P<high>{_N})"
_PLUS: Final = r"(?: (?P<plus>\+|plus))?"
_END: Final = r"(?: (?:or|and) (?P<end>more|less|up|faster|slower|above|below|higher|lower))?"
_NAMED: Final = rf"(?:{_BPM}|tempos?)(?: (?:of|at|is|range|a|,))*"
_FASTER: Final = r"(?:(?P<over>faster than|quicker than)|(?P<under>slower than))"
_TEMPOS: Final = tuple(
    re.compile(rf"{pattern}(?!\S)")
    for pattern in (
        rf"{_RANGE} {_BPM}",
        rf"{_NAMED} {_RANGE}",
        rf"{_COMPARED} ?(?:a )?(?P<one>{_N}){_PLUS} {_BPM}{_END}",
        rf"{_NAMED} ?{_COMPARED} ?(?P<one>{_N}){_PLUS}",
        rf"{_FASTER} (?P<one>{_N})(?: {_BPM})?",
    )
)
_CROWD: Final = re.compile(
    rf"(?:with |has |have )?(?:(?P<under>{_UNDER}|only|hardly)|(?P<over>{_OVER}))? ?(?:a )?"
    r"(?P<number>\d+(?:\.\d+)?|a hundred|hundred|a thousand|a million|million|thousand)"
    r"(?: (?P<unit>k|m|mio|thousand|hundred|million))?(?: (?:monthly|spotify|daily|active|total))*"
    rf" (?:{'|'.join(sorted(CROWDS, key=len, reverse=True))})(?!\S)"
)
_FEATURES: Final = "danceability|energy|valence|acousticness|instrumentalness|liveness|speechiness"
_SHARE: Final = re.compile(
    rf"(?P<feature>{_FEATURES})(?: (?:is|of|at|,))*"
    rf" (?:(?P<under>{_UNDER})|(?P<over>{_OVER}))"
    r" (?P<share>\d{1,3}(?:\.\d+)?)(?: percent)?(?!\S)"
)
_UNITS: Final = {
    "k": 1e3, "thousand": 1e3, "hundred": 1e2, "m": 1e6, "mio": 1e6, "million": 1e6,
    "a hundred": 1e2, "a thousand": 1e3, "a million": 1e6, "hundreds": 1e2,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Found:
    """A number that was read."""

    words: int
    """How many tokens it takes."""
    years: Years | None = None
    is_bound: bool = False
    """True for years that bound others ("before"), False for those that are added to others."""
    denied: Years | None = None
    """What the same means when it is denied: "nothing after 1980"; None: nothing."""
    tempo: Tempo | None = None
    denied_tempo: Tempo | None = None
    obscurity: int | None = None
    bound: Bound | None = None


def read_number(rest: str, this_year: int) -> Found | None:
    """Read what begins a text, if it is a number in its context.

    Args:
        rest: keys of tokens, with spaces between.
        this_year: what "last year" comes before.
    """
    return (
        _read_share(rest)
        or _read_crowd(rest)
        or _read_tempo(rest)
        or _read_span(rest, this_year)
        or _read_years(rest)
    )


def _read_share(rest: str) -> Found | None:
    match = _SHARE.match(rest)
    if match is None:
        return None
    share = float(match["share"])
    share = share if share <= 1 else share / 100
    if share > 1:
        return None
    low, high = (None, share) if match["under"] else (share, None)
    return Found(_length(match), bound=Bound(match["feature"], low, high))


def _read_crowd(rest: str) -> Found | None:
    match = _CROWD.match(rest)
    if match is None:
        return None
    number = match["number"]
    count = _UNITS[number] if number in _UNITS else float(number)
    count *= _UNITS.get(match["unit"] or "", 1.0)
    many = match["over"] is not None
    obscurity = 90 if not many and count <= _FEW_PLAYS else 70 if not many else None
    if many and count >= _FEW_PLAYS:
        obscurity = 0
    return Found(_length(match), obscurity=obscurity)


def _read_tempo(rest: str) -> Found | None:
    for pattern in _TEMPOS:
        match = pattern.match(rest)
        if match is None:
            continue
        parts = match.groupdict()
        if parts.get("low"):
            low, high = sorted((float(parts["low"]), float(parts["high"])))
            tempo: Tempo = (low, high)
            denied = None
        else:
            one = float(parts["one"])
            tempo, denied = _compared(one, parts)
        if all(one is None or _SLOWEST <= one <= _FASTEST for one in tempo):
            return Found(_length(match), tempo=tempo, denied_tempo=denied)
    return None


def _compared(one: float, parts: dict[str, str | None]) -> tuple[Tempo, Tempo | None]:
    end = parts.get("end") or ""
    if parts.get("under") or end in ("less", "slower", "below", "lower"):
        return (None, one), (one, None)
    if parts.get("over") or parts.get("plus") or end:
        return (one, None), (None, one)
    around = EXACTLY_BPM if parts.get("exact") else ABOUT_BPM
    return (one - around, one + around), None


def _read_span(rest: str, this_year: int) -> Found | None:
    for pattern, kind in _SPANS:
        match = pattern.match(rest)
        if match is None:
            continue
        years: Years = {
            "last": (this_year - int(match.groupdict().get("years") or 0), None),
            "few": (this_year - RECENT_YEARS - 1, None),
            "this": (this_year, this_year),
            "year": (this_year - 1, this_year - 1),
            "ten": (this_year - 10, None),
            "decade": (this_year // 10 * 10, None),
            "21": (2000, None),
            "20": (1900, 1999),
        }[kind]
        return Found(_length(match), years=years, is_bound=years[1] is None)
    return None


def _read_years(rest: str) -> Found | None:
    for kind, pattern in _YEARS:
        match = pattern.match(rest)
        if match is None:
            continue
        first, last = _point(match, "1")
        length = _length(match)
        if kind == "range":
            others = _point(match, "2")
            return Found(length, years=(min(first, others[0]), max(last, others[1])))
        if kind == "in":
            return Found(length, years=(first, last))
        if kind == "about":
            around = ABOUT_YEARS if first == last else 0
            return Found(length, years=(first - around, last + around))
        years, denied = {
            "before": ((None, first - 1), (first, None)),
            "until": ((None, last), (last + 1, None)),
            "after": ((last + 1, None), (None, last)),
            "since": ((first, None), (None, first - 1)),
        }[kind]
        return Found(length, years=years, is_bound=True, denied=denied)
    return None


def _point(match: re.Match[str], number: str) -> tuple[int, int]:
    """Return the first and the last year of a year, or of a decade or a third of it."""
    if match[f"year{number}"]:
        year = int(match[f"year{number}"])
        return year, year
    decade, word = match[f"decade{number}"], match[f"word{number}"]
    start = DECADES[word] if word else int(decade)
    if start < 100:
        start += 2000 if start <= 20 else 1900
    first, last = _THIRDS.get(match[f"third{number}"] or "", (0, 9))
    return start + first, start + last


def _length(match: re.Match[str]) -> int:
    return len(match[0].split())
