"""What listeners say, and the taste that follows from it."""

from bot.services.taste.feedback import FeedbackLedger, add_thumb
from bot.services.taste.muting import Muting
from bot.services.taste.profile import Profiles
from bot.services.taste.stories import Stories
from bot.services.taste.taste import listening_taste, subject_rows
from bot.services.taste.tastes import Tastes
