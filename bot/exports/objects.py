"""Reads JSON objects one after the other: lines, an array, or the one long array of an object."""

import io
import json
import re
from collections.abc import Iterator
from typing import Any, Final

from bot.exports.refusal import Refusal, RefusedError

LONGEST: Final = 4 << 20
"""Characters of one object: a page of two hundred plays has a tenth of that."""
_PIECE: Final = 1 << 19
_BETWEEN: Final = re.compile(r"[\s,]*")
_LONG_ARRAY: Final = re.compile(
    r'\s*\{[^\[]{0,2000}?"(?:scrobbles|listens|tracks?|playlists)"\s*:\s*\['
)  # {"username": "…", "scrobbles": [
_LINE_END: Final = re.compile(r"\][^\[\n]{0,500}\}[ \r]*\n(?=\s*\{)")


def json_objects(stream: io.TextIOWrapper) -> Iterator[Any]:
    """Yield every object of a stream.

    Between them stand blanks, line ends and commas; what comes after the end of the array is not
    read. The decoder of the standard library scans as fast as one that is made for streams, so
    there is no need for one.

    Raises:
        RefusedError: it is cut off or no JSON.
    """
    decoder = json.JSONDecoder()
    text = stream.read(_PIECE)
    begin = _LONG_ARRAY.match(text)
    in_array = begin is not None or text.lstrip()[:1] == "["
    place = begin.end() if begin else len(text) - len(text.lstrip()) + in_array
    ended = len(text) < _PIECE
    while True:
        place = _after_gap(text, place)
        if place < len(text) and text[place] == "]" and in_array:
            gap = _LINE_END.match(text, place)
            following = gap and _LONG_ARRAY.match(text, gap.end())
            if not following:
                return
            place = following.end()  # a page of Last.fm on each line
            continue
        try:
            if place == len(text):
                raise EOFError
            value, end = decoder.raw_decode(text, place)
            if end == len(text) and not ended:
                raise EOFError  # the rest of a number may be still to come
        except (ValueError, EOFError, RecursionError) as error:
            if ended or len(text) - place > LONGEST:
                if ended and place == len(text) and not in_array:
                    return
                raise RefusedError(Refusal.DAMAGED) from error
            piece = stream.read(_PIECE)
            ended = not piece
            text, place = text[place:] + piece, 0
        else:
            place = end
            yield value


def _after_gap(text: str, place: int) -> int:
    found = _BETWEEN.match(text, place)
    return found.end() if found else place
