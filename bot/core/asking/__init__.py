"""From a wish in words to the dials of `/discover`, by a grammar and tables of words."""

from bot.core.asking.genres import Genre, GenreNames
from bot.core.asking.heard import Heard
from bot.core.asking.reading import Reader, candidates
from bot.core.asking.tokens import has_words
