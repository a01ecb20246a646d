"""A booking of a bank's table: one of its rows."""

import re
from functools import lru_cache
from typing import NamedTuple

from core.documents.model import Finding
from core.errors import Unreadable
from core.evidence import Bytes
from core.statements.amounts import quick_amount, read_amount
from core.statements.csv_columns import Columns
from core.statements.csv_headers import Role, find_currency
from core.statements.csv_surroundings import BALANCE, Surroundings
from core.statements.csv_table import Row, Writing
from core.statements.dates import odd_date, written_day
from core.statements.model import Transaction
from core.statements.remittance import Purpose, find_reason, is_correction, read_purpose
from core.statements.texts import BadValue, account_number, german_iban, tidy

DEBIT = re.compile(r"s|soll|d|dr|debit|af|belastung|ausgang", re.IGNORECASE)
PENDING = re.compile(r"vorgemerkt|pending|ausstehend|nicht gebucht", re.IGNORECASE)
DIRECTIONS = frozenset(("Eingang", "Ausgang"))  # as amounts say too
LOOKS_LIKE_MONEY = re.compile(r"[+-]?[0-9][0-9.,']*[.,][0-9]{2}(?: ?[A-Z€]{1,3})?")
CURRENCY = re.compile(r"[A-Z]{3}")
ABSENT = -1  # the column of a role that the table lacks: an empty cell at the end of each row


class Counted(NamedTuple):
    """A booking, the account that its row names, and what its row says was left after it."""

    said: Transaction
    account: str | None
    balance: int | None


class BookingReader:
    """Reads a table's rows one by one; keeps what was odd, and notes what was no booking."""

    def __init__(self, columns: Columns, writing: Writing, around: Surroundings) -> None:
        self.findings: list[Finding] = []
        self._columns, self._writing, self._around = columns, writing, around
        self._at = {role: columns.at.get(role, ABSENT) for role in Role}
        # The same names, accounts and words come back all over a table: each is read once.
        self._tidy = lru_cache(maxsize=8192)(lambda cell: tidy(writing.text(cell)))
        self._account = lru_cache(maxsize=8192)(self._read_account)
        self._currency = lru_cache(maxsize=64)(self._read_currency)
        self._pending = lru_cache(maxsize=64)(lambda cell: PENDING.search(cell) is not None)

    @property
    def currency(self) -> str:
        """The currency of amounts beside which none stands; Unreadable where nothing names it."""
        named = self._columns.currency or self._around.currency
        if named is None and (self._around.account or "").startswith("DE"):
            return "EUR"
        if named is None:
            raise Unreadable("The table names no currency.")
        return named

    def read(self, row: Row, start: int, end: int) -> Counted | None:
        """The booking that stands in the row at these bytes, if one does."""
        at = self._at
        if len(row) != self._columns.width:
            row = self._fitted(row, start)
        row.append("")
        day = written_day(row[at[Role.BOOKED]], self._columns.order)
        currency = self._currency(row[at[Role.CURRENCY]])
        try:
            amount = None if day is None else self._amount(row, currency, start)
        except BadValue as error:
            raise Unreadable(f"The row at byte {start} {error}.") from None
        if day is None or amount is None:
            self._put_aside(row, start)
            return None
        purpose = self._purpose(row)
        name = self._tidy(row[self._party(amount)])
        if not name and not purpose.text and BALANCE.search(" ".join(row)):
            self._put_aside(row, start)
            return None
        valued = written_day(row[at[Role.VALUED]], self._columns.order)
        for each in (day, valued):
            if each is not None and each.odd:
                self.findings.append(odd_date(f"The booking at byte {start}", each))
        kind, gvc = self._tidy(row[at[Role.TEXT]]), row[at[Role.GVC]].strip() or None
        if kind in DIRECTIONS:
            kind = ""
        text = purpose.text if kind in purpose.text else f"{kind} {purpose.text}".rstrip()
        own, balance = row[at[Role.OWN]], row[at[Role.BALANCE]]
        said = Transaction(
            booked_on=day.on,
            valued_on=None if valued is None else valued.on,
            amount=amount,
            currency=currency,
            pending=self._pending(row[at[Role.STATUS]]),
            reversal=is_correction(text),
            counterparty=name or purpose.name,
            counterparty_account=self._account(row[at[Role.ACCOUNT]], row[at[Role.BANK]]),
            remittance=text,
            gvc=gvc,
            iso=None,
            return_reason=find_reason(gvc, text),
            bank_reference=row[at[Role.REFERENCE]].strip() or None,
            details=(),
            evidence=Bytes(start, end),
        )
        return Counted(
            said,
            self._account(own, row[at[Role.OWN_BANK]])
            or self._tidy(row[at[Role.OWN_NAME]])
            or None,
            self._minor(balance, currency, start) if balance else None,
        )

    def _amount(self, row: Row, currency: str, start: int) -> int | None:
        """The row's amount: in one column, with its side in another, or in a column a side."""
        at = self._at
        if at[Role.AMOUNT] != ABSENT:
            amount = self._minor(row[at[Role.AMOUNT]], currency, start)
            debit = DEBIT.fullmatch(row[at[Role.SIDE]].strip())
            return amount if amount is None or debit is None else -abs(amount)
        debit_, credit = (
            self._minor(row[at[side]], currency, start) for side in (Role.DEBIT, Role.CREDIT)
        )
        if debit_ is None and credit is None:
            return None
        return abs(credit or 0) - abs(debit_ or 0)

    def _minor(self, cell: str, currency: str, start: int) -> int | None:
        """Minor units of a cell; nearly all cells are a sign, digits, the point and two more."""
        point = self._columns.point
        amount = quick_amount(cell, point.value, currency)
        if amount is not None:
            return amount
        return read_amount(self._writing.text(cell), point, currency)

    def _purpose(self, row: Row) -> Purpose:
        columns = self._columns.purposes
        cell = row[columns[0]] if len(columns) == 1 else " ".join([row[each] for each in columns])
        return read_purpose(tidy(self._writing.text(cell)))

    def _party(self, amount: int) -> int:
        """The column of the other side: one for both, or who pays and who is paid apart."""
        at = self._at
        if at[Role.NAME] != ABSENT:
            return at[Role.NAME]
        sides = (Role.PAYER, Role.PAYEE) if amount >= 0 else (Role.PAYEE, Role.PAYER)
        return next((at[side] for side in sides if at[side] != ABSENT), ABSENT)

    def _read_account(self, cell: str, bank: str) -> str | None:
        number = "".join(self._writing.text(cell).split())
        if not number.strip("0"):
            return None
        return german_iban(bank.strip(), number) or account_number(number)

    def _read_currency(self, cell: str) -> str:
        text = self._writing.text(cell).strip()
        return text if CURRENCY.fullmatch(text) else find_currency(text) or self.currency

    def _fitted(self, row: Row, start: int) -> Row:
        """The row as wide as the table, for not all banks quote a separator in a text.

        Cells that it lacks are empty, a text that was cut is whole again.
        """
        width, separator = self._columns.width, self._writing.separator
        while len(row) > width and not row[-1].strip():
            row.pop()
        surplus = len(row) - width
        if surplus <= 0:
            if surplus < 0 and row[-1].count("\n") > 1:
                raise Unreadable(f"In the row at byte {start} a quotation mark is never closed.")
            return row + [""] * -surplus
        at = self._at
        for column in (*self._columns.purposes, at[Role.NAME], at[Role.TEXT]):
            text = separator.join(row[column : column + surplus + 1])
            whole = [*row[:column], text, *row[column + surplus + 1 :]]
            if column != ABSENT and LOOKS_LIKE_MONEY.fullmatch(whole[self._money].strip()):
                return whole
        return row[:width]

    @property
    def _money(self) -> int:
        at = self._at
        return next(
            at[each] for each in (Role.AMOUNT, Role.CREDIT, Role.DEBIT) if at[each] != ABSENT
        )

    def _put_aside(self, row: Row, start: int) -> None:
        """Take what a row says of the whole table; say so where a row of money says nothing."""
        cells = [self._tidy(cell) for cell in row]
        columns = self._columns
        told = self._around.note(cells, columns.point, columns.order, columns.currency)
        if not told and any(LOOKS_LIKE_MONEY.fullmatch(cell) for cell in cells):
            shown = " ".join(filter(None, cells))[:80]
            self.findings.append(
                Finding(
                    "row_left_out",
                    f"The row at byte {start}, which is no booking, was left out: {shown!r}.",
                )
            )
