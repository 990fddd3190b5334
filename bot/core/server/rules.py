"""The rules that a server sets for itself."""

from dataclasses import dataclass, fields, replace
from typing import Final

from bot.core.ai import AiRule
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
    """So many blind auditions every promotion gets for nothing, 1 … `MOST_GUARANTEED`."""
    picks_apart: bool = False
    """Each public pick has a message of its own, so that a reaction is about it alone."""
    ai: AiRule = AiRule.LABEL
    """What becomes of music that AI made."""


@dataclass(frozen=True, slots=True)
class GuildChanges:
    """What is to be changed of the rules of one server; None leaves a rule as it is."""

    promotion_channel_id: int | None = None
    promoter_role_id: int | None = None
    artist_cooldown_hours: int | None = None
    guild_cooldown_minutes: int | None = None
    user_cooldown_hours: int | None = None
    promoted_every: int | None = None
    moderation_channel_id: int | None = None
    reports_until_hidden: int | None = None
    claims_required: bool | None = None
    verified_only: bool | None = None
    guaranteed_hearings: int | None = None
    picks_apart: bool | None = None
    ai: AiRule | None = None

    def applied(self, rules: GuildSettings) -> GuildSettings:
        """Return the rules with the changes made."""
        values = {one.name: getattr(self, one.name) for one in fields(self)}
        given = {name: value for name, value in values.items() if value is not None}
        return replace(rules, **given)
