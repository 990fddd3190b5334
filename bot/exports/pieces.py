"""Some rows of an export, and how they travel from the process that reads it."""

import json
from collections import Counter
from dataclasses import asdict, dataclass, field
from typing import Any, Final

from bot.core.accounts import LinkedService, ListeningBasis
from bot.core.models import ExternalId, FeedbackKind, SubjectKind
from bot.core.taste import MOST_AWAY, Away, HistoryKind, Recording, Skip
from bot.exports.looks import LONGEST, as_example, plain
from bot.exports.own import (
    MOST_PARTS,
    Entry,
    Named,
    Owner,
    PartName,
    Said,
    can_be_said,
    checked_away,
    checked_part,
)
from bot.exports.refusal import Refusal

PIECE: Final = 2_000
"""So many rows are held, and written, at a time: a long piece would keep everybody else waiting."""
LONGEST_NAME: Final = 500
NAMESPACES: Final = frozenset({"spotify", "mbid", "isrc"})
MOST_ENTRIES: Final = 25_000
"""Tracks of all playlists of one export."""
_LATEST_S: Final = 1 << 32


@dataclass(slots=True)
class Piece:
    """Some rows of an export."""

    kind: HistoryKind
    basis: ListeningBasis | None = None
    """Which list it is of; None: these are plays."""
    recordings: list[Recording] = field(default_factory=list)
    """Each once."""
    places: list[int] = field(default_factory=list)
    """The recording of each row."""
    times_s: list[int] = field(default_factory=list)
    """When each play began; nothing of lists."""
    skipped: Counter[Skip] = field(default_factory=Counter)
    example: str = ""
    """A row that cannot be read, as it may be shown."""
    share: float = 0.0
    """How far the export is read now, 0 … 1."""
    service: LinkedService | None = None
    """The linked account that told it, in an export of this bot."""


@dataclass(slots=True)
class OwnPiece:
    """A part of an export of this bot that no other export has."""

    owner: Owner | None = None
    """Whose it is; the first piece says it, and one more for each export in the same zip."""
    said: list[Said] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)
    """The tracks of whole playlists."""
    away: list[Away] = field(default_factory=list)
    """What was left out of the listening."""
    parts: list[PartName] = field(default_factory=list)
    bad: int = 0
    """Rows that cannot be read."""
    share: float = 0.0


@dataclass(frozen=True, slots=True)
class End:
    """That nothing more comes."""

    why: Refusal | None = None
    """Why the rest was not read; None: there is none."""
    fault: str = ""
    """What went wrong, for the log."""
    looks: str = ""
    """What a file that is no export looks like, as it may be shown."""


def encode(what: Piece | OwnPiece | End) -> bytes:
    """Return a piece, or the end, as bytes."""
    if isinstance(what, OwnPiece):
        return json.dumps({"own": asdict(what)}).encode()
    if isinstance(what, End):
        return json.dumps({"end": what.why, "fault": what.fault, "looks": what.looks}).encode()
    names = [
        [
            one.title,
            one.artist,
            *((one.known_as.namespace, one.known_as.value) if one.known_as else ()),
        ]
        for one in what.recordings
    ]
    row = {
        "kind": what.kind, "basis": what.basis, "names": names, "places": what.places,
        "times": what.times_s, "skipped": what.skipped, "share": what.share,
        "example": what.example, "service": what.service,
    }  # fmt: skip
    return json.dumps(row).encode()


def decode(told: bytes) -> Piece | OwnPiece | End:
    """Read what `encode` wrote; nothing else is believed.

    Raises:
        ValueError: it is something else.
    """
    try:
        row: dict[str, Any] = json.loads(told)
        if "own" in row:
            return _own(row["own"])
        if "end" in row:
            why = None if row["end"] is None else Refusal(row["end"])
            return End(why, ascii(row["fault"])[:200], plain(str(row["looks"]), LONGEST))
        piece = Piece(
            HistoryKind(row["kind"]),
            None if row["basis"] is None else ListeningBasis(row["basis"]),
            [_recording(one) for one in row["names"]],
            row["places"],
            row["times"],
            Counter({Skip(why): _whole(count, 1 << 31) for why, count in row["skipped"].items()}),
            as_example(str(row["example"])),
            float(row["share"]),
            None if row.get("service") is None else LinkedService(row["service"]),
        )
        _check(piece)
    except (
        ValueError, KeyError, TypeError, AttributeError, RecursionError, OverflowError
    ) as error:  # fmt: skip
        raise ValueError(f"this is no piece of an export: {error!r}") from error
    return piece


def _own(row: dict[str, Any]) -> OwnPiece:
    owner = None
    if row["owner"] is not None:
        told = row["owner"]
        owner = Owner(
            _whole(told["user_id"], (1 << 63) - 1),
            told["profile_public"] is True,
            None if told["listens_on"] is None else _text(told["listens_on"]),
            told["hears_auditions"] is True,
        )
    said = [_said(one) for one in row["said"]]
    entries = [_entry(one) for one in row["entries"]]
    away = [checked_away(one["service"], one["since_s"], one["until_s"]) for one in row["away"]]
    parts = [PartName(checked_part(one["name"]), _named(one["named"])) for one in row["parts"]]
    if (
        len(away) > MOST_AWAY
        or len(parts) > MOST_PARTS
        or len(said) > PIECE
        or len(entries) > MOST_ENTRIES
        or not 0 <= row["share"] <= 1
    ):
        raise ValueError(f"{len(said)} and {len(entries)} rows at {row['share']}")
    bad, share = _whole(row["bad"], 1 << 31), float(row["share"])
    return OwnPiece(owner, said, entries, away, parts, bad, share)


def _said(row: dict[str, Any]) -> Said:
    kind, subject, value = (
        FeedbackKind(row["kind"]), SubjectKind(row["subject"]), float(row["value"]),
    )  # fmt: skip
    if not can_be_said(kind, subject, value):
        raise ValueError(f"a {kind} of {value} was never said of a {subject}")
    at_s = _whole(row["at_s"], _LATEST_S)
    return Said(kind, subject, _named(row["named"]), value, at_s)


def _entry(row: dict[str, Any]) -> Entry:
    return Entry(
        _whole(row["playlist"], (1 << 63) - 1),
        _text(row["name"]),
        row["description"] and _text(row["description"]),
        row["public"] is True,
        _whole(row["made_at_s"], _LATEST_S),
        None if row["named"] is None else _named(row["named"]),
        row["own"] is True,
    )


def _named(row: dict[str, Any]) -> Named:
    ids = tuple((_namespace(namespace), _text(value)) for namespace, value in row["ids"])
    return Named(_text(row["title"]), row["artist"] and _text(row["artist"]), ids)


def _namespace(value: Any) -> str:
    if value not in NAMESPACES:
        raise ValueError(f"{value!r} names nothing")
    return str(value)


def _check(piece: Piece) -> None:
    rows = len(piece.places)
    if rows > PIECE or len(piece.times_s) != (rows if piece.basis is None else 0):
        raise ValueError(f"{rows} rows at {len(piece.times_s)} times")
    for place in piece.places:
        _whole(place, len(piece.recordings) - 1)
    for time_s in piece.times_s:
        _whole(time_s, _LATEST_S)
    if not 0 <= piece.share <= 1:
        raise ValueError(f"it is read to {piece.share}")


def _recording(row: list[Any]) -> Recording:
    title, artist, *known_as = (_text(one) for one in row)
    if not known_as:
        return Recording(title, artist)
    namespace, value = known_as
    if namespace not in NAMESPACES:
        raise ValueError(f"{namespace!r} names nothing")
    return Recording(title, artist, ExternalId(namespace, value))


def _text(value: Any) -> str:
    if not isinstance(value, str) or not 0 < len(value) <= LONGEST_NAME or "\0" in value:
        raise ValueError("a name is none")
    value.encode()  # half a character raises a UnicodeEncodeError, which is a ValueError
    return value


def _whole(value: Any, most: int) -> int:
    if type(value) is not int or not 0 <= value <= most:
        raise ValueError(f"{value!r} is not within 0 … {most}")
    return value
