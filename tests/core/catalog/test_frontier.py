"""Who is met next."""

from hypothesis import given
from hypothesis import strategies as st

from bot.core.catalog.frontier import (
    FAMOUS,
    Acquaintance,
    Frontier,
    Neighbor,
    in_order,
    priority,
    prominence,
)

LOW = Acquaintance("low", "Low", weight=2)
FEW, MANY = 50, 900_000


def near(name: str, similarity: float, fans: int | None = None) -> Neighbor:
    return Neighbor(Acquaintance(name.lower(), name, fans=fans), similarity)


def order(frontier: Frontier) -> list[str]:
    """Meet everybody, and nobody new."""
    met = []
    while (one := frontier.next()) is not None:
        met.append(one.name)
        frontier.meet(one, [])
    return met


def test_who_is_loved_is_met_before_those_around_them() -> None:
    frontier = Frontier()
    frontier.plant([LOW])
    frontier.meet(Acquaintance("can", "Can", weight=9), [near("Neu", 1)])

    assert order(frontier) == ["Low", "Neu"]


def test_of_two_who_are_as_near_the_one_with_fewer_followers_comes_first() -> None:
    frontier = Frontier()
    frontier.meet(LOW, [near("Known", 0.8, MANY), near("Hidden", 0.8, FEW)])

    assert order(frontier) == ["Hidden", "Known"]


def test_half_the_weight_is_passed_on_and_several_add_up() -> None:
    frontier = Frontier()

    (first,) = frontier.meet(LOW, [near("Ida", 0.5)])
    (second,) = frontier.meet(Acquaintance("red", "Red", weight=1), [near("Ida", 1)])

    assert first.weight == 2 * 0.5 * 0.5
    assert second.weight == 0.5 + 0.5


def test_nobody_is_met_twice() -> None:
    frontier = Frontier([Acquaintance("ida", "Ida", weight=3)], met={"ida", "low"})
    frontier.plant([LOW])
    frontier.meet(Acquaintance("red", "Red", weight=1), [near("Low", 1), near("Ida", 1)])

    assert order(frontier) == []


def test_what_another_service_knows_of_somebody_is_added() -> None:
    frontier = Frontier([Acquaintance("ida", "Ida", mbid="m", weight=1)])

    told = Acquaintance("ida", "IDA", deezer_id="7", fans=3)
    (ida,) = frontier.meet(LOW, [Neighbor(told, 1)])

    assert (ida.name, ida.mbid, ida.deezer_id, ida.fans) == ("Ida", "m", "7", 3)


@given(st.none() | st.integers(0, 10**9))
def test_prominence_is_a_share(fans: int | None) -> None:
    assert 0 <= prominence(fans) <= 1


@given(st.integers(0, FAMOUS - 1), st.floats(0.01, 100))
def test_more_followers_never_bring_forward(fans: int, weight: float) -> None:
    few = Acquaintance("a", "A", fans=fans, weight=weight)
    more = Acquaintance("b", "B", fans=fans + 1, weight=weight)

    assert priority(few) >= priority(more) > 0


@given(st.lists(st.tuples(st.integers(0, 20), st.floats(0, 1)), max_size=30))
def test_the_order_is_the_same_whoever_came_first(told: list[tuple[int, float]]) -> None:
    people = [Acquaintance(str(key), str(key), weight=weight) for key, weight in dict(told).items()]

    assert in_order(people) == in_order(people[::-1])
