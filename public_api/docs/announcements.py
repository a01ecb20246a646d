"""What operators have announced, put into pages that were rendered long before.

A page has a place for each version it speaks of; what is said there is the only part that changes.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache

from core.lifecycle import Brownout, moment
from public_api.docs.page import Page, page_of

_PLACE = re.compile(rb"<!-- announced of (\w+) -->")


def has_place(page: Page) -> bool:
    """Whether the page says what was announced."""
    return _PLACE.search(page.body) is not None


@lru_cache(maxsize=16)
def filled(page: Page, announced: Sequence[Brownout], gone: frozenset[str]) -> Page:
    """The page as it is now: with the brownouts to come, and the versions that are gone."""

    def said(place: re.Match[bytes]) -> bytes:
        name = place[1].decode()
        if name in gone:
            return _GONE.format(number=name[1:]).encode()
        windows = [_WINDOW.format(*_times(each)) for each in announced if each.version == name]
        return (
            _WINDOWS.format(number=name[1:], windows="".join(windows)).encode() if windows else b""
        )

    made = page_of(page.template, page.media_type, _PLACE.sub(said, page.body))
    return replace(made, status=page.status)


def _times(brownout: Brownout) -> tuple[str, str]:
    return moment(brownout.starts_at), moment(brownout.ends_at)


_GONE = """<p class="note old"><strong>Version {number} is no longer served.</strong>
Every call of it is <a href="/problems/version-gone"><code>410</code></a>.</p>"""
_WINDOW = '<li><time datetime="{0}">{0}</time> until <time datetime="{1}">{1}</time></li>'
_WINDOWS = """<div class="note old"><strong>Brownouts of version {number} are announced.</strong>
In these windows (UTC) every call is <a href="/problems/version-brownout"><code>410</code></a>:
<ul>{windows}</ul></div>"""
