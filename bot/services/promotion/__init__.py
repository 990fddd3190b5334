"""What artists show: promotions, names, auditions, reports, moderation."""

from bot.services.promotion.ai_music import AI_LIST, AiMusic
from bot.services.promotion.artists import Artists
from bot.services.promotion.auditions import Auditions
from bot.services.promotion.moderation import Moderation
from bot.services.promotion.permission import Asker
from bot.services.promotion.promoted_lists import ListPromotions
from bot.services.promotion.promoted_tracks import TrackPromotions, Upload, Wishes
from bot.services.promotion.promotions import Promotions
from bot.services.promotion.reports import Reports
