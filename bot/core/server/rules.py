"""The rules that a server sets for itself."""

from dataclasses import dataclass
from typing import Final

from bot.core.promotion import GUARANTEED
from bot.core.ranking import PROMOTED_EVERY

MOST_GUARANTEED: Final = 50
"""The most hearings that a server may guarantee each promotion."""


@dataclass(frozen=True, slots=True)
class GuildSettings:
    """The rules of one server; outside of servers the defaults hold."""

    promotion_channel_id: int | None = None
    """None: promotions appear where the command is used."""
    promoter_role_id: int | None = None
    """None: everybody may promote."""
    artist_cooldown_hours: int = 24
    """How long a registered name waits between promotions, whoever acts for it."""
    guild_cooldown_minutes: int = 30
    user_cooldown_hours: int = 24
    """How long one person waits between promotions, whatever name they use."""
    promoted_every: int = PROMOTED_EVERY
    """At most one pick in this many is a promoted one, >= `PROMOTED_EVERY`."""
    moderation_channel_id: int | None = None
    """None: reports wait in the queue only."""
    reports_until_hidden: int = 3
    """With this many open reports, a promotion is in nobody's picks until moderators decide."""
    claims_required: bool = False
    """Everybody who promotes must have registered a name."""
    verified_only: bool = False
    """Everybody who promotes must use a name that moderators verified."""
    guaranteed_hearings: int = GUARANTEED
    """How many blind auditions every promotion gets without earning them, 1 … `MOST_GUARANTEED`."""
