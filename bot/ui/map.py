"""`/map`: the picture, its parts in words, and the buttons that turn them."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final, Literal

import discord

from bot.core.catalog import seen
from bot.core.taste import AS_IT_WAS, DOWN, LONGEST_NAME, OFF, UP, MapCluster, TasteMap
from bot.ui import page_buttons, text, theme
from bot.ui.clusters import factor_words, name_of
from bot.ui.map_words import Named
from bot.ui.stored import Stored, StoredForm, view

if TYPE_CHECKING:
    from bot.ui.pictures.picture import Picture

Way = Literal["up", "down", "off", "normal"]
FACTORS: Final[dict[Way, float]] = {"up": UP, "down": DOWN, "off": OFF, "normal": AS_IT_WAS}
NAME: Final = "name"
"""The field of the form."""

NOT_YOURS: Final = "This is somebody else's map. See yours with `/map`."
NOBODY_SHARES: Final = "There is nothing to share yet: rate something you love with `/rate track`."
CHANGED: Final = "Your likes have changed since, so here it is anew.\n"
_MARKS: Final = ("🟣", "🟡", "🟢", "🩷")
"""The colors on the picture."""
_MARK_OFF: Final = "⚫"
_LABELS: Final[dict[Way, str]] = {
    "up": "Up ×2", "down": "Down ×½", "off": "Off", "normal": "As it was",
}  # fmt: skip
_DOES: Final[dict[Way, str]] = {
    "up": "count double", "down": "count half", "off": "not count at all",
    "normal": "count as before you turned it",
}  # fmt: skip


class ChoosePart(Stored, id="map:choose:{user_id}"):
    """Chooses a part of somebody's own map."""

    user_id: int


class TurnPart(Stored, id="map:turn:{user_id}:{track_id}:{way}"):
    """Says what turning a part of a map would change."""

    user_id: int
    track_id: int
    way: Way


class ReallyTurn(Stored, id="map:sure:{user_id}:{track_id}:{way}"):
    """Turns it."""

    user_id: int
    track_id: int
    way: Way


class BackToMap(Stored, id="map:back:{user_id}"):
    """Leaves everything as it is."""

    user_id: int


class ShareMap(Stored, id="map:share:{user_id}"):
    """Posts a map for others."""

    user_id: int


class RenamePart(StoredForm, id="map:name:{user_id}:{track_id}", title="Name this part"):
    """Names a part of a map."""

    user_id: int
    track_id: int

    def fields(self) -> list[discord.ui.Label[Any]]:
        """Return where the name is typed."""
        return [
            discord.ui.Label(
                text="Name (leave it empty for mine)",
                component=discord.ui.TextInput(
                    custom_id=NAME, max_length=LONGEST_NAME, required=False
                ),
            )
        ]


def picture(
    shown: TasteMap, *, listener: str, friends: Sequence[Named] = (), shared: bool = False
) -> "Picture":
    """Draw a map. Call it in a thread."""
    from bot.ui.pictures import map as pictures  # noqa: PLC0415  # matplotlib takes a second

    return pictures.draw(shown, listener=listener, friends=friends, shared=shared)


def show(shown: TasteMap, *, note: str = "") -> discord.Embed:
    """Say in words what the parts of somebody's own map are."""
    embed = discord.Embed(title="Your map of music", color=theme.ACCENT)
    lines = [note] if note else []
    lines += [_line(shown, place) for place in range(len(shown.clusters))]
    if not shown.clusters:
        lines.append(
            "I know what you do not like, but nothing that you like. `/rate track` with something "
            "you love, or `/start`, puts it on the map."
        )
    elif len(shown.clusters) == 1:
        lines.append("All you like sounds alike so far; with more likes it divides into parts.")
    else:
        lines.append("Choose a part to turn it up, down or off. `/undo` takes that back.")
    embed.description = text.cut("\n".join(lines), 4096)
    embed.set_footer(text="Only you see this. “Share” posts a picture with the parts alone.")
    return embed


def _line(shown: TasteMap, place: int) -> str:
    one = shown.clusters[place]
    turned = factor_words(one.factor)
    state = f" · **{turned}**" if turned else ""
    artists = text.listing([text.plain(name, 60) for name in one.artists])
    made_of = f" · {artists}" if artists else ""
    liked = text.count(one.likes, "track")
    return f"{_mark(shown, place)} **{_bold(one)}**{state} · {liked}{made_of}"


def _bold(cluster: MapCluster) -> str:
    return text.plain(name_of(cluster), 120)


def _mark(shown: TasteMap, place: int) -> str:
    return _MARK_OFF if shown.clusters[place].factor == OFF else _MARKS[place % len(_MARKS)]


def buttons(
    user_id: int, shown: TasteMap, *, pages: bool, chosen: int | None = None
) -> discord.ui.View:
    """Return the menu of the parts, with what can be done to the chosen one, and Share.

    Args:
        user_id: whose map it is.
        shown: the map.
        pages: it can be shared as a page.
        chosen: a track of the chosen part.
    """
    if not shown.clusters:
        return view()
    items: list[discord.ui.Item[Any]] = [_menu(user_id, shown, chosen)]
    part = next((one for one in shown.clusters if one.track_id == chosen), None)
    if part is not None:
        if len(shown.clusters) > 1:
            items += [
                TurnPart(user_id, part.track_id, way).button(label, row=1)
                for way, label in _LABELS.items()
                if FACTORS[way] != part.factor
            ]
        items.append(RenamePart(user_id, part.track_id).button("Rename", emoji="✏️", row=1))
    items.append(ShareMap(user_id).button("Share", emoji="📣", row=2))
    if pages:
        items.append(page_buttons.button(page_buttons.MapPage("ask", user_id), row=2))
    return view(*items)


def _menu(user_id: int, shown: TasteMap, chosen: int | None) -> discord.ui.Select[Any]:
    menu: discord.ui.Select[Any] = discord.ui.Select(
        custom_id=ChoosePart(user_id).custom_id, placeholder="Choose a part of your map", row=0
    )
    for place, one in enumerate(shown.clusters):
        turned = factor_words(one.factor)
        name = text.label(name_of(one), 90)
        menu.add_option(
            label=f"{name} · {turned}" if turned else name,
            value=str(one.track_id),
            description=text.label(", ".join(one.artists), 100) if one.artists else None,
            emoji=_mark(shown, place),
            default=one.track_id == chosen,
        )
    return menu


def question(cluster: MapCluster, way: Way, *, changed: int, picks: int) -> discord.Embed:
    """Say what turning a part would change, before it is turned."""
    name = _bold(cluster)
    if not picks:
        effect = "I have no picks left for you just now, so nothing changes at once."
    elif not changed:
        effect = f"None of your next {picks} picks would change; later ones may."
    else:
        effect = f"{changed} of your next {picks} picks would change."
    return discord.Embed(
        title="Your map of music",
        description=f"**{name}** would {_DOES[way]}.\n{effect}\n\n`/undo` takes it back.",
        color=theme.ACCENT,
    )


def answers(user_id: int, track_id: int, way: Way) -> discord.ui.View:
    """Return the two answers to `question`."""
    return view(
        ReallyTurn(user_id, track_id, way).button(_LABELS[way], style=discord.ButtonStyle.primary),
        BackToMap(user_id).button("Leave it as it is"),
    )


def turned(way: Way) -> str:
    """Confirm that a part was turned."""
    return f"Done: that part will {_DOES[way]} from now on.\n"


def renamed(name: str) -> str:
    """Confirm a name."""
    return "Done: it has your name.\n" if seen(name) else "Done: it has my name again.\n"


def shared_line(listener: str) -> str:
    """Return what stands above a shared map."""
    return f"🗺️ **{text.plain(listener, 100)}** shares where their taste lives. Yours: `/map`"
