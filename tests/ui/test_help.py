from hypothesis import given
from hypothesis import strategies as st

from bot.ui.help import MENUS, CommandLine, Topic, about, overview, topic_of, under

names = st.text("abcdefghij-", min_size=1, max_size=32)
lines = st.builds(
    CommandLine,
    group=st.none() | names,
    usage=names,
    description=st.text(max_size=100),
    menu=st.sampled_from([None, *MENUS]),
    for_managers=st.booleans(),
)


def test_the_overview_is_four_steps() -> None:
    steps = (overview().description or "").splitlines()[2:]

    assert [one[:5] for one in steps] == ["**1**", "**2**", "**3**", "**4**"]


@given(st.lists(lines, max_size=125), st.sampled_from(Topic))
def test_a_topic_fits_discords_limits_however_many_commands_there_are(
    commands: list[CommandLine], topic: Topic
) -> None:
    assert len(about(topic, commands).description or "") <= 4096


def test_a_topic_says_how_many_commands_did_not_fit() -> None:
    many = [CommandLine(None, f"command-{n:03}", "d" * 100) for n in range(100)]

    shown = about(Topic.MORE, many).description or ""

    assert f"{100 - shown.count('`/command-')} commands more" in shown


def test_a_command_that_nobody_sorted_is_under_everything_else() -> None:
    assert topic_of(CommandLine(None, "brand-new", "New.")) is Topic.MORE


def test_a_command_for_managers_is_under_their_topic_alone() -> None:
    ban = CommandLine("rate", "rate ban", "Ban.", for_managers=True)

    assert topic_of(ban) is Topic.MANAGERS
    assert "ban" not in (about(Topic.SAY, [ban]).description or "")


def test_only_managers_are_offered_their_topic() -> None:
    commands = [CommandLine("rate", "rate track", "."), CommandLine("s", "s x", ".", None, True)]

    def offered(*, manages: bool) -> list[str]:
        (menu, _) = under(commands, manages=manages).children
        return [one.value for one in getattr(menu, "options", [])]

    assert offered(manages=False) == ["say"]
    assert offered(manages=True) == ["say", "managers"]
