from hypothesis import given
from hypothesis import strategies as st

from bot.ui.help import CommandLine, overview

names = st.text("abcdefghij-", min_size=1, max_size=32)
lines = st.builds(
    CommandLine,
    group=st.none() | names,
    usage=names,
    description=st.text(max_size=100),
    menu=st.booleans(),
    for_managers=st.booleans(),
)


@given(st.lists(lines, max_size=125))
def test_overview_fits_discords_limits_however_many_commands_there_are(
    commands: list[CommandLine],
) -> None:
    embed = overview(commands)

    assert len(embed) <= 6000
    assert len(embed.description or "") <= 4096
    assert len(embed.fields) <= 25
    assert all(0 < len(field.value or "") <= 1024 for field in embed.fields)
    assert all(0 < len(field.name or "") <= 256 for field in embed.fields)
    assert embed.fields[-1].name == "Privacy"


def test_overview_says_how_many_commands_did_not_fit() -> None:
    many = [CommandLine(None, f"command-{n:03}", "d" * 100) for n in range(100)]

    embed = overview(many)

    listed = sum((field.value or "").count("`/command-") for field in embed.fields)
    assert f"{100 - listed} commands more" in (embed.fields[-2].value or "")


def test_overview_groups_commands() -> None:
    embed = overview(
        [
            CommandLine("rate", "rate track", "Rate a track."),
            CommandLine(None, "discover", "Find music."),
            CommandLine(None, "Find similar", "", menu=True),
            CommandLine("rate", "rate album", "Rate an album."),
            CommandLine("ban", "ban add", "Ban somebody.", for_managers=True),
        ]
    )

    assert [(field.name, field.value) for field in embed.fields[:4]] == [
        ("Commands", "`/discover` – Find music."),
        ("/rate", "`/rate album` – Rate an album.\n`/rate track` – Rate a track."),
        ("/ban · for server managers", "`/ban add` – Ban somebody."),
        ("Right-click (or hold) a message → Apps", "**Find similar**"),
    ]
