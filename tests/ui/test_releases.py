"""What a line about a new release says, and how long it may become."""

from datetime import date

import pytest

from bot.core.ranking.why import Basis, Explanation, Reason
from bot.core.releases.release_grounds import Grounds
from bot.core.releases.release_ranking import RankedRelease, ReleaseRanking
from bot.core.releases.releases import KnownRelease, NewRelease, ReleaseWish
from bot.core.server.digest import Issue, TasteOf
from bot.ui import digest
from bot.ui import releases as ui

TODAY = date(2026, 11, 20)
SLOW = Reason("tempo", 0.2, 0.1, 0.1, 0.2, 80, 85)


def ranked(
    *, title: str = "Hey What", fame: float | None = None, affinity: float = 0.0
) -> RankedRelease:
    release = NewRelease(title, "Low", TODAY, "album", ("slowcore",), "https://open.spotify.com/a")
    explanation = Explanation(Basis.TASTE, 0.3, (SLOW,), affinity, 0.0, None, 60, fame=fame)
    known = KnownRelease(release, artist_id=5)
    return RankedRelease(known, Grounds.ARTIST, 0.3, fame, 1, explanation)


def ranking(*shown: RankedRelease, **numbers: int) -> ReleaseRanking:
    given = {"misfits": 0, "unknown": 0, "rated": 0, "kept_promise": 0, "uncounted": 0} | numbers
    return ReleaseRanking(shown, len(shown), ceiling=0.7, **given)


def description(*shown: RankedRelease) -> str:
    embed = ui.page(
        ReleaseWish(), ranking(*shown), today=TODAY, pages=1, silent=(), said={}, listener=None
    )
    return embed.description or ""


def test_a_line_names_the_release_the_sound_and_how_known_the_artist_is() -> None:
    assert description(ranked(fame=0.12)) == (
        "**1.** [**Hey What**](https://open.spotify.com/a) by Low · album · 20 November · slow · "
        "hardly known"
    )


@pytest.mark.parametrize("affinity", [0.03, -0.03])
def test_only_an_artist_that_is_liked_is_called_so(affinity: float) -> None:
    assert ("you like them" in description(ranked(affinity=affinity))) == (affinity > 0)


def test_ten_long_lines_fit_into_an_embed() -> None:
    shown = [ranked(title="*" * 300, fame=0.9, affinity=0.1)] * 10

    assert len(description(*shown)) <= 4096


def test_what_was_left_out_is_counted_by_reason() -> None:
    embed = ui.page(
        ReleaseWish(),
        ranking(ranked(), misfits=3, unknown=1200, rated=1),
        today=TODAY,
        pages=1,
        silent=("Audius", "Spotify"),
        said={},
        listener="ann",
    )

    fields = {field.name: field.value or "" for field in embed.fields}
    assert "Obscurity 60: 0 of 1 by artists outside the best-known 30 %." in fields["This list"]
    assert (
        "Left out: 3 that fit less than most music does, 1,200 whose artists and genres I do not "
        "know and 1 rated already."
    ) in fields["This list"]
    assert fields["Not complete"].startswith("Audius and Spotify did not answer, so their releases")


def test_the_list_says_how_many_artists_nobody_counts() -> None:
    def said(uncounted: int) -> str:
        embed = ui.page(
            ReleaseWish(),
            ranking(ranked(fame=0.2), ranked(), kept_promise=1, uncounted=uncounted),
            today=TODAY,
            pages=1,
            silent=(),
            said={},
            listener=None,
        )
        return (embed.fields[0].value or "").partition("\n")[2].split("\n", 1)[-1]

    assert said(1).startswith(
        "Obscurity 60: 1 of 2 by artists outside the best-known 30 %; 1 artist nobody counts (~)."
    )
    assert said(2).startswith("Obscurity 60: nobody counts these artists.")


def test_no_release_at_all_asks_for_more_days() -> None:
    embed = ui.page(
        ReleaseWish(days=3), ranking(), today=TODAY, pages=1, silent=(), said={}, listener=None
    )

    assert "reported no release in the last 3 days" in (embed.description or "")


def test_a_full_digest_stays_within_what_discord_takes() -> None:
    shown = [ranked(title="*" * 300, fame=0.9)] * 10
    issue = Issue(7, TODAY, TasteOf.SHOWN, 0, ranking(*shown), (), ("Audius",))

    embed = digest.post(issue)

    assert len(embed) <= 6000
    description = embed.description or ""
    assert description.count("well known") == description.count("slowcore") == 1
    assert description.splitlines()[-1] == (
        "All of them: album, 20 November, slowcore, well known."
    )
