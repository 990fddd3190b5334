"""Reads what this bot itself gives people of their data: the zips of `/privacy export`.

Of all sheets, those are read that another bot can use: what was said, playlists, plays and lists.
The manifest says whose they are; whoever imports them must be the same.
"""

import csv
import io
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from bot.core.accounts import LinkedService, ListeningBasis
from bot.core.models import FeedbackKind, SubjectKind
from bot.core.taste import FOR_EVER, MONTH, SERVICES, Away, HistoryKind, Skip
from bot.exports.opening import NamedFile
from bot.exports.refusal import Refusal, RefusedError
from bot.exports.rows import Row

FORMAT: Final = "b-side"
VERSION: Final = 1
MANIFEST: Final = "b-side.json"
SAID: Final = "said-"
PLAYLISTS: Final = "playlists-"
PLAYS: Final = "plays-"
NOT_ME: Final = "not-me-"
LISTS: Final = "lists-"
_MOST_MANIFEST: Final = 1 << 16
_LONGEST: Final = 500
_LATEST_S: Final = 1 << 36
"""A time after this is none: the year is 4147."""
_LINKED: Final = {f"linked_{service}": service for service in LinkedService}
_KINDS: Final = (
    FeedbackKind.RATING,
    FeedbackKind.THUMB,
    FeedbackKind.SEED,
    FeedbackKind.MUTE,
    FeedbackKind.TURN,
)
_SUBJECTS: Final = (
    SubjectKind.TRACK,
    SubjectKind.ALBUM,
    SubjectKind.ARTIST,
    SubjectKind.GENRE,
    SubjectKind.CLUSTER,
    SubjectKind.SORT,
)
_NAMESPACES: Final = ("spotify", "isrc", "mbid")
VALUES: Final = {
    FeedbackKind.RATING: (1.0, 2.0, 3.0, 4.0, 5.0),
    FeedbackKind.THUMB: (-1.0, -0.5, 0.5, 1.0),
    FeedbackKind.SEED: (1.0,),
    FeedbackKind.MUTE: (float(FOR_EVER), float(MONTH)),
    FeedbackKind.TURN: (0.0, 0.5, 1.0, 2.0),
}


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


def manifest_of(files: Sequence[NamedFile]) -> NamedFile | None:
    """Return the file that says whose an export is; None: it is not one of this bot."""
    return next((file for file in files if file[0] == MANIFEST), None)


def said_rows(stream: io.TextIOWrapper) -> Iterator[Said | Skip]:
    """Yield the entries that counted; what was taken back or replaced is left out."""
    for cells in _cells(stream):
        if cells.get("counts") != "1" or cells.get("subject") not in _SUBJECTS:
            continue
        try:
            kind = FeedbackKind(cells["kind"])
            value = float(cells["value"])
            if kind not in _KINDS or value not in VALUES[kind]:
                raise ValueError("this was never said")
            yield Said(
                kind, SubjectKind(cells["subject"]), _named(cells), value, _at(cells["created_at"])
            )
        except (ValueError, KeyError):
            yield Skip.BAD


def playlist_rows(stream: io.TextIOWrapper) -> Iterator[Entry | Skip]:
    """Yield the tracks of playlists in their order."""
    for cells in _cells(stream):
        try:
            named = _named(cells) if cells["title"] else None
            yield Entry(
                int(cells["playlist"]),
                cells["name"][:_LONGEST],
                cells["description"][:_LONGEST],
                cells["public"] == "1",
                _at(cells["created_at"]),
                named,
                cells["own"] == "1",
            )
        except (ValueError, KeyError):
            yield Skip.BAD


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
    if not all(type(one) is int and 0 <= one < _LATEST_S for one in times):
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
            if not cells["title"] or not cells["artist"] or at < 0:
                raise ValueError("this names nothing")
            namespace = cells["namespace"] if cells["namespace"] in _NAMESPACES else None
            row: Row | Skip = (
                cells["title"], cells["artist"], namespace, cells["known_as"] or None, at,
            )  # fmt: skip
        except (ValueError, KeyError):
            kind, basis, row = HistoryKind.BSIDE, None, Skip.BAD
        yield kind, service, basis, row


def _cells(stream: io.TextIOWrapper) -> Iterator[dict[str, str]]:
    reader = csv.reader(stream, strict=True)
    try:
        names = next(reader, [])
        for cells in reader:
            if len(cells) == len(names):
                yield dict(zip(names, cells, strict=True))
    except csv.Error as error:
        raise RefusedError(Refusal.DAMAGED) from error


def _named(cells: dict[str, str]) -> Named:
    title = cells["title"][:_LONGEST]
    if not title:
        raise ValueError("this names nothing")
    ids = tuple((name, cells[name][:_LONGEST]) for name in _NAMESPACES if cells.get(name))
    return Named(title, cells["artist"][:_LONGEST], ids)


def _at(text: str) -> int:
    at = datetime.fromisoformat(text).timestamp()
    if not 0 <= at < 1 << 32:
        raise ValueError("this is no time")
    return int(at)
