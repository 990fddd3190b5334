"""What listeners and artists put on a page that everybody with its address can see."""

from bot.core.sharing.page import (
    Entry,
    KeptPage,
    Link,
    Page,
    PageFile,
    PageKind,
    Shown,
    is_web_address,
)
