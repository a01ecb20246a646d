"""A booking of an MT940: its line `:61:` and the text `:86:` that belongs to it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from core.documents.model import Finding
from core.errors import Unreadable
from core.evidence import Bytes
from core.statements.dates import Day, odd_date, short_day, yearless_day
from core.statements.model import Transaction
from core.statements.narrative import Narrative, read_narrative
from core.statements.swift import Field
from core.statements.texts import IBAN, decode, minor, tidy

# Value date, entry date, side, last letter of the currency, amount, kind, references, details.
LINE = re.compile(
    r"\s*([0-9]{6})([0-9]{4})?\s*([RE]?)([CD])([A-Z])?\s*([0-9]{1,18})[,.]?([0-9]{0,10})\s*"
    r"([NFS][A-Z0-9][A-Z0-9 ]{2})?([^\r\n]*)(.*)",
    re.DOTALL,
)
REFERENCE = 16  # characters of the customer's reference; what stands after them is a name
GERMAN_KEY = re.compile(r"N([0-9]{3})")
MEANINGLESS = frozenset({"", "NONREF", "NOTPROVIDED"})


@dataclass(slots=True)
class Entry:
    """A `:61:` and the `:86:` fields after it, as they stand in the file."""

    line: Field
    narratives: list[Field] = field(default_factory=list)

    @property
    def place(self) -> Bytes:
        """Where in the file the booking stands."""
        return Bytes(self.line.start, (self.narratives or [self.line])[-1].end)


@dataclass(frozen=True, slots=True)
class Context:
    """What the statement tells of its bookings; `days` are those between its balances."""

    currency: str
    german: bool
    pending: bool
    days: tuple[date, date] | None


def read_entry(entry: Entry, context: Context) -> Iterator[Finding | Transaction]:
    """The booking, in minor units, a reversal (`RC`, `RD`) on the side it is booked on.

    Dates that no calendar has are kept as the month's last day, with a finding. Raises
    Unreadable for a line that is none.
    """
    what = f"The booking at byte {entry.line.start}"
    match = LINE.match(entry.line.value)
    if match is None:
        raise Unreadable(f"{what} cannot be read: {tidy(entry.line.value)[:80]!r}.")
    value, posted, prefix, side, _, whole, fraction, kind, references, details = match.groups()
    valued, booked = _days(what, value, posted, context.days)
    for day in {valued, booked}:
        if day.odd:
            yield odd_date(what, day)
    credit = (side == "C") != (prefix == "R")
    amount = minor(whole, fraction, context.currency, what)
    told = _narrative(entry)
    bank_reference, supplement = _references(references, details)
    name, account, text = _supplemented(told, supplement)
    yield Transaction(
        booked_on=booked.on,
        valued_on=valued.on,
        amount=amount if credit else -amount,
        currency=context.currency,
        pending=context.pending or prefix == "E",
        reversal=prefix == "R",
        counterparty=name,
        counterparty_account=account,
        remittance=text,
        gvc=told.gvc or (_german_key(kind) if context.german else None),
        iso=None,
        return_reason=told.return_reason,
        bank_reference=bank_reference,
        details=(),
        evidence=entry.place,
    )


def _days(
    what: str, value: str, posted: str | None, between: tuple[date, date] | None
) -> tuple[Day, Day]:
    """The days of value and of booking; the latter has no year and is near the former.

    Where the bank leaves the latter out, it is the former as far as the statement reaches.
    """
    valued = short_day(value)
    if valued is None:
        raise Unreadable(f"{what} has the value date {value!r}, which is no date.")
    if not posted or posted == "0000":
        first, last = between or (valued.on, valued.on)
        return valued, Day(min(max(valued.on, first), last))
    booked = yearless_day(posted, valued.on)
    if booked is None:
        raise Unreadable(f"{what} has the entry date {posted!r}, which is no date.")
    return valued, booked


def _narrative(entry: Entry) -> Narrative:
    if not entry.narratives:
        return Narrative("")
    if len(entry.narratives) == 1:
        return read_narrative(entry.narratives[0].value)
    values = list(dict.fromkeys(each.value for each in entry.narratives))
    return read_narrative("\n".join(values))


def _references(references: str, details: str) -> tuple[str | None, str]:
    """The bank's own reference, and what the line says besides."""
    customer, _, bank = references.partition("//")
    more = "" if bank else customer[REFERENCE:]
    bank = tidy(decode(bank))
    supplement = tidy(decode(f"{more} {details}"))
    # `/OCMT/EUR11,85/` is what a payment was in another currency, no name and no text.
    return None if bank in MEANINGLESS else bank, "" if supplement[:1] == "/" else supplement


def _supplemented(told: Narrative, supplement: str) -> tuple[str | None, str | None, str]:
    """Name, account and text; a bank that says no more puts one of them behind the line."""
    name, account, text = told.name, told.account, told.text
    if not supplement or supplement in text:
        return name or None, account, text
    if account is None and IBAN.fullmatch(supplement):
        return name or None, supplement, text
    if not name and re.search("[A-Za-z]{3}", supplement) and told.gvc is None:
        return supplement, account, text
    return name or None, account, text


def _german_key(kind: str | None) -> str | None:
    """The three digits that German banks put where SWIFT has a kind of transaction."""
    match = GERMAN_KEY.fullmatch(kind or "")
    return match[1] if match else None
