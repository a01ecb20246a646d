"""MT940 statements and MT942 reports by SWIFT, as banks write them: bytes to statements.

A statement that was sent in pages (`62M`, then `60M`) is one again here. An MT942 tells of
bookings before they are final, so all of its are pending.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import BinaryIO, NamedTuple

from core.documents.model import Finding
from core.errors import Unreadable
from core.iban import is_iban
from core.statements.dates import Day, odd_date, short_day
from core.statements.model import Account, Balance, Item, Statement
from core.statements.mt940 import swift
from core.statements.mt940.entry import Context, Entry, read_entry
from core.statements.mt940.swift import Field
from core.statements.texts import BIC, BadValue, account_number, central_page, decode, minor, tidy

BALANCE = re.compile(r"\s*([CD])R?([0-9]{6})([A-Z]{3})\s*([0-9]{1,18})[,.]?([0-9]{0,10})")
CURRENCY = re.compile(r"\s*([A-Z]{3})")
NUMBER = re.compile(r"\s*0*([0-9]+)")
WITH_CURRENCY = re.compile(r"(.*[0-9]) ?([A-Z]{3})")
GERMAN = re.compile(r"DE[0-9]|[0-9]{8}/")
FOREIGN = re.compile(r"(?!DE)[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}|[0-9]{4}/[0-9]+")
SENDER = re.compile(rb"\{1:F01([A-Z]{6}[A-Z0-9]{2})")
CENTRAL_CURRENCIES = frozenset(("PLN", "CZK", "HUF", "RON"))
CENTRAL_COUNTRIES = frozenset(("CZ", "HR", "HU", "PL", "RO", "SI", "SK"))
STRAY_NARRATIVE = re.compile(r"[0-9]{3}\?[0-9]{2}")

NOT_FINAL = Finding(
    "not_final",
    "The file is an MT942: its bookings are not final yet, so they are shown and not counted."
    " Send the MT940 of these days.",
)

recognises = swift.recognises


def read(source: BinaryIO) -> Iterator[Item]:
    """Each statement's head, then its bookings; amounts in minor units.

    A booking's evidence is the byte range of its `:61:` and `:86:` fields. Raises Unreadable with
    the reason, at the latest when the file ends: what came before then does not count.
    """
    sender = SENDER.search(source.read(1024))
    source.seek(0)
    reader = _Reader(sender[1].decode() if sender else None)
    for each in swift.fields(source):
        if each.tag == "61":  # nearly all fields are these two
            reader.book(each)
        elif each.tag == "86":
            reader.describe(each)
        else:
            yield from reader.take(each)
    yield from reader.finish()
    if not reader.messages:
        raise Unreadable("The file names no account: it has no field :25:.")


@dataclass(slots=True)
class _Message:
    """A message as it comes in, and later the pages that go on with it."""

    account: str | None = None
    number: str | None = None
    opening: Field | None = None
    closing: Field | None = None
    intraday: bool = False
    currency: str | None = None  # where no balance names it
    entries: list[Entry] = field(default_factory=list)

    def goes_on_with(self, page: "_Message") -> bool:
        """Whether that is the next page of this statement."""
        return (
            (self.closing is not None and self.closing.tag == "62M")
            and (page.opening is not None and page.opening.tag == "60M")
            and (self.account, self.number) == (page.account, page.number)
        )


class _Reader:
    """The message that is being read, and the pages before it that it may go on with."""

    def __init__(self, sender: str | None) -> None:
        self.messages = 0
        self._sender = sender
        self._message = _Message()
        self._held: _Message | None = None

    def book(self, each: Field) -> None:
        """Begin a booking by its line."""
        self._message.entries.append(tuple.__new__(Entry, (each, [])))

    def describe(self, each: Field) -> None:
        """Put a text to the booking that it stands behind; one behind the balance is of no use."""
        message = self._message
        if message.entries and message.closing is None:
            message.entries[-1].narratives.append(each)

    def take(self, each: Field) -> Iterator[Item]:
        """Read a field of a message's frame; give what is whole once it begins the next one."""
        account = each.tag in ("25", "25P")
        if account and STRAY_NARRATIVE.match(each.value):
            self.describe(each)
        elif each.tag in swift.BEGINS or (account and self._message.account is not None):
            yield from self._turn()
        self._note(each)

    def _note(self, each: Field) -> None:
        """What a field says of the message as a whole."""
        message, value = self._message, each.value
        match each.tag:
            case "25" | "25P" if message.account is None:
                message.account = tidy(decode(value))
            case "28" | "28C":
                message.number = _found(NUMBER, value)
            case "60F" | "60M":
                message.opening = each
            case "62F" | "62M":
                message.closing = each
            case "34F":
                message.intraday, message.currency = True, _found(CURRENCY, value)
            case "13" | "13D":
                message.intraday = True

    def finish(self) -> Iterator[Item]:
        """Give what is left at the end of the file."""
        yield from self._turn()
        yield from self._release()

    def _turn(self) -> Iterator[Item]:
        """The message is whole: put it to the pages it goes on with, else give those."""
        message, self._message = self._message, _Message()
        if message.account is None:
            if message.entries:
                raise Unreadable(f"{_at(message.entries[0].line)} names no account.")
            return
        self.messages += 1
        held = self._held
        if held is not None and held.goes_on_with(message):
            yield from _check_join(held, message)
            held.entries += message.entries
            held.closing = message.closing
            return
        yield from self._release()
        self._held = message

    def _release(self) -> Iterator[Item]:
        held, self._held = self._held, None
        if held is not None:
            yield from _told(held, self._sender)


def _told(message: _Message, sender: str | None) -> Iterator[Item]:
    """The statement's head, its bookings, and what was odd about either."""
    written, currency = _account(message)
    first, last = _balance(message.opening), _balance(message.closing)
    currency = next((each.currency for each in (first, last) if each), message.currency or currency)
    if currency is None:
        raise Unreadable(f"The statement of account {written} names no currency.")
    context = Context(
        currency=currency,
        foreign=FOREIGN.fullmatch(written) is not None,
        german=GERMAN.match(written) is not None,
        pending=message.intraday,
        days=_span(first, last),
        page=_code_page(message, written, currency),
    )
    odd: list[Finding] = []
    told = [read_entry(entry, context, odd) for entry in message.entries]
    days = [each.booked_on for each in told]
    opening, closing = _dated(first, min(days, default=None)), _dated(last, max(days, default=None))
    if opening and closing and opening.on > closing.on:
        # Some banks date what was left the day before by the day on which it still stood.
        opening = Balance(opening.amount, closing.on)
    bank, _, number = written.partition("/")
    named = bool(number) and BIC.fullmatch(bank) is not None
    yield Statement(
        kind="intraday" if message.intraday else "statement",
        account=Account(
            number=account_number(number if named else written),
            currency=currency,
            bank=bank if named else sender,
        ),
        number=message.number,
        # Bookings may lie outside of what the balances' dates span.
        starts_on=min([*days, opening.on]) if opening else None,
        ends_on=max([*days, closing.on]) if closing else None,
        opening=opening,
        closing=closing,
    )
    for each in (first, last):
        if each and each.day and each.day.odd:
            yield odd_date(f"A balance of account {written}", each.day)
    if message.intraday:
        yield NOT_FINAL
    yield from odd
    yield from told


def _code_page(message: _Message, account: str, currency: str) -> str | None:
    """In which letters the texts of a bank in Central Europe are written, None elsewhere."""
    if currency not in CENTRAL_CURRENCIES and account[:2] not in CENTRAL_COUNTRIES:
        return None
    texts = (each.value for entry in message.entries for each in (entry.line, *entry.narratives))
    return central_page("".join(text for text in texts if not text.isascii()))


class _Written(NamedTuple):
    """A balance as it is written; some banks have no day for the first one of all."""

    amount: int
    currency: str
    day: Day | None


def _balance(each: Field | None) -> _Written | None:
    """The balance that a field says, in minor units, negative for a debit."""
    if each is None:
        return None
    match = BALANCE.match(each.value)
    if match is None:
        raise Unreadable(f"{_at(each)} cannot be read: {tidy(each.value)[:80]!r}.")
    side, day, currency, whole, fraction = match.groups()
    try:
        amount = minor(whole, fraction, currency)
    except BadValue as error:
        raise Unreadable(f"{_at(each)} {error}.") from None
    return _Written(amount if side == "C" else -amount, currency, short_day(day))


def _span(first: _Written | None, last: _Written | None) -> tuple[date, date] | None:
    """The days between two balances, both inclusive."""
    if not (first and last and first.day and last.day) or first.day.on > last.day.on:
        return None
    return first.day.on, last.day.on


def _dated(each: _Written | None, otherwise: date | None) -> Balance | None:
    """The balance on its day, else on that of the bookings beside it."""
    if each is None:
        return None
    on = each.day.on if each.day else otherwise
    return None if on is None else Balance(each.amount, on)


def _account(message: _Message) -> tuple[str, str | None]:
    """The account as it is written, and the currency that some banks put behind it."""
    written = (message.account or "").removeprefix("/")
    if is_iban(written):
        return written, None
    match = WITH_CURRENCY.fullmatch(written)  # an IBAN as well, for that may have letters
    return (match[1].rstrip(), match[2]) if match else (written, None)


def _check_join(held: _Message, page: _Message) -> Iterator[Finding]:
    """A page whose first balance is not the last one of the page before: one is missing."""
    before, after = _balance(held.closing), _balance(page.opening)
    if before and after and before[:2] != after[:2]:
        yield Finding(
            "page_missing",
            f"Statement {held.number or 'without a number'} of account {held.account} goes on at"
            f" byte {page.opening.start if page.opening else 0} with another balance than its page"
            " before ends with; a page is missing.",
        )


def _at(each: Field) -> str:
    return f"The field :{each.tag}: at byte {each.start}"


def _found(pattern: re.Pattern[str], value: str) -> str | None:
    match = pattern.match(value)
    return match[1] if match and match[1] != "0" else None
