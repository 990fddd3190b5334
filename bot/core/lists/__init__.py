"""Lists to play: an order that flows, and an artist among similar ones."""

from bot.core.lists.companions import Company, Ground, find_companions
from bot.core.lists.playlist import (
    MAX_TRACKS,
    CompanionCard,
    CompanionList,
    Content,
    ExportedFile,
    Form,
    KeptPlaylist,
    MadePlaylist,
    Order,
    Playlist,
    SavedPlaylist,
)
from bot.core.lists.sequencing import dj_order
