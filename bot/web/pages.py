"""The pages that listeners and artists share, and their files."""

from urllib.parse import quote

from aiohttp import web

from bot.core.sharing import KeptPage
from bot.errors import NotFoundError
from bot.services.sharing import SharedPages
from bot.web.front import NOT_HERE, Front, secret_of
from bot.web.rendering import html


def page_routes(pages: SharedPages, front: Front) -> list[web.RouteDef]:
    """Return the routes of shared pages."""
    shown = _Pages(pages, front.root)
    return [
        web.get("/p/{secret}", front.before(shown.page)),
        web.get("/p/{secret}/{name}", front.before(shown.file)),
    ]


class _Pages:
    def __init__(self, pages: SharedPages, root: str) -> None:
        self._pages = pages
        self._root = root

    async def page(self, request: web.Request) -> web.StreamResponse:
        secret = secret_of(request.match_info["secret"])
        kept = await self._pages.find(secret)
        if kept is None:
            raise NotFoundError(NOT_HERE)
        covers = [entry.cover for entry in kept.page.entries if entry.cover]
        return html(
            "page.html",
            root=self._root,
            images=covers,
            page=kept.page,
            ends_at=kept.ends_at,
            here=f"{self._root}/p/{secret}",
            address=self._pages.address(f"/p/{secret}"),
            downloads=_downloads(kept),
            preview=self._preview(kept, secret, covers),
        )

    async def file(self, request: web.Request) -> web.StreamResponse:
        found = await self._pages.file(
            secret_of(request.match_info["secret"]), request.match_info["name"]
        )
        if found is None:
            raise NotFoundError(NOT_HERE)
        headers = {"Content-Type": found.media_type}
        if not found.media_type.startswith("image/"):
            headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(found.name)}"
        return web.Response(body=found.content, headers=headers)

    def _preview(self, kept: KeptPage, secret: str, covers: list[str]) -> str | None:
        """Return the picture that chats show of a page."""
        if kept.page.pictures:
            return self._pages.address(f"/p/{secret}/{kept.page.pictures[0].name}")
        return covers[0] if covers else None


def _downloads(kept: KeptPage) -> list[str]:
    pictures = {one.name for one in kept.page.pictures}
    return [name for name in kept.files if name not in pictures]
