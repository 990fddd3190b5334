"""The page that a browser sees when its owner comes back from Spotify."""

import re
from html import escape
from typing import Final

from bot.core.accounts import Linked

FAILED: Final = "Something went wrong on my side. Use `/link spotify` in Discord again."

_PAGE: Final = """\
<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>B-Side</title>
<h1>{title}</h1>
<p>{text}</p>
</html>
"""
_CODE: Final = re.compile(r"`([^`]*)`")


def linked(done: Linked) -> str:
    """Say that the account is linked, and to whom: so a mistake can be seen."""
    return _page(
        "Linked",
        f"This Spotify account is now linked to the Discord account “{done.called}”. You may "
        "close this page; `/link status` in Discord shows it. If that is not you, remove this app "
        "at https://www.spotify.com/account/apps/ at once.",
    )


def not_linked(sentence: str) -> str:
    """Say why nothing was linked, and what to do."""
    return _page("Not linked", sentence)


def _page(title: str, sentence: str) -> str:
    text = _CODE.sub(r"<code>\1</code>", escape(sentence))
    return _PAGE.format(title=escape(title), text=text)
