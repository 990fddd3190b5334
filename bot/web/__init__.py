"""The pages that the bot serves: where Spotify sends listeners back to, and how the bot is."""

from bot.web.consent import consent_routes
from bot.web.health import Pulse, health_routes
from bot.web.serving import serving

__all__ = ["Pulse", "consent_routes", "health_routes", "serving"]
