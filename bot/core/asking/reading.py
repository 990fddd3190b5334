"""Reads a wish in words, from left to right, the longest phrase first.

A negation turns the next thing that is meant into its opposite, past words such as "too"; a mark
ends it. "No techno or house" turns both, as they are of a kind.
"""

from collections.abc import Collection, Iterator
from typing import Final

from bot.core.asking import words
from bot.core.asking.dials import Dials
from bot.core.asking.genres import LONGEST, Genre, GenreNames
from bot.core.asking.grammar import Kind, Meaning, longest, single_words, table
from bot.core.asking.heard import Heard
from bot.core.asking.numbers import Found, read_number
from bot.core.asking.spelling import Spelling
from bot.core.asking.tokens import MARK, Token, tokens_of

LONGEST_NAME: Final = 6
"""So many words and marks the name of an artist has at most."""
_LOOKS_AHEAD: Final = 14
_JOINS: Final = frozenset({"and", "or", "nor"})
_ALSO: Final = frozenset(
    ("also", "too", "include", "including", "included", "welcome", "fine", "ok", "allowed")
)
_DEGREES: Final = frozenset(words.DEGREES)
_VERY: Final = frozenset(words.VERY)


def candidates(text: str) -> list[str]:
    """Return what may be names of artists in a wish: what follows "like", "not", "by" and such."""
    tokens = tokens_of(text)
    found: dict[str, None] = {}
    for place in range(len(tokens)):
        for length in range(1, min(longest(), place) + 1):
            before = " ".join(one.key for one in tokens[place - length : place])
            meaning = table().get(before)
            marks = meaning is not None and meaning.kind in (Kind.LIKE, Kind.BY, Kind.NEGATOR)
            if marks or before in _JOINS or before == MARK:
                found.update(dict.fromkeys(_names_at(text, tokens, place)))
                break
    return list(found)


def _names_at(text: str, tokens: list[Token], place: int) -> Iterator[str]:
    """Yield what may be a name that begins at a token, the longest first."""
    for end in range(min(place + LONGEST_NAME, len(tokens)), place, -1):
        if not (tokens[place].is_mark or tokens[end - 1].is_mark):
            yield text[tokens[place].start : tokens[end - 1].end]


class Reader:
    """Reads wishes made to one catalogue."""

    def __init__(self, genres: GenreNames) -> None:
        """Learn the names of its genres."""
        self._genres = genres
        self._spelling = Spelling(single_words() | genres.words)
        self._known = (
            single_words()
            | genres.words
            | words.FILLERS
            | words.NOUNS
            | words.STOPS
            | {word for phrase in table() for word in phrase.split()}
            | {word for phrase in (*words.COUNTS, *words.DECADES) for word in phrase.split()}
            | {word for phrase in words.DEGREES for word in phrase.split()}
        )

    def read(self, text: str, *, artists: Collection[str] = (), this_year: int) -> Heard:
        """Return what is understood of a wish.

        Args:
            text: as it was typed.
            artists: those of its `candidates` that are names of artists.
            this_year: what "last year" comes before.
        """
        tokens = [self._corrected(one) for one in tokens_of(text)]
        reading = _Reading(text, tokens, self._genres, frozenset(artists), this_year)
        return reading.read()

    def _corrected(self, token: Token) -> Token:
        better = None if token.key in self._known else self._spelling.corrected(token.key)
        return token if better is None else Token(better, token.start, token.end)


class _Reading:
    """One wish on its way to what is understood of it."""

    def __init__(
        self,
        text: str,
        tokens: list[Token],
        genres: GenreNames,
        artists: frozenset[str],
        this_year: int,
    ) -> None:
        self._text, self._tokens, self._genres = text, tokens, genres
        self._artists, self._this_year = artists, this_year
        self._dials = Dials(this_year)
        self._heard = self._dials.heard
        self._place = 0
        self._denied = False
        self._very = False
        self._last: tuple[Kind, bool] | None = None
        """The kind of what was meant last and whether it was denied, while "or" may go on."""

    def read(self) -> Heard:
        """Read all of it."""
        while self._place < len(self._tokens):
            self._step()
        return self._dials.settled([one.key for one in self._tokens])

    def _step(self) -> None:
        token = self._tokens[self._place]
        if token.is_mark:
            self._denied = self._very = False
            if self._last is not None and not self._last[1]:
                self._last = None
            self._place += 1
            return
        number = read_number(self._rest(), self._this_year)
        length, meaning = self._phrase()
        artist = self._artist_here()
        if artist > max(length, 0 if number is None else number.words):
            self._take_artist(artist)
        elif number is not None and number.words >= length:
            self._take_number(number)
        elif self._counts():
            return
        elif meaning is None:
            self._take_word(token)
        else:
            self._take(length, meaning)

    def _rest(self) -> str:
        return " ".join(one.key for one in self._tokens[self._place : self._place + _LOOKS_AHEAD])

    def _said(self, length: int) -> str:
        """Return what was typed, from here on."""
        end = self._tokens[self._place + length - 1].end
        return self._text[self._tokens[self._place].start : end]

    def _phrase(self) -> tuple[int, Meaning | None]:
        """Return the longest phrase from here that means something, and how many words it has."""
        most = min(max(longest(), LONGEST), len(self._tokens) - self._place)
        for length in range(most, 0, -1):
            keys = [one.key for one in self._tokens[self._place : self._place + length]]
            if MARK in keys:
                continue
            meaning = table().get(" ".join(keys))
            genre = self._genres.find(keys) if length <= LONGEST else None
            if genre is not None and (meaning is None or _is_rather_genre(meaning, genre)):
                return length, Meaning(Kind.GENRE, genre)
            if meaning is not None:
                return length, meaning
        return 0, None

    def _artist_here(self) -> int:
        """Return how many tokens the name of an artist takes who is denied, or goes on; or 0."""
        goes_on = self._last is not None and (self._last[0] is Kind.BY or self._last[1])
        if not (self._denied or (goes_on and self._follows_join())):
            return 0
        return self._known_name(self._place)

    def _known_name(self, place: int) -> int:
        for length in range(min(LONGEST_NAME, len(self._tokens) - place), 0, -1):
            tokens = self._tokens[place : place + length]
            name = self._text[tokens[0].start : tokens[-1].end]
            if name in self._artists:
                return length
        return 0

    def _follows_join(self) -> bool:
        return self._place > 0 and self._tokens[self._place - 1].key in _JOINS

    def _is_denied(self, kind: Kind) -> bool:
        """Return whether what comes is not wanted, and note it for what may follow."""
        goes_on = self._last == (kind, True) and self._follows_join()
        denied = self._denied or goes_on
        self._last = (kind, denied)
        self._denied = False
        return denied

    def _take_artist(self, length: int) -> None:
        if self._last is not None and self._last[1] and self._follows_join():
            self._denied = True  # "no techno or Drake"
        denied = self._is_denied(Kind.BY)
        target = self._heard.without if denied else self._heard.likes
        target.append(self._said(length))
        self._place += length

    def _take_number(self, found: Found) -> None:
        said = self._said(found.words)
        self._dials.number(found, said, self._place, denied=self._denied)
        self._denied = self._very = False
        self._place += found.words

    def _counts(self) -> bool:
        """Read how many are wanted, where that is said here."""
        for length in (3, 2, 1):
            keys = [one.key for one in self._tokens[self._place : self._place + length]]
            joined = " ".join(keys)
            count = words.COUNTS.get(joined)
            if count is None and length == 1 and joined.isdecimal() and len(joined) <= 3:
                count = int(joined)
            if count is None or not count or len(keys) < length:
                continue
            after = self._tokens[self._place + length :]
            alone = not after and self._place == 0
            if not (alone or _is_counted(after, is_article=joined in ("a", "an"))):
                continue
            before = self._tokens[self._place - 1].key if self._place else ""
            if before != "than" and self._heard.count is None:
                self._heard.count = count
            self._place += length
            return True
        return False

    def _take_word(self, token: Token) -> None:
        """Take a word that no table has."""
        self._place += 1
        key = token.key
        if key in _VERY:
            self._very = True
        if key in _DEGREES or key in _JOINS:
            return
        if self._denied and key not in words.FILLERS:
            self._place -= 1
            self._take_unsure()
            return
        if key == "but":
            self._denied = False
        if key in words.FILLERS or (len(key) < 2 and not key.isdigit()):
            return
        if key not in self._heard.words:
            self._heard.words.append(key)

    def _take_unsure(self) -> None:
        """Take what is not wanted, but has no name here, up to the next thing that has one."""
        length = self._unknown_run(self._place)
        self._heard.unsure.append(self._said(length))
        self._is_denied(Kind.BY)
        self._place += length

    def _unknown_run(self, start: int) -> int:
        """Return how many words from here may be a name that nobody knows."""
        kept = self._place
        length = 0
        for place in range(start, min(start + LONGEST_NAME, len(self._tokens))):
            token = self._tokens[place]
            if token.is_mark or token.key in words.STOPS:
                break
            self._place = place
            meaning = self._phrase()[1]
            is_known = meaning is not None and meaning.kind not in (Kind.LENGTH, Kind.BY)
            if length and (is_known or read_number(self._rest(), self._this_year) is not None):
                break
            length += 1
        self._place = kept
        return max(length, 1)

    def _take(self, length: int, meaning: Meaning) -> None:
        """Take a phrase that has a meaning."""
        match meaning.kind:
            case Kind.NEGATOR:
                self._denied = True
                self._very = False
                self._place += length
            case Kind.NOT_NEGATED | Kind.LENGTH:
                self._denied = False
                self._place += length
            case Kind.LIKE:
                self._take_like(length)
            case Kind.BY:
                self._place += length
            case Kind.UNHEARD:
                self._heard.ignored.append(self._said(length))
                self._denied = self._very = False
                self._place += length
            case _:
                said = self._said(length)
                denied = self._is_denied(meaning.kind)
                if meaning.kind is Kind.CUTS:
                    self._dials.cuts(denied=denied, also=self._also_near())
                else:
                    self._dials.turn(meaning, said, self._place, denied=denied, very=self._very)
                self._very = False
                self._place += length

    def _also_near(self) -> bool:
        near = self._tokens[max(0, self._place - 2) : self._place + 5]
        return any(one.key in _ALSO for one in near)

    def _take_like(self, length: int) -> None:
        """Take whom it is to be like; "like" may also be just a word."""
        start = self._place + length
        known = self._known_name(start) if start < len(self._tokens) else 0
        self._place = start
        if start >= len(self._tokens) or self._tokens[start].is_mark:
            return
        number = read_number(self._rest(), self._this_year)
        phrase, meaning = self._phrase()
        if known <= max(phrase, 0 if number is None else number.words):
            is_name = meaning is None and number is None and self._is_no_filler(start)
            if not is_name or self._was_verb(start - length):
                return
            known = self._unknown_run(start)
        target = self._heard.without if self._denied else self._heard.likes
        target.append(self._said(known))
        self._denied = False
        self._last = (Kind.BY, target is self._heard.without)
        self._place += known

    def _is_no_filler(self, place: int) -> bool:
        """Tell whether a name may begin here: a capital "The" does before another word."""
        keys = [one.key for one in self._tokens[place : place + 2]]
        if keys[0] == "the" and self._text[self._tokens[place].start].isupper():
            return len(keys) > 1 and keys[1] != MARK and keys[1] not in words.FILLERS
        return keys[0] not in words.FILLERS

    def _was_verb(self, place: int) -> bool:
        """Tell whether "like" says that something would be liked: "I would like"."""
        before = {one.key for one in self._tokens[max(0, place - 2) : place]}
        return bool(before & {"would", "id", "wed", "you", "dont"})


def _is_rather_genre(meaning: Meaning, genre: Genre) -> bool:
    """Tell whether a phrase that may mean two things is a genre: where the catalogue has it."""
    return bool(genre.ids) and meaning.kind not in (Kind.NEGATOR, Kind.LIKE, Kind.BY)


def _is_counted(after: list[Token], *, is_article: bool) -> bool:
    """Tell whether a number counts what follows it: a noun comes soon."""
    for one in after[: 4 if is_article else 8]:
        if one.is_mark or one.key in words.LENGTHS or one.key in words.CROWDS or one.key == "bpm":
            return False
        if one.key in words.NOUNS and (not is_article or not one.key.endswith("s")):
            return True
    return False
