"""What a server decides for itself, and what it reads once a week."""

from bot.core.server.digest import (
    EVENING,
    FEWEST,
    FRIDAY,
    MOST_MEMBERS,
    Digest,
    DigestState,
    Issue,
    LikedPick,
    TasteOf,
    look_back,
    next_due,
)
from bot.core.server.own_digest import (
    LATEST,
    PICKS,
    Every,
    Hitch,
    OwnDigest,
    OwnIssue,
    next_own,
    own_days,
)
from bot.core.server.rules import MOST_GUARANTEED, GuildChanges, GuildSettings
from bot.core.server.shards import Shards
