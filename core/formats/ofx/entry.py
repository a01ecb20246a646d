"""A booking of an OFX statement: what stands in its `STMTTRN`."""

import re
from collections.abc import Sequence
from functools import lru_cache

from core.bilingual import Bilingual
from core.documents.model import Finding
from core.evidence import Bytes
from core.formats.common.dates import odd_date
from core.formats.common.remittance import read_keyed, read_signs
from core.formats.common.texts import BadValue, account_number, booking_at, german_iban
from core.formats.ofx.fields import CURRENCY, Fields, amount_of, day_of, fields, words
from core.formats.ofx.head import StatementHead
from core.statements.model import Particulars, Transaction, make

NO_AMOUNT = Bilingual("has no amount", "hat keinen Betrag")
NO_DATE = Bilingual("has no date", "hat kein Datum")
NAMES = (
    "TRNTYPE",
    "DTPOSTED",
    "DTUSER",
    "DTAVAIL",
    "TRNAMT",
    "FITID",
    "NAME",
    "BANKID",
    "ACCTID",
    "MEMO",
)


def _elements(names: str) -> str:
    """A pattern of elements in this order, each of which may be missing, and may be closed."""
    values = {name: "([^<]*)" if name in NAMES else "[^<]*" for name in names.split()}
    return "".join(rf"(?:<{name}>{value}(?:</{name}>\s*)?)?" for name, value in values.items())


# A booking in the standard's own order, as most writers keep it: read in half the time that
# `fields` takes, to which all others are left.
USUAL = re.compile(
    r"\s*"
    + _elements("TRNTYPE DTPOSTED DTUSER DTAVAIL TRNAMT FITID CHECKNUM REFNUM NAME EXTDNAME")
    + rf"(?:<BANKACCTTO>\s*{_elements('BANKID BRANCHID ACCTID ACCTTYPE ACCTKEY')}</BANKACCTTO>\s*)?"
    + _elements("MEMO")
)


def read_entry(
    body: str, head: StatementHead, place: Bytes
) -> tuple[Transaction, Sequence[Finding]]:
    """The booking, signed as it stands, in minor units of the account's currency or its own.

    Beside it, what was odd. Raises Unreadable for one without an amount or a date that is any.
    """
    try:
        values, currency = _values(body, head)
        kind, posted, used, available, units, reference, name, bank, number, memo = values
        amount = amount_of(units, currency)
        booked = day_of(posted) or day_of(used)
        valued = day_of(available)
        if amount is None or booked is None:
            raise BadValue(NO_AMOUNT if amount is None else NO_DATE)
    except BadValue as error:
        raise error.as_unreadable(booking_at(place.start)) from None
    text, ultimate, (particulars, pending) = words(memo), None, _of_kind(kind)
    if "+" in text:
        (text, ultimate, _), told = read_keyed(text)
        if told is not None:
            particulars = make(Particulars, (*told[:-1], particulars and particulars.booking_key))
    party, account = _party(name, bank, number)
    reason, corrects = read_signs(None, text)
    # As a tuple: names cost a fifth of the time that it takes to read a booking.
    whole = (
        booked.on,
        valued.on if valued else None,
        amount,
        currency,
        pending,
        corrects,
        party or ultimate,
        account,
        text,
        None,  # GVC
        None,  # ISO 20022
        reason,
        words(reference) or None,
        (),
        place,
        None,  # no page
        particulars,
    )
    transaction = make(Transaction, whole)
    if booked.odd is None and (valued is None or valued.odd is None):
        return transaction, ()
    return transaction, [
        odd_date(booking_at(place.start), day) for day in (booked, valued) if day and day.odd
    ]


def _values(body: str, head: StatementHead) -> tuple[tuple[str | None, ...], str]:
    """The values of the elements in `NAMES`, None for one that is not there, and the currency."""
    if usual := USUAL.fullmatch(body):
        return usual.groups(), head.currency
    elements = fields(body)
    currency = _own_currency(elements) if "CURRENCY" in elements else head.currency
    return tuple(map(elements.get, NAMES)), currency


def _own_currency(elements: Fields) -> str:
    """The currency that a booking bears where it is not the account's."""
    if not CURRENCY.fullmatch(own := words(elements.get("CURSYM"))):
        raise BadValue(Bilingual("names no currency", "nennt keine Währung"))
    return own


@lru_cache(maxsize=1024)  # a bank's bookings have few
def _of_kind(kind: str | None) -> tuple[Particulars | None, bool]:
    """What a kind of booking says of it: its key, and whether it only keeps money in reserve."""
    key = words(kind)
    return Particulars(booking_key=key) if key else None, "HOLD" in key


@lru_cache(maxsize=8192)  # the same ones come back all over a statement
def _party(name: str | None, bank: str | None, account: str | None) -> tuple[str, str | None]:
    """The other side: its name, and its account as an IBAN where German numbers make one."""
    number = words(account)
    if not number:
        return words(name), None
    return words(name), german_iban(words(bank), number) or account_number(number)
