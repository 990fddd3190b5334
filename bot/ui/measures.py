"""What is not measured of a track, in words."""

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
        f"Not measured yet: {names}. Until then I go by its artist and the company it keeps, "
        "as far as I know them; I ask the music services again by myself."
    )
