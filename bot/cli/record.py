"""`bside log`: the record that nobody can rewrite, its proofs, and what anybody can check."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Annotated, Final, TypeAlias
from uuid import uuid4

import typer
from rich.console import Console

from bot.cli.console import CatalogOption, catalog_url, counting_bar
from bot.cli.fair import fairness
from bot.cli.wiring import check_output, open_database, write_whole
from bot.clock import SystemClock
from bot.core.record import (
    PARTS,
    PRIVATE,
    ConsistencyProof,
    Head,
    InclusionProof,
    Proof,
    read_proof,
)
from bot.errors import RecordError, SetupError
from bot.services.record import CLOSED_DAYS, RecordLog, check, publish
from bot.store import record_tree
from bot.store.engine import Database

app = typer.Typer(
    name="log", help="The record that nobody can rewrite, and its proofs.", no_args_is_help=True
)
app.command("fairness")(fairness)

_LARGEST: Final = 1 << 20
"""A proof is a few kilobytes; what is larger than this is none."""

HeadsOption: TypeAlias = Annotated[
    list[str] | None,
    typer.Option("--head", help="A head from elsewhere, as SIZE:ROOT; may be given repeatedly."),
]


@app.callback()
def _log() -> None:
    """The record that nobody can rewrite, and its proofs."""


@asynccontextmanager
async def _opened(catalog: str | None) -> AsyncIterator[tuple[Database, RecordLog]]:
    async with open_database(catalog_url(catalog), must_exist=True) as database:
        yield database, RecordLog(database, SystemClock())


@app.command()
def head(catalog: CatalogOption = None) -> None:
    """Show the head of the log: how many leaves it has, its root, and the time."""

    async def found() -> None:
        async with _opened(catalog) as (_, log):
            one, at = await log.head()
        print(f"{one}  {at:%Y-%m-%dT%H:%M:%SZ}")

    asyncio.run(found())


@app.command()
def prove(
    out: Annotated[Path, typer.Argument(help="The file to write the proof to.")],
    pick: Annotated[
        int | None, typer.Option(min=1, help="The pick, by the number that its buttons carry.")
    ] = None,
    leaf: Annotated[int | None, typer.Option(min=0, help="The leaf, by its position.")] = None,
    under: Annotated[
        str | None, typer.Option("--head", help="An earlier head; default: that of now.")
    ] = None,
    hide_private: Annotated[
        bool, typer.Option("--hide-private", help="Keep closed who it was and what.")
    ] = False,
    catalog: CatalogOption = None,
) -> None:
    """Write the proof of a pick, or of any leaf, to a file."""
    if (pick is None) == (leaf is None):
        raise SetupError("Name one thing to prove: --pick NUMBER or --leaf POSITION.")
    earlier = None if under is None else Head.read(under)
    shown = [name for name in PARTS if not (hide_private and name == PRIVATE)]

    async def found() -> InclusionProof:
        async with _opened(catalog) as (database, log):
            check_output(out, inputs=[], database=database)
            position = leaf
            if pick is not None:
                sealed = await log.of_pick(pick)
                position = None if sealed is None else sealed.position
            if position is None:
                raise RecordError(
                    f"There is no leaf of pick {pick}: it is older than the log, there is none of "
                    "that number, or its listener had their data deleted."
                )
            return await log.prove(position, at=earlier, shown=shown)

    proof = asyncio.run(found())
    write_whole(out, proof.to_json().encode())
    _say(f"{out} proves leaf {proof.position:,} under the head {proof.head}.")


@app.command()
def consistency(
    old: Annotated[str, typer.Argument(help="An earlier head, as SIZE:ROOT.")],
    out: Annotated[
        Path | None, typer.Argument(help="A file to write the proof to, for others.")
    ] = None,
    catalog: CatalogOption = None,
) -> None:
    """Show that the log begins with all that an earlier head stood for."""
    earlier = Head.read(old)

    async def found() -> ConsistencyProof:
        async with _opened(catalog) as (database, log):
            if out is not None:
                check_output(out, inputs=[], database=database)
            return await log.consistency(earlier)

    proof = asyncio.run(found())
    if out is not None:
        write_whole(out, proof.to_json().encode())
    _say(_begins(proof))


@app.command()
def verify(
    file: Annotated[
        Path | None, typer.Argument(help="A proof; without one the whole log is checked.")
    ] = None,
    heads: HeadsOption = None,
    catalog: CatalogOption = None,
) -> None:
    """Check a proof, which needs no database; or the whole log of the database."""
    known = [Head.read(one) for one in heads or []]
    if file is None:
        asyncio.run(_verify_all(known, catalog))
        return
    proof = read_proof(_content(file))
    proof.check()
    if isinstance(proof, ConsistencyProof):
        _check_heads(proof, known)
        _say(_begins(proof))
        return
    _check_heads(proof, known)
    _say(f"Leaf {proof.position:,} stands in the log of the head {proof.head}:")
    for name in PARTS:
        text = proof.leaf.part(name).text
        print(f"  {name:9} {'closed' if text is None else _printable(text)}")
    if not known:
        print("Compare the head with one you got elsewhere, or give it with --head.")


def _check_heads(proof: Proof, known: Sequence[Head]) -> None:
    """Refuse heads that are not the proof's.

    Raises:
        RecordError: one is another.
    """
    own = {proof.head} if isinstance(proof, InclusionProof) else {proof.head, proof.old}
    for one in known:
        if one not in own:
            raise RecordError(
                f"The proof holds under the head {proof.head}, and you have {one}. Ask for a proof "
                "under yours (`bside log prove … --head`), or for one that the logs agree (`bside "
                "log consistency`)."
            )


async def _verify_all(known: Sequence[Head], catalog: str | None) -> None:
    async with _opened(catalog) as (database, log):
        await log.catch_up()
        with counting_bar() as bar:
            async with database.read() as conn:
                size = await record_tree.size(conn)
            task = bar.add_task("Checking", total=size)
            found = await check(database, known, lambda leaves: bar.advance(task, leaves))
    leaves = f"{found.head.size:,} leaves, of which {found.opened:,} can still be opened"
    _say(f"Nothing was changed in {leaves}.")
    print(f"  head {found.head}")
    for one in known:
        print(f"  begins with {one}")


@app.command("publish")
def publish_log(
    out: Annotated[Path, typer.Argument(help="The file to write, JSON lines.")],
    closed_days: Annotated[
        int, typer.Option(min=0, help="How old a leaf is before it tells its promotion.")
    ] = CLOSED_DAYS,
    catalog: CatalogOption = None,
) -> None:
    """Write the log for everybody: nobody is in it, and its root can be worked out anew."""

    async def written() -> Head:
        clock = SystemClock()
        async with _opened(catalog) as (database, log):
            check_output(out, inputs=[], database=database)
            await log.catch_up()
            part = out.with_name(f".{out.name}.{uuid4().hex[:8]}.part")
            try:
                with counting_bar() as bar, part.open("w", encoding="ascii") as lines:
                    task = bar.add_task("Writing", total=None)
                    found = await publish(
                        database,
                        lines,
                        today=clock.now().date(),
                        closed_days=closed_days,
                        begin=lambda leaves: bar.update(task, total=leaves),
                        advance=lambda leaves: bar.advance(task, leaves),
                    )
                part.replace(out)
            except OSError as error:
                raise SetupError(f"{out} cannot be written: {error.strerror}.") from error
            finally:
                part.unlink(missing_ok=True)
        return found

    one = asyncio.run(written())
    _say(f"{out} holds the log of the head {one}.")


def _printable(text: str) -> str:
    """Return a text from a file of others without what would move the cursor or hide something."""
    return text if text.isprintable() else ascii(text)


def _content(file: Path) -> bytes:
    """Read a proof.

    Raises:
        RecordError: it cannot be read, or is far too large for one.
    """
    try:
        if file.stat().st_size > _LARGEST:
            raise RecordError(
                f"{file} is too large for a proof. `bside log fairness` reads a published log."
            )
        return file.read_bytes()
    except OSError as error:
        raise RecordError(f"{file} cannot be read: {error.strerror}.") from error


def _begins(proof: ConsistencyProof) -> str:
    more = proof.head.size - proof.old.size
    return f"The log of {proof.head} begins with that of {proof.old}: {more:,} leaves were added."


def _say(words: str) -> None:
    Console(highlight=False, soft_wrap=True).print(f"✓ {words}", markup=False)
