"""A booking of a bank's table: one of its rows."""

import re
from collections.abc import Mapping
from operator import itemgetter
from typing import NamedTuple

from core.bilingual import Bilingual
from core.documents.model import Finding
from core.errors import Unreadable
from core.evidence import Bytes
from core.formats.common.amounts import quick_amount, read_amount
from core.formats.common.column import headed
from core.formats.common.dates import CalendarDay, is_day, odd_date, written_day
from core.formats.common.remittance import read_labelled, read_purpose, read_signs
from core.formats.common.texts import (
    BadValue,
    account_number,
    booking_at,
    german_iban,
    row_at,
    tidy,
)
from core.formats.csv.columns import DAYS, FITS, MONEY, TableColumns
from core.formats.csv.grid import Row
from core.formats.csv.headers import ColumnRole, find_currency
from core.formats.csv.surroundings import BALANCE, Surroundings, home_currency
from core.money import UNKNOWN_CURRENCY
from core.statements.model import Transaction

DEBIT = re.compile(r"s|soll|d|dr|debit|af|belastung|ausgang", re.IGNORECASE)
# What is not booked yet, and what never will be: neither counts.
PENDING = re.compile(
    r"vorgemerkt|pending|ausstehend|nicht gebucht|\boffen\b|processing|declin|denied|revert|reject"
    r"|fail|cancel|storniert|abgelehnt|abgebrochen|geweigerd|refus|\bmemo\b|\b(?:af)?venter\b",
    re.IGNORECASE,
)
PLAIN = (
    *DAYS,
    *MONEY,
    ColumnRole.BALANCE,
    ColumnRole.FEE,
    ColumnRole.CURRENCY,
)  # in no need of a second look
DIRECTIONS = frozenset(("Eingang", "Ausgang"))  # as amounts say too
LOOKS_LIKE_MONEY = re.compile(r"[+-]?[0-9][0-9.,']*[.,][0-9]{2}(?: ?[A-Z€]{1,3})?")
CURRENCY = re.compile(r"[A-Za-z]{3}")
MOST_FILLED = 5  # cells with something in them in a row that tells of the whole table
AccountKey = tuple[str | None, str]  # an account as a row names it, and a currency
ABSENT = -1  # the column of a role that the table lacks: an empty cell at the end of each row


class RowBooking(NamedTuple):
    """A booking, where its row says that it is kept, and what it says was left after it."""

    said: Transaction
    kept: AccountKey
    balance: int | None


# The columns that say in which account and currency a booking is kept, and which account is on the
# other side.
ACCOUNT_KEY = (ColumnRole.CURRENCY, ColumnRole.OWN, ColumnRole.OWN_BANK, ColumnRole.OWN_NAME)
COUNTERPARTY = (ColumnRole.ACCOUNT, ColumnRole.BANK)


class RowReader:
    """Reads a table's rows one by one; keeps what was odd, and notes what was no booking."""

    def __init__(self, columns: TableColumns, separator: str, around: Surroundings) -> None:
        self.findings: list[Finding] = []
        self.columns, self._separator, self._around = columns, separator, around
        # Where a column has currencies, a row without is damaged; where none has, all may be so.
        unsaid = None if columns.coded or ColumnRole.CURRENCY in columns.at else UNKNOWN_CURRENCY
        self.usual = columns.currency or unsaid
        self.at = at = {role: columns.at.get(role, ABSENT) for role in ColumnRole}
        self._booked, self._valued = at[ColumnRole.BOOKED], at[ColumnRole.VALUED]
        self._signed, self._side = at[ColumnRole.AMOUNT], at[ColumnRole.SIDE]
        self._fee = at[ColumnRole.FEE]
        self._debit, self._credit = at[ColumnRole.DEBIT], at[ColumnRole.CREDIT]
        self._point = columns.point.value
        self.parties = _sides(at)
        self._balance, self._reference = at[ColumnRole.BALANCE], at[ColumnRole.REFERENCE]
        self._texts = tuple(
            at[role] for role in (ColumnRole.NAME, ColumnRole.TEXT) if at[role] != ABSENT
        )
        self._kept = itemgetter(*(at[role] for role in ACCOUNT_KEY))
        self._account = itemgetter(*(at[role] for role in COUNTERPARTY))

    @property
    def currency(self) -> str | None:
        """The currency of amounts beside which none stands; None where nothing tells it."""
        named = self.columns.currency or self._around.currency
        return named or home_currency(self._around.account) or self.usual

    def read(self, row: Row, start: int, end: int) -> RowBooking | None:
        """The booking that stands in the row at these bytes, if one does."""
        columns = self.columns
        if len(row) != columns.width:
            row = self._fitted(row, start)
        row.append("")
        day = written_day(row[self._booked], columns.order)
        if day is None or len(row) > columns.width + 1:
            self._put_aside(row, start)
            return None
        own, currency = self.kept(self._kept(row))
        currency = currency or self.currency
        if currency is None:
            self._put_aside(row, start)
            return None
        try:
            # Nearly all tables have one column of plain amounts: no call is made in vain.
            amount = quick_amount(row[self._signed], self._point, currency)
            if amount is None or self._side != ABSENT or self._fee != ABSENT:
                amount = self._amount(row, currency)
            balance = None
            if self._balance != ABSENT:
                balance = self.minor(row[self._balance], currency)
        except BadValue as error:
            raise error.as_unreadable(row_at(start)) from None
        if amount is None:
            self._put_aside(row, start)
            return None
        text, ultimate = self._purpose(row), None
        payer, payee = self.parties
        party = payer if amount >= 0 else payee
        name = tidy(row[party])
        if not name and not text and BALANCE.search(" ".join(row)):
            self._put_aside(row, start)
            return None
        if "+" in text:
            text, ultimate, _ = read_purpose(text)
        text, labelled, given = read_labelled(text)
        ultimate = ultimate or labelled
        valued = written_day(row[self._valued], columns.order)
        if day.odd or (valued and valued.odd):
            self._note_odd(start, day, valued)
        (text,) = headed([kind_of(row[self.at[ColumnRole.TEXT]])], [text])
        gvc = tidy(row[self.at[ColumnRole.GVC]]) or None
        reason, corrects = read_signs(gvc, text)
        # By position: names cost a tenth of the time that it takes to read a booking.
        said = Transaction(
            day.on,
            None if valued is None else valued.on,
            amount,
            currency,
            is_pending(row[self.at[ColumnRole.STATUS]]),
            corrects,
            name or ultimate,
            account_of(self._account(row)) or given,
            text,
            gvc,
            None,  # ISO 20022
            reason,
            row[self._reference].strip() or None,
            (),
            Bytes(start, end),
        )
        return RowBooking(said, (own, currency), balance)

    def _amount(self, row: Row, currency: str) -> int | None:
        """The row's amount: in one column, with its side in another, or in a column a side."""
        if self._signed != ABSENT:
            amount = self.minor(row[self._signed], currency)
            if amount is None:
                return None
            if self._side != ABSENT:
                amount = on_side(amount, row[self._side])
            return amount - abs(self.minor(row[self._fee], currency) or 0)
        debit = self.minor(row[self._debit], currency)
        credit = self.minor(row[self._credit], currency)
        return None if debit is None and credit is None else abs(credit or 0) - abs(debit or 0)

    def minor(self, cell: str, currency: str) -> int | None:
        """Minor units of a cell, None where it holds no amount."""
        if not cell:
            return None
        point = self.columns.point
        amount = quick_amount(cell, point.value, currency)
        return read_amount(cell, point, currency) if amount is None else amount

    def _purpose(self, row: Row) -> str:
        columns = self.columns.purposes
        if len(columns) == 1:
            return tidy(row[columns[0]])
        return tidy(" ".join([row[each] for each in columns]))

    def kept(self, cells: tuple[str, ...]) -> tuple[str | None, str | None]:
        """The account and currency that the columns of KEPT say, None for what they do not."""
        currency, own, own_bank, own_name = map(tidy, cells)
        mine = account_of((own, own_bank))
        return mine or own_name or None, self._read_currency(currency) or home_currency(mine)

    def _note_odd(self, start: int, *days: CalendarDay | None) -> None:
        odd = (day for day in days if day and day.odd)
        self.findings += [odd_date(booking_at(start), day) for day in odd]

    def _read_currency(self, text: str) -> str | None:
        if CURRENCY.fullmatch(text):
            return text.upper()
        return find_currency(text) or self.columns.currency

    def _fitted(self, row: Row, start: int) -> Row:
        """The row as wide as the table, for not all banks quote a separator in a text.

        Cells that it lacks are empty, a text that was cut is whole again.
        """
        width, separator = self.columns.width, self._separator
        while len(row) > width and not row[-1].strip():
            row.pop()
        surplus = len(row) - width
        if surplus <= 0:
            if surplus < 0 and row[-1].count("\n") > 1:
                raise Unreadable(
                    Bilingual(
                        f"In the row at byte {start} a quotation mark is never closed.",
                        f"In der Zeile ab Byte {start} wird ein Anführungszeichen nie geschlossen.",
                    )
                )
            return row + [""] * -surplus
        for column in (*self.columns.purposes, *self._texts):
            text = separator.join(row[column : column + surplus + 1])
            whole = [*row[:column], text, *row[column + surplus + 1 :]]
            if self._fits(whole):
                return whole
        return row

    def _fits(self, row: Row) -> bool:
        """Whether money stands in the row where the table has it, and nothing else does there."""
        written = {role: row[at].strip() for role in PLAIN if (at := self.at[role]) != ABSENT}
        return all(not cell or FITS[role](cell) for role, cell in written.items()) and any(
            written.get(role) for role in MONEY
        )

    def _put_aside(self, row: Row, start: int) -> None:
        """Take what a row says of the whole table; say so where a row of money says nothing."""
        cells = [tidy(cell) for cell in row]
        columns = self.columns
        # A row with more in it is a booking that is damaged.
        told = sum(map(bool, cells)) <= MOST_FILLED and self._around.note(
            cells, columns.point, columns.order, self.usual
        )
        dated = "".join(cells[self._booked : self._booked + 1])
        if not told and (is_day(dated) or any(map(LOOKS_LIKE_MONEY.fullmatch, cells))):
            shown = " ".join(filter(None, cells))[:80]
            self.findings.append(
                Finding(
                    "row_left_out",
                    Bilingual(
                        f"The row at byte {start}, which is no booking, was left out: {shown!r}.",
                        f"Die Zeile ab Byte {start} ist keine Buchung und wurde ausgelassen:"
                        f" {shown!r}.",
                    ),
                )
            )


def on_side(amount: int, side: str) -> int:
    """The amount with the sign that its side gives it."""
    return -abs(amount) if DEBIT.fullmatch(side.strip()) else amount


def _sides(at: Mapping[ColumnRole, int]) -> tuple[int, int]:
    """The columns of who pays and of who is paid; one column may be both."""
    both, payer, payee = at[ColumnRole.NAME], at[ColumnRole.PAYER], at[ColumnRole.PAYEE]
    if both != ABSENT:
        return both, both
    return (payee if payer == ABSENT else payer), (payer if payee == ABSENT else payee)


def account_of(cells: tuple[str, ...]) -> str | None:
    """The account in the columns of ACCOUNT, as an IBAN where bank code and number make one."""
    cell, bank = map(tidy, cells)
    number = "".join(cell.split()).strip("'")  # which keeps Excel from taking it for a number
    if not number.strip("0"):
        return None
    return german_iban(bank, number) or account_number(number)


def kind_of(cell: str) -> str:
    """What the bank calls the booking, unless the amount says as much."""
    kind = tidy(cell)
    return "" if kind in DIRECTIONS else kind


def is_pending(status: str) -> bool:
    """Whether a booking of that status does not count."""
    return PENDING.search(tidy(status)) is not None
