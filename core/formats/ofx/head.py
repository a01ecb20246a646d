"""The head of an OFX statement: whose account, which days, and what the ledger closes with."""

import re
from collections.abc import Iterator
from functools import cached_property

from core.bilingual import Bilingual
from core.documents.model import Finding
from core.errors import Unreadable
from core.formats.common.dates import odd_date
from core.formats.common.texts import BadValue, account_number, german_iban, no_currency
from core.formats.ofx.fields import CURRENCY, Fields, amount_of, day_of, fields, words
from core.statements.model import Account, Balance, Statement

AVAILABLE = re.compile(r"<AVAILBAL>(.*?)(?:</AVAILBAL>|<(?:LEDGERBAL|BALLIST)>|\Z)", re.DOTALL)
LEDGER = re.compile(r"<LEDGERBAL>(.*?)(?:</LEDGERBAL>|(?=<AVAILBAL>)|\Z)", re.DOTALL)
OTHER_BALANCES = re.compile(r"<(AVAILBAL|BALLIST|INVBAL|CASHADVBALAMT)>.*?(?:</\1>|\Z)", re.DOTALL)
INVESTMENTS = Finding(
    "investments",
    Bilingual(
        "The file is about investments: their purchases and sales are not read, and the cash that"
        " moved is shown and not counted.",
        "Die Datei betrifft ein Depot: Käufe und Verkäufe von Wertpapieren werden nicht gelesen;"
        " Geldbewegungen werden angezeigt, aber nicht gezählt.",
    ),
)


class StatementHead:
    """What a statement says before, between and after its bookings."""

    def __init__(self, container: str, bank: str) -> None:
        self.invests = container == "INVSTMTRS"
        self.of_card = container == "CCSTMTRS"
        self._bank = bank
        self._fields: Fields = {}
        self._ledger: Fields = {}
        self._drawable: Fields = {}

    def note(self, text: str) -> None:
        """Take in what stands between two bookings; what was said first counts."""
        if ledger := LEDGER.search(text):
            self._ledger = fields(ledger[1])
            text = text[: ledger.start()] + text[ledger.end() :]
        if available := AVAILABLE.search(text):
            self._drawable = fields(available[1])
        self._fields = fields(OTHER_BALANCES.sub("", text)) | self._fields

    @cached_property
    def currency(self) -> str:
        """The currency of the account; Unreadable where the file names none."""
        currency = words(self._fields.get("CURDEF")).upper()
        if not CURRENCY.fullmatch(currency):
            raise Unreadable(no_currency(self.number))
        return currency

    @property
    def number(self) -> str:
        """The account's number: an IBAN where German bank code and number make one."""
        bank, number = words(self._fields.get("BANKID")), words(self._fields.get("ACCTID"))
        if not number:
            raise Unreadable(
                Bilingual(
                    "A statement in the OFX file names no account.",
                    "Ein Kontoauszug in der OFX-Datei nennt kein Konto.",
                )
            )
        return german_iban(bank, number) or account_number(number)

    def items(self) -> Iterator[Statement | Finding]:
        """The statement's head; amounts in minor units."""
        currency, number = self.currency, self.number
        try:
            first, last = (day_of(self._fields.get(name)) for name in ("DTSTART", "DTEND"))
            amount = amount_of(self._ledger.get("BALAMT"), currency)
            on = day_of(self._ledger.get("DTASOF")) or last
        except BadValue as error:
            what = Bilingual(
                f"The period or balance of account {number}",
                f"Zeitraum oder Saldo des Kontos {number}",
            )
            raise error.as_unreadable(what) from None
        for day in (first, last, on):
            if day and day.odd:
                yield odd_date(
                    Bilingual(
                        f"The statement of account {number}", f"Der Kontoauszug des Kontos {number}"
                    ),
                    day,
                )
        if self.invests:
            yield INVESTMENTS
        closing = None
        # A balance of a later day than the statement is about is not what it closes with.
        if amount is not None and on is not None and (last is None or on.on <= last.on):
            closing = Balance(amount, on.on)
        starts_on, ends_on = (first.on if first else None), (last.on if last else None)
        if starts_on and ends_on and starts_on > ends_on:
            raise Unreadable(
                Bilingual(
                    f"The period of account {number} ends before it starts.",
                    f"Der Zeitraum des Kontos {number} endet, bevor er beginnt.",
                )
            )
        yield Statement(
            kind="notice" if self.invests else "statement",
            account=Account(
                number, currency, bank=self._bank or words(self._fields.get("BANKID")) or None
            ),
            number=None,
            starts_on=starts_on,
            ends_on=ends_on,
            opening=None,
            closing=closing,
            available=self._available(currency),
            account_kind=words(self._fields.get("ACCTTYPE")) or None,
        )

    def _available(self, currency: str) -> Balance | None:
        """What could be drawn; what cannot be read of it is of no use."""
        try:
            amount = amount_of(self._drawable.get("BALAMT"), currency)
            on = day_of(self._drawable.get("DTASOF"))
        except BadValue:
            return None
        return None if amount is None or on is None else Balance(amount, on.on)
