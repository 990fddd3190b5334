"""An evaluation as tables of text and as Markdown."""

from dataclasses import dataclass
from typing import Final

from bot.core.bench import (
    COVERAGE,
    DEPTH,
    DISTINCT,
    DIVERSITY,
    EMERGING,
    EMERGING_UNDER,
    EVERY,
    FAMOUS,
    FAMOUS_FROM,
    FINDING,
    GINI,
    LIFT,
    MOST_SHOWN,
    NEW,
    PERCENTILE,
    POPULARITY,
    SECONDS,
    TOP,
    UNDER,
    Estimate,
    Evaluation,
)
from bot.core.ranking import HARDLY_LISTED
from bot.ui.text import count, ordinal

NONE: Final = "–"


@dataclass(frozen=True, slots=True)
class Section:
    """One table: a title, column names (the first is that of the methods) and rows of text."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class _Column:
    title: str
    measure: str
    scale: float = 1.0
    digits: int = 4


def sections(evaluation: Evaluation) -> tuple[Section, ...]:
    """Return the tables of an evaluation; a group without any known value has none."""
    groups = (
        (EVERY, "Held-out tracks found"),
        (UNDER, f"… of those by artists up to the {ordinal(evaluation.under)} percentile of fame"),
        (
            EMERGING,
            f"… of those by emerging artists: best-known song below {EMERGING_UNDER:g} or unknown, "
            f"in fewer than {HARDLY_LISTED} of the other lists",
        ),
        (NEW, "… of those by artists that are not among the seeds"),
    )
    finding = [
        _section(evaluation, title, [_Column(name, name + group) for name in FINDING])
        for group, title in groups
        if any(line[FINDING[0] + group].count for line in evaluation.lines)
    ]
    character = [
        _Column("median popularity", POPULARITY, digits=1),
        _Column("median percentile", PERCENTILE, 100, 1),
        _Column("popularity lift %", LIFT, 100, 0),
        _Column("coverage %", COVERAGE, 100, 2),
        _Column("Gini", GINI, digits=3),
        _Column("diversity", DIVERSITY, digits=3),
        _Column("ms per list", SECONDS, 1000, 1),
    ]
    top = [
        _Column(f"famous % (best-known song {FAMOUS_FROM:g} or more)", FAMOUS, 100, 1),
        _Column("distinct tracks", DISTINCT, digits=0),
        _Column("most shown: in % of lists", MOST_SHOWN, 100, 1),
    ]
    return (
        *finding,
        _section(evaluation, f"What the first {DEPTH} are like", character),
        _section(evaluation, f"What the first {TOP} are like", top),
    )


def summary(evaluation: Evaluation) -> str:
    """Say in one sentence how the table came about."""
    often = "once" if evaluation.splits == 1 else f"{evaluation.splits} times"
    return (
        f"{count(evaluation.judged, 'list')} of {evaluation.lists:,} judged, each cut 80/20 "
        f"{often}; methods that learn were trained on the other folds ({evaluation.folds} folds of "
        f"all lists); {count(evaluation.songs, 'song')} as candidates; ± is one standard error."
    )


def markdown(evaluation: Evaluation, command: str) -> str:
    """Return the evaluation as a Markdown document, with the command that produced it."""
    parts = [f"```sh\n{command}\n```", summary(evaluation)]
    parts += [_markdown_table(section) for section in sections(evaluation)]
    parts += evaluation.notes
    return "\n\n".join(parts) + "\n"


def _section(evaluation: Evaluation, title: str, columns: list[_Column]) -> Section:
    return Section(
        title,
        ("method", *(column.title for column in columns)),
        tuple(
            (line.name, *(_cell(line[column.measure], column) for column in columns))
            for line in evaluation.lines
        ),
    )


def _cell(one: Estimate, column: _Column) -> str:
    if not one.count:
        return NONE
    mean = f"{one.mean * column.scale:.{column.digits}f}"
    return f"{mean} ± {one.error * column.scale:.{column.digits}f}" if one.count > 1 else mean


def _markdown_table(section: Section) -> str:
    lines = [
        f"**{section.title}**",
        "",
        _markdown_row(section.columns),
        "|---|" + "---:|" * (len(section.columns) - 1),
        *(_markdown_row(row) for row in section.rows),
    ]
    return "\n".join(lines)


def _markdown_row(cells: tuple[str, ...]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"
