"""From a wish in words to one that can be answered: read, looked up, and kept for buttons."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Final

from rapidfuzz.distance import OSA
from sqlalchemy.exc import IntegrityError

from bot.clock import Clock
from bot.core.asking import (
    Draft,
    GenreNames,
    Heard,
    InWords,
    Reader,
    Unsure,
    about_explicit,
    candidates,
    drafted,
    has_words,
    too_many,
)
from bot.core.catalog import Catalog, artist_key, holds_link, read_text, text_key
from bot.core.models import Choice, SubjectKind
from bot.core.ranking import MOST_ASKED, Asked, Wish
from bot.errors import NotFoundError, UserError
from bot.services.catalog import LiveCatalog
from bot.services.discover.titles import Titles
from bot.services.finding import Lookup
from bot.services.threads import compute
from bot.store import asked_wishes, listeners, names_of
from bot.store.engine import Database

MAX_ASKED: Final = 500
"""Longer wishes are not read."""
_CLOSE: Final = 0.75
"""An artist whose name is as near as this to what was typed may have been meant."""
_ARTISTS: Final = (SubjectKind.ARTIST,)
EXAMPLES: Final = (
    "`sad drum and bass from the 90s, no vocals, hardly known` or "
    "`3 calm acoustic songs under 100 bpm, like Nick Drake but not too famous`"
)
KINDS_OF_WORDS: Final = (
    "I know English words for moods (sad, calm, danceable), genres, tempo (fast, under 100 bpm), "
    "years (90s, before 1980), how well known it is (hidden gems, hardly known), vocals, loudness, "
    "live, how many, and artists after “like” or “not”. Try "
)
_TOO_LONG: Final = (
    "That is {} characters long; I read wishes of up to {}. Say it in a sentence, such as "
)
_LINK: Final = (
    "I read words here. Put the link into `like:` beside `ask:`, and leave it out of the words."
)
_EXPLICIT: Final = "`/settings me` leaves out what is explicit, wherever you ask. "
_CLASH: Final = "“{}” and “{}” cannot both hold. Leave one of them out, and ask again."
_NOBODY: Final = (
    "I know no music called “{}”. Put it into `like:` beside `ask:`, where I suggest names while "
    "you type, or leave it out."
)
_DELETED: Final = "What I knew of you was deleted just now. `/discover` begins anew."
GONE: Final = "I no longer keep that wish. `/discover ask:` takes a new one."


class Asking:
    """Reads wishes in words."""

    def __init__(
        self, database: Database, catalog: LiveCatalog, lookup: Lookup, titles: Titles, clock: Clock
    ) -> None:
        self._database = database
        self._catalog = catalog
        self._lookup = lookup
        self._titles = titles
        self._clock = clock
        self._reader: tuple[tuple[str, ...], Reader] | None = None

    async def read(
        self,
        user_id: int,
        text: str,
        given: Wish,
        said: Collection[str],
        kinds: Collection[SubjectKind],
    ) -> InWords:
        """Read a wish and keep it.

        Args:
            user_id: who asks.
            text: the wish, as it was typed.
            given: what the options beside it say.
            said: the names of the options that were given; they count more than the words.
            kinds: what it may be like.

        Raises:
            UserError: it cannot be read, nothing of it is understood, or it contradicts itself.
            SourceError: somebody it names must be asked for, and no service answers.
        """
        _check(text)
        catalog = await self._catalog.at_hand()
        heard, artists = await self._heard(catalog, text)
        if heard.clashes:
            raise UserError(_CLASH.format(*heard.clashes[0]))
        draft = drafted(heard, given, said)
        draft.asked = replace(
            draft.asked, without=tuple(artists[one] for one in heard.without[:MOST_ASKED])
        )
        await self._name_likes(draft, heard, artists, kinds)
        await self._name_unsure(draft, heard)
        await self._match(draft, heard, catalog)
        number = await self._keep(user_id, draft.wish, draft.asked)
        return InWords(
            wish=replace(draft.wish, asked=number),
            ignored=tuple(dict.fromkeys(draft.ignored)),
            strange=tuple(one.name for one in heard.strange),
            overruled=tuple(dict.fromkeys(draft.overruled)),
            count=too_many(heard, said),
            unsure=draft.unsure,
        )

    async def without_too(self, user_id: int, wish: Wish, artist_id: int) -> Wish:
        """Return a kept wish that leaves out one more artist.

        Raises:
            NotFoundError: it is not kept any more.
        """
        async with self._database.read() as conn:
            kept = await asked_wishes.get(conn, wish.asked or 0)
        if kept is None:
            raise NotFoundError(GONE)
        before, asked = kept
        more = replace(asked, without=(*asked.without, artist_id))
        return replace(wish, asked=await self._keep(user_id, before, more))

    async def _heard(self, catalog: Catalog, text: str) -> tuple[Heard, dict[str, int]]:
        """Return what is understood, with the artists that the catalogue has of those named."""
        if self._reader is None or self._reader[0] != catalog.genre_names:
            self._reader = catalog.genre_names, await compute(_reader_of, catalog)
        keys = {one: artist_key(one) for one in candidates(text)}
        async with self._database.read() as conn:
            known = await names_of.artists(conn, sorted(set(keys.values())))
        artists = {one: known[key] for one, key in keys.items() if key in known}
        year = self._clock.now().year
        return await compute(
            self._reader[1].read, text, artists=frozenset(artists), this_year=year
        ), artists

    async def _name_likes(
        self,
        draft: Draft,
        heard: Heard,
        artists: dict[str, int],
        kinds: Collection[SubjectKind],
    ) -> None:
        """Find whom it is to be like: the first one named counts."""
        if not heard.likes:
            return
        draft.ignored += heard.likes[1:]
        for option in ("like", "basis"):
            if option in draft.said:
                draft.overruled.append(option)
                return
        name = heard.likes[0]
        # A known artist may share the name with a song; who was meant is asked.
        asked = read_text(name)
        try:
            found = await self._lookup.at_hand(asked, _ARTISTS if name in artists else kinds)
            if found is None:
                found = await self._lookup.ask(asked, kinds)
        except NotFoundError as error:
            raise UserError(_NOBODY.format(_shown(name))) from error
        if isinstance(found, tuple):
            draft.unsure = Unsure(found, is_like=True)
        else:
            draft.wish = replace(draft.wish, like=found.subject)

    async def _name_unsure(self, draft: Draft, heard: Heard) -> None:
        """Ask about the first of those not wanted who is nearly called like a known artist."""
        for name in heard.unsure:
            near = await self._nearly(name) if draft.unsure is None else ()
            if near:
                draft.unsure = Unsure(near, is_like=False)
            else:
                draft.ignored.append(name)

    async def _nearly(self, name: str) -> tuple[Choice, ...]:
        try:
            found = await self._lookup.at_hand(read_text(name), _ARTISTS)
        except NotFoundError:
            return ()
        choices = found if isinstance(found, tuple) else () if found is None else (Choice(found),)
        return tuple(one for one in choices if _nearness(name, one.hit.title) >= _CLOSE)

    async def _match(self, draft: Draft, heard: Heard, catalog: Catalog) -> None:
        """Keep the words that titles or genres hold.

        Raises:
            UserError: nothing else was understood, and hardly any word stands anywhere.
        """
        words = heard.all_words
        known: list[str] = []
        if words:
            titles = await self._titles.of(catalog.version)
            known = (await compute(titles.known, catalog, words))[:MOST_ASKED]
        draft.ignored = [one for one in heard.words if one not in known] + draft.ignored
        draft.asked = replace(draft.asked, words=tuple(known))
        if not heard.turns_something and (not known or 2 * len(known) < len(words)):
            raise UserError(_nothing_understood(heard, draft.ignored))

    async def _keep(self, user_id: int, wish: Wish, asked: Asked) -> int:
        now = self._clock.now()
        try:
            async with self._database.write() as conn:
                await listeners.ensure(conn, user_id, now=now)
                return await asked_wishes.add(conn, user_id, wish, asked, now=now)
        except IntegrityError as error:
            raise UserError(_DELETED) from error


def _check(text: str) -> None:
    """Refuse what cannot be read at all.

    Raises:
        UserError: it is too long, without a word, or a link.
    """
    if len(text) > MAX_ASKED:
        raise UserError(_TOO_LONG.format(f"{len(text):,}", MAX_ASKED) + f"{EXAMPLES}.")
    if not has_words(text):
        raise UserError(f"I see no word in that. {KINDS_OF_WORDS}{EXAMPLES}.")
    if holds_link(text):
        raise UserError(_LINK)


def _reader_of(catalog: Catalog) -> Reader:
    keys = catalog.genre_keys.tolist()
    return Reader(GenreNames(dict(zip(keys, catalog.genre_names, strict=True))))


def _nothing_understood(heard: Heard, ignored: Sequence[str]) -> str:
    """Return the sentence for a wish in which no dial was found."""
    said = [*ignored, *(one.name for one in heard.strange)]
    what = ", ".join(f"“{_shown(one)}”" for one in dict.fromkeys(said[:3]))
    begins = f"I do not understand {what}." if what else "I understood nothing of that."
    way = _EXPLICIT if about_explicit(ignored) else ""
    return f"{begins} {way}{KINDS_OF_WORDS}{EXAMPLES}."


def _nearness(typed: str, name: str) -> float:
    """Return how near two names are, 0 … 1; "The" before one does not count."""
    keys = [text_key(one).removeprefix("the ") for one in (typed, name)]
    return float(OSA.normalized_similarity(*keys))


def _shown(typed: str) -> str:
    """Return what was typed for a sentence, without what Discord would take for markup."""
    return "".join(one for one in typed if one.isalnum() or one in " '’&.-")[:60]
