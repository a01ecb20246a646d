"""The head of a CAMT statement, report or notice: whose account, which period and balances."""

import re
from datetime import date, timedelta
from operator import attrgetter

from core import bilingual
from core.bilingual import Bilingual
from core.errors import Unreadable
from core.formats.camt.fields import Fields, amount, day, likely_day, one_line
from core.formats.common.texts import BadValue, account_number, no_currency
from core.statements.model import Account, Balance, ControlSums, Statement, StatementKind

OPENING, PREVIOUS, INTERIM, CLOSING = "OPBD", "PRCD", "ITBD", "CLBD"
BOOKED = (OPENING, PREVIOUS, INTERIM, CLOSING)  # not CLAV, FWAV ...: they count credit lines in
AVAILABLE = "CLAV"
# How banks call these in words of their own.
OWN_TYPES = (
    (re.compile(r"avail|verf(ü|ue)gbar|disponib|beschikbaar", re.IGNORECASE), AVAILABLE),
    (re.compile(r"open|begin|start|anfang|initial|begin|prev", re.IGNORECASE), OPENING),
    (re.compile(r"clos|end|schlu(ss|ß)|final|slot", re.IGNORECASE), CLOSING),
)

Dated = tuple[str, Balance]


def read_head(
    kind: StatementKind, fields: Fields, parts: list[Fields], first_currency: str | None
) -> Statement:
    """The statement's head, balances in minor units of its currency.

    `first_currency` is that of the first entry, the last resort where head and balances name
    none. Raises Unreadable for a head that names no account or no currency.
    """
    number = fields.get("account")
    if number is None:
        raise Unreadable(
            Bilingual("A statement names no account.", "Ein Kontoauszug nennt kein Konto.")
        )
    for part in parts:
        part.setdefault("type", _own_type(part.get("own_type", "")))
    booked = [part for part in parts if part["type"] in BOOKED]
    currencies = [part.get("amount currency") for part in booked]
    currency = fields.get("currency") or next(filter(None, currencies), first_currency)
    if currency is None:
        raise Unreadable(no_currency(number))
    balances = [
        (part["type"], _balance(part, number))
        for part in booked
        if part.get("amount currency", currency) == currency
    ]
    opening, closing = _opening(balances), _closing(balances)
    if opening and closing and opening.on > closing.on:
        # Some banks date what was left the day before by the day on which it still stood.
        opening = Balance(opening.amount, closing.on)
    starts_on, ends_on = _period(fields, opening, closing, number)
    return Statement(
        kind=kind,
        account=Account(
            number=account_number(number),
            currency=currency,
            holder=one_line(fields.get("holder")),
            bank=one_line(fields.get("bank") or fields.get("bank_name")),
        ),
        number=fields.get("legal_number") or fields.get("electronic_number"),
        starts_on=starts_on,
        ends_on=ends_on,
        opening=opening,
        closing=closing,
        available=_available(parts, currency),
        credit_line=_credit_line(parts, currency),
        account_kind=one_line(fields.get("account_kind")),
        controls=_controls(fields, currency),
    )


def _own_type(words: str) -> str:
    """The type of a balance that a bank names in its own words, empty where none can be told."""
    if words.upper() in (*BOOKED, AVAILABLE):
        return words.upper()
    return next((type_ for pattern, type_ in OWN_TYPES if pattern.search(words)), "")


def _available(parts: list[Fields], currency: str) -> Balance | None:
    """What could be drawn at the end; what cannot be read of it is of no use."""
    for part in parts:
        if part["type"] == AVAILABLE and part.get("amount currency") == currency:
            on = likely_day(part, "on")
            minor = _likely_amount(part, "amount")
            if on is not None and minor is not None:
                return Balance(minor, on)
    return None


def _credit_line(parts: list[Fields], currency: str) -> int | None:
    for part in parts:
        if part.get("line_amount currency") == currency:
            return _likely_amount(part | {"side": "CRDT"}, "line_amount")
    return None


def _likely_amount(part: Fields, name: str) -> int | None:
    try:
        return amount(part, name)[0]
    except BadValue:
        return None


def _controls(fields: Fields, currency: str) -> ControlSums | None:
    """What the message says that its entries come to; totals have no currency of their own."""
    said = [
        _total(fields.get(name), currency) if name.endswith("total") else _number(fields.get(name))
        for name in ControlSums._fields
    ]
    return ControlSums(*said) if said != [None] * len(said) else None


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isdecimal() and len(text) < 16 else None


def _total(text: str | None, currency: str) -> int | None:
    if text is None:
        return None
    return _likely_amount({"total": text, "total currency": currency, "side": "CRDT"}, "total")


def _balance(part: Fields, number: str) -> Balance:
    try:
        minor, _ = amount(part, "amount")
        on = day(part, "on")
        if on is None:
            raise BadValue(Bilingual("has no date", "hat kein Datum"))
    except BadValue as error:
        what = Bilingual(f"A balance of account {number}", f"Ein Saldo des Kontos {number}")
        raise error.as_unreadable(what) from None
    return Balance(minor, on)


def _opening(balances: list[Dated]) -> Balance | None:
    """The earliest opening balance; else what was left the day before; else a first interim one."""
    opening = [balance for type_, balance in balances if type_ == OPENING]
    if opening:
        return min(opening, key=attrgetter("on"))
    for type_, balance in balances:
        if type_ == PREVIOUS and balance.on < date.max:
            return Balance(balance.amount, balance.on + timedelta(days=1))
    return balances[0][1] if len(balances) > 1 and balances[0][0] == INTERIM else None


def _closing(balances: list[Dated]) -> Balance | None:
    """The latest closing balance, else the last interim one that is not the opening."""
    closing = [balance for type_, balance in reversed(balances) if type_ == CLOSING]
    if closing:
        return max(closing, key=attrgetter("on"))
    opening = _opening(balances)
    for type_, balance in reversed(balances):
        if type_ == INTERIM and balance is not opening:
            return balance
    return None


def _period(
    fields: Fields, opening: Balance | None, closing: Balance | None, number: str
) -> tuple[date | None, date | None]:
    """The period that the file names, else the one between its balances."""
    try:
        opens, closes = opening.on if opening else None, closing.on if closing else None
        named = day(fields, "from") or opens, day(fields, "to") or closes
        # The period is that of all pages: one of them reaches from its first balance to its last.
        starts_on = named[0] if _number(fields.get("page")) in (None, 1) else opens
        ends_on = named[1] if fields.get("last_page", "true") in ("true", "1") else closes
        if starts_on and ends_on and starts_on > ends_on:
            starts_on, ends_on = named
        if starts_on and ends_on and starts_on > ends_on:
            first, last = bilingual.day(starts_on), bilingual.day(ends_on)
            raise BadValue(
                Bilingual(
                    f"ends before it starts: {first.en} to {last.en}",
                    f"endet, bevor er beginnt: {first.de} bis {last.de}",
                )
            )
    except BadValue as error:
        what = Bilingual(f"The period of account {number}", f"Der Zeitraum des Kontos {number}")
        raise error.as_unreadable(what) from None
    return starts_on, ends_on
