"""Which side of an account a cell names: the words and letters of banks, and which go together."""

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache

from core.formats.csv.headers import HEADERS, ColumnRole, fold

DEBIT, CREDIT = -1, 1
MINUS = frozenset("-\u2010\u2011\u2012\u2013\u2014\u2212")
# What says its side by itself; letters do so only beside the other one of their pair.
WORDS = dict.fromkeys(
    (each for each in HEADERS[ColumnRole.DEBIT].split() if len(each) > 2), DEBIT
) | dict.fromkeys((each for each in HEADERS[ColumnRole.CREDIT].split() if len(each) > 2), CREDIT)
SHORT = {"af": DEBIT, "ut": DEBIT, "ud": DEBIT}
SPENT = (
    "dbit debetas debiting debitering zahlungsausgang ausgehend outgoing out sent gesendet"
    " belastet sollbuchung moneysent debitbuchung terheles kiadas rozchod vydaj meno minus abfluss"
    " aus ud"
)
CAME_IN = (
    "crdt kreditas krediting kreditering zahlungseingang eingehend incoming in erhalten"
    " gutgeschrieben habenbuchung moneyreceived creditbuchung jovairas bevetel przychod tulo plus"
    " zufluss ein ind"
)
WORDS |= dict.fromkeys(SPENT.split(), DEBIT) | dict.fromkeys(CAME_IN.split(), CREDIT)
for _neither in ("payment", "payments", "transfer", "dal"):
    WORDS.pop(_neither, None)
PAIRS = tuple(
    {debit: DEBIT, credit: CREDIT}
    for debit, credit in (
        ("s", "h"), ("d", "c"), ("d", "k"), ("d", "h"), ("d", "a"), ("d", "p"), ("t", "j"),
        ("b", "a"), ("wn", "ma"), ("md", "d"), ("md", "dal"), ("dr", "cr"), ("db", "cr"),
        ("dt", "kt"), ("dt", "ct"), ("af", "bij"), ("ut", "inn"), ("-", "+"), ("db", "kr"),
        ("so", "ha"), ("deb", "cre"), ("deb", "cred"), ("dbt", "crt"),
    )
)  # fmt: skip
OTHERWISE = {"b", "a"}  # Borç and Alacak, or Bij and Af: only the column's name tells
# First letters of two sides that are as well those of other words: only the column's name tells.
LETTERS = frozenset(map(frozenset, ("ab", "ae", "az", "io", "iu", "mp", "gl", "gb")))
MADE_DATI = "md"  # where a D is `dal`, a credit


@lru_cache(maxsize=1024)
def side_key(cell: str) -> str:
    """A cell of a column of sides as the words here are written."""
    text = cell.strip()
    if text in MINUS:
        return "-"
    return text if text == "+" else fold(text) or text.casefold()  # in letters that are not Latin


def side_of(cell: str, sides: Mapping[str, int]) -> int | None:
    """The side that a cell names in a column of these sides, or by itself; None for none."""
    key = side_key(cell)
    return sides.get(key) or WORDS.get(key)


def sides_of(cells: Iterable[str], header: str | None = None) -> dict[str, int] | None:
    """Which side each of a column's values is by words; None where these are no such words.

    `header` is the column's own name where it makes it one of sides: then letters will do alone.
    """
    keys = set(map(side_key, cells))
    if not keys or "" in keys:
        return None
    words = {key: side for key in keys if (side := WORDS.get(key))}
    if len(words) == len(keys):
        return words
    if header is not None and keys <= (initials := _initials(header)).keys():
        return initials
    pairs = [pair for pair in PAIRS if keys <= pair.keys()]
    if header is None:
        return pairs[0] if pairs and len(keys) > 1 and keys != OTHERWISE else None
    is_czech = fold(header).startswith(MADE_DATI)
    pairs = [pair for pair in pairs if (MADE_DATI in pair) == is_czech] or pairs
    found = [{key: pair[key] for key in keys} for pair in pairs]
    return found[0] if found and all(each == found[0] for each in found) else None


@lru_cache(maxsize=256)
def _initials(header: str) -> dict[str, int]:
    """The first letters of both words of a name such as `Bij / Af`; none where they are not two."""
    words = [fold(each) for each in re.split(r"[^\w]+", header) if each]
    sides = [WORDS.get(word) or SHORT.get(word) for word in words]
    if len(words) != 2 or set(sides) != {DEBIT, CREDIT} or words[0][0] == words[1][0]:
        return {}
    return {word[0]: side for word, side in zip(words, sides, strict=True) if side}
