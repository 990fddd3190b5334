from bot.core.taste.listening import HistoryReport, Skip
from bot.ui import listening as ui


def fields(done: HistoryReport) -> dict[str | None, str | None]:
    return {field.name: field.value for field in ui.report(done).fields}


def test_an_import_says_what_was_read_found_and_left_out() -> None:
    done = HistoryReport(
        plays=2310, new_plays=2000, skipped={Skip.SHORT: 12, Skip.BAD: 1}, known=30, unknown=70,
        first_s=1_500_000_000, last_s=1_700_000_000,
    )  # fmt: skip

    shown = fields(done)

    assert shown["Read"] == "2,310 plays, <t:1500000000:d> – <t:1700000000:d>"
    assert shown["New"] == "2,000; the rest was here already"
    assert (shown["In my catalogue"] or "").startswith("30 of 100 recordings. Those you play most")
    assert shown["Left out"] == "less than 30 seconds: 12; not readable: 1"


def test_an_import_without_news_says_so() -> None:
    assert ui.report(HistoryReport(plays=5)).title == "Nothing new"
    empty = ui.report(HistoryReport(skipped={Skip.OTHER: 3}))
    assert "nothing in it that counts" in (empty.description or "")
    assert "podcasts, videos, or without a name: 3" in (empty.description or "")


def test_progress_is_a_bar_with_the_rows_read() -> None:
    assert ui.progress(40_000, 0.5) == "▰▰▰▰▰▱▱▱▱▱ 40,000 rows read …"


def test_too_large_a_file_is_told_how_to_be_split() -> None:
    assert "64 MB" in ui.too_large(64 << 20)
    assert "zipped again" in ui.too_large(64 << 20)
