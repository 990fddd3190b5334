"""From a wish in words to the dials of `/discover`, by a grammar and tables of words."""

from bot.core.asking.drafting import Draft, drafted, too_many
from bot.core.asking.genres import Genre, GenreNames
from bot.core.asking.heard import Heard
from bot.core.asking.in_words import InWords, Unsure, about_explicit
from bot.core.asking.matching import TitleWords, TitleWordsBuilder
from bot.core.asking.reading import Reader, candidates
from bot.core.asking.tokens import has_words
