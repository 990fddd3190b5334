"""New releases in the order of a taste: judged by their tracks, their artist or their genres."""

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.catalog.space import Catalog
from bot.core.ranking.obscurity import ceiling, fame_penalty
from bot.core.ranking.reranking import PROMISED
from bot.core.ranking.scoring import add_up, score_parts
from bot.core.releases.release_grounds import Grounds, judge_releases
from bot.core.releases.release_ranking import ReleaseRanking, earn, order_releases
from bot.core.releases.releases import KnownRelease, NewRelease
from bot.core.taste.taste import Opinion, TasteProfile, build_taste
from tests.spaces import catalog_of, random_tracks, raw_tracks

CATALOG = catalog_of(random_tracks(800, seed=3))
TODAY = date(2026, 11, 20)
TWO_SOUNDS = catalog_of(
    raw_tracks(
        40,
        measures={
            "energy": [0.05 + 0.001 * n for n in range(20)] + [0.9 + 0.001 * n for n in range(20)],
            "loudness": [-30.0] * 20 + [-3.0] * 20,
        },
        artists=[1 + n // 4 for n in range(40)],
        genres=[(1,)] * 20 + [(2,)] * 20,
        popularity={"spotify": [float(n % 4) * 25 + n // 4 for n in range(40)]},
    )
)
"""Artists 1 … 5 are quiet and of genre 1, 6 … 10 loud and of genre 2; each is better known than
those before."""


def rank_releases(
    catalog: Catalog,
    tastes: Sequence[TasteProfile],
    releases: Sequence[KnownRelease],
    *,
    obscurity: int,
    rated: Collection[int] = (),
    first: int = 0,
    count: int,
) -> ReleaseRanking:
    """Judge, score and order, as `services.releases` does with other work in between."""
    judged = judge_releases(catalog, tastes, releases, rated=rated)
    earned = [earn(catalog, taste, judged) for taste in tastes]
    return order_releases(
        catalog, tastes, judged, earned, obscurity=obscurity, first=first, count=count
    )


def release(name: str, artist: str | None = None) -> NewRelease:
    return NewRelease(name, artist or f"artist of {name}", TODAY, "album")


def quiet_taste(**_: Any) -> TasteProfile:
    return build_taste(TWO_SOUNDS, [Opinion(row, 1.0) for row in (0, 5, 9, 13)])


def loud_taste() -> TasteProfile:
    return build_taste(TWO_SOUNDS, [Opinion(row, 1.0) for row in (20, 25, 29, 33)])


def ranked(*known: KnownRelease, **options: Any) -> ReleaseRanking:
    given = {"obscurity": 0, "count": 50} | options
    return rank_releases(TWO_SOUNDS, [quiet_taste()], known, **given)


def titles(ranking: ReleaseRanking) -> list[str]:
    return [one.known.release.title for one in ranking.shown]


def test_what_sounds_like_the_taste_comes_and_what_does_not_is_counted() -> None:
    ranking = ranked(
        KnownRelease(release("loud"), artist_id=8),
        KnownRelease(release("quiet"), artist_id=2),
        KnownRelease(release("quiet genre"), genre_ids=(1,)),
        KnownRelease(release("loud genre"), genre_ids=(2,)),
        KnownRelease(release("nobody knows")),
    )

    assert set(titles(ranking)) == {"quiet", "quiet genre"}
    assert (ranking.fitting, ranking.misfits, ranking.unknown) == (2, 2, 1)


def test_a_release_is_judged_by_the_nearest_thing_that_is_known() -> None:
    ranking = ranked(
        KnownRelease(release("a"), 8, track_ids=(3,), genre_ids=(2,)),
        KnownRelease(release("b"), 2, genre_ids=(2,)),
        KnownRelease(release("c"), genre_ids=(1,)),
    )

    grounds = {one.known.release.title: one.grounds for one in ranking.shown}
    assert grounds == {"a": Grounds.TRACKS, "b": Grounds.ARTIST, "c": Grounds.GENRES}


def test_a_release_of_known_tracks_scores_the_mean_of_their_scores() -> None:
    rows = np.array([4, 5])
    taste = quiet_taste()

    (one,) = ranked(KnownRelease(release("a"), 2, track_ids=(5, 6))).shown

    parts = score_parts(TWO_SOUNDS, taste, rows, obscurity=0, affinity=0.05)
    assert one.score == pytest.approx(add_up(parts).mean())


def test_the_parts_of_the_explanation_add_up_to_the_score() -> None:
    for one in ranked(*(KnownRelease(release(str(n)), n) for n in range(1, 11))).shown:
        assert one.explanation is not None
        total = one.explanation.similarity + one.explanation.affinity + one.explanation.penalty
        assert total == pytest.approx(one.score)


def test_an_unknown_artist_earns_nothing_for_those_who_share_the_genre() -> None:
    (one,) = ranked(KnownRelease(release("a"), genre_ids=(1,))).shown

    assert one.explanation is not None
    assert one.explanation.affinity == 0


def test_a_liked_artist_of_whom_nothing_is_measured_is_there_for_being_liked() -> None:
    silent = catalog_of(
        raw_tracks(5, measures={"energy": [0.1, 0.2, 0.3, 0.4, np.nan]}, artists=[1, 1, 2, 2, 3])
    )
    taste = build_taste(silent, [Opinion(4, 1.0), Opinion(0, 1.0)])

    ranking = rank_releases(silent, [taste], [KnownRelease(release("a"), 3)], obscurity=0, count=5)

    (one,) = ranking.shown
    assert one.explanation is not None
    assert one.explanation.affinity == one.score > 0


def test_the_fame_of_the_artist_is_what_is_paid_for() -> None:
    (one,) = ranked(KnownRelease(release("a"), 5, track_ids=(17,)), obscurity=100).shown

    fame = TWO_SOUNDS.artist_fame[4]
    assert one.fame == pytest.approx(float(fame))
    assert one.explanation is not None
    assert one.explanation.fame == one.fame
    assert one.explanation.penalty == pytest.approx(fame_penalty(np.array([fame]), 100)[0])
    assert one.explanation.penalty < 0


def test_an_artist_whom_nobody_counts_is_said_to_be_so_and_keeps_no_promise() -> None:
    catalog = catalog_of(
        raw_tracks(
            6,
            measures={"energy": [0.1, 0.12, 0.14, 0.5, 0.8, 0.9]},
            popularity={"spotify": [np.nan, 10, 20, 30, 40, 50]},
        )
    )
    taste = build_taste(catalog, [Opinion(1, 1.0)])
    releases = [KnownRelease(release("a"), 1), KnownRelease(release("b"), 3)]

    found = rank_releases(catalog, [taste], releases, obscurity=70, count=5)

    facts = {one.known.release.title: one for one in found.shown}
    assert facts["a"].fame is None
    assert facts["a"].explanation is not None
    assert not facts["a"].explanation.counted
    assert facts["b"].fame == pytest.approx(float(catalog.artist_fame[2]))
    assert (found.kept_promise, found.uncounted) == (1, 1)


def test_one_release_of_each_artist_comes_before_any_second_one() -> None:
    several = [
        KnownRelease(release(f"{n}{part}", f"Artist {n}"), n) for n in (1, 2, 3) for part in "ab"
    ]

    found = titles(ranked(*several))

    assert {title[0] for title in found[:3]} == {"1", "2", "3"}
    assert len(found) == 6


def test_a_release_whose_tracks_are_all_rated_is_no_news() -> None:
    both = KnownRelease(release("a"), 1, track_ids=(1, 2))

    ranking = ranked(both, rated=(0, 1))

    assert (ranking.shown, ranking.rated) == ((), 1)
    assert ranked(both, rated=(0,)).rated == 0


def test_of_any_five_one_at_most_stands_above_the_ceiling_while_there_are_others() -> None:
    taste = build_taste(CATALOG, [Opinion(row, 1.0) for row in (10, 20, 30)])
    releases = [KnownRelease(release(f"{n:03}"), int(n)) for n in CATALOG.artist_keys]

    found = rank_releases(CATALOG, [taste], releases, obscurity=40, count=200)

    above = [(one.fame or 0) > ceiling(40) for one in found.shown]
    mixed = len(above) - above[::-1].index(False)
    assert sum(above[mixed:]) > 5
    assert all(sum(above[:end]) <= end // PROMISED for end in range(1, mixed + 1))


def test_pages_of_a_list_are_the_list() -> None:
    taste = build_taste(CATALOG, [Opinion(row, 1.0) for row in (10, 20, 30)])
    releases = [KnownRelease(release(f"{n:03}"), int(n)) for n in CATALOG.artist_keys]

    def part(first: int, count: int) -> list[str]:
        return titles(
            rank_releases(CATALOG, [taste], releases, obscurity=60, first=first, count=count)
        )

    assert part(0, 10) + part(10, 10) == part(0, 20)


@given(st.permutations(range(8)))
def test_the_order_in_which_they_are_told_changes_nothing(order: list[int]) -> None:
    several = [KnownRelease(release(str(n)), n + 1) for n in range(8)]

    assert titles(ranked(*(several[n] for n in order))) == titles(ranked(*several))


def test_two_tastes_are_blended_evenly_and_counted() -> None:
    releases = [KnownRelease(release("quiet"), 2), KnownRelease(release("loud"), 8)]
    tastes = [quiet_taste(), loud_taste()]

    ranking = rank_releases(TWO_SOUNDS, tastes, releases, obscurity=0, count=5)

    assert {one.known.release.title: one.fits for one in ranking.shown} == {"quiet": 1, "loud": 1}
    assert [one.explanation for one in ranking.shown] == [None, None]
    more = rank_releases(TWO_SOUNDS, [*tastes, quiet_taste()], releases, obscurity=0, count=5)
    assert [(one.known.release.title, one.fits) for one in more.shown] == [
        ("quiet", 2),
        ("loud", 1),
    ]


def test_a_taste_beside_itself_ranks_as_it_does_alone() -> None:
    taste = build_taste(CATALOG, [Opinion(row, 1.0) for row in (10, 20, 30)])
    releases = [KnownRelease(release(f"{n:03}"), int(n)) for n in CATALOG.artist_keys]

    alone, twice = (
        titles(rank_releases(CATALOG, tastes, releases, obscurity=50, count=30))
        for tastes in ([taste], [taste, taste])
    )

    assert alone == twice


def test_no_release_at_all_is_an_empty_list() -> None:
    ranking = ranked()

    assert (ranking.shown, ranking.fitting, ranking.misfits, ranking.unknown) == ((), 0, 0, 0)
