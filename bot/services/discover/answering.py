"""The arithmetic of an answer: from a wish, a taste and a listener to picks."""

from dataclasses import dataclass, replace

from bot.core.asking import TitleWords
from bot.core.catalog import Catalog
from bot.core.ranking import (
    NOTHING_ASKED,
    Asked,
    Basis,
    Calibration,
    ChosenTrack,
    Counterfactual,
    LeftOut,
    Listener,
    Query,
    Ranking,
    Wish,
    choose,
    counterfactual,
    left_out,
    query_of,
    rank,
    rank_all,
)
from bot.core.taste import TasteProfile
from bot.services.discover.kept_wishes import lift_of
from bot.store.asking import Asker, Shown


@dataclass(frozen=True, slots=True)
class AskedWish:
    """A wish, and who has it."""

    user_id: int
    wish: Wish
    guild_id: int | None
    asker: Asker
    shown: Shown
    in_words: Asked = NOTHING_ASKED
    """What the wish asks for in words besides."""


def grounds_of(catalog: Catalog, asked: AskedWish) -> str:
    """Return what names the taste and the catalogue that picks are chosen by."""
    position = asked.asker.position
    versions = (catalog.version, catalog.scene_version, position.feedback_id, position.listening)
    return " ".join(str(one) for one in versions)


def chosen_for(
    catalog: Catalog,
    profile: TasteProfile,
    asked: AskedWish,
    listener: Listener,
    basis: Basis,
    calibration: Calibration,
    grounds: str,
    titles: TitleWords | None,
) -> tuple[Ranking, list[ChosenTrack], LeftOut]:
    """Do all the arithmetic of an answer; note for Why what it rests on."""
    query = query_for(catalog, profile, asked, listener, titles)
    ranking, found = choose(catalog, profile, query, listener, basis, calibration)
    left = left_out(catalog, profile, query, besides=(*listener.promoted, *listener.withheld_rows))
    code = asked.wish.to_code()
    noted = [
        one
        if one.promotion_id is not None
        else replace(one, explanation=replace(one.explanation, wish=code, grounds=grounds))
        for one in found
    ]
    return ranking, noted, left


def ranked_for(catalog: Catalog, profile: TasteProfile, query: Query) -> tuple[Ranking, LeftOut]:
    """Rank, and tell what would be in the list without the listener's mutes."""
    return rank(catalog, profile, query), left_out(catalog, profile, query)


def picks_changed(
    catalog: Catalog, wish: Wish, listener: Listener, other: TasteProfile
) -> tuple[int, int]:
    """Return how many of the picks would be others with another taste, and how many there are."""
    query = query_of(catalog, wish, listener)
    now, then = rank_all(catalog, [(listener.taste, query), (other, query)])
    rows = {pick.row for pick in now.picks}
    return len(rows - {pick.row for pick in then.picks}), len(rows)


def query_for(
    catalog: Catalog,
    profile: TasteProfile,
    asked: AskedWish,
    listener: Listener,
    titles: TitleWords | None,
) -> Query:
    """Put a wish into the terms of the ranking, words included."""
    lift = lift_of(catalog, profile, asked.in_words, titles, Query().affinity)
    return query_of(catalog, asked.wish, listener, asked.in_words, lift)


def found_elsewhere(
    catalog: Catalog,
    profile: TasteProfile,
    asked: AskedWish,
    listener: Listener,
    row: int,
    titles: TitleWords | None,
) -> Counterfactual | None:
    """Return what another position of the dial would make of a track; None: nothing else."""
    query = query_for(catalog, profile, asked, listener, titles)
    return counterfactual(catalog, profile, query, row)
