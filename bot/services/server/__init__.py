"""What belongs to a server: rules, members, the weekly digest; and digests of listeners."""

from bot.services.server.audience import Audience
from bot.services.server.digests import KIND, Digests
from bot.services.server.greetings import Greetings
from bot.services.server.guild_settings import GuildRules, Resettable
from bot.services.server.own_digests import OWN, OwnDigests
from bot.services.server.presence import Presence
