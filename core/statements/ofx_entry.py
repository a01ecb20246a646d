"""A booking of an OFX statement: what stands in its `STMTTRN`."""

from collections.abc import Iterator

from core.documents.model import Finding
from core.errors import Unreadable
from core.evidence import Bytes
from core.statements.dates import odd_date
from core.statements.model import Transaction
from core.statements.ofx_fields import CURRENCY, amount_of, day_of, fields, words
from core.statements.ofx_head import Head
from core.statements.remittance import find_reason, is_correction, read_purpose
from core.statements.texts import account_number, german_iban


def read_entry(body: str, head: Head, place: Bytes) -> Iterator[Finding | Transaction]:
    """The booking, signed as it stands, in minor units of the account's currency or its own.

    Raises Unreadable for one without an amount or a date that is any.
    """
    said = fields(body)
    what = f"The booking at byte {place.start}"
    currency = words(said.get("CURSYM")) if "CURRENCY" in said else head.currency
    if not CURRENCY.fullmatch(currency):
        raise Unreadable(f"{what} names no currency.")
    amount = amount_of(said.get("TRNAMT"), currency, what)
    if amount is None:
        raise Unreadable(f"{what} has no amount.")
    booked = day_of(said.get("DTPOSTED"), what) or day_of(said.get("DTUSER"), what)
    if booked is None:
        raise Unreadable(f"{what} has no date.")
    valued = day_of(said.get("DTAVAIL"), what)
    for day in (booked, valued):
        if day and day.odd:
            yield odd_date(what, day)
    purpose = read_purpose(words(said.get("MEMO")))
    yield Transaction(
        booked_on=booked.on,
        valued_on=valued.on if valued else None,
        amount=amount,
        currency=currency,
        pending=False,
        reversal=is_correction(purpose.text),
        counterparty=words(said.get("NAME")) or purpose.name,
        counterparty_account=_account(said.get("BANKID"), said.get("ACCTID")),
        remittance=purpose.text,
        gvc=None,
        iso=None,
        return_reason=find_reason(None, purpose.text),
        bank_reference=words(said.get("FITID")) or None,
        details=(),
        evidence=place,
    )


def _account(bank: str | None, account: str | None) -> str | None:
    """The other side's account, as an IBAN where German bank code and number make one."""
    number = words(account)
    if not number:
        return None
    return german_iban(words(bank), number) or account_number(number)
