"""`bside log`, from outside: with a database, and with nothing but a file."""

import asyncio
import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from bot.cli.record import app
from bot.clock import SystemClock
from bot.core.record import Head, InclusionProof, Leaf
from bot.errors import OperatorError
from bot.store import listeners, picks, record
from bot.store.engine import Database
from bot.store.picks import NewPick
from bot.store.record_facts import Terms


def run(*arguments: str) -> Result:
    result = CliRunner().invoke(app, list(arguments))
    if result.exception is not None and not isinstance(
        result.exception, OperatorError | SystemExit
    ):
        raise result.exception
    return result


def said(*arguments: str) -> str:
    result = run(*arguments)
    assert result.exit_code == 0, result.exception
    return result.output


def refused(*arguments: str) -> str:
    result = run(*arguments)
    assert result.exit_code == 1
    return str(result.exception)


def head() -> str:
    return said("head").split()[0]


def show(user_id: int = 1, *, promoted: bool = False) -> list[int]:
    """Fill the database of the settings with an answer of five picks; return their numbers."""

    async def go() -> list[int]:
        now = SystemClock().now()
        new = [NewPick(track, "{}", None) for track in range(1, 5)]
        new.append(NewPick(5, "{}", None, Terms(5, 4) if promoted else None))
        async with Database("sqlite+aiosqlite:///bside.db") as database, database.write() as conn:
            await listeners.ensure(conn, user_id, now=now)
            return await picks.add_all(conn, user_id, new, now=now)

    return asyncio.run(go())


def forget(user_id: int) -> None:
    async def go() -> None:
        async with Database("sqlite+aiosqlite:///bside.db") as database, database.write() as conn:
            await record.forget(conn, user_id, [])

    asyncio.run(go())


def test_a_pick_is_proved_with_nothing_but_the_file_and_a_head_from_elsewhere(
    filled_home: Path,
) -> None:
    numbers = show()
    known = head()
    show(2)
    said("prove", "now.json", "--pick", str(numbers[2]))
    said("prove", "then.json", "--pick", str(numbers[2]), "--head", known, "--hide-private")
    (filled_home / "bside.db").rename(filled_home / "away.db")

    now, then = said("verify", "now.json"), said("verify", "then.json", "--head", known)

    assert '"user":1' in now
    assert "Compare the head" in now
    assert "private   closed" in then
    assert '"kind":"pick"' in then
    assert "you have" in refused("verify", "now.json", "--head", known)


def test_an_older_head_is_a_part_of_the_log_and_that_can_be_proved_to_others(
    filled_home: Path,
) -> None:
    show()
    old = head()
    show(2)

    assert "5 leaves were added" in said("consistency", old, "grown.json")
    assert "5 leaves were added" in said("verify", "grown.json", "--head", old)
    assert "begins with" in said("verify", "--head", old)
    assert "rewritten" in refused("consistency", f"5:{'0' * 64}")


def test_the_whole_log_is_checked_and_a_turned_bit_is_told_with_its_place(
    filled_home: Path,
) -> None:
    show()
    assert "5 leaves, of which 5 can still be opened" in said("verify")

    async def turn() -> None:
        async with Database("sqlite+aiosqlite:///bside.db") as database, database.write() as conn:
            await conn.exec_driver_sql("UPDATE record_openings SET private = '{}' WHERE position=3")

    asyncio.run(turn())
    assert "Leaf 3, a pick, was changed after it was sealed" in refused("verify")


def test_one_bit_turned_in_a_proof_is_a_sentence(filled_home: Path) -> None:
    numbers = show()
    said("prove", "proof.json", "--pick", str(numbers[0]))
    document = json.loads((filled_home / "proof.json").read_text())
    text = document["leaf"]["private"]["text"]
    document["leaf"]["private"]["text"] = text.replace('"user":1', '"user":3')
    (filled_home / "proof.json").write_text(json.dumps(document))

    assert "This proves nothing" in refused("verify", "proof.json")


def test_a_proof_of_others_writes_nothing_strange_on_the_screen(filled_home: Path) -> None:
    text = '{"kind":"\x1b[2J[red]"}'
    leaf = Leaf.sealed(b"s" * 32, (text, "{}", "{}"))
    proof = InclusionProof(leaf, 0, Head(1, leaf.hash), ())
    (filled_home / "proof.json").write_text(proof.to_json())

    told = said("verify", "proof.json")

    assert "\x1b" not in told
    assert "[red]" in told


def test_what_cannot_be_proved_is_told_why(filled_home: Path) -> None:
    numbers = show()
    head()
    forget(1)

    assert "had their data deleted" in refused("prove", "x.json", "--pick", str(numbers[0]))
    assert "Leaf 2 is forgotten" in refused("prove", "x.json", "--leaf", "2")
    assert "has 5 leaves" in refused("prove", "x.json", "--leaf", "5")
    assert "one thing to prove" in refused("prove", "x.json")
    assert "is no head" in refused("prove", "x.json", "--leaf", "1", "--head", "x")
    assert not (filled_home / "x.json").exists()
    assert "of which 0 can still be opened" in said("verify")


@pytest.mark.parametrize("content", [b"", b"hello", b"\x00\xff", b"[]", b"{}"])
def test_a_file_that_is_no_proof_or_no_log_is_told_so(filled_home: Path, content: bytes) -> None:
    (filled_home / "file").write_bytes(content)

    assert "no JSON" in (one := refused("verify", "file")) or "no proof" in one
    assert "JSON" in (one := refused("fairness", "file")) or "no published log" in one
    assert "cannot be read" in refused("verify", "nowhere")
    assert "cannot be read" in refused("fairness", ".")


def test_fairness_is_checked_with_nothing_but_the_file_and_a_head(filled_home: Path) -> None:
    for user_id in range(1, 7):
        show(user_id)
    known = head()
    show(7)
    said("publish", "log.jsonl")
    (filled_home / "bside.db").rename(filled_home / "away.db")

    told = said("fairness", "log.jsonl", "--head", known)

    assert "35 leaves give the root" in told
    assert f"pass through the head {known[:20]}" in told
    assert "broken" not in told
    assert "not the log of the head" in refused("fairness", "log.jsonl", "--head", f"9:{'1' * 64}")


def test_the_database_is_not_overwritten_by_a_proof(filled_home: Path) -> None:
    show()

    assert "is the database" in refused("prove", "bside.db", "--leaf", "1")
    assert "is the database" in refused("publish", "bside.db")
