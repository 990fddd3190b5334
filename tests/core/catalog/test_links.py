from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.catalog.links import (
    MAX_URL_LENGTH,
    holds_link,
    service_of,
    service_url,
)
from bot.core.catalog.music_services import MUSIC_SERVICES
from bot.errors import UserError

HOSTS = {host for service in MUSIC_SERVICES for host in (*service.hosts, *service.also)}


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
    assert service_of(normal) in {service.name for service in MUSIC_SERVICES}


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
