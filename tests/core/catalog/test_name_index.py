"""Names in memory: what is typed finds those that hold all its words."""

from hypothesis import given
from hypothesis import strategies as st

from bot.core.catalog.name_index import Keys, Named, NameIndexBuilder, tier
from bot.core.models import SubjectKind

words = st.sampled_from(["a", "ab", "abc", "b", "ba", "love", "lover", "the", "déjà"])
phrases = st.lists(words, min_size=1, max_size=4).map(" ".join)
# Keys that begin alike for long are ordered by what follows.
titles = st.one_of(phrases, phrases.map(lambda one: f"always the same beginning {one}"))


@given(st.lists(st.tuples(titles, phrases, st.integers(0, 101)), max_size=30), phrases)
def test_what_is_found_is_just_what_holds_all_words_the_last_as_a_beginning(
    tracks: list[tuple[str, str, int]], typed: str
) -> None:
    builder = NameIndexBuilder(SubjectKind.TRACK)
    entries = [
        Named(number, rank, f"{title}\x1f{artist}\x1f", title.title(), artist.title())
        for number, (title, artist, rank) in enumerate(tracks, 1)
    ]
    builder.add(entries)
    index = builder.finish()
    *whole, begun = typed.split()

    def holds(one: Named) -> bool:
        own = one.key.replace("\x1f", " ").split()
        return set(whole) <= set(own) and any(word.startswith(begun) for word in own)

    found = index.find(typed, typed.split())

    assert {index.named(number)[0] for *_, number in found} == {
        one.id for one in entries if holds(one)
    }
    for level, rank, number in found:
        one = entries[number]
        title, artist, version = one.key.split("\x1f")
        assert (level, rank) == (tier(typed, Keys(title, artist, version)), one.search_rank)
    assert all(index.holds(one) for one in entries)
