"""The `:86:` of a booking: who is on the other side and what for, in the ways banks write it.

German banks number their subfields, `166?00GUTSCHRIFT?20SVWZ+...?32NAME`; others name them,
`/NAME/.../REMI/...`; the rest write lines of text.
"""

import re
from collections import defaultdict
from collections.abc import Sequence
from functools import lru_cache
from itertools import compress
from typing import NamedTuple

from core.formats.common.column import NUL, decoded, headed, tidied
from core.formats.common.remittance import read_keyed, return_reason
from core.formats.common.texts import account_number, decode, german_iban, tidy
from core.formats.mt940.labelled import read_labelled
from core.statements.model import Particulars

LINE = 65  # characters after which SWIFT breaks a line wherever that is
PIECE = 27  # characters of a subfield after which a German bank breaks a text likewise
PURPOSE = {*map(str, range(20, 30)), *map(str, range(60, 64))}
NAMES = {"32", "33"}
# Of a `:NS:`: name, booking text, and the bank and number of the account on the other side.
NAMED_LINES = {"15": "32", "16": "33", "17": "00", "18": "30", "19": "31"}
CODES = PURPOSE | NAMES | {"00", "10", "30", "31", *map(str, range(34, 40)), "70", "71", "72", "73"}

# Nearly all bookings have these subfields in this order: code, booking text, purposes, and those of
# the other side. One that has not is passed over, with nothing found of it. With one more mark at
# the end of each text, subfields end at marks only, which is found faster.
USUAL = re.compile(
    r"86:([0-9]{3})\?00([^?]*+)(?:\?10[^?]*+)?+(?:\?2[0-9]([^?]*+(?:\?2[0-9][^?]*+)*+))?+"
    r"((?:\?3[0-4][^?]*+)*+)\?\0|[^\0]*\0"
)
END = f"?{NUL}"
FIRST = f"{NUL}20"  # between purposes, which are known without the code of their first one
NEXT = re.compile(r"\?2[0-9]")
# The same where the purpose before, itself behind a code, was broken only since it was full.
BROKEN = re.compile(rf"\?2[0-9](?<=[^?\0]{{{PIECE + 2}}}\?2[0-9])")
MARKS = ("?", "<", ">", "~")
KEYED = re.compile(r"/[A-Z]{2,4}/")
KEYS = re.compile(
    r"/(TRTP|EREF|MARF|CSID|IBAN|BIC|NAME|REMI|CNTP|BENM|ORDP|ULTC|ULTD|ULTB|ISDT|PREF|RTRN|SVCL"
    r"|PURP|TRCD|ADDR|OCMT|CHGS|EXCH|NRTX|ID)/"
)


class Narrative(NamedTuple):
    """What a booking's text says; `text` is the booking text and the purpose on one line.

    `return_reason` is one that a field names; there may be one in the text as well.
    """

    text: str
    name: str | None
    account: str | None
    gvc: str | None
    return_reason: str | None = None
    particulars: Particulars | None = None


class Narratives(NamedTuple):
    """What the texts of many bookings say, column by column."""

    texts: list[str]
    names: list[str | None]
    accounts: list[str | None]
    gvcs: list[str | None]
    return_reasons: list[str | None]
    particulars: list[Particulars | None]

    def replace(self, row: int, narrative: Narrative) -> None:
        """Have a booking's text say this."""
        self.texts[row], self.names[row], self.accounts[row] = (
            narrative.text,
            narrative.name,
            narrative.account,
        )
        self.gvcs[row], self.return_reasons[row] = narrative.gvc, narrative.return_reason
        self.particulars[row] = narrative.particulars


def read_narratives(values: Sequence[str]) -> Narratives:
    """The narratives of `:86:` values as they stand in the file, line breaks and all."""
    together = decoded(END.join([*values, ""]), without=b"\r\n")
    gvcs, headings, purposes, parties = zip(*USUAL.findall(together), strict=True)
    names, accounts, keys = map(list, zip(*map(_party, parties), strict=True))
    texts = tidied(_joined_pieces(purposes))
    particulars: list[Particulars | None] = [None] * len(values)
    for row in [row for row, text in enumerate(texts) if "+" in text]:
        (texts[row], ultimate, _), particulars[row] = read_keyed(texts[row])
        names[row] = names[row] or ultimate
    texts = headed(list(map(_line, headings)), texts)
    reasons: list[str | None] = [None] * len(values)
    for row in compress(range(len(keys)), keys):
        reasons[row] = return_reason(gvcs[row], keys[row])
    narratives = Narratives(texts, names, accounts, list(gvcs), reasons, particulars)
    for row in [] if all(gvcs) else [row for row, usual in enumerate(gvcs) if not usual]:
        narratives.replace(row, read_narrative(values[row].removeprefix("86:")))
    return narratives


def numbered(value: str) -> str:
    """The lines of a `:NS:`, each of which begins with two digits, as subfields of a `:86:`."""
    parts: list[str] = []
    purposes = iter(sorted(PURPOSE))
    for line in value.replace("\r", "").split("\n"):
        code, piece = line[:2], line[2:]
        if "01" <= code <= "14":
            parts.append(f"?{next(purposes, '63')}{piece}")
        elif code in NAMED_LINES:
            parts.append(f"?{NAMED_LINES[code]}{piece}")
        elif parts and not code.isdecimal():
            parts[-1] += line
    return "".join(parts)


def _joined_pieces(purposes: Sequence[str]) -> list[str]:
    """The texts of purposes that follow each other, as `_walk` joins them."""
    together = NEXT.sub(" ", BROKEN.sub("", FIRST.join(["", *purposes])))
    return together.split(FIRST)[1:]


def read_narrative(value: str) -> Narrative:
    """The narrative of a `:86:` value as it stands in the file, in whichever way it is written."""
    mark = value[3:4]
    if value[:3].isdecimal() and value[4:6].isdecimal() and not (mark.isalnum() or mark.isspace()):
        return _read_numbered(value, mark)
    if value[:1] in MARKS and value[1:3] in CODES:  # some leave the code out
        return _read_numbered(f"   {value}", value[0])
    if KEYED.match(value):
        return _read_named(value)
    gvc, text = None, decode(_joined(value))
    if labelled := read_labelled(text):
        number = labelled.account
        return Narrative(
            tidy(labelled.text),
            tidy(labelled.name) or None,
            account_number(number) if number else None,
            None,
            None,
            labelled.particulars,
        )
    if text[:3] == "999" and not text[3:4].isdecimal():
        gvc, text = "999", text[3:]
    return _narrative("", tidy(text), "", None, gvc)


def _read_numbered(value: str, mark: str) -> Narrative:
    """Subfields of two digits after a mark; a mark without them is part of the text."""
    gvc, *parts = decode(_unbroken(value)).split(mark)
    subfields = _read_subfields(parts, mark)
    code = gvc[:3].strip() or None
    narrative = _narrative(
        _line(subfields.booking),
        tidy(subfields.purpose),
        _line(subfields.name),
        subfields.account,
        code,
    )
    reason = return_reason(code, subfields.key)
    return narrative._replace(return_reason=reason) if reason else narrative


class _Subfields(NamedTuple):
    """The subfields of a text, put together."""

    booking: str
    purpose: str
    name: str
    account: str | None
    key: str  # by which the bank tells, of a return, why


def _read_subfields(parts: Sequence[str], mark: str) -> _Subfields:
    """What the subfields say, in whatever order they are."""
    pieces: dict[str, list[str]] = defaultdict(list)
    last, length, named = "", PIECE, 0
    for part in parts:
        code, piece = part[:2], part[2:]
        if torn := code not in CODES:
            code, piece = last, mark + part
        if code in PURPOSE:
            pieces["20"] += [piece] if torn or length >= PIECE else [" ", piece]
            length = len(piece)
        elif code in NAMES:
            split = code == "33" and last != code and 0 < named < PIECE
            pieces["32"] += [" ", piece] if split else [piece]
            named += len(piece)
        else:
            pieces[code].append(piece)
        last = code
    heading, purpose, bank, name, key, other, number = (
        "".join(pieces[code]) for code in ("00", "20", "30", "32", "34", "38", "31")
    )
    return _Subfields(heading, purpose, name, _account(other or number, bank), key.strip())


# The same names and accounts come back all over a statement: each is read once.
_line = lru_cache(maxsize=8192)(tidy)


@lru_cache(maxsize=8192)
def _party(text: str) -> tuple[str | None, str | None, str]:
    """Name and account of the other side, out of the subfields that are about it, and the key."""
    subfields = _read_subfields(text.split("?")[1:], "?")
    return tidy(subfields.name) or None, subfields.account, subfields.key


def _account(number: str, bank: str) -> str | None:
    """The other side's account, as an IBAN where bank code and number make one."""
    number = "".join(number.split())
    if not number.strip("0"):
        return None
    return german_iban(bank.strip(), number) or account_number(number)


def _read_named(value: str) -> Narrative:
    """Fields named between slashes, as Dutch banks write them."""
    _, *pairs = KEYS.split(decode(_unbroken(value)))
    fields: dict[str, str] = {}
    for key, text in zip(pairs[::2], pairs[1::2], strict=True):
        fields.setdefault(key, text.strip("/ "))
    account, _, party = fields.get("CNTP", "").partition("/")
    names = party.split("/")
    name = fields.get("NAME") or (names[1] if len(names) > 1 else "")
    if not name:  # some write it right behind the key of the party
        sides = [fields.get(key, "").partition("/")[0] for key in ("ORDP", "BENM")]
        name = next((each for each in sides if re.search("[A-Za-z]{2}", each)), "")
    remittance = fields.get("REMI", "").removeprefix("USTD").removeprefix("STRD").strip("/ ")
    number = fields.get("IBAN") or account
    narrative = _narrative(
        _line(fields.get("TRTP", "")),
        tidy(remittance),
        _line(name),
        account_number(number) if number else None,
        None,
    )
    if not (narrative.text or narrative.name or narrative.account):  # keys of another kind
        return narrative._replace(text=tidy(decode(_joined(value))))
    references = (tidy(fields.get(key, "")) for key in ("PURP", "CSID", "MARF", "EREF"))
    narrative = narrative._replace(particulars=Particulars.of(*references))
    reason = fields.get("RTRN", "")[:4]
    return narrative._replace(return_reason=reason) if reason else narrative


def _unbroken(value: str) -> str:
    return value.replace("\r", "").replace("\n", "")


def _joined(value: str) -> str:
    """Lines as one text: a full one was broken where it stood, a shorter one ends a word."""
    lines = value.replace("\r", "").split("\n")
    return "".join(line if len(line) >= LINE else f"{line} " for line in lines)


def _narrative(
    booking: str, text: str, name: str, account: str | None, gvc: str | None
) -> Narrative:
    (text, ultimate, _), particulars = read_keyed(text)
    (text,) = headed([booking], [text])
    return Narrative(text, name or ultimate, account, gvc, None, particulars)
