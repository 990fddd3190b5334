"""The sentences for what nothing in the catalogue fits."""

import re
from collections.abc import Collection
from typing import Final

from bot.core.catalog import Asked, Link, Names, ShortLink, unread_site
from bot.core.models import SearchHit, SubjectKind
from bot.errors import NotFoundError

_MARKUP: Final = re.compile(r"[*_~`|>#\[\]()<@\x00-\x1f]+")


def leads_to_track(asked: Asked) -> bool:
    """Return whether a link may lead to a track."""
    return isinstance(asked, ShortLink) or (isinstance(asked, Link) and asked.may_be_track)


def may_be_known(asked: Asked, kinds: Collection[SubjectKind]) -> bool:
    """Return whether a service may know a track that is not in the catalogue."""
    named = isinstance(asked, Names) and bool(asked.pairs)
    return SubjectKind.TRACK in kinds and (named or leads_to_track(asked))


def called(hit: SearchHit) -> str:
    """Return a name for a sentence, without what Discord would take for markup."""
    name = f"{hit.title} – {hit.artist}" if hit.artist else hit.title
    return f"“{' '.join(_MARKUP.sub(' ', name).split())[:80]}”"


def what(kinds: Collection[SubjectKind]) -> str:
    """Return "track or album": what is looked for."""
    return " or ".join(kinds)


def unknown(asked: Asked, kinds: Collection[SubjectKind]) -> NotFoundError:
    """Return the sentence for what nobody knows."""
    if SubjectKind.TRACK in kinds and leads_to_track(asked):
        return NotFoundError(
            "The track of that link is not in my catalogue. Try its title: the same recording "
            "may be there under another link."
        )
    site = unread_site(asked.text) if isinstance(asked, Names) else None
    if site is not None:
        return NotFoundError(
            f"I cannot read links to {site}. Write `artist – title` instead, or paste "
            "the link of Spotify, Deezer, Apple Music, YouTube, SoundCloud or Bandcamp."
        )
    return NotFoundError(
        f"I know no {what(kinds)} like that. Check the spelling, or choose one of the suggestions "
        "while you type."
    )
