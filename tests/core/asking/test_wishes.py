"""How much of what people type is understood.

Both files were written before the grammar. It was tuned on the one, never on the other.
"""

from tests.core.asking.slots import f1, written


def test_nine_tenths_is_understood_of_the_wishes_the_grammar_was_tuned_on() -> None:
    wishes = written("tuning.txt")

    assert len(wishes) == 200
    assert f1(wishes) >= 0.9


def test_four_fifths_is_understood_of_the_wishes_it_was_never_tuned_on() -> None:
    wishes = written("unseen.txt")

    assert len(wishes) == 100
    assert f1(wishes) >= 0.8


def test_no_wish_stands_in_both_files() -> None:
    tuned, unseen = ({one.text for one in written(name)} for name in ("tuning.txt", "unseen.txt"))

    assert not tuned & unseen
