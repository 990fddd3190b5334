"""What listeners say, and the taste that follows from it."""

from bot.services.taste.feedback import FeedbackLedger, add_thumb
from bot.services.taste.profile import Profiles
from bot.services.taste.taste import listening_taste, read_taste, store_taste, subject_rows

__all__ = [
    "FeedbackLedger",
    "Profiles",
    "add_thumb",
    "listening_taste",
    "read_taste",
    "store_taste",
    "subject_rows",
]
