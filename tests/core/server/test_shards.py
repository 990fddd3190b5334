import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.server import Shards


def test_shards_are_written_as_first_last_and_count() -> None:
    assert Shards.read(" 0-3/16 ") == Shards(0, 3, 16)
    assert Shards.read("5/16") == Shards(5, 5, 16)
    assert Shards(4, 7, 16).ids == [4, 5, 6, 7]
    assert Shards(4, 7, 16).share == 0.25


@pytest.mark.parametrize(
    "text", ["", "3", "3/3", "4-3/8", "0-8/8", "-1/4", "0/0", "a/b", "1-2-3/4"]
)
def test_what_names_no_shards_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="shards"):
        Shards.read(text)


@given(st.integers(1, 2**63 - 1), st.integers(1, 64))
def test_each_server_belongs_to_one_process(guild_id: int, count: int) -> None:
    processes = [Shards(shard, shard, count) for shard in range(count)]

    assert [one.hold(guild_id) for one in processes].count(True) == 1
