"""A promotion as a message, and what its artist is told."""

from typing import Final

import discord

from bot.core.ai import declared
from bot.core.catalog import service_of
from bot.core.models import Thumbs
from bot.core.promotion import (
    Listing,
    PlaylistSound,
    PreparedPromotion,
    Promotion,
    PromotionKind,
    Suitability,
)
from bot.ui import ai, artists, features, text, theme, track_sound
from bot.ui.moderation import Report
from bot.ui.stored import Stored, Thumb, view

REPORT: Final = "⚑ Report"
VOTED: Final = (
    "press or react with 👍 or 👎: it counts for the artist, not for your taste. The people behind "
    "this promotion have no vote"
)
TAKEN_BACK: Final = "This promotion was taken back by its artist."
REMOVED: Final = "This promotion was removed by the moderators."
POSTING: Final = "Posting …"
LISTENING: Final = "Listening to your track …"
NO_TRACK: Final = "Give a link to your track, or attach its sound file, or both."
NOT_FETCHED: Final = "I could not get the file from Discord. Nothing was posted: attach it again."
CHANNEL_GONE: Final = "The server's channel for promotions is gone, so I posted it here."
NOT_POSTED: Final = (
    "Discord did not accept the message. Nothing was stored, and you need not wait: try again in a "
    "minute."
)

_ARTICLE: Final = {
    PromotionKind.PLAYLIST: "A playlist",
    PromotionKind.ALBUM: "An album",
    PromotionKind.TRACK: "A track",
}
_MOST_NAMED: Final = 10
_MOST_WORDS: Final = 3
_LONGEST_LIST: Final = 1200


class Vote(Stored, id="promotion:{promotion_id}:{thumb}"):
    """Votes for or against a promotion."""

    promotion_id: int
    thumb: Thumb


def post(
    prepared: PreparedPromotion, *, promoter: str, avatar_url: str | None, picture: bool = True
) -> discord.Embed:
    """Show a promotion to everybody, under the registered name if it has one.

    Args:
        picture: False where the bot may attach none.
    """
    promotion, claim = prepared.promotion, prepared.claim
    artist = promoter
    if claim is not None:
        artist = artists.title(claim.name, verified=claim.verified)
    embed = discord.Embed(
        title=_title(promotion),
        url=promotion.url or None,
        description=text.plain(promotion.text, 300),
        color=theme.PROMOTED,
    )
    embed.set_author(name=f"Promoted by {text.label(artist, 80)}", icon_url=avatar_url)
    if prepared.sound is not None:
        embed.add_field(name="Suits", value=suits(prepared.sound), inline=False)
    if prepared.suits is not None and prepared.suits.listeners:
        embed.add_field(name="Here", value=_here(prepared.suits), inline=False)
    lines = []
    if prepared.listing is not None and prepared.listing.tracks:
        lines.append(_on_it(prepared.listing))
    if prepared.recognized or prepared.unknown:
        lines.append(_recognized(prepared))
    if lines:
        embed.add_field(name="Tracks", value="\n".join(lines), inline=False)
    label = declared(promotion.id, promotion.ai)
    if label is not None and prepared.shows_ai:
        embed.add_field(name=ai.FIELD, value=ai.full(label), inline=False)
    about = ""
    if prepared.heard is not None:
        track_sound.add_fields(embed, prepared.heard)
        about = f"{track_sound.source(prepared.heard)} · "
        if not picture:
            embed.set_image(url=None)
    embed.set_footer(text=f"A promotion · {about}{VOTED}")
    return embed


def headline(promotion: Promotion) -> str:
    """Return the title of what is promoted, or where it is when nobody says; plain text."""
    place = f" on {service_of(promotion.url)}" if promotion.url else ""
    return promotion.title or f"{_ARTICLE[promotion.kind]}{place}"


def _title(promotion: Promotion) -> str:
    if promotion.title is None:
        return headline(promotion)
    title = text.plain(promotion.title, 120)
    if promotion.kind is PromotionKind.TRACK:
        return title
    return f"{title} · {_ARTICLE[promotion.kind].lower()} on {service_of(promotion.url)}"


def _here(suits: Suitability) -> str:
    """Say how many listeners of the server a list suits; who they are is for the artist only."""
    listeners = text.count(suits.listeners, "listener")
    return (
        f"It suits {listeners} of this server, counting only those whose taste I know and may use"
    )


def _on_it(listing: Listing) -> str:
    """Say how much of a list was known before."""
    on_it = listing.tracks if listing.total is None else max(listing.total, listing.tracks)
    return f"I knew {listing.known:,} of its {text.count(on_it, 'track')}"


def suits(sound: PlaylistSound) -> str:
    """Say which taste a playlist suits, and how many tracks that rests on."""
    clear = features.clear_words(sound.levels, most=_MOST_WORDS)
    if clear:
        taste = f"for people who like it {text.listing(clear)}"
    else:
        sound_is = features.without_words([level.percentile for level in sound.levels])
        taste = f"for people who like variety: on average it sounds {sound_is}"
    return (
        f"{taste} (measured on {text.count(sound.track_count, 'of its tracks', 'of its tracks')})"
    )


def _recognized(prepared: PreparedPromotion) -> str:
    named = prepared.recognized + len(prepared.unknown)
    return f"I know {prepared.recognized} of {text.count(named, 'named track')}"


def votes(promotion: Promotion, thumbs: Thumbs = Thumbs()) -> discord.ui.View:  # noqa: B008
    """Return the buttons under a promotion, with the counts in their labels."""
    shown = [
        Vote(promotion.id, "up").button(f"{thumbs.up:,}", emoji=theme.UP),
        Vote(promotion.id, "down").button(f"{thumbs.down:,}", emoji=theme.DOWN),
    ]
    if promotion.url:
        place = text.label(f"Open on {service_of(promotion.url)}", 80)
        shown.append(discord.ui.Button(label=place, url=promotion.url))
    if promotion.guild_id is not None:  # elsewhere nobody moderates
        shown.append(Report(promotion.id).button(REPORT))
        label = declared(promotion.id, promotion.ai)
        if label is not None:
            shown.append(ai.appeal_button(label))
    return view(*shown)


def without_label(post: discord.Embed) -> discord.Embed:
    """Return a post whose label was lifted."""
    for place, field in enumerate(post.fields):
        if field.name == ai.FIELD:
            post.remove_field(place)
            break
    return post


def taken_back() -> discord.Embed:
    """Return what stands in the place of a promotion whose artist deleted their data."""
    return discord.Embed(description=TAKEN_BACK, color=theme.QUIET)


def removed() -> discord.Embed:
    """Return what replaces a promotion that moderators removed."""
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
    if prepared.listing is not None:
        lines.extend(_listing_told(prepared.listing))
    if prepared.suits is not None and prepared.suits.named:
        named = [f"<@{user_id}>" for user_id in prepared.suits.named[:_MOST_NAMED]]
        lines.append(f"Among those it suits here, with a public profile: {text.listing(named)}.")
    if prepared.heard is not None and prepared.heard.measured_here:
        lines.append(_what_is_kept(prepared))
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


def _listing_told(listing: Listing) -> list[str]:
    lines = [f"{_on_it(listing)}."] if listing.tracks else []
    new = listing.tracks - listing.known
    if new:
        lines.append(
            f"I look at the other {new:,} now." if listing.known else "I look at them now."
        )
    if listing.unread is not None:
        lines.append(f"I could not read the whole list: {listing.unread}.")
    return lines


def _what_is_kept(prepared: PreparedPromotion) -> str:
    """Say what becomes of an uploaded track and its file."""
    if prepared.joins:
        line = "It is in my catalogue now, with what I measured: it may be among picks here."
    else:
        line = (
            "There is only this post. With `consent: True` it would also join my catalogue and the "
            "picks."
        )
    if prepared.excerpt_kept:
        return f"{line} Of the file I keep half a minute, for blind auditions, and a fingerprint."
    return f"{line} The file is gone; I keep a fingerprint of its sound."


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
