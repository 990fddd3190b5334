"""Pages to share, written down and read again."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.sharing import Entry, Link, Page, PageKind, Shown, is_web_address

_TEXTS = st.text(max_size=30)
_LINKS = st.lists(
    st.builds(Link, _TEXTS, st.sampled_from(["https://example.org/a", "http://example.org"])),
    max_size=3,
).map(tuple)


@given(
    st.builds(
        Page,
        kind=st.sampled_from(PageKind),
        title=_TEXTS,
        summary=_TEXTS,
        lines=st.lists(_TEXTS, max_size=3).map(tuple),
        entries=st.lists(
            st.builds(Entry, _TEXTS, _TEXTS, _TEXTS, _TEXTS, st.none() | _TEXTS, _LINKS),
            max_size=3,
        ).map(tuple),
        pictures=st.lists(
            st.builds(Shown, _TEXTS, _TEXTS, st.integers(1, 4000), st.integers(1, 4000)),
            max_size=2,
        ).map(tuple),
        links=_LINKS,
    )
)
def test_a_page_that_is_written_down_is_read_as_it_was(page: Page) -> None:
    assert Page.from_json(page.to_json()) == page


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "JaVaScript:alert(1)",
        "data:text/html,x",
        "vbscript:x",
        "//example.org",
        "/here",
        "",
        "https://",
        "ftp://example.org",
        "http://[::1",
    ],
)
def test_a_page_leads_to_web_addresses_only(url: str) -> None:
    assert not is_web_address(url)
    with pytest.raises(ValueError, match="no web address"):
        Link("Listen", url)
