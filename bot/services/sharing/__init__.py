"""Pages that everybody with their address can see."""

from bot.services.sharing.pages import END_PAGES, Address, SharedPages, mark_of
