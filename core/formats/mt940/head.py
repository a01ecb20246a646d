"""The head of an MT940's statement: whose account, in which currency, between which balances."""

import re
from collections.abc import Collection, Container, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache
from itertools import chain, filterfalse
from typing import NamedTuple

from core.bilingual import Bilingual
from core.documents.model import Finding
from core.errors import Unreadable
from core.formats.common.dates import CalendarDay, odd_date, short_day
from core.formats.common.letters import DIN_66003, DOS, is_din_66003, is_dos
from core.formats.common.texts import (
    BIC,
    BadValue,
    account_number,
    central_page,
    minor,
    no_currency,
    tidy,
    unreadable_value,
)
from core.formats.mt940.entry import Context
from core.formats.mt940.swift import Field, RawBookings
from core.iban import is_iban
from core.statements.model import Account, Balance, ControlSums, Statement

BALANCE = re.compile(
    r"\s*([CD])R?(?:20(?=[0-9]{6}[A-Z]))?([0-9]{6})([A-Z]{3})"
    r"\s*([0-9]{1,3}(?:[.' ][0-9]{3})+(?=,)|[0-9]{1,18}+)[,.]?([0-9]{0,10}+)(?![0-9.,])"
)
CONTROLS = re.compile(r"\s*([0-9]{1,5})([A-Z]{3})\s*([0-9]{1,18})[,.]?([0-9]{0,10})")
WITH_CURRENCY = re.compile(r"(.*[0-9])[ /]?([A-Z]{3})")
# `:25P:` has the bank's BIC on a line of its own; some put it behind a slash.
WITH_BIC = re.compile(rf"(.*[0-9][^\n/]*)(?:\r?\n|/)\s*({BIC.pattern})", re.DOTALL)
IBAN_WITH_BIC = re.compile(rf"([A-Z]{{2}}[0-9]{{2}}[A-Z0-9]{{11,30}}) ({BIC.pattern})")
GERMAN = re.compile(r"DE[0-9]|[0-9]{8}/")
FOREIGN = re.compile(r"(?!DE)[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}|[0-9]{4}/[0-9]+")
CENTRAL_CURRENCIES = frozenset(("PLN", "CZK", "HUF", "RON"))
CENTRAL_COUNTRIES = frozenset(("CZ", "HR", "HU", "PL", "RO", "SI", "SK"))

NOT_FINAL = Finding(
    "not_final",
    Bilingual(
        "The file is an MT942: its bookings are not final yet, so they are shown and not counted."
        " Send the MT940 of these days.",
        "Die Datei ist ein MT942: Ihre Buchungen sind noch nicht endgültig und werden deshalb"
        " angezeigt, aber nicht gezählt. Bitte den MT940 dieser Tage senden.",
    ),
)


@dataclass(slots=True)
class Message:
    """A message as it comes in, and later the pages that go on with it."""

    account: str | None = None
    bank: str | None = None  # its BIC, where it stands behind the account
    number: str | None = None
    opening: Field | None = None
    closing: Field | None = None
    available: Field | None = None
    controls: list[Field] = field(default_factory=list)
    intraday: bool = False
    currency: str | None = None  # where no balance names it
    bookings: RawBookings = field(default_factory=lambda: RawBookings([], [], [], []))

    def goes_on_with(self, page: "Message") -> bool:
        """Whether that is the next page of this statement."""
        return (
            (self.closing is not None and self.closing.tag == "62M")
            and (page.opening is not None and page.opening.tag == "60M")
            and (self.account, self.number) == (page.account, page.number)
        )


class WrittenBalance(NamedTuple):
    """A balance as it is written; some banks have no day for the first one of all."""

    amount: int
    currency: str
    day: CalendarDay | None


class MessageHead(NamedTuple):
    """What a message says around its bookings; `account` is as it is written."""

    message: Message
    account: str
    currency: str
    first: WrittenBalance | None
    last: WrittenBalance | None

    @property
    def context(self) -> Context:
        """What it tells of its bookings."""
        return Context(
            currency=self.currency,
            foreign=FOREIGN.fullmatch(self.account) is not None,
            german=GERMAN.match(self.account) is not None,
            pending=self.message.intraday,
            days=_span(self.first, self.last),
        )

    @property
    def bookings(self) -> RawBookings:
        """Its bookings, their texts such that `decode` finds the letters that were meant."""
        bookings = self.message.bookings
        beyond = "".join(filterfalse(str.isascii, chain(bookings.lines, bookings.texts)))
        if not beyond:  # what has more letters is not of seven bits
            if not (self.context.german and is_din_66003(bookings.texts)):
                return bookings
            texts = [text.translate(DIN_66003) for text in bookings.texts]
        elif page := self._code_page(beyond):
            texts = [text.encode("latin-1").decode(page, "replace") for text in bookings.texts]
        else:
            return bookings
        return bookings._replace(texts=[text.encode().decode("latin-1") for text in texts])

    def _code_page(self, beyond: str) -> str | None:
        """In which letters a bank in Central Europe writes, or a program of old elsewhere."""
        if self.currency in CENTRAL_CURRENCIES or self.account[:2] in CENTRAL_COUNTRIES:
            return central_page(beyond)
        return DOS if is_dos(beyond) else None

    def statement(self, days: Collection[date], sender: str | None) -> Statement:
        """The statement, whose bookings are of these days; `sender` is the bank that wrote it."""
        opening = _dated(self.first, min(days, default=None))
        closing = _dated(self.last, max(days, default=None))
        if opening and closing and opening.on > closing.on:
            # Some banks date what was left the day before by the day on which it still stood.
            opening = Balance(opening.amount, closing.on)
        bank, _, number = self.account.partition("/")
        named = bool(number) and BIC.fullmatch(bank) is not None
        return Statement(
            kind="intraday" if self.message.intraday else "statement",
            account=Account(
                number=account_number(number if named else self.account),
                currency=self.currency,
                bank=bank if named else self.message.bank or sender,
            ),
            number=self.message.number,
            # Bookings may lie outside of what the balances' dates span.
            starts_on=min([*days, _begins(opening, closing, days)]) if opening else None,
            ends_on=max([*days, closing.on]) if closing else None,
            opening=opening,
            closing=closing,
            available=self._available(),
            controls=_controls(self.message.controls, self.currency),
        )

    def _available(self) -> Balance | None:
        """What could be drawn at the end; what cannot be read of it is of no use."""
        try:
            return _dated(read_balance(self.message.available), None)
        except Unreadable:
            return None

    def findings(self) -> Iterator[Finding]:
        """What is odd about it."""
        what = Bilingual(
            f"A balance of account {self.account}", f"Ein Saldo des Kontos {self.account}"
        )
        for each in (self.first, self.last):
            if each and each.day and each.day.odd:
                yield odd_date(what, each.day)
        if self.message.intraday:
            yield NOT_FINAL
        elif self.first and not self.last:
            number, account = self.message.number, self.account
            yield Finding(
                "closing_missing",
                Bilingual(
                    f"Statement {number or 'without a number'} of account {account} has no closing"
                    " balance (:62F:), so that its bookings are held to none; some may be missing.",
                    f"Der Kontoauszug {number or 'ohne Nummer'} des Kontos {account} hat keinen"
                    " Endsaldo (:62F:), an dem seine Buchungen nachprüfbar wären; es können welche"
                    " fehlen.",
                ),
            )


@lru_cache(maxsize=1024)  # many a bank writes a message a day
def read_account(value: str) -> tuple[str, str | None]:
    """The account as it is written, and the BIC that may stand behind it."""
    value = value.strip()
    match = WITH_BIC.fullmatch(value) or IBAN_WITH_BIC.fullmatch(value)
    return (tidy(match[1]), match[2]) if match else (tidy(value), None)


def read_head(message: Message) -> MessageHead:
    """The head of a whole message; raises Unreadable where its currency or a balance is lacking."""
    written, named = _account(message)
    first, last = read_balance(message.opening), read_balance(message.closing)
    currency = next((each.currency for each in (first, last) if each), message.currency or named)
    if currency is None:
        raise Unreadable(no_currency(written))
    if first and last and first.currency != last.currency:
        raise Unreadable(
            Bilingual(
                f"The statement of account {written} opens in {first.currency} and closes in"
                f" {last.currency}; in which its bookings are cannot be told. Ask the bank for the"
                " statement again.",
                f"Der Kontoauszug des Kontos {written} beginnt in {first.currency} und endet in"
                f" {last.currency}; die Währung seiner Buchungen ist nicht erkennbar. Bitte den"
                " Auszug bei der Bank neu anfordern.",
            ),
            code="currency_unknown",
        )
    return MessageHead(message, written, currency, first, last)


def read_balance(each: Field | None) -> WrittenBalance | None:
    """The balance that a field says, in minor units, negative for a debit."""
    if each is None:
        return None
    match = BALANCE.match(each.value)
    if match is None:
        raise unreadable_value(tidy(each.value)).as_unreadable(each.named)
    side, day, currency, written, fraction = match.groups()
    whole = "".join(filter(str.isdecimal, written))
    try:
        amount = minor(whole, fraction, currency)
    except BadValue as error:
        raise error.as_unreadable(each.named) from None
    return WrittenBalance(amount if side == "C" else -amount, currency, short_day(day))


def _controls(written: Iterable[Field], currency: str) -> ControlSums | None:
    """How many debits (`90D`) and credits (`90C`) a message says that there are, and their sums."""
    said: dict[str, int] = {}
    for each in written:
        match = CONTROLS.match(each.value)
        if match is None or match[2] != currency:
            continue
        side = "credit" if each.tag == "90C" else "debit"
        said[f"{side}s"] = int(match[1])
        with suppress(BadValue):
            said[f"{side}_total"] = minor(match[3], match[4], currency)
    return ControlSums(**said) if said else None


def _begins(opening: Balance, closing: Balance | None, booked: Container[date]) -> date:
    """The day that a statement begins on: many banks date what it opens with by the eve.

    That is plain where the eve is the last of a month and nothing is booked on it.
    """
    after = opening.on + timedelta(days=1)
    is_eve = after.day == 1 and closing is not None and closing.on >= after
    return after if is_eve and opening.on not in booked else opening.on


def _span(first: WrittenBalance | None, last: WrittenBalance | None) -> tuple[date, date] | None:
    """The days between two balances, both inclusive."""
    if not (first and last and first.day and last.day) or first.day.on > last.day.on:
        return None
    return first.day.on, last.day.on


def _dated(each: WrittenBalance | None, otherwise: date | None) -> Balance | None:
    """The balance on its day, else on that of the bookings beside it."""
    if each is None:
        return None
    on = each.day.on if each.day else otherwise
    return None if on is None else Balance(each.amount, on)


def _account(message: Message) -> tuple[str, str | None]:
    """The account as it is written, and the currency that some banks put behind it."""
    written = (message.account or "").removeprefix("/")
    if is_iban(written):
        return written, None
    match = WITH_CURRENCY.fullmatch(written)  # an IBAN as well, for that may have letters
    return (match[1].rstrip(), match[2]) if match else (written, None)
