from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.catalog.links import (
    MAX_URL_LENGTH,
    SERVICES,
    holds_link,
    service_of,
    service_url,
    track_link,
)
from bot.core.models import ExternalId
from bot.errors import UserError

SPOTIFY_ID = "6f807x0ima9a1j3VPbc7VN"
HOSTS = {host for hosts in SERVICES.values() for host in hosts}


@pytest.mark.parametrize(
    ("text", "namespace", "value"),
    [
        (f"https://open.spotify.com/track/{SPOTIFY_ID}", "spotify", SPOTIFY_ID),
        (
            f"https://open.spotify.com/track/{SPOTIFY_ID}?si=8c1d&utm_source=x",
            "spotify",
            SPOTIFY_ID,
        ),
        (f"https://open.spotify.com/intl-de/track/{SPOTIFY_ID}", "spotify", SPOTIFY_ID),
        (f"open.spotify.com/track/{SPOTIFY_ID}", "spotify", SPOTIFY_ID),
        (f"HTTPS://OPEN.SPOTIFY.COM/track/{SPOTIFY_ID}", "spotify", SPOTIFY_ID),
        (f"listen: spotify:track:{SPOTIFY_ID}!", "spotify", SPOTIFY_ID),
        (f"<https://open.spotify.com/track/{SPOTIFY_ID}>", "spotify", SPOTIFY_ID),
        (f"[this](https://open.spotify.com/track/{SPOTIFY_ID}), please", "spotify", SPOTIFY_ID),
        (f"**https://open.spotify.com/track/{SPOTIFY_ID}**", "spotify", SPOTIFY_ID),
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
        (
            "https://musicbrainz.org/recording/8F3471B5-7E6A-48DA-86A9-C1C07A0F47AE",
            "mbid",
            "8f3471b5-7e6a-48da-86a9-c1c07a0f47ae",
        ),
    ],
)
def test_track_link_reads_the_links_people_paste(text: str, namespace: str, value: str) -> None:
    assert track_link(text) == ExternalId(namespace, value)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "no link at all – just words",
        "https://open.spotify.com/playlist/37i9dQZF1DXcBWIGoYBM5M",
        "https://open.spotify.com/track/tooshort",
        f"https://open.spotify.com.evil.example/track/{SPOTIFY_ID}",
        f"https://evil.example/open.spotify.com/track/{SPOTIFY_ID}",
        f"https://open.spotify.com@evil.example/track/{SPOTIFY_ID}",
        f"javascript://open.spotify.com/track/{SPOTIFY_ID}",
        "https://www.youtube.com/playlist?list=PL123",
        "https://soundcloud.com/artist/sets",
        "https://soundcloud.com/discover/x",
        "https://low.bandcamp.com/album/secret-name",
        "https://a.b.bandcamp.com/track/x",
        "https://music.apple.com/us/album/lullaby/123",
        "https://[::1/track/1",
        "a" * 4000,
        "https://" * 500,
        "a." * 2000,
    ],
)
def test_track_link_finds_nothing_where_no_track_is_linked(text: str) -> None:
    assert track_link(text) is None


@given(before=st.text(max_size=200), after=st.text(max_size=200))
def test_track_link_finds_a_link_between_any_words(before: str, after: str) -> None:
    text = f"{before.replace('/', '').replace(':', '')} spotify:track:{SPOTIFY_ID} {after}"
    assert track_link(text) == ExternalId("spotify", SPOTIFY_ID)


@given(st.text(max_size=500))
def test_track_link_never_fails(text: str) -> None:
    found = track_link(text)
    assert found is None or (found.value and len(found.namespace) <= 20)


@pytest.mark.parametrize(
    ("url", "normal"),
    [
        (
            "https://open.spotify.com/playlist/37i9dQZF1DXcBWIGoYBM5M?si=abc&utm_source=copy-link",
            "https://open.spotify.com/playlist/37i9dQZF1DXcBWIGoYBM5M",
        ),
        ("https://open.spotify.com/intl-de/album/1/", "https://open.spotify.com/album/1"),
        (
            "https://m.youtube.com/playlist?list=PL1&si=x#top",
            "https://www.youtube.com/playlist?list=PL1",
        ),
        (
            "https://music.youtube.com/playlist?list=A-_1",
            "https://music.youtube.com/playlist?list=A-_1",
        ),
        ("  <https://low.bandcamp.com>  ", "https://low.bandcamp.com"),
        ("HTTPS://SoundCloud.com/A/sets/B", "https://soundcloud.com/A/sets/B"),
        ("https://www.last.fm/music/Björk", "https://www.last.fm/music/Bj%C3%B6rk"),
        ("https://www.deezer.com/de/playlist/1", "https://www.deezer.com/de/playlist/1"),
        ("https://tidal.com/playlist/x-y?u", "https://tidal.com/playlist/x-y"),
        ("https://song.link/s/1", "https://song.link/s/1"),
        (
            "https://www.youtube.com/redirect?q=https://evil.example",
            "https://www.youtube.com/redirect",
        ),
    ],
)
def test_service_url_brings_a_page_to_its_one_address(url: str, normal: str) -> None:
    assert service_url(url) == normal
    assert service_url(normal) == normal


@pytest.mark.parametrize(
    "url",
    [
        pytest.param("", id="nothing"),
        pytest.param("my playlist", id="words"),
        pytest.param("http://open.spotify.com/playlist/1", id="not encrypted"),
        pytest.param("javascript:alert(1)", id="a script"),
        pytest.param("spotify:playlist:1", id="an app link"),
        pytest.param("//open.spotify.com/playlist/1", id="no scheme"),
        pytest.param("https:open.spotify.com/playlist/1", id="no slashes"),
        pytest.param("https:///open.spotify.com/playlist/1", id="three slashes"),
        pytest.param("https://open.spotify.com.evil.example/playlist/1", id="suffix trick"),
        pytest.param("https://evil.example/open.spotify.com/playlist/1", id="path trick"),
        pytest.param(
            "https://evil.example/?u=https://open.spotify.com/playlist/1", id="query trick"
        ),
        pytest.param("https://open.spotify.com@evil.example/playlist/1", id="user name trick"),
        pytest.param("https://me:secret@open.spotify.com/playlist/1", id="a password"),
        pytest.param("https://open.spotify.com:8443/playlist/1", id="a port"),
        pytest.param("https://open.spotify.com:/playlist/1", id="an empty port"),
        pytest.param("https://evil.example\\@open.spotify.com/playlist/1", id="a backslash"),
        pytest.param("https://open.spotify.com\\.evil.example/1", id="a backslash in the host"),
        pytest.param("https://open.spotify.com/play list", id="a space"),
        pytest.param("https://open.spoti\tfy.com/playlist/1", id="a tab"),
        pytest.param("https://open.spotify.com/1\nhttps://evil.example", id="a new line"),
        pytest.param("https://open.spotify.com/\u202egnp.exe", id="text turned around"),
        pytest.param("https://open.spotify.com/\u200b1", id="an invisible character"),
        pytest.param("https://open.spotіfy.com/playlist/1", id="a Cyrillic letter"),
        pytest.param("https://xn--open-spotfy-x2f.com/playlist/1", id="punycode"),
        pytest.param("https://xn--80ak6aa92e.bandcamp.com/album/x", id="punycode artist"),
        pytest.param("https://a.b.bandcamp.com/album/x", id="deeper artist page"),
        pytest.param("https://-.bandcamp.com/album/x", id="no artist name"),
        pytest.param("https://evilbandcamp.com/album/x", id="a longer name"),
        pytest.param("https://open.spotify.com./playlist/1", id="a dot at the end"),
        pytest.param("https://open%2espotify.com/playlist/1", id="an escaped host"),
        pytest.param("https://open。spotify。com/playlist/1", id="ideographic dots"),
        pytest.param("https://127.0.0.1/playlist/1", id="an address in numbers"),
        pytest.param("https://2130706433/playlist/1", id="an address as one number"),
        pytest.param("https://[::1]/playlist/1", id="an IPv6 address"),
        pytest.param("https://[open.spotify.com/playlist/1", id="an open bracket"),
        pytest.param("https://localhost/playlist/1", id="this machine"),
        pytest.param("https://open.spotify.com", id="the front page"),
        pytest.param("https://open.spotify.com/?si=1", id="the front page with a tracker"),
        pytest.param("https://open.spotify.com/" + "a" * 4000, id="4,000 characters"),
        pytest.param("https://open.spotify.com/" + "ü" * 300, id="too long once escaped"),
    ],
)
def test_service_url_refuses_in_a_clear_sentence(url: str) -> None:
    with pytest.raises(UserError, match=r"^[A-Z].{20,}\.$"):
        service_url(url)


@given(st.text(max_size=MAX_URL_LENGTH))
def test_service_url_only_ever_returns_known_https_pages(text: str) -> None:
    for url in (text, f"https://{text}", f"https://open.spotify.com{text}"):
        try:
            normal = service_url(url)
        except UserError:
            continue
        host = urlsplit(normal).netloc
        assert normal.startswith("https://")
        assert host in HOSTS or host.endswith(".bandcamp.com")
        assert normal.isascii()
        assert not set(normal) & set(' ()<>[]\\"|`\n\t')
        assert len(normal) <= MAX_URL_LENGTH
        assert service_url(normal) == normal


@given(
    host=st.sampled_from(sorted(HOSTS)),
    path=st.from_regex(r"/[a-zA-Z0-9_-]{1,30}", fullmatch=True),
    query=st.text(max_size=60),
)
def test_service_url_takes_every_service_with_any_query(host: str, path: str, query: str) -> None:
    try:
        normal = service_url(f"https://{host}{path}?{query}")
    except UserError:
        assert not query.isprintable() or set(query) & set(" \\")
        return
    assert urlsplit(normal).path == path
    assert service_of(normal) in SERVICES


@pytest.mark.parametrize(
    "text",
    [
        "see https://evil.example/x",
        "ftp://files",
        "www.evil.example",
        "join discord.gg/abc",
        "come to evil.com!",
        "evil．com",
        "spotify:track:x",
        "[click](https://evil.example)",
        "bit.ly/x",
        "t.me/someone",
        "youtu.be/dQw4w9WgXcQ",
    ],
)
def test_holds_link_sees_addresses(text: str) -> None:
    assert holds_link(text)


@pytest.mark.parametrize(
    "text",
    [
        "My first playlist: calm songs, no drums.",
        "Mr. Smith feat. Ann",
        "vol.2 of 3",
        "love it...really",
        "slow in the end.It begins again",
        "12:30 – night drive",
        "",
    ],
)
def test_holds_link_lets_sentences_pass(text: str) -> None:
    assert not holds_link(text)
