from bot.ui.measures import not_measured


def test_what_is_not_measured_is_named_in_words() -> None:
    assert not_measured(()) == ""
    assert not_measured(("energy", "valence", "tempo")).startswith(
        "Not measured yet: energy, cheerfulness and tempo. "
    )
