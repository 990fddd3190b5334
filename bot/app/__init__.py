"""The bot as Discord sees it: the client, and what its cogs have in common."""

from bot.app.answers import Interaction, close_public, in_line, reply
from bot.app.client import COGS, INTENTS, BSide, Options
from bot.app.digest_posts import DigestPosts
from bot.app.head_posts import HeadPosts
from bot.app.notices import replace_promotion
from bot.app.owner import is_operator
from bot.app.presses import (
    chosen,
    chosen_numbers,
    chosen_one,
    message_of,
    on,
    words_of,
    written,
)
from bot.app.servers import ManagerGroup, ServerGroup, manager_of, server_of
from bot.app.steady import Pace
from bot.app.web_pages import Content, begin_page, covered, share_page

__all__ = [
    "COGS",
    "INTENTS",
    "BSide",
    "Content",
    "DigestPosts",
    "HeadPosts",
    "Interaction",
    "ManagerGroup",
    "Options",
    "Pace",
    "ServerGroup",
    "begin_page",
    "chosen",
    "chosen_numbers",
    "chosen_one",
    "close_public",
    "covered",
    "in_line",
    "is_operator",
    "manager_of",
    "message_of",
    "on",
    "replace_promotion",
    "reply",
    "server_of",
    "share_page",
    "words_of",
    "written",
]
