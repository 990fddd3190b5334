import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.catalog.links import service_of, service_url
from bot.core.catalog.music_services import (
    MUSIC_SERVICES,
    SHORT_HOSTS,
    LinkKind,
    identifier,
    track_page,
)
from bot.core.catalog.texts import (
    Chosen,
    Link,
    Names,
    ShortLink,
    read_text,
    track_links,
    unread_site,
)
from bot.core.models import ExternalId, Subject, SubjectKind

TRACK_ID = "6f807x0ima9a1j3VPbc7VN"
SPOTIFY_ID = "37i9dQZF1DXcBWIGoYBM5M"
MBID = "8f3471b5-7e6a-48da-86a9-c1c07a0f47ae"


def track_in(text: str) -> ExternalId | None:
    asked = read_text(text)
    return asked.track if isinstance(asked, Link) else None


def list_in(text: str) -> Link | None:
    asked = read_text(text)
    return asked if isinstance(asked, Link) and asked.is_list else None


# ------------------------------------------------------------------------- tracks


@pytest.mark.parametrize(
    ("text", "namespace", "value"),
    [
        (f"https://open.spotify.com/track/{TRACK_ID}", "spotify", TRACK_ID),
        (
            f"https://open.spotify.com/track/{TRACK_ID}?si=8c1d&utm_source=x",
            "spotify",
            TRACK_ID,
        ),
        (f"https://open.spotify.com/intl-de/track/{TRACK_ID}", "spotify", TRACK_ID),
        (f"open.spotify.com/track/{TRACK_ID}", "spotify", TRACK_ID),
        (f"HTTPS://OPEN.SPOTIFY.COM/track/{TRACK_ID}", "spotify", TRACK_ID),
        (f"listen: spotify:track:{TRACK_ID}!", "spotify", TRACK_ID),
        (f"<https://open.spotify.com/track/{TRACK_ID}>", "spotify", TRACK_ID),
        (f"[this](https://open.spotify.com/track/{TRACK_ID}), please", "spotify", TRACK_ID),
        (f"**https://open.spotify.com/track/{TRACK_ID}**", "spotify", TRACK_ID),
        ("https://www.deezer.com/en/track/3135556", "deezer", "3135556"),
        ("https://deezer.com/track/3135556?utm_campaign=x", "deezer", "3135556"),
        ("https://www.youtube.com/watch?v=dQw4w9WgXcQ&list=PL1", "youtube", "dQw4w9WgXcQ"),
        ("https://www.youtube.com/watch?list=PL1&v=dQw4w9WgXc_", "youtube", "dQw4w9WgXc_"),
        ("https://music.youtube.com/watch?v=dQw4w9WgXcQ&si=x", "youtube", "dQw4w9WgXcQ"),
        ("https://youtu.be/dQw4w9WgXcQ?t=42", "youtube", "dQw4w9WgXcQ"),
        ("https://www.youtube.com/shorts/dQw4w9WgXcQ", "youtube", "dQw4w9WgXcQ"),
        ("https://soundcloud.com/Some-Artist/a-track?in=x", "soundcloud", "some-artist/a-track"),
        ("https://low.bandcamp.com/track/Lullaby", "bandcamp", "low/lullaby"),
        ("https://audius.co/artist/track-title-123", "audius", "artist/track-title-123"),
        ("https://music.apple.com/us/album/lullaby/123?i=456", "apple", "456"),
        ("https://music.apple.com/de/song/lullaby/456", "apple", "456"),
        ("https://itunes.apple.com/us/album/lullaby/id123?i=456&uo=4", "apple", "456"),
        ("https://geo.itunes.apple.com/de/album/lullaby/id123?i=456", "apple", "456"),
        ("https://classical.music.apple.com/us/album/123?i=456", "apple", "456"),
        ("https://beta.music.apple.com/us/album/lullaby/123?i=456", "apple", "456"),
        ("https://embed.music.apple.com/us/album/lullaby/123?i=456", "apple", "456"),
        (f"https://open.spotify.com/embed/intl-de/track/{TRACK_ID}", "spotify", TRACK_ID),
        (f"https://open.spotify.com/intl-de/embed/track/{TRACK_ID}", "spotify", TRACK_ID),
        (f"https://embed.spotify.com/?uri=spotify:track:{TRACK_ID}", "spotify", TRACK_ID),
        (
            f"https://embed.spotify.com/?theme=w&uri=spotify%3Atrack%3A{TRACK_ID}&x=1",
            "spotify",
            TRACK_ID,
        ),
        ("https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ?rel=0", "youtube", "dQw4w9WgXcQ"),
        (
            "https://www.youtube.com/attribution_link?a=x&u=%2Fwatch%3Fv%3DdQw4w9WgXcQ%26x%3D1",
            "youtube",
            "dQw4w9WgXcQ",
        ),
        ("https://soundcloud.com/artist/track/s-AbCd12", "soundcloud", "artist/track"),
        (
            "https://w.soundcloud.com/player/?url=https%3A//soundcloud.com/artist/track&color=x",
            "soundcloud",
            "artist/track",
        ),
        ("https://www.deezer.com/en-gb/track/3135556", "deezer", "3135556"),
        (
            "https://musicbrainz.org/recording/8F3471B5-7E6A-48DA-86A9-C1C07A0F47AE",
            "mbid",
            "8f3471b5-7e6a-48da-86a9-c1c07a0f47ae",
        ),
    ],
)
def test_links_to_tracks_are_read_as_people_paste_them(
    text: str, namespace: str, value: str
) -> None:
    assert track_in(text) == ExternalId(namespace, value)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "no link at all – just words",
        "https://open.spotify.com/playlist/37i9dQZF1DXcBWIGoYBM5M",
        "https://open.spotify.com/track/tooshort",
        f"https://open.spotify.com.evil.example/track/{TRACK_ID}",
        f"https://evil.example/open.spotify.com/track/{TRACK_ID}",
        f"https://open.spotify.com@evil.example/track/{TRACK_ID}",
        f"javascript://open.spotify.com/track/{TRACK_ID}",
        "https://www.youtube.com/playlist?list=PL123",
        "https://soundcloud.com/artist/sets",
        "https://soundcloud.com/discover/x",
        "https://low.bandcamp.com/album/secret-name",
        "https://a.b.bandcamp.com/track/x",
        "https://bandcamp.com/low/track/x",
        "https://music.apple.com/us/album/lullaby/123",
        "https://[::1/track/1",
        "a" * 4000,
        "https://" * 500,
        "a." * 2000,
    ],
)
def test_no_track_is_read_where_none_is_linked(text: str) -> None:
    assert track_in(text) is None


@given(before=st.text(max_size=200), after=st.text(max_size=200))
def test_a_link_is_found_between_any_words(before: str, after: str) -> None:
    text = f"{before.replace('/', '').replace(':', '')} spotify:track:{TRACK_ID} {after}"
    assert track_in(text) == ExternalId("spotify", TRACK_ID)


@given(st.text(max_size=500))
def test_reading_never_fails(text: str) -> None:
    found = track_in(text)
    assert found is None or (found.value and len(found.namespace) <= 20)


# ------------------------------------------------------------------------- lists

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
def test_links_to_lists_are_read_as_people_paste_them(text: str) -> None:
    found = list_in(text)

    assert found is not None
    assert (found.service, found.kind, found.value) == LINKS[text]


@pytest.mark.parametrize("text", LINKS)
def test_the_address_of_a_list_is_a_page_of_its_service_and_names_the_same_list(text: str) -> None:
    found = list_in(text)

    assert found is not None
    assert service_url(found.url) == found.url
    assert service_of(found.url) == found.service
    again = list_in(found.url)
    assert again is not None
    assert (again.service, again.kind, again.value) == (found.service, found.kind, found.value)


def test_a_link_to_apple_keeps_the_store_it_comes_from() -> None:
    found = list_in("https://music.apple.com/de/album/hope/7?l=en")

    assert found is not None
    assert (found.url, found.storefront) == ("https://music.apple.com/de/album/7", "de")


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
def test_no_list_is_read_where_none_is_linked(text: str) -> None:
    assert list_in(text) is None


@given(st.text(max_size=500))
def test_the_page_of_a_list_is_never_a_foreign_one(text: str) -> None:
    for written in (text, f"https://{text}", f"https://tidal.com/{text}"):
        found = list_in(written)
        assert found is None or service_of(service_url(found.url)) == found.service


# ------------------------------------------------------------------------- everything else


@pytest.mark.parametrize(
    ("text", "pairs"),
    [
        ("Low – Lullaby", (("Lullaby", "Low"), ("Low", "Lullaby"))),
        ("  1. Low - Lullaby - Live ", (("Lullaby - Live", "Low"), ("Low - Lullaby", "Live"))),
        ("Jay-Z — 99 Problems", (("99 Problems", "Jay-Z"), ("Jay-Z", "99 Problems"))),
        ("a - b; c - d", ()),
        ("a - b\nc - d", ()),
        ("a-b", ()),
        ("", ()),
    ],
)
def test_words_with_a_dash_are_read_in_both_orders(
    text: str, pairs: tuple[tuple[str, str], ...]
) -> None:
    assert read_text(text) == Names(text.strip(), pairs)


def test_what_was_chosen_is_read_again() -> None:
    chosen = Chosen(Subject(SubjectKind.ALBUM, 12))

    assert read_text(chosen.text) == chosen


@pytest.mark.parametrize("text", ["song:12", "track:-1", "track:" + "1" * 19, "track:12 live"])
def test_what_only_looks_chosen_is_words(text: str) -> None:
    assert read_text(text) == Names(text)


@pytest.mark.parametrize("host", SHORT_HOSTS)
@pytest.mark.parametrize(
    "written", ["https://{}/AbC?x=1", "<https://{}/AbC?x=1#top>", "{}/AbC?x=1"]
)
def test_a_short_link_keeps_its_letters(host: str, written: str) -> None:
    text = f"hear {written.format(host)}"

    assert read_text(text) == ShortLink(text, f"https://{host}/AbC?x=1")


@pytest.mark.parametrize(
    "text",
    [
        "https://link.deezer.com.evil.example/s/abc",
        "https://link.deezer.com@evil.example/s/abc",
        "https://link.deezer.com:99999/s/abc",
        "ftp://link.deezer.com/s/abc",
        "https://song.link",
        "https://me@song.link/s/1",
    ],
)
def test_other_addresses_are_words(text: str) -> None:
    assert read_text(text) == Names(text)


@pytest.mark.parametrize(
    ("text", "page"),
    [
        ("see https://song.link/s/1?utm_source=x", "https://song.link/s/1"),
        ("https://listen.tidal.com/track/5?u", "https://tidal.com/track/5"),
        (
            "https://music.amazon.de/albums/B0?trackAsin=B1&ref=x",
            "https://music.amazon.de/albums/B0?trackAsin=B1",
        ),
    ],
)
def test_a_page_of_which_only_odesli_can_tell_more_may_be_a_tracks(text: str, page: str) -> None:
    asked = read_text(text)

    assert asked == Link(text, LinkKind.PAGE, page, page)
    assert asked.may_be_track
    assert not asked.is_list


def test_of_several_links_the_one_to_a_track_counts_then_one_that_may_lead_to_one() -> None:
    playlist = f"https://open.spotify.com/playlist/{SPOTIFY_ID}"
    short, track = "https://link.deezer.com/s/abc", "https://www.deezer.com/track/5"

    assert track_in(f"{playlist} {short} {track}") == ExternalId("deezer", "5")
    assert isinstance(read_text(f"{playlist} {short}"), ShortLink)
    first = list_in(f"{playlist} https://www.deezer.com/album/5")
    assert first is not None
    assert first.url == playlist


EXAMPLES = {
    "spotify": TRACK_ID, "apple": "456", "youtube": "dQw4w9WgXcQ", "deezer": "31", "mbid": MBID,
    "soundcloud": "ann/a-track", "bandcamp": "eel/moth", "audius": "ann/night-songs",
}  # fmt: skip


def test_every_service_with_ids_of_tracks_has_an_example() -> None:
    assert EXAMPLES.keys() == {one.namespace for one in MUSIC_SERVICES if one.namespace}


@pytest.mark.parametrize("namespace", EXAMPLES)
def test_the_page_of_a_track_is_a_link_to_it(namespace: str) -> None:
    known = ExternalId(namespace, EXAMPLES[namespace])
    page = track_page(known)

    assert page is not None
    assert track_in(page) == known
    assert service_url(page) == page
    assert track_in(str(identifier(known))) == known


@pytest.mark.parametrize(
    "known", [ExternalId("isrc", "USKR39400001"), ExternalId("bandcamp", "moth")]
)
def test_an_id_without_a_page_has_none(known: ExternalId) -> None:
    assert track_page(known) is None


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("https://embed.tidal.com/tracks/77646168", "https://tidal.com/track/77646168"),
        (
            "https://www.amazon.co.uk/music/player/albums/B0ABCDEFGH?trackAsin=B0ABCDEFGI&x=1",
            "https://music.amazon.co.uk/albums/B0ABCDEFGH?trackAsin=B0ABCDEFGI",
        ),
        (
            "https://music.amazon.nl/albums/B0ABCDEFGH?trackAsin=B0ABCDEFGI",
            "https://music.amazon.nl/albums/B0ABCDEFGH?trackAsin=B0ABCDEFGI",
        ),
        (
            "https://music.youtube.com/browse/VLPL1234567890ab",
            "https://music.youtube.com/playlist?list=PL1234567890ab",
        ),
        ("https://embed.tidal.com/albums/77646164/", "https://tidal.com/album/77646164"),
    ],
)
def test_players_and_redirectors_lead_to_the_page_inside(text: str, url: str) -> None:
    asked = read_text(text)

    assert isinstance(asked, Link)
    assert asked.url == url


@pytest.mark.parametrize(
    ("text", "site"),
    [
        ("https://www.pandora.com/artist/low/TR123", "Pandora"),
        ("listen: https://open.qobuz.com/track/123", "Qobuz"),
        ("https://music.yandex.ru/album/1/track/2", "Yandex Music"),
        ("https://genius.com/Low-lullaby-lyrics", "Genius"),
        ("https://www.shazam.com/track/123/lullaby", "Shazam"),
        ("https://music.low.example/track/lullaby", "music.low.example"),
        ("https://audius.co/tracks/12345", "this kind of page of Audius"),
        ("https://music.apple.com/us/music-video/x/123", "this kind of page of Apple Music"),
        ("https://\u202eevil_**x**.example/a/b/c", "that site"),
        ("Low \u2013 Lullaby", None),
        (f"https://open.spotify.com/track/{TRACK_ID}", None),
    ],
)
def test_a_link_that_nobody_reads_is_named(text: str, site: str | None) -> None:
    assert unread_site(text) == site


@given(st.text(max_size=60))
def test_no_wrapper_breaks_the_reader(text: str) -> None:
    for begins in ("embed.spotify.com/?uri=", "w.soundcloud.com/player/?url=", "www.amazon."):
        read_text(f"https://{begins}{text}")
        unread_site(f"https://{begins}{text}")


def test_a_redirector_leads_nowhere_else() -> None:
    asked = read_text("https://w.soundcloud.com/player/?url=https%3A//evil.example/artist/track")

    assert isinstance(asked, Names)


def test_the_links_of_a_text_that_may_lead_to_tracks_are_each_named_once() -> None:
    first, second = "https://www.deezer.com/track/31", "https://www.deezer.com/track/32"
    album = "https://www.deezer.com/album/7"
    text = f"<{first}>, {album} and {second}, or {first}?utm_source=x, open.spotify.com/about"

    assert [one.value for one in track_links(text) if isinstance(one, Link)] == ["31", "32"]
    assert track_links("just words – and more") == []
