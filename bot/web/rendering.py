"""Writes pages as HTML: every name and text from outside is escaped where it is put in."""

import hashlib
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from aiohttp import web
from jinja2 import Environment, PackageLoader, StrictUndefined

from bot.core.catalog import seen

_ASSETS: Final = Path(__file__).parent / "assets"
_TYPES: Final = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
_DAY_S: Final = 86_400
_POLICY: Final = (
    "default-src 'none'; img-src 'self'{images}; style-src 'self'; script-src 'self'; "
    "connect-src 'self'; media-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)
_NOTHING: Final = "–"


def _named(text: str) -> str:
    """Return a name as it stands, or a dash when there is nothing to see of it."""
    return text if seen(text) else _NOTHING


_templates = Environment(
    loader=PackageLoader("bot.web"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_templates.filters["named"] = _named


def html(
    template: str, /, *, root: str, status: int = 200, images: Iterable[str] = (), **values: Any
) -> web.Response:
    """Answer with a page.

    Args:
        template: a file among the templates.
        root: the path under which the web reaches the bot, without a slash at the end.
        status: of HTTP.
        images: addresses of pictures elsewhere that the page may show, and no others.
        values: what the template asks for.
    """
    text = _templates.get_template(template).render(root=root, asset=_asset_name, **values)
    hosts = {f"{one.scheme}://{one.netloc}" for one in map(urlsplit, images) if one.netloc}
    policy = _POLICY.format(images="".join(f" {host}" for host in sorted(hosts)))
    headers = {"Content-Security-Policy": policy}
    return web.Response(text=text, status=status, content_type="text/html", headers=headers)


def asset_routes() -> list[web.RouteDef]:
    """Return the routes of what all pages share: how they look, and the script they can do without.

    Each has what is in it in its name, so browsers keep it.
    """
    return [web.get(f"/assets/{_asset_name(one.name)}", _Asset(one).answer) for one in _assets()]


@cache
def _assets() -> tuple[Path, ...]:
    return tuple(sorted(one for one in _ASSETS.iterdir() if one.suffix in _TYPES))


@cache
def _asset_name(name: str) -> str:
    content = (_ASSETS / name).read_bytes()
    stem, _, ending = name.rpartition(".")
    return f"{stem}-{hashlib.sha256(content).hexdigest()[:12]}.{ending}"


class _Asset:
    def __init__(self, file: Path) -> None:
        self._content = file.read_bytes()
        self._type = _TYPES[file.suffix]

    async def answer(self, _request: web.Request) -> web.Response:
        headers = {"Cache-Control": f"public, max-age={_DAY_S}, immutable"}
        return web.Response(
            body=self._content, content_type=self._type, charset="utf-8", headers=headers
        )
