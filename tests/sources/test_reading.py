import json
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.models import AUDIO_FEATURES, ExternalId
from bot.errors import BadAnswerError
from bot.sources import reading
from bot.sources.answers import Json

ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)


@given(ANYTHING)
def test_whatever_comes_is_read_or_unknown(value: Json) -> None:
    found = reading.text(value)
    assert found is None or (found == found.strip() and found.encode())
    assert reading.number(value, 0, 1) is None or 0 <= float(value) <= 1
    for read in (
        reading.count,
        reading.day,
        reading.duration_ms,
        reading.flag,
        reading.isrc,
        reading.mbid,
        reading.moment,
        reading.part,
        reading.parts,
        reading.texts,
        reading.year,
    ):
        read(value)


@given(st.dictionaries(st.sampled_from(AUDIO_FEATURES), ANYTHING))
def test_features_are_in_their_ranges_or_unknown(row: dict[str, Json]) -> None:
    found = reading.features(row)

    shares = (found.danceability, found.energy, found.valence, found.acousticness)
    assert all(share is None or 0 <= share <= 1 for share in shares)
    assert found.tempo is None or 0 < found.tempo <= 400
    assert found.loudness is None or -60 < found.loudness <= 10
    assert found.key is None or 0 <= found.key <= 11


@pytest.mark.parametrize(
    ("value", "found"),
    [
        (" A ", "A"), (7, "7"), ("", None), (" ", None), (None, None), (True, None), (1.5, None),
        ("a\0b", "ab"), (json.loads('"\\ud83d x"'), "x"), ("x" * 2001, None),
    ],
)  # fmt: skip
def test_texts(value: Json, found: str | None) -> None:
    assert reading.text(value) == found


@pytest.mark.parametrize(
    ("value", "found"),
    [("0.5", 0.5), (1, 1.0), (1.01, None), ("nan", None), (float("inf"), None), (True, None),
     ("", None), (10**400, None)],
)  # fmt: skip
def test_numbers(value: Json, found: float | None) -> None:
    assert reading.number(value, 0, 1) == found


def test_durations_of_0_are_unknown() -> None:
    assert reading.duration_ms(0) is None
    assert reading.duration_ms("215000") == 215_000
    assert reading.duration_ms(215, unit_ms=1000) == 215_000
    assert reading.duration_ms(90_000, unit_ms=1000) is None


def test_dates_and_times() -> None:
    noon = datetime(2026, 11, 20, 12, tzinfo=UTC)

    assert reading.year("1994") == reading.year("1994-05") == reading.year(1994) == 1994
    assert reading.year("19940506") is None
    assert reading.year("0000-01-01") is None
    assert reading.day("2026-11-20T00:00:00Z") == date(2026, 11, 20)
    assert reading.day("2026-11") is None
    assert reading.moment(noon.timestamp()) == reading.moment(str(int(noon.timestamp()))) == noon
    assert reading.moment("2026-11-20T12:00:00Z") == noon
    assert reading.moment("2026-11-20T13:00:00+01:00") == noon
    assert reading.moment("2026-11-20T12:00:00") == noon
    assert reading.moment(0) is None


def test_ids_have_one_form() -> None:
    mbid = "8e8b8e4c-8f2e-4b8e-9a52-7f4a6f5b1c11"

    assert reading.isrc("us-kr3-01-00001") == "USKR30100001"
    assert reading.isrc("USKR3010000") is None
    assert reading.mbid(mbid.upper()) == mbid
    assert reading.mbid("x") is None
    assert reading.ids(isrc="A", mbid=None, spotify="B") == (
        ExternalId("isrc", "A"),
        ExternalId("spotify", "B"),
    )


def test_a_list_of_one_and_an_empty_one_come_in_many_forms() -> None:
    for answer in ({"a": {"b": {"x": 1}}}, {"a": {"b": [{"x": 1}, None, 3]}}):
        assert reading.rows(answer, "a", "b", of="X") == [{"x": 1}]
    empty: list[Json] = [None, "", []]
    assert [reading.rows({"a": one}, "a", of="X") for one in empty] == [[], [], []]
    wrong: list[Json] = [{}, [], None, {"a": 3}, {"a": "text"}]
    for one in wrong:
        with pytest.raises(BadAnswerError, match="X: "):
            reading.rows(one, "a", of="X")
