"""Pages that everybody with their address can see."""

from bot.services.sharing.contents import PageContents, list_files
from bot.services.sharing.pages import END_PAGES, STANDS_FOR, Address, SharedPages
