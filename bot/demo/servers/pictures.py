"""The hosts of covers, all in one place."""

import io
from collections.abc import Mapping
from dataclasses import dataclass, field

from aiohttp import web
from PIL import Image

from bot.demo.servers.loopback import LoopbackService


def picture(color: str = "#c03020", *, side: int = 64, kind: str = "JPEG") -> bytes:
    """Return a picture of one colour."""
    found = io.BytesIO()
    Image.new("RGB", (side, side), color).save(found, kind)
    return found.getvalue()


@dataclass
class PictureServer(LoopbackService):
    """Has what it is given, by path."""

    pictures: dict[str, bytes] = field(default_factory=dict)
    redirects: Mapping[str, str] = field(default_factory=dict)

    def routes(self) -> list[web.RouteDef]:
        return [web.get("/{path:.*}", self._picture)]

    async def _picture(self, request: web.Request) -> web.Response:
        if request.path in self.redirects:
            return web.Response(status=307, headers={"Location": self.redirects[request.path]})
        if request.path not in self.pictures:
            return web.Response(status=404, text="<!doctype html>gone", content_type="text/html")
        return web.Response(body=self.pictures[request.path], content_type="image/jpeg")
