"""The catalogue grows by itself: around what listeners love, from services that want no key."""

from bot.services.growth.favorites import MOST, Favorites, Named
from bot.services.growth.growing import GROW, Around, AroundKind, Growth, GrowthPlan
from bot.services.growth.meeting import Grown, Meetings
from bot.services.growth.wishes import MEET, ArtistWishes, Unfulfilled
