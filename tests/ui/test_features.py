"""No word is said of music that its own values contradict, in no place where words are said."""

import re
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.lists import CompanionCard
from bot.core.models import AudioFeatures
from bot.core.promotion import ArtistCard, CatalogArtist, Miss, levels_of_sound
from bot.core.promotion.suiting import PlaylistSound
from bot.core.ranking import Basis, explain
from bot.core.ranking.discovery import LikedTrack
from bot.core.ranking.why import parts_of
from bot.core.taste import Counts, ListenerProfile, Opinion, build_taste, describe, levels_of
from bot.ui import artists, auditions, features, picks, playlists, promotions, taste_words, why
from tests.spaces import catalog_of, raw_tracks
from tests.ui.test_picks import CARD

SHARES = (
    "danceability", "energy", "valence", "acousticness", "instrumentalness", "liveness",
    "speechiness",
)  # fmt: skip
FALSE_OF = {
    "sung": lambda one: one["instrumentalness"] > 0.5,
    "instrumental": lambda one: one["instrumentalness"] <= 0.5,
    "wordy": lambda one: one["speechiness"] < 0.1,
    "wordier": lambda one: one["speechiness"] < 0.1,
    "without speech": lambda one: one["speechiness"] > 0.1,
    "calm": lambda one: one["energy"] > 0.5,
    "energetic": lambda one: one["energy"] < 0.5,
    "danceable": lambda one: one["danceability"] < 0.5,
    "hardly danceable": lambda one: one["danceability"] > 0.5,
    "cheerful": lambda one: one["valence"] < 0.5,
    "melancholic": lambda one: one["valence"] > 0.5,
    "acoustic": lambda one: one["acousticness"] < 0.45,
    "electric": lambda one: one["acousticness"] > 0.45,
    "live-sounding": lambda one: one["liveness"] < 0.3,
    "fast": lambda one: one["tempo"] < 110,
    "slow": lambda one: one["tempo"] > 100,
}
"""Each word, and what contradicts it; the bounds here are wider than the bot's own."""
tracks = st.fixed_dictionaries(
    {name: st.floats(0, 1, width=16) for name in SHARES} | {"tempo": st.floats(60, 180)}
)
catalogs = st.lists(tracks, min_size=4, max_size=40)


def words_in(shown: str) -> set[str]:
    """Return the words of the list above that stand in a text; "less wordy than" is none."""
    plain = re.sub(r"(more|less)( often)? [a-z-]+( [a-z]+)?", "", shown)
    found = set()
    for word in sorted(FALSE_OF, key=len, reverse=True):
        if re.search(rf"\b{word}\b", plain):
            found.add(word)
            plain = re.sub(rf"\b{word}\b", "", plain)
    return found


def check(shown: str, *of: dict[str, float]) -> None:
    """Assert that no word is contradicted by all of the tracks it is said of."""
    for word in words_in(shown.lower()):
        assert not all(FALSE_OF[word](one) for one in of), (word, shown, of)


@settings(deadline=None, max_examples=150)
@given(catalogs, st.data())
def test_no_word_contradicts_the_values(known: list[dict[str, float]], data: st.DataObject) -> None:
    measures = {name: [one[name] for one in known] for name in (*SHARES, "tempo")}
    catalog = catalog_of(raw_tracks(len(known), measures=measures))
    liked = data.draw(st.lists(st.integers(0, len(known) - 1), min_size=1, max_size=5, unique=True))
    row = data.draw(st.sampled_from(range(len(known))))
    basis = data.draw(st.sampled_from([Basis.TASTE, Basis.LIKE]))
    taste = build_taste(catalog, [Opinion(one, 1.0) for one in liked])
    parts = parts_of(catalog, taste, row, obscurity=0, affinity=1.0)
    found = explain(catalog, taste, row, parts, obscurity=0, basis=basis)
    card = replace(CARD, explanation=found, closest=None)

    # What is said of one track: the pick, Why, an audition, /similar, a companion.
    said = [*(picks.pick(card, private=private).description or "" for private in (True, False))]
    said += [why.short(card), why.line(card)]
    said += [" ".join(playlists.reasons_of(CompanionCard(card, (), None), several=False))]
    said += [auditions.post(card).description or ""]
    for line in said:
        check(line.split("; ")[0], known[row])
    for reason in found.reasons:
        difference = features.difference_word(reason)
        if difference and "wordier" in difference:
            assert known[row]["speechiness"] > 0.0999

    # What is said of several: a profile, a promoted list, an artist.
    group = [known[one] for one in liked]
    levels = tuple(describe(catalog, levels_of(catalog, np.array(sorted(liked)))))
    check(taste_words.profile_alt(ListenerProfile(Counts(ratings=1), levels)), *group)
    check(promotions.suits(PlaylistSound(levels, len(liked))), *group)
    shown = artists.card(ArtistCard("A", None, (), CatalogArtist(1, 0.4, True, levels, 3), 0, None))
    check("\n".join(one.value or "" for one in shown.fields if one.name == "Sounds"), *group)

    # What is said of an uploaded track, whose values may lie beyond all that are known.
    heard = data.draw(tracks)
    sound = levels_of_sound(catalog, AudioFeatures(**heard), {})  # type: ignore[arg-type]
    check(" ".join(features.clear_words_of(sound)), heard)


def test_a_difference_of_old_totals_without_values_is_not_worded() -> None:
    told = auditions.missed(Miss("tempo", -0.5, 0.9, 0.4))

    assert told == "its tempo"


def test_a_liked_track_is_still_named_where_no_word_holds() -> None:
    silent = replace(CARD, explanation=replace(CARD.explanation, reasons=()))

    assert isinstance(silent.closest, LikedTrack)
    assert why.short(silent).startswith("Close to **Words** by Low")


@pytest.mark.parametrize(
    ("word", "said"),
    [
        ("calm", "calm music"),
        ("without speech", "music without speech"),
        ("in a major key", "music in a major key"),
        ("among the newer ones", "music among the newer ones"),
    ],
)
def test_a_word_for_a_level_stands_where_it_belongs(word: str, said: str) -> None:
    assert features.of_music(word) == said
