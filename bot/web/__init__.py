"""The pages that the bot serves: shared ones, Spotify's way back, and how the bot is."""

from bot.web.consent import consent_routes
from bot.web.health import Pulse, health_routes
from bot.web.serving import serving
from bot.web.shared import shared_routes

__all__ = ["Pulse", "consent_routes", "health_routes", "serving", "shared_routes"]
