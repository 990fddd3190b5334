"""Picks with the names that belong to them, ready to be shown."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.ai import AiLabel
from bot.core.catalog import Catalog, Sort, mask_of
from bot.core.ranking import ChosenTrack, Explanation, LikedTrack, PickCard
from bot.store import ai, asking, promotions
from bot.store.asking import Said

_AI: Final = mask_of([Sort.AI, Sort.PARTLY_AI])


async def cards_of(
    conn: AsyncConnection,
    catalog: Catalog,
    user_id: int,
    chosen: Sequence[ChosenTrack],
    recommendation_ids: Sequence[int],
    *,
    plays: bool = True,
    guild_id: int | None = None,
) -> tuple[PickCard, ...]:
    """Fill in titles, and what the listener said of the closest tracks.

    Args:
        plays: False when they are known to have played nothing.
        guild_id: the server where they ask, which may show no labels; None: outside of any.
    """
    ids = [int(catalog.track_ids[one.row]) for one in chosen]
    related = [_related(one.explanation) for one in chosen]
    near = {near for pair in related for near in pair if near is not None}
    tracks, said, covers = await asking.for_cards(conn, user_id, ids, near, plays=plays)
    labels = await _labels(conn, catalog, chosen, guild_id)
    liked = {track_id: _liked(one) for track_id, one in said.items()}
    cards = []
    for one, track_id, recommendation_id, (closest, together) in zip(
        chosen, ids, recommendation_ids, related, strict=True
    ):
        cards.append(
            PickCard(
                recommendation_id=recommendation_id,
                track=replace(tracks[track_id], genres=_genres(catalog, one.row)),
                explanation=one.explanation,
                closest=None if closest is None else liked.get(closest),
                together=None if together is None else liked.get(together),
                promoted=one.promotion_id is not None,
                blind=one.blind,
                excerpt=await _excerpt(conn, one),
                cover=None if one.blind else covers.get(track_id),
                ai=None if one.blind else labels.get(track_id),
                independent=not one.blind and catalog.is_independent(one.row),
            )
        )
    return tuple(cards)


async def _labels(
    conn: AsyncConnection, catalog: Catalog, chosen: Sequence[ChosenTrack], guild_id: int | None
) -> dict[int, AiLabel]:
    """Return by track what says that AI made it: the catalogue knows for which to ask."""
    promoted = {
        one.promotion_id: int(catalog.track_ids[one.row])
        for one in chosen
        if one.promotion_id is not None
    }
    said = await ai.declared_of(conn, list(promoted)) if promoted else {}
    marked = [one.row for one in chosen if catalog.sorts[one.row] & _AI]
    if not marked and not said:
        return {}
    of_promotions = {promoted[number]: label for number, label in said.items()}
    artists = {int(catalog.track_ids[row]): int(catalog.artist_ids[row]) for row in marked}
    return await ai.shown_labels(conn, artists, guild_id, of_promotions)


async def _excerpt(conn: AsyncConnection, one: ChosenTrack) -> bytes | None:
    heard = one.blind and one.promotion_id is not None
    return await promotions.excerpt(conn, one.promotion_id or 0) if heard else None


def _genres(catalog: Catalog, row: int) -> tuple[str, ...]:
    names = (catalog.genre_name(genre_id) for genre_id in catalog.genres_of(row))
    return tuple(sorted(name for name in names if name is not None))


def _liked(said: Said) -> LikedTrack:
    return LikedTrack(said.hit, said.feedback, said.plays)


def _related(explanation: Explanation) -> tuple[int | None, int | None]:
    """Return the tracks a pick is compared with: by sound, by company."""
    closest = explanation.closest
    return None if closest is None else closest.track_id, explanation.together
