"""What the picture of `/map` says, in words; without matplotlib."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.core.taste import OFF, AxisEnd, TasteMap
from bot.ui import features, text
from bot.ui.clusters import factor_words, name_of


@dataclass(frozen=True, slots=True)
class Named:
    """Somebody whose taste is on the map."""

    name: str
    place: tuple[float, float]


def drawn_clusters(shown: TasteMap, *, shared: bool) -> list[int]:
    """Return the clusters that are drawn: for others, those that are off are not."""
    return [place for place, one in enumerate(shown.clusters) if not shared or one.factor != OFF]


def title(shown: TasteMap, *, shared: bool = False) -> str:
    """Return the large words on the picture."""
    count = len(drawn_clusters(shown, shared=shared))
    if not count:
        return "What I do not like"
    return f"The {count} sides of my taste" if count > 1 else "My side of music"


def end_word(end: AxisEnd) -> str:
    """Return the word for one end of an axis: what the tracks there are, or else are more."""
    return features.end_word(end.feature, end.value, high=end.high)


def alt_text(
    shown: TasteMap, listener: str, friends: Sequence[Named] = (), *, shared: bool = False
) -> str:
    """Say in words what the picture shows; no more than it does. It may be nobody's by name."""
    parts = [
        f"{f'{text.label(listener)}: ' if listener else ''}{title(shown, shared=shared)}.",
        f"A map of {shown.tracks:,} tracks; what is near sounds alike.",
    ]
    sides = (("left", "right"), ("bottom", "top"))
    ends = [
        f"{end_word(one)} at the {side}"
        for both, of_axis in zip(shown.ground.ends, sides, strict=False)
        for one, side in zip(both, of_axis, strict=True)
    ]
    if ends:
        parts.append(f"{text.capital(text.listing(ends))}.")
    centers = shown.standing.centers.tolist()
    for place in drawn_clusters(shown, shared=shared):
        cluster, center = shown.clusters[place], centers[place]
        turned = "" if shared else factor_words(cluster.factor)
        name = f"{name_of(cluster)} ({turned})" if turned else name_of(cluster)
        artists = [text.label(one, 40) for one in cluster.artists[:2]]
        made_of = f", with {text.listing(artists)}" if artists else ""
        parts.append(f"{text.capital(name)} {_where(center)}{made_of}.")
    if not shared:
        parts += _marks(shown, friends)
    return " ".join(parts)


def _marks(shown: TasteMap, friends: Sequence[Named]) -> list[str]:
    counts = (
        (len(shown.standing.likes), "liked track", "liked tracks"),
        (len(shown.standing.dislikes), "disliked track", "disliked tracks"),
        (len(shown.picks), "last pick", "last picks"),
    )
    said = [text.count(number, one, many) for number, one, many in counts if number]
    parts = [f"Marked: {text.listing(said)}."] if said else []
    if friends:
        there = [f"{text.label(one.name, 40)} {_where(one.place)}" for one in friends]
        parts.append(f"Friends: {text.listing(there)}.")
    return parts


def _where(place: Sequence[float]) -> str:
    row = "top" if place[1] > 0.33 else "bottom" if place[1] < -0.33 else ""
    column = "right" if place[0] > 0.33 else "left" if place[0] < -0.33 else ""
    said = " ".join(one for one in (row, column) if one)
    return f"at the {said}" if said else "in the middle"
