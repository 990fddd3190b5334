"""A promotion as a message, and what its artist is told."""

from typing import Final

import discord

from bot.core.links import service_of
from bot.core.models import Thumbs
from bot.core.promotion import PreparedPromotion, Promotion
from bot.core.suitability import PlaylistSound
from bot.ui import artists, features, text, theme

VOTE_TEMPLATE: Final = r"promotion:(?P<promotion>\d{1,18}):(?P<vote>up|down)"
"""The custom id of the vote buttons."""
REPORT_TEMPLATE: Final = r"report:(?P<promotion>\d{1,18})"
"""The custom id of the report button."""
REPORT: Final = "⚑ Report"
VOTED: Final = (
    "press or react 👍 👎: it counts for the artist, not for your taste; "
    "votes of whoever stands behind it do not count"
)
REMOVED: Final = "This promotion was removed by the moderators."
POSTING: Final = "Posting …"
CHANNEL_GONE: Final = "The server's channel for promotions is gone, so I posted it here."
NOT_POSTED: Final = (
    "Discord did not take the post. Nothing was kept and it costs you no turn: "
    "try again in a minute."
)

_MOST_WORDS: Final = 3
_LONGEST_LIST: Final = 1200


def post(prepared: PreparedPromotion, *, promoter: str, avatar_url: str | None) -> discord.Embed:
    """Show a promotion to everybody, under the registered name if it has one."""
    promotion, claim = prepared.promotion, prepared.claim
    artist = promoter
    if claim is not None:
        artist = artists.title(claim.name, verified=claim.verified)
    service = service_of(promotion.url)
    embed = discord.Embed(
        title=f"A playlist on {service}",
        url=promotion.url,
        description=text.plain(promotion.text, 300),
        color=theme.PROMOTED,
    )
    embed.set_author(name=f"Promoted by {text.label(artist, 80)}", icon_url=avatar_url)
    if prepared.sound is not None:
        embed.add_field(name="Suits", value=suits(prepared.sound), inline=False)
    if prepared.recognized or prepared.unknown:
        embed.add_field(name="Tracks", value=_recognized(prepared), inline=False)
    embed.set_footer(text=f"A promotion · {VOTED}")
    return embed


def suits(sound: PlaylistSound) -> str:
    """Say which taste a playlist suits, and how many tracks that rests on."""
    clear = features.clear_words(sound.levels, most=_MOST_WORDS)
    if clear:
        taste = f"for people who like it {text.listing(clear)}"
    else:
        taste = "for people who like it varied: it lies in the middle of my catalogue"
    return (
        f"{taste} (measured on {text.count(sound.track_count, 'of its tracks', 'of its tracks')})"
    )


def _recognized(prepared: PreparedPromotion) -> str:
    named = prepared.recognized + len(prepared.unknown)
    return f"I know {prepared.recognized} of {text.count(named, 'named track')}"


def votes(promotion: Promotion, thumbs: Thumbs = Thumbs()) -> discord.ui.View:  # noqa: B008
    """Return the buttons under a promotion, with the counts in their labels.

    What they do is known by their custom ids (`VOTE_TEMPLATE`), so they outlive a restart, and
    nothing needs to remember this view.
    """
    view = discord.ui.View(timeout=None)
    for emoji, vote, number in ((theme.UP, "up", thumbs.up), (theme.DOWN, "down", thumbs.down)):
        view.add_item(
            discord.ui.Button(
                label=f"{number:,}", emoji=emoji, custom_id=f"promotion:{promotion.id}:{vote}"
            )
        )
    place = text.label(f"Open on {service_of(promotion.url)}", 80)
    view.add_item(discord.ui.Button(label=place, url=promotion.url))
    if promotion.guild_id is not None:  # elsewhere nobody moderates
        view.add_item(discord.ui.Button(label=REPORT, custom_id=f"report:{promotion.id}"))
    view.stop()
    return view


def removed() -> discord.Embed:
    """Return what stands in the place of a promotion that moderators removed."""
    return discord.Embed(description=REMOVED, color=theme.QUIET)


def channel_closed(channel: str, missing: list[str]) -> str:
    """Say why a promotion did not go where it should."""
    needed = f" (missing: {text.listing(missing)})" if missing else ""
    return f"I may not post in {channel}{needed}, so I posted it here."


def posted(prepared: PreparedPromotion, *, link: str, note: str | None) -> str:
    """Tell the artist, privately, where it stands and which tracks were not recognized."""
    lines = [f"Posted: {link}"]
    if note:
        lines.append(note)
    if prepared.recognized or prepared.unknown:
        lines.append(f"{_recognized(prepared)}.")
    if prepared.repeated:
        lines.append(
            f"{prepared.repeated} of them were promoted here in the last 30 days, so they are not "
            "among the promoted picks again."
        )
    if prepared.unknown:
        lines.append("Not in my catalogue:")
        lines.extend(_listed(prepared.unknown))
    return "\n".join(lines)


def _listed(names: tuple[str, ...]) -> list[str]:
    """Return as many names as fit into a message, and the number of the others."""
    lines: list[str] = []
    for place, name in enumerate(names):
        line = f"• {text.plain(name, 80)}"
        if sum(map(len, lines)) + len(line) > _LONGEST_LIST:
            lines.append(f"… and {len(names) - place} more")
            break
        lines.append(line)
    return lines
