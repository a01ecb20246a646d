"""A booking of an MT940: its line `:61:` and the text `:86:` that belongs to it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from core.documents.model import Finding
from core.errors import Unreadable
from core.evidence import Bytes
from core.iban import SHAPE
from core.statements.dates import Day, odd_date, short_day, yearless_day
from core.statements.model import Transaction
from core.statements.mt940.narrative import Narrative, read_narrative
from core.statements.mt940.swift import Field
from core.statements.texts import BadValue, decode, minor, tidy

# Value date, entry date, side, last letter of the currency, amount, kind, references, details.
LINE = re.compile(
    r"\s*([0-9]{6})([0-9]{4})?\s*([RE]?)([CD])([A-Z])?\s*([0-9]{1,18})[,.]?([0-9]{0,10})\s*"
    r"([NFS][A-Z0-9][A-Z0-9 ]{2})?([^\r\n]*)(.*)",
    re.DOTALL,
)
REFERENCE = 16  # characters of the customer's reference; what stands after them is a name
GERMAN_KEY = re.compile(r"N([0-9]{3})")
_make = tuple.__new__  # a named tuple's own constructor takes twice as long
MEANINGLESS = frozenset({"", "NONREF", "NOTPROVIDED"})


class Entry(NamedTuple):
    """A `:61:` and the `:86:` fields after it, as they stand in the file."""

    line: Field
    narratives: list[Field]


@dataclass(frozen=True, slots=True)
class Context:
    """What the statement tells of its bookings; `days` are those between its balances.

    `page` is the code page of its texts where they are in other letters than `decode` finds;
    `foreign` accounts have other codes where a German bank has its own.
    """

    currency: str
    foreign: bool
    german: bool
    pending: bool
    days: tuple[date, date] | None
    page: str | None


def read_entry(entry: Entry, context: Context, odd: list[Finding]) -> Transaction:
    """The booking, in minor units, a reversal (`RC`, `RD`) on the side it is booked on.

    Dates that no calendar has are kept as the month's last day, and said in `odd`. Raises
    Unreadable for a line that is none.
    """
    line, narratives = entry
    match = LINE.match(line.value)
    try:
        if match is None:
            raise BadValue(f"cannot be read: {tidy(line.value)[:80]!r}")
        value, posted, prefix, side, _, units, fraction, kind, references, details = match.groups()
        valued, booked = _days(value, posted, context.days)
        amount = minor(units, fraction, context.currency)
    except BadValue as error:
        raise Unreadable(f"{_at(line)} {error}.") from None
    if valued.odd or booked.odd:
        odd += [odd_date(_at(line), day) for day in {valued, booked} if day.odd]
    told = _narrative(narratives, context.page)
    bank_reference, supplement = _references(references, details)
    name, account, text = told.name or None, told.account, told.text
    if supplement:
        name, account, text = _supplemented(told, supplement)
    whole = (
        booked.on,
        valued.on,
        amount if (side == "C") != (prefix == "R") else -amount,
        context.currency,
        context.pending or prefix == "E",
        prefix == "R",
        name,
        account,
        text,
        None if context.foreign else told.gvc or (_german_key(kind) if context.german else None),
        None,  # ISO 20022
        told.return_reason,
        bank_reference,
        (),
        _make(Bytes, (line.start, (narratives[-1] if narratives else line).end)),
        None,  # no page
    )
    return _make(Transaction, whole)


def _at(line: Field) -> str:
    return f"The booking at byte {line.start}"


@lru_cache(maxsize=4096)
def _days(value: str, posted: str | None, between: tuple[date, date] | None) -> tuple[Day, Day]:
    """The days of value and of booking; the latter has no year and is near the former.

    Where the bank leaves the latter out, it is the former as far as the statement reaches.
    """
    valued = short_day(value)
    if valued is None:
        raise BadValue(f"has the value date {value!r}, which is no date")
    if not posted or posted == "0000":
        first, last = between or (valued.on, valued.on)
        return valued, Day(min(max(valued.on, first), last))
    booked = yearless_day(posted, valued.on)
    if booked is None:
        raise BadValue(f"has the entry date {posted!r}, which is no date")
    return valued, booked


def _narrative(narratives: Sequence[Field], page: str | None) -> Narrative:
    if page is not None:
        text = "\n".join(dict.fromkeys(each.value for each in narratives))
        text = text.encode("latin-1").decode(page, "replace")
        return read_narrative(text.encode().decode("latin-1"))  # as UTF-8, which is understood
    if len(narratives) == 1:
        return read_narrative(narratives[0].value)
    values = dict.fromkeys(each.value for each in narratives)
    return read_narrative("\n".join(values)) if values else Narrative("")


def _references(references: str, details: str) -> tuple[str | None, str]:
    """The bank's own reference, and what the line says besides."""
    customer, _, bank = references.partition("//")
    bank = tidy(decode(bank))
    if not details and (bank or len(customer) <= REFERENCE):  # nearly always
        return None if bank in MEANINGLESS else bank, ""
    more = details if bank else f"{customer[REFERENCE:]} {details}"
    supplement = tidy(decode(more)) if more and not more.isspace() else ""
    # `/OCMT/EUR11,85/` is what a payment was in another currency, no name and no text.
    return None if bank in MEANINGLESS else bank, "" if supplement[:1] == "/" else supplement


def _supplemented(told: Narrative, supplement: str) -> tuple[str | None, str | None, str]:
    """Name, account and text; a bank that says no more puts one of them behind the line."""
    name, account, text = told.name, told.account, told.text
    if supplement in text:
        return name or None, account, text
    if account is None and SHAPE.fullmatch(supplement):
        return name or None, supplement, text
    if not name and re.search("[A-Za-z]{3}", supplement) and told.gvc is None:
        return supplement, account, text
    return name or None, account, text


def _german_key(kind: str | None) -> str | None:
    """The three digits that German banks put where SWIFT has a kind of transaction."""
    match = GERMAN_KEY.fullmatch(kind or "")
    return match[1] if match else None
