"""The accounts of music services that listeners link: by name, or by their consent."""

from bot.services.accounts.accounts import Accounts, Linking
from bot.services.accounts.consents import ConsentAnswer, pasted_answer, read_answer
from bot.services.accounts.rows import SYNC

__all__ = ["SYNC", "Accounts", "ConsentAnswer", "Linking", "pasted_answer", "read_answer"]
