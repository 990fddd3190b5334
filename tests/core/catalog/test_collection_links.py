import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.catalog.collection_links import CollectionLink, ListKind, collection_link
from bot.core.catalog.links import service_of, service_url, track_link

SPOTIFY_ID = "37i9dQZF1DXcBWIGoYBM5M"
MBID = "8f3471b5-7e6a-48da-86a9-c1c07a0f47ae"
LINKS = {
    f"https://open.spotify.com/playlist/{SPOTIFY_ID}?si=8c1d": ("Spotify", "playlist", SPOTIFY_ID),
    f"open.spotify.com/intl-de/album/{SPOTIFY_ID}": ("Spotify", "album", SPOTIFY_ID),
    f"https://open.spotify.com/user/ann/playlist/{SPOTIFY_ID}": ("Spotify", "playlist", SPOTIFY_ID),
    f"https://open.spotify.com/embed/album/{SPOTIFY_ID}": ("Spotify", "album", SPOTIFY_ID),
    f"mine: spotify:playlist:{SPOTIFY_ID}!": ("Spotify", "playlist", SPOTIFY_ID),
    f"spotify:user:ann:playlist:{SPOTIFY_ID}": ("Spotify", "playlist", SPOTIFY_ID),
    "https://www.deezer.com/en/playlist/90862?utm_source=x": ("Deezer", "playlist", "90862"),
    "<https://deezer.com/album/302127>": ("Deezer", "album", "302127"),
    "https://music.apple.com/us/album/hope/716192216": ("Apple Music", "album", "716192216"),
    "https://itunes.apple.com/de/album/hope/id716192216?uo=4": (
        "Apple Music", "album", "716192216",
    ),
    "https://music.apple.com/gb/playlist/x/pl.u-oZylD5MuqYEqz": (
        "Apple Music", "playlist", "pl.u-oZylD5MuqYEqz",
    ),
    f"https://musicbrainz.org/release/{MBID.upper()}": ("MusicBrainz", "album", MBID),
    f"https://musicbrainz.org/release/{MBID}/discids": ("MusicBrainz", "album", MBID),
    f"https://musicbrainz.org/release-group/{MBID}": ("MusicBrainz", "release group", MBID),
    f"https://listenbrainz.org/album/{MBID}/": ("MusicBrainz", "release group", MBID),
    f"https://listenbrainz.org/playlist/{MBID}/": ("ListenBrainz", "playlist", MBID),
    "https://audius.co/Ann/playlist/Night-Songs-123": (
        "Audius", "playlist", "ann/playlist/night-songs-123",
    ),
    "https://audius.co/ann/album/first": ("Audius", "album", "ann/album/first"),
    "https://music.youtube.com/playlist?list=OLAK5uy_kxyz123&si=x": (
        "YouTube Music", "album", "OLAK5uy_kxyz123",
    ),
    "https://music.youtube.com/browse/MPREb_abcdEFGH1": (
        "YouTube Music", "album", "MPREb_abcdEFGH1",
    ),
    "https://www.youtube.com/playlist?list=PL0123456789": ("YouTube", "playlist", "PL0123456789"),
    "https://tidal.com/browse/album/302127?u": ("TIDAL", "album", "302127"),
    f"https://listen.tidal.com/playlist/{MBID}": ("TIDAL", "playlist", MBID),
    "https://m.soundcloud.com/Ann/sets/Night?in=x": ("SoundCloud", "playlist", "ann/sets/night"),
    "[hear](https://low.bandcamp.com/album/Hope).": ("Bandcamp", "album", "low/hope"),
}  # fmt: skip


@pytest.mark.parametrize("text", LINKS)
def test_collection_link_reads_the_links_people_paste(text: str) -> None:
    found = collection_link(text)

    assert found is not None
    assert (found.service, found.kind, found.value) == LINKS[text]
    assert track_link(text) is None


@pytest.mark.parametrize("text", LINKS)
def test_the_address_of_a_list_is_a_page_of_its_service_and_names_the_same_list(text: str) -> None:
    found = collection_link(text)

    assert found is not None
    assert service_url(found.url) == found.url
    assert service_of(found.url) == found.service
    again = collection_link(found.url)
    assert again is not None
    assert (again.service, again.kind, again.value) == (found.service, found.kind, found.value)


def test_a_link_to_apple_keeps_the_store_it_comes_from() -> None:
    assert collection_link("https://music.apple.com/de/album/hope/7?l=en") == CollectionLink(
        "Apple Music", ListKind.ALBUM, "7", "https://music.apple.com/de/album/7", "de"
    )


@pytest.mark.parametrize(
    "text",
    [
        "",
        "my playlist",
        f"https://open.spotify.com/track/{SPOTIFY_ID}",
        f"https://open.spotify.com/artist/{SPOTIFY_ID}",
        "https://open.spotify.com/playlist/tooshort",
        f"https://open.spotify.com.evil.example/playlist/{SPOTIFY_ID}",
        f"https://evil.example/open.spotify.com/playlist/{SPOTIFY_ID}",
        f"https://open.spotify.com@evil.example/playlist/{SPOTIFY_ID}",
        f"javascript://open.spotify.com/playlist/{SPOTIFY_ID}",
        "https://music.apple.com/us/album/hope/1?i=2",
        "https://www.youtube.com/watch?v=dQw4w9WgXcQ&list=PL0123456789",
        "https://www.youtube.com/playlist?list=../../x",
        "https://www.deezer.com/en/artist/1",
        "https://soundcloud.com/ann/sets",
        "https://soundcloud.com/ann/night",
        "https://low.bandcamp.com",
        "https://low.bandcamp.com/track/hope",
        f"https://musicbrainz.org/recording/{MBID}",
        "https://musicbrainz.org/release/not-an-id",
        "https://audius.co/ann/night",
        "https://[::1/playlist/1",
    ],
)
def test_collection_link_finds_nothing_where_no_list_is_linked(text: str) -> None:
    assert collection_link(text) is None


@given(st.text(max_size=500))
def test_collection_link_never_fails_and_never_names_a_foreign_page(text: str) -> None:
    for written in (text, f"https://{text}", f"https://tidal.com/{text}"):
        found = collection_link(written)
        assert found is None or service_of(service_url(found.url)) == found.service
