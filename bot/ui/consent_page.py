"""The page that a browser sees when its owner comes back from Spotify."""

import re
from html import escape
from typing import Final

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


def code(shown: str, called: str) -> str:
    """Show the code that links the account, and say for whom: who was lured here must notice."""
    return _page(
        "Nearly done",
        f"The Discord account “{called}” asks for this Spotify account. If that is you, go back to "
        f"Discord within five minutes, press Enter the code, and type `{shown}`. If somebody else "
        "sent you here, close this page and give the code to nobody: then nothing is linked.",
    )


def not_linked(sentence: str) -> str:
    """Say why nothing was linked, and what to do."""
    return _page("Not linked", sentence)


def _page(title: str, sentence: str) -> str:
    text = _CODE.sub(r"<code>\1</code>", escape(sentence))
    return _PAGE.format(title=escape(title), text=text)
