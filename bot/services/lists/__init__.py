"""Lists to play elsewhere: made, kept and written in many formats."""

from bot.services.lists.companions import ANY_GENRE, CompanionLists, CompanionWish
from bot.services.lists.exporting import write_playlist
from bot.services.lists.paths import Paths
from bot.services.lists.playlists import Playlists
