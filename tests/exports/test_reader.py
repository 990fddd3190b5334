"""Exports that are read in a process of their own: what it says, and what is believed of it."""

import asyncio
import json
from pathlib import Path

import pytest

from bot.core.accounts import ListeningBasis
from bot.core.taste import HistoryKind, Skip
from bot.errors import UserError
from bot.exports.pieces import End, Piece, decode, encode
from bot.exports.reader import ExportReader
from bot.exports.reading import read_export
from bot.exports.refusal import Refusal, RefusedError
from bot.sandbox import Limits
from tests.exports.samples import (
    EXPORTIFY,
    LISTEN,
    OF_THE_YEAR,
    PODCAST,
    SCROBBLE,
    array,
    lines,
    streamed,
    zipped,
)

OF_EVERY_KIND = {
    "a zip": zipped(
        {
            "1.json": array(streamed(), PODCAST, streamed("Song", ms=1)),
            "2.json": array(OF_THE_YEAR),
            "3.jsonl": lines(LISTEN),
            "4.json": array(SCROBBLE),
            "5.csv": EXPORTIFY.encode(),
            "6.csv": b"Low,,Lullaby,01 May 2024 12:00\n",
        }
    ),
    "utf-8 with a mark": b"\xef\xbb\xbf" + array(streamed("J\u00f3ga \U0001f3b5")),
    "a table": EXPORTIFY.encode(),
}


async def pieces_of(
    content: bytes | Path, name: str = "export", reader: ExportReader | None = None
) -> list[Piece]:
    pieces = (reader or ExportReader()).pieces(content, name)
    return [piece async for piece in pieces if isinstance(piece, Piece)]


@pytest.mark.parametrize("content", OF_EVERY_KIND.values(), ids=OF_EVERY_KIND)
async def test_the_process_tells_what_is_read_here(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "export"
    path.write_bytes(content)
    with path.open("rb") as file:
        here = list(read_export(file, "Liked"))

    assert here
    assert await pieces_of(content, "Liked") == here
    assert await pieces_of(path, "Li\0ked") == here


async def test_what_is_wrong_with_a_file_is_told_after_its_pieces() -> None:
    reader, found = ExportReader(), list[Piece]()
    cut = zipped({"1.json": array(streamed()), "2.json": array(streamed(), streamed())[:-20]})

    with pytest.raises(RefusedError) as caught:  # noqa: PT012
        async for piece in reader.pieces(cut, "export"):
            assert isinstance(piece, Piece)
            found.append(piece)

    assert caught.value.why is Refusal.DAMAGED
    assert [piece.places for piece in found] == [[0]]


@pytest.mark.parametrize(
    "limits", [Limits(wall_s=0.01), Limits(memory_bytes=60 << 20)], ids=["time", "memory"]
)
async def test_at_a_limit_the_process_is_ended_and_the_next_file_is_fine(limits: Limits) -> None:
    with pytest.raises(UserError, match="more time or memory"):
        await pieces_of(array(streamed()), reader=ExportReader(limits=limits))

    assert await pieces_of(array(streamed()))


async def test_who_comes_when_all_places_are_taken_is_told_so() -> None:
    reader = ExportReader(workers=1, queue=1)

    answers = await asyncio.gather(
        *(pieces_of(array(streamed()), reader=reader) for _ in range(3)), return_exceptions=True
    )

    refused = [str(answer) for answer in answers if isinstance(answer, UserError)]
    assert refused == ["I am reading several exports already. Send yours again in a few minutes."]
    assert await pieces_of(array(streamed()), reader=reader)


async def test_a_file_is_fetched_when_it_is_its_turn() -> None:
    async def fetched() -> bytes:
        return array(streamed())

    found = [piece async for piece in ExportReader().pieces(fetched, "export")]

    assert len(found) == 1


def test_a_piece_travels_as_it_is() -> None:
    (piece,) = [
        Piece(HistoryKind.EXPORTIFY, ListeningBasis.SAVED, [], [], [], share=0.5),
    ]
    piece.skipped[Skip.BAD] = 3

    assert decode(encode(piece)) == piece
    assert decode(encode(End(Refusal.ROWS))) == End(Refusal.ROWS, "''")


GOOD = {
    "kind": "spotify", "basis": None, "names": [["Lullaby", "Low"]], "places": [0], "times": [1],
    "skipped": {"bad": 1}, "share": 1.0,
    "example": "",
}  # fmt: skip
LIES = {
    "another kind": {"kind": "napster"},
    "another list": {"basis": "hidden"},
    "a recording that is not there": {"places": [1]},
    "a recording before the first": {"places": [-1]},
    "no number": {"places": ["0"]},
    "true for one": {"places": [True]},
    "fewer times": {"times": []},
    "a time after all": {"times": [1 << 40]},
    "no name": {"names": [["", "Low"]]},
    "a name without end": {"names": [["x" * 501, "Low"]]},
    "a name with a zero": {"names": [["a\0", "Low"]]},
    "half a character": {"names": [["\ud800", "Low"]]},
    "no artist": {"names": [["Lullaby"]]},
    "a number for a name": {"names": [[1, "Low"]]},
    "another system": {"names": [["Lullaby", "Low", "token", "1"]]},
    "another reason": {"skipped": {"secret": 1}},
    "less than none": {"skipped": {"bad": -1}},
    "read beyond the end": {"share": 2},
    "no share": {"share": float("nan")},
    "very many rows": {"places": [0] * 2001, "times": [1] * 2001},
    "another end": {"end": "because"},
}


def test_what_tells_the_truth_is_believed() -> None:
    assert isinstance(decode(json.dumps(GOOD).encode()), Piece)


@pytest.mark.parametrize("lie", LIES.values(), ids=LIES)
def test_what_a_process_that_was_taken_over_may_say_is_not_believed(lie: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="no piece of an export"):
        decode(json.dumps({**GOOD, **lie}).encode())


NO_PIECES = {
    "nothing": b"", "a list": b"[]", "no fields": b"{}", "null": b"null", "a number": b"1",
    "no text": b"\xff", "a deep list": b"[" * 100_000, "a text": b'"end"',
}  # fmt: skip


@pytest.mark.parametrize("told", NO_PIECES.values(), ids=NO_PIECES)
def test_what_is_no_piece_at_all_is_not_believed(told: bytes) -> None:
    with pytest.raises(ValueError, match="no piece of an export"):
        decode(told)
