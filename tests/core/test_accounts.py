import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.accounts import MAX_NAME, name_in


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("ann", "ann"),
        ("  @ann ", "ann"),
        ("Ann of the Hill", "Ann of the Hill"),
        ("https://www.last.fm/user/ann", "ann"),
        ("https://listenbrainz.org/user/Ann%20B/?page=2", "Ann B"),
        ("https://www.last.fm/music/Low", None),
        ("https://listenbrainz.org/user/", None),
        ("..", None),
        ("a/b", None),
        ("a\nb", None),
        ("", None),
        ("x" * 64, "x" * 64),
        ("x" * 65, None),
    ],
)
def test_a_name_is_read_from_what_people_type(typed: str, name: str | None) -> None:
    assert name_in(typed) == name


@given(st.text())
def test_a_name_is_one_that_can_stand_in_an_address(typed: str) -> None:
    name = name_in(typed)

    assert name is None or (0 < len(name) <= MAX_NAME and "/" not in name and name.isprintable())
