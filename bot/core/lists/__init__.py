"""Lists to play: an order that flows, an artist among similar ones, a path between two tracks."""

from bot.core.lists.companions import Company, Ground, companion_reasons, find_companions
from bot.core.lists.nearness import closeness
from bot.core.lists.path import (
    FEWEST_STEPS,
    MOST_OTHERS,
    MOST_STEPS,
    Course,
    Path,
    find_path,
    others,
)
from bot.core.lists.playlist import (
    MAX_TRACKS,
    CompanionCard,
    CompanionList,
    Content,
    ExportedFile,
    Form,
    FoundPath,
    KeptPlaylist,
    MadePlaylist,
    Order,
    PathStep,
    PathWish,
    Playlist,
    SavedPlaylist,
    Telling,
    ToldTrack,
)
from bot.core.lists.sequencing import dj_order
