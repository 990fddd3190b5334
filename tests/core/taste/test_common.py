from collections.abc import Sequence

from bot.core.catalog import Catalog
from bot.core.taste.common import Trait, in_common
from bot.core.taste.taste import Opinion, TasteProfile, build_taste
from tests.spaces import catalog_of, raw_tracks

POP, JAZZ, FOLK, ROCK = 1, 2, 3, 4


def world(genres: Sequence[tuple[int, ...]], energy: list[float] | None = None) -> Catalog:
    size = len(genres)
    measures = {"energy": energy or [0.5] * size, "valence": [0.5] * size}
    return catalog_of(raw_tracks(size, genres=genres, measures=measures))


def loving(catalog: Catalog, *rows: int) -> TasteProfile:
    return build_taste(catalog, [Opinion(row, 1.0) for row in rows])


def test_what_all_like_is_shared_and_what_one_likes_is_theirs() -> None:
    genres = [(POP,)] * 10 + [(JAZZ,)] * 10 + [(FOLK,)] * 10 + [(ROCK,)] * 70
    catalog = world(genres)

    found = in_common(catalog, [loving(catalog, 0, 1, 10, 11), loving(catalog, 2, 3, 20, 21)])

    assert found.shared == (Trait(genre="genre 1"),)
    assert found.alone == (Trait(genre="genre 2"), Trait(genre="genre 3"))


def test_what_a_third_does_not_like_is_not_shared_and_what_two_like_is_nobodys_alone() -> None:
    genres = [(POP,)] * 10 + [(JAZZ,)] * 10 + [(ROCK,)] * 80
    catalog = world(genres)
    popular = loving(catalog, 0, 1, 2)

    found = in_common(catalog, [popular, popular, loving(catalog, 10, 11)])

    assert not [one for one in found.shared if one.genre]
    assert [one and one.genre for one in found.alone] == [None, None, "genre 2"]


def test_without_genres_it_is_said_by_sound() -> None:
    energy = [place / 100 for place in range(100)]
    catalog = world([()] * 100, energy)

    found = in_common(catalog, [loving(catalog, 97, 98), loving(catalog, 1, 2)])
    alike = in_common(catalog, [loving(catalog, 97, 98), loving(catalog, 95, 96)])

    assert [one and one.level and one.level.feature for one in found.alone] == ["energy", "energy"]
    assert found.shared == ()
    assert [one.level and one.level.feature for one in alike.shared] == ["energy"]
    assert alike.alone == (None, None)
