"""Finds by name in memory, for whoever is still typing: they ask with every letter."""

import asyncio
import logging
from bisect import bisect_left
from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Final

from rapidfuzz import process
from rapidfuzz.distance import OSA
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.catalog import NameIndex, NameIndexBuilder
from bot.core.models import SearchHit, Subject, SubjectKind
from bot.services.beside import beside
from bot.services.heap import give_back
from bot.services.threads import compute
from bot.store import columns, names
from bot.store.engine import Database
from bot.store.search import MAX_WORDS, typed_keys

log = logging.getLogger(__name__)

_SPELLED: Final = 4
"""Shorter words are not respelled: they are like too many others."""
_CLOSE: Final = 0.72
_CLOSEST: Final = 3
_SOME_WORDS: Final = 20_000
_FEW: Final = 2000
"""So many new names are kept beside the others; more of them, and all are read anew."""
_CHECKED_S: Final = 1.0
"""So long nobody asks again whether the catalogue has changed."""
_PAUSE: Final = 9
"""After all names were read, that many times as long passes before they are read again."""


@dataclass(frozen=True, slots=True, eq=False)
class _Held:
    """The names of one version of the catalogue."""

    version: int
    all: Mapping[SubjectKind, NameIndex]
    new: Mapping[SubjectKind, NameIndex]
    """What came later."""
    words: dict[SubjectKind, list[str]] = field(default_factory=dict)
    """Of all names of a kind, from the first misspelling on."""


class KnownNames:
    """Knows the names of the catalogue as of a second ago at most, or says that it does not.

    They are read in the background, while `running` lasts: at first all, then what is new.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._held: _Held | None = None
        self._checked: _Held | None = None
        self._check_at = 0.0
        self._wake = asyncio.Event()

    async def suggest(
        self, text: str, kinds: Collection[SubjectKind], *, limit: int
    ) -> list[SearchHit] | None:
        """Return what a text may mean, best first, as `store.search`; None: ask that."""
        held, now = self._held, asyncio.get_running_loop().time()
        if held is None or held is not self._checked or now >= self._check_at:
            async with self._database.read() as conn:
                version = await columns.catalog_version(conn)
            held = self._held
            if held is None or held.version != version:
                self._wake.set()
                return None
            self._checked, self._check_at = held, now + _CHECKED_S
        return _found(held, text, kinds, limit=limit)

    async def respelled(self, text: str, kinds: Collection[SubjectKind]) -> str | None:
        """Return a text with the words that nothing is called by in their likeliest spelling.

        None: every word is one of the catalogue's, or like none, or the names are not there yet.
        """
        held = self._held
        if held is None:
            return None
        words = next(iter(typed_keys(text))).split()[:MAX_WORDS]
        if not any(len(word) >= _SPELLED for word in words):
            return None
        return await compute(_respelled, held, tuple(kinds), words)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Read the names meanwhile, and again when they have changed."""
        self._wake.set()
        try:
            async with beside(self._run()):
                yield
        finally:
            self._held = None

    async def _run(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            await self._wake.wait()
            self._wake.clear()
            started = loop.time()
            try:
                await self.refresh()
            except Exception:
                log.exception("the names of the catalogue could not be read; typing takes longer")
            await asyncio.sleep(_PAUSE * (loop.time() - started))

    async def refresh(self) -> None:
        """Bring the names up to date."""
        async with self._database.read() as conn:
            version = await columns.catalog_version(conn)
            held = self._held
            if held is not None and held.version == version:
                return
            new = None if held is None else await self._new(conn, held)
            if held is not None and new is not None:
                self._held = _Held(version, held.all, new)
                return
            found = {kind: await _read(conn, kind) for kind in names.KINDS}
        self._held = _Held(version, found, {})
        await give_back()
        log.info("%d names are in memory", sum(len(one) for one in found.values()))

    async def _new(self, conn: AsyncConnection, held: _Held) -> dict[SubjectKind, NameIndex] | None:
        """Return what was added; None when all names are to be read anew."""
        changed = await names.changed_tracks(conn, since=held.version, limit=_FEW + 1)
        known = held.all[SubjectKind.TRACK]
        earlier = [one for one in changed if one.id <= known.last_id]
        if len(changed) > _FEW or not all(known.holds(one) for one in earlier):
            return None
        found = {}
        for kind, index in held.all.items():
            found[kind] = await _read(conn, kind, after=index.last_id)
            if len(found[kind]) > _FEW:
                return None
        return found


async def _read(conn: AsyncConnection, kind: SubjectKind, *, after: int = 0) -> NameIndex:
    builder = NameIndexBuilder(kind)
    async for piece in names.pieces(conn, kind, after=after):
        await compute(builder.add, piece)
    return await compute(builder.finish)


def _respelled(held: _Held, kinds: Sequence[SubjectKind], words: Sequence[str]) -> str | None:
    """Do what `KnownNames.respelled` does; it takes some hundredths of a second."""
    known = []
    for kind in kinds:
        if kind in held.all:
            if kind not in held.words:
                held.words[kind] = held.all[kind].words()
            known.append(held.words[kind])
    better = [
        word if len(word) < _SPELLED or _is_among(word, known) else _closest(word, known)
        for word in words
    ]
    return None if better == list(words) else " ".join(better)


def _is_among(word: str, known: Sequence[Sequence[str]]) -> bool:
    places = [(bisect_left(words, word), words) for words in known]
    return any(place < len(words) and words[place] == word for place, words in places)


def _closest(word: str, known: Sequence[Sequence[str]]) -> str:
    """Return the word that is misspelt here; the word itself when none is close enough.

    Closeness is 1 minus the share of letters that were left out, added, changed or swapped with
    the next one (optimal string alignment). Of equally close words the one that begins alike wins.
    """
    found: list[tuple[float, bool, str]] = []
    pieces = (
        words[start : start + _SOME_WORDS]
        for words in known
        for start in range(0, len(words), _SOME_WORDS)
    )
    for piece in pieces:  # between these the event loop has its turn
        some = process.extract(
            word,
            piece,
            scorer=OSA.normalized_similarity,
            score_cutoff=_CLOSE,
            limit=_CLOSEST,
        )
        found += [(score, other[:1] == word[:1], other) for other, score, _ in some]
    return max(found)[2] if found else word


def _found(
    held: _Held, text: str, kinds: Collection[SubjectKind], *, limit: int
) -> list[SearchHit]:
    for key in typed_keys(text):
        words = key.split()[:MAX_WORDS]
        hits = _looked_up(held, key, words, kinds, limit=limit) if words else []
        if hits:
            return hits
    return []


def _looked_up(
    held: _Held, key: str, words: Sequence[str], kinds: Collection[SubjectKind], *, limit: int
) -> list[SearchHit]:
    found = []
    for place, kind in enumerate(kinds):
        for indexes in (held.all, held.new):
            index = indexes.get(kind)
            if index is None:
                continue
            for tier, rank, number in index.find(key, words):
                found.append((tier, rank, place, int(index.ids[number]), number, kind, index))
    found.sort(key=lambda one: one[:4])
    hits = []
    for *_, number, kind, index in found[:limit]:
        id_, title, artist = index.named(number)
        hits.append(SearchHit(Subject(kind, id_), title, artist))
    return hits
