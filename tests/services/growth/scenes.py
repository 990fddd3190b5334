"""Artists in families, who are played together, as the services know them."""

from collections.abc import Sequence
from uuid import NAMESPACE_URL, uuid5

from bot.demo.outside import World
from bot.demo.servers.songs import Song

FEATURES = {"danceability": 0.4, "energy": 0.2, "instrumentalness": 0.01, "tempo": 87.5}


def mbid(name: str) -> str:
    return str(uuid5(NAMESPACE_URL, name))


def name_of(family: int, place: int) -> str:
    return f"Artist {family} of {place}"


def songs_by(artist: str, number: int, count: int, *, genre: str = "slowcore") -> list[Song]:
    """Return songs of an artist; `number` makes their ids different from those of others."""
    first = number * 1000
    return [
        Song(
            f"Song {place} by {number}", artist, isrc=f"USKR3{first + place:07d}",
            mbid=mbid(f"{artist} {place}"), artist_mbid=mbid(artist),
            reccobeats_id=f"00000000-0000-4000-8000-{first + place:012d}",
            deezer_id=first + place + 1, deezer_rank=1000 + place,
            features=FEATURES if (first + place) % 20 < 17 else {}, genres=(genre,),
        )
        for place in range(count)
    ]  # fmt: skip


def family_songs(families: int, artists: int, count: int) -> list[Song]:
    """Return the songs of families of artists."""
    return [
        song
        for family in range(families)
        for place in range(artists)
        for song in songs_by(
            name_of(family, place), family * artists + place, count, genre=f"genre {family}"
        )
    ]


def make_related(world: World, groups: Sequence[Sequence[str]]) -> None:
    """Let all services know that the artists of a group are played together, near ones more."""
    for group in groups:
        for place, name in enumerate(group):
            others = [*group[place + 1 :], *group[:place]]
            world.deezer.related[name] = others[::2]
            world.labs.related[name] = others[1::2]
            world.deezer.fans[name] = 10 ** (1 + place % 6)


def make_families_related(world: World, families: int, artists: int) -> None:
    groups = [[name_of(family, place) for place in range(artists)] for family in range(families)]
    make_related(world, groups)
