"""What listeners play: exports, linked accounts, and what becomes of it."""

from bot.services.plays.introducing import Introducing
from bot.services.plays.listens import ADMIT, Listens
from bot.services.plays.not_me import NotMe
from bot.services.plays.sync import Sync
