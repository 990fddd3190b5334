"""Words for the clusters of a map."""

from typing import Final

from bot.core.taste import AS_IT_WAS, OFF, ClusterName, MapCluster
from bot.ui import features, text

_SHORT: Final = {"hardly danceable": "still"}


def name_of(cluster: MapCluster) -> str:
    """Return what a cluster is called, as it is: escape it where Discord reads markdown."""
    return cluster.own_name or automatic(cluster.name)


def automatic(name: ClusterName) -> str:
    """Return the name a cluster has by itself: "calm folk", or "around Low"."""
    found = [features.level_word(one.feature, one.percentile, one.value) for one in name.sound]
    words = [word for word in found if word]
    words = [_SHORT.get(word, word) for word in words]
    said = text.listing(words) if name.genre is None else " ".join([*words, name.genre])
    if name.artist is not None:
        said = f"{said} around {name.artist}".strip()
    said = said or "what you like"
    return said if name.number is None else f"{said} {name.number}"


def factor_words(factor: float) -> str:
    """Return "×2", "×½", "off"; nothing for a cluster that counts as it was."""
    if factor == AS_IT_WAS:
        return ""
    if factor == OFF:
        return "off"
    return "×½" if factor == 0.5 else f"×{factor:g}"
