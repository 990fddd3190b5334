"""Pages that everybody with their address can see, and picks in one listener's browser."""

from bot.services.sharing.contents import PageContents, list_files
from bot.services.sharing.pages import END_PAGES, STANDS_FOR, Address, SharedPages
from bot.services.sharing.visits import END_VISITS, ShownPicks, Visits
