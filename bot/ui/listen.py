"""Where a track can be heard: its own page where one is known, a search elsewhere."""

from bot.core.catalog import main_page, pages, searches
from bot.core.models import Track


def anywhere(track: Track) -> str:
    """Return an address where the track can be heard, a search where no page is known."""
    return main_page(track) or searches(track)[0][1]


def links(track: Track) -> str:
    """Return a line of links: own pages first, then searches."""
    own = pages(track)
    labels = {label for label, _ in own}
    shown = [f"[{label}]({address})" for label, address in own]
    shown += [
        f"[search {label}]({address})" for label, address in searches(track) if label not in labels
    ]
    return " · ".join(shown)
