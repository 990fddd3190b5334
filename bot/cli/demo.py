"""`bside demo`: the bot in a browser, without Discord."""

import asyncio
import importlib.util
import signal
import socket
import tempfile
import webbrowser
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from bot import log as logs
from bot.cli.catalog import import_progress, print_report
from bot.cli.wiring import open_database
from bot.errors import SetupError
from bot.services.catalog import CatalogImporter, load_starter
from bot.store.engine import Database
from bot.web import serving, shared_routes


def demo(
    catalog: Annotated[
        list[Path] | None,
        typer.Option(
            help="A track table to use instead of the starter catalogue; you may name several."
        ),
    ] = None,
    port: Annotated[
        int | None, typer.Option(help="The port of the page.", min=1024, max=65535)
    ] = None,
    keep: Annotated[
        Path | None,
        typer.Option(help="Keep the demo's data in this folder, and go on with it next time."),
    ] = None,
    browser: Annotated[bool, typer.Option(help="Open the page in a browser.")] = True,
) -> None:
    """Talk to the real bot in a browser, in a simulated Discord: no token, no network."""
    if importlib.util.find_spec("simcord") is None:
        raise SetupError(
            "The demo needs a simulated Discord. Install it with: pip install 'bside[demo]'"
        )
    if port is not None and _in_use(port):
        raise SetupError(f"Port {port} is in use: choose another with --port, or leave it out.")
    logs.set_up("error", "text")  # the simulated Discord warns of what only it lacks
    with _folder(keep) as folder:
        asyncio.run(_demo(folder, catalog or [], port=port, browser=browser))


async def _demo(folder: Path, tables: list[Path], *, port: int | None, browser: bool) -> None:
    from bot.demo.histories import EXPORT_NAME  # noqa: PLC0415
    from bot.demo.piece import NAME as piece_name  # noqa: N811, PLC0415
    from bot.demo.piece import demo_piece  # noqa: PLC0415
    from bot.demo.stage import open_stage  # noqa: PLC0415  (the simulated Discord is an extra)

    console = Console(stderr=True)
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, stop.set)

    def tell(what: str) -> None:
        console.print(f"{what} …", soft_wrap=True)

    async with open_database(f"sqlite+aiosqlite:///{folder / 'demo.db'}") as database:
        tell("Filling the catalogue")
        await _fill(database, tables, console)
        pages = _free_port()
        async with (
            open_stage(
                database, port=port, tell=tell, public_url=f"http://127.0.0.1:{pages}"
            ) as stage,
            serving(shared_routes(stage.services, stage.clock), host="127.0.0.1", port=pages),
        ):
            console.print("\n[bold]The demo is ready.[/] Open this address in a browser:")
            print(stage.url, flush=True)
            export, piece = folder / EXPORT_NAME, folder / piece_name
            export.write_bytes(stage.export)
            piece.write_bytes(await asyncio.to_thread(demo_piece))
            console.print(f"A listening history to try with /import: {export}", soft_wrap=True)
            console.print(f"A piece of music for /promote track: {piece}", soft_wrap=True)
            console.print("Stop it with Ctrl+C.\n")
            if browser:
                await asyncio.to_thread(webbrowser.open, stage.url)
            closed = asyncio.ensure_future(stage.preview.wait_closed())
            stopped = asyncio.ensure_future(stop.wait())
            await asyncio.wait((closed, stopped), return_when=asyncio.FIRST_COMPLETED)
            closed.cancel()
            stopped.cancel()
    console.print("The demo has ended.")


async def _fill(database: Database, tables: list[Path], console: Console) -> None:
    if not tables:
        await load_starter(database)
        return
    for path in tables:
        with import_progress(console, path) as progress:
            report = await CatalogImporter(database).import_file(path, progress=progress)
        print_report(console, report)


def _in_use(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return True
    return False


def _free_port() -> int:
    """Return a port of this machine on which nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def _folder(keep: Path | None) -> Iterator[Path]:
    if keep is not None:
        keep.mkdir(parents=True, exist_ok=True)
        yield keep
        return
    with tempfile.TemporaryDirectory(prefix="bside-demo-") as folder:
        yield Path(folder)
