"""Words for what has not been measured about a track."""

from collections.abc import Sequence

from bot.ui import features, text


def not_measured(missing: Sequence[str]) -> str:
    """Say what is not known of a track's sound yet; empty when nothing of weight is missing.

    Args:
        missing: names of features; see `services.lookup.Lookup.unmeasured`.
    """
    if not missing:
        return ""
    names = text.listing([features.NAMES[name] for name in missing])
    return (
        f"Not measured yet: {names}. Until then I go by its artist and by what it is played with, "
        "as far as I know. I will ask the music services again."
    )
