"""Reads what this bot itself gives people of their data: the zips of `/privacy export`.

Of all sheets, those are read that another bot can use: what was said, playlists, plays and lists.
The manifest says whose they are; whoever imports them must be the same.
"""

import csv
import io
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from bot.core.accounts import LinkedService, ListeningBasis
from bot.core.catalog import seen
from bot.core.models import FeedbackKind, SubjectKind
from bot.core.taste import FOR_EVER, LONGEST_NAME, MONTH, SERVICES, Away, HistoryKind, Skip
from bot.exports.refusal import Refusal, RefusedError
from bot.exports.rows import LATEST_S, Row
from bot.sources.reading import said

FORMAT: Final = "b-side"
VERSION: Final = 1
MANIFEST: Final = "b-side.json"
SAID: Final = "said-"
PLAYLISTS: Final = "playlists-"
PLAYS: Final = "plays-"
NOT_ME: Final = "not-me-"
LISTS: Final = "lists-"
PARTS: Final = "parts-"
MOST_PARTS: Final = 500
"""Names of parts of a map that are read of one export."""
_MOST_MANIFEST: Final = 1 << 16
_LONGEST: Final = 500
_LINKED: Final = {f"linked_{service}": service for service in LinkedService}
_NAMESPACES: Final = ("spotify", "isrc", "mbid")
_VALUES: Final = {
    FeedbackKind.RATING: (1.0, 2.0, 3.0, 4.0, 5.0),
    FeedbackKind.THUMB: (-1.0, -0.5, 0.5, 1.0),
    FeedbackKind.SEED: (1.0,),
    FeedbackKind.MUTE: (float(FOR_EVER), float(MONTH)),
    FeedbackKind.TURN: (0.0, 0.5, 1.0, 2.0),
}
_ABOUT: Final = {
    FeedbackKind.RATING: (SubjectKind.TRACK, SubjectKind.ALBUM, SubjectKind.ARTIST),
    FeedbackKind.THUMB: (SubjectKind.TRACK,),
    FeedbackKind.SEED: (SubjectKind.ARTIST, SubjectKind.GENRE),
    FeedbackKind.MUTE: (SubjectKind.ARTIST, SubjectKind.TRACK, SubjectKind.SORT),
    FeedbackKind.TURN: (SubjectKind.CLUSTER,),
}
"""What is said of what. Promotions are of one bot: what was said of them stays there."""


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose an export is, and how they had set the bot."""

    user_id: int
    profile_public: bool
    listens_on: str | None
    hears_auditions: bool


@dataclass(frozen=True, slots=True)
class Named:
    """A thing of a catalogue by its names."""

    title: str
    artist: str
    """Empty for artists and genres."""
    ids: tuple[tuple[str, str], ...] = ()
    """Namespace and value of a track in other systems."""


@dataclass(frozen=True, slots=True)
class Said:
    """One entry of a ledger that counted."""

    kind: FeedbackKind
    subject: SubjectKind
    named: Named
    value: float
    at_s: int
    """In seconds since 1970."""


def can_be_said(kind: FeedbackKind, subject: SubjectKind, value: float) -> bool:
    """Return whether a listener can say this here."""
    return subject in _ABOUT.get(kind, ()) and value in _VALUES[kind]


@dataclass(frozen=True, slots=True)
class Entry:
    """A track of a playlist."""

    playlist: int
    """Tells the playlists of one export apart."""
    name: str
    description: str
    public: bool
    made_at_s: int
    named: Named | None
    """None: the playlist holds nothing."""
    own: bool


@dataclass(frozen=True, slots=True)
class PartName:
    """What somebody called a part of their map, and a track in it."""

    name: str
    named: Named


def read_manifest(stream: io.TextIOWrapper) -> Owner:
    """Read whose an export is.

    Raises:
        RefusedError: it is damaged, or of a version that is not known here.
    """
    text = stream.read(_MOST_MANIFEST)
    try:
        told: dict[str, Any] = json.loads(text)
        if told["format"] != FORMAT or type(told["version"]) is not int:
            raise ValueError("this is no manifest")
        if told["version"] != VERSION:
            raise RefusedError(Refusal.VERSION)
        settings = told["settings"]
        listens_on = settings["listens_on"]
        if listens_on is not None and not 0 < len(listens_on) <= 20:
            raise ValueError("this is no service")
        return Owner(
            int(told["user_id"]),
            settings["profile_public"] is True,
            listens_on,
            settings["hears_auditions"] is True,
        )
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise RefusedError(Refusal.DAMAGED) from error


def said_rows(stream: io.TextIOWrapper) -> Iterator[Said | Skip]:
    """Yield the entries that counted; what was taken back or replaced is left out."""
    for cells in _cells(stream):
        if cells.get("counts", "1") != "1" or cells.get("subject") == SubjectKind.PROMOTION:
            continue
        try:
            kind, subject = FeedbackKind(cells["kind"]), SubjectKind(cells["subject"])
            value = float(cells["value"])
            if not can_be_said(kind, subject, value):
                raise ValueError("this was never said")
            yield Said(kind, subject, _named(cells), value, _at(cells["created_at"]))
        except (ValueError, KeyError):
            yield Skip.BAD


def playlist_rows(stream: io.TextIOWrapper) -> Iterator[Entry | Skip]:
    """Yield the tracks of playlists in their order."""
    for cells in _cells(stream):
        try:
            named = _named(cells) if cells["title"] else None
            playlist = int(cells["playlist"])
            if not 0 <= playlist < 1 << 63:
                raise ValueError("this is no playlist")
            yield Entry(
                playlist,
                _name(cells["name"]),
                _text(cells["description"]),
                cells["public"] == "1",
                _at(cells["created_at"]),
                named,
                cells["own"] == "1",
            )
        except (ValueError, KeyError):
            yield Skip.BAD


def part_rows(stream: io.TextIOWrapper) -> Iterator[PartName | Skip]:
    """Yield the names of parts of a map."""
    for cells in _cells(stream):
        try:
            yield PartName(checked_part(cells["name"]), _named(cells))
        except (ValueError, KeyError):
            yield Skip.BAD


def checked_part(name: str) -> str:
    """Return what a part of a map can be called.

    Raises:
        ValueError: nobody sees it, or it is too long.
    """
    whole = " ".join((said(name) or "").split())
    if not seen(whole) or len(whole) > LONGEST_NAME:
        raise ValueError("this is no name of a part")
    return whole


def away_rows(stream: io.TextIOWrapper) -> Iterator[Away | Skip]:
    """Yield what was left out of the listening."""
    for cells in _cells(stream):
        try:
            service = cells["service"] or None
            since, until = (
                int(cells[name]) if cells[name] else None for name in ("since_s", "until_s")
            )
            yield checked_away(service, since, until)
        except (ValueError, KeyError):
            yield Skip.BAD


def checked_away(service: str | None, since_s: int | None, until_s: int | None) -> Away:
    """Return a span, if there is such a one.

    Raises:
        ValueError: there is none.
    """
    times = [one for one in (since_s, until_s) if one is not None]
    if not all(type(one) is int and 0 <= one < 1 << 40 for one in times):
        raise ValueError("this is no time")
    if service is not None and service not in SERVICES:
        raise ValueError("this is no service")
    if times != sorted(set(times)) or (service is None and not times):
        raise ValueError("this is no span")
    return Away(service, since_s, until_s)


def heard_rows(
    stream: io.TextIOWrapper,
) -> Iterator[tuple[HistoryKind, LinkedService | None, ListeningBasis | None, Row | Skip]]:
    """Yield plays, or the tracks of lists, each with the history that it is of."""
    for cells in _cells(stream):
        history = cells.get("history", "")
        service = _LINKED.get(history)
        try:
            kind = HistoryKind.BSIDE if service else HistoryKind(history)
            basis = ListeningBasis(cells["list"]) if "list" in cells else None
            at = 0 if basis is not None else int(cells["played_at_s"])
            if not cells["title"] or not cells["artist"] or not 0 <= at < LATEST_S:
                raise ValueError("this names nothing")
            namespace = cells["namespace"] if cells["namespace"] in _NAMESPACES else None
            row: Row | Skip = (
                cells["title"], cells["artist"], namespace, cells["known_as"] or None, at,
            )  # fmt: skip
        except (ValueError, KeyError):
            kind, basis, row = HistoryKind.BSIDE, None, Skip.BAD
        yield kind, service, basis, row


def _cells(stream: io.TextIOWrapper) -> Iterator[dict[str, str]]:
    """Yield rows by the names of their columns; one of another length as a row without any."""
    reader = csv.reader(stream, strict=True)
    try:
        names = next(reader, [])
        for cells in reader:
            if cells:
                yield dict(zip(names, cells, strict=True)) if len(cells) == len(names) else {}
    except csv.Error as error:
        raise RefusedError(Refusal.DAMAGED) from error


def _named(cells: dict[str, str]) -> Named:
    ids = tuple((name, value) for name in _NAMESPACES if (value := _text(cells.get(name))))
    return Named(_name(cells["title"]), _text(cells["artist"]), ids)


def _name(text: str) -> str:
    name = _text(text)
    if not name:
        raise ValueError("this names nothing")
    return name


def _text(text: str | None) -> str:
    """Return a text as it can be stored."""
    return (said(text) or "")[:_LONGEST]


def _at(text: str) -> int:
    at = datetime.fromisoformat(text).timestamp()
    if not 0 <= at < LATEST_S:
        raise ValueError("this is no time")
    return int(at)
