"""Whether the copy that a caller has is current (RFC 9110, `If-None-Match`)."""

import re

_LISTED = re.compile(r'(?:^|,)[ \t]*(?:W/)?("[^"]*")[ \t]*(?=,|$)')


def is_current(if_none_match: str | None, tag: str) -> bool:
    """Whether one of the caller's copies has this strong tag, by weak comparison; `*` is any."""
    if not if_none_match:
        return False
    return if_none_match.strip(" \t") == "*" or tag in _LISTED.findall(if_none_match)
