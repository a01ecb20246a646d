"""What a caller would rather have, by the weights of `Accept` and `Accept-Language` (RFC 9110)."""

import re
from collections.abc import Callable, Iterator, Sequence

_WEIGHT = re.compile(r"q=(0(?:\.[0-9]{0,3})?|1(?:\.0{0,3})?)\Z")
Closeness = Callable[[str, str], int]


def media_type(accept: str, offered: Sequence[str]) -> str | None:
    """The offered media type that is liked best, the first of equals; None where none is taken."""
    return _best(accept or "*/*", offered, _of_media)


def language(accept_language: str, offered: Sequence[str]) -> str | None:
    """The offered language that is liked best; `de` speaks for `de-AT` too."""
    return _best(accept_language or "*", offered, _of_language)


def _best(header: str, offered: Sequence[str], closeness: Closeness) -> str | None:
    ranges = list(_weighted(header))

    def weight(offer: str) -> float:
        """What the range that speaks of the offer most closely says."""
        weights = [(closeness(each, offer), q) for each, q in ranges]
        return max((each for each in weights if each[0]), default=(0, 0.0))[1]

    best = max(offered, key=weight)
    return best if weight(best) > 0 else None


def _weighted(header: str) -> Iterator[tuple[str, float]]:
    """Each range with its weight; one whose weight is none is passed over."""
    for part in header.lower().split(","):
        name, *parameters = (each.strip() for each in part.split(";"))
        weights = [each for each in parameters if each.startswith("q=")]
        matches = [_WEIGHT.match(each) for each in weights]
        if name and all(matches):
            yield name, float(matches[0][1]) if matches and matches[0] else 1.0


def _of_media(named: str, offer: str) -> int:
    if named == offer:
        return 3
    if named == f"{offer.partition('/')[0]}/*":
        return 2
    return 1 if named == "*/*" else 0


def _of_language(named: str, offer: str) -> int:
    if named == offer:
        return 3
    if named.partition("-")[0] == offer:
        return 2
    return 1 if named == "*" else 0
