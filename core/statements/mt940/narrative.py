"""The `:86:` of a booking: who is on the other side and what for, in the ways banks write it.

German banks number their subfields, `166?00GUTSCHRIFT?20SVWZ+...?32NAME`; others name them,
`/NAME/.../REMI/...`; the rest write lines of text.
"""

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from core.statements.remittance import read_purpose, read_signs
from core.statements.texts import account_number, decode, german_iban, tidy

LINE = 65  # characters after which SWIFT breaks a line wherever that is
PIECE = 27  # characters of a subfield after which a German bank breaks a text likewise
PURPOSE = {*map(str, range(20, 30)), *map(str, range(60, 64))}
NAMES = {"32", "33"}
CODES = PURPOSE | NAMES | {"00", "10", "30", "31", *map(str, range(34, 40)), "70", "71", "72", "73"}

# Nearly all bookings have these subfields in this order, which a pattern reads in half the time:
# code, booking text, purposes, bank, account, two lines of a name.
USUAL = re.compile(
    r"([0-9]{3})\?00([^?]*)(?:\?10[^?]*)?((?:\?2[0-9][^?]*)*)(?:\?30([^?]*))?(?:\?31([^?]*))?"
    r"(?:\?32([^?]*))?(?:\?33([^?]*))?(?:\?34[^?]*)?"
)
KEYED = re.compile(r"/[A-Z]{2,4}/")
KEYS = re.compile(
    r"/(TRTP|EREF|MARF|CSID|IBAN|BIC|NAME|REMI|CNTP|BENM|ORDP|ULTC|ULTD|ULTB|ISDT|PREF|RTRN|SVCL"
    r"|PURP|TRCD|ADDR|OCMT|CHGS|EXCH|NRTX|ID)/"
)


class Narrative(NamedTuple):
    """What a booking's text says; `text` is the booking text and the purpose on one line."""

    text: str
    name: str | None = None
    account: str | None = None
    gvc: str | None = None
    return_reason: str | None = None


def read_narrative(value: str) -> Narrative:
    """The narrative of a `:86:` value as it stands in the file, line breaks and all."""
    mark = value[3:4]
    if value[:3].isdecimal() and value[4:6].isdecimal() and not (mark.isalnum() or mark.isspace()):
        return _read_numbered(value, mark)
    if value[:1] == "?" and value[1:3] in CODES:  # some leave the code out
        return _read_numbered(f"   {value}", "?")
    if KEYED.match(value):
        return _read_named(value)
    gvc, text = None, decode(_joined(value))
    if text[:3] == "999" and not text[3:4].isdecimal():
        gvc, text = "999", text[3:]
    return _narrative("", tidy(text), "", None, gvc)


def _read_numbered(value: str, mark: str) -> Narrative:
    """Subfields of two digits after a mark; a mark without them is part of the text."""
    text = decode(_unbroken(value))
    if usual := USUAL.fullmatch(text):
        gvc, booking, purposes, bank, number, name, more = usual.groups("")
        purpose = _joined_pieces(purposes)
        name = f"{name} {more}" if more and 0 < len(name) < PIECE else name + more
    else:
        gvc, *parts = text.split(mark)
        booking, purpose, bank, number, name = _walk(parts, mark)
    account = _account(number, bank)
    return _narrative(_line(booking), tidy(purpose), _line(name), account, gvc[:3].strip() or None)


def _joined_pieces(purposes: str) -> str:
    """The text of purposes that follow each other, as `_walk` joins them."""
    _, first, *parts = purposes.split("?") if purposes else ("", "")
    text, last, length = first[2:], first[:2], len(first) - 2
    for part in parts:
        text += part[2:] if length >= PIECE or part[:2] == last else f" {part[2:]}"
        last, length = part[:2], len(part) - 2
    return text


def _walk(parts: Sequence[str], mark: str) -> tuple[str, str, str, str, str]:
    """Booking text, purpose, bank, account and name, in whatever order the subfields are."""
    purpose = name = last = ""
    other: dict[str, str] = {}
    length = PIECE
    for part in parts:
        code, piece = part[:2], part[2:]
        if code not in CODES:
            code, piece = last, mark + part
        if code in PURPOSE:
            purpose += piece if length >= PIECE or code == last else f" {piece}"
            length = len(piece)
        elif code == "33" and last != code and 0 < len(name) < PIECE:
            name += f" {piece}"
        elif code in NAMES:
            name += piece
        else:
            other[code] = other.get(code, "") + piece
        last = code
    get = other.get
    return get("00", ""), purpose, get("30", ""), get("38") or get("31", ""), name


# The same names and accounts come back all over a statement: each is read once.
_line = lru_cache(maxsize=8192)(tidy)


@lru_cache(maxsize=8192)
def _account(number: str, bank: str) -> str | None:
    """The other side's account, as an IBAN where bank code and number make one."""
    number = "".join(number.split())
    if not number.strip("0"):
        return None
    return german_iban(bank.strip(), number) or account_number(number)


def _read_named(value: str) -> Narrative:
    """Fields named between slashes, as Dutch banks write them."""
    _, *pairs = KEYS.split(decode(_unbroken(value)))
    said: dict[str, str] = {}
    for key, text in zip(pairs[::2], pairs[1::2], strict=True):
        said.setdefault(key, text.strip("/ "))
    account, _, rest = said.get("CNTP", "").partition("/")
    names = rest.split("/")
    name = said.get("NAME") or (names[1] if len(names) > 1 else "")
    remittance = said.get("REMI", "").removeprefix("USTD").removeprefix("STRD").strip("/ ")
    number = said.get("IBAN") or account
    told = _narrative(
        _line(said.get("TRTP", "")),
        tidy(remittance),
        _line(name),
        account_number(number) if number else None,
        None,
    )
    reason = said.get("RTRN", "")[:4]
    return told._replace(return_reason=reason) if reason else told


def _unbroken(value: str) -> str:
    return value.replace("\r", "").replace("\n", "")


def _joined(value: str) -> str:
    """Lines as one text: a full one was broken where it stood, a shorter one ends a word."""
    lines = value.replace("\r", "").split("\n")
    return "".join(line if len(line) >= LINE else f"{line} " for line in lines)


def _narrative(
    booking: str, text: str, name: str, account: str | None, gvc: str | None
) -> Narrative:
    ultimate = None
    if "+" in text:
        text, ultimate, _ = read_purpose(text)
    if booking not in text:
        text = f"{booking} {text}".rstrip()
    told = (text, name or ultimate, account, gvc, read_signs(gvc, text)[0])
    return tuple.__new__(Narrative, told)
