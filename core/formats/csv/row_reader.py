"""A table's rows read one by one, with care: whatever is odd about a row is looked at here.

There are two readers of one meaning. `ColumnReader` is ten times as fast and gives up on any row
that is not plain; this one takes what it leaves. `rules.py` says what cells mean to both, and
`tests/core/formats/test_csv_readers.py` holds that a row says the same to either.
"""

import re
from itertools import pairwise, starmap
from operator import itemgetter
from typing import NamedTuple

from core.bilingual import Bilingual
from core.documents.model import Finding
from core.errors import Unreadable
from core.evidence import Bytes
from core.formats.common.amounts import is_amount
from core.formats.common.column import headed
from core.formats.common.dates import CalendarDay, day_and_month, is_day, odd_date
from core.formats.common.remittance import read_signs
from core.formats.common.texts import BadValue, booking_at, row_at, tidy
from core.formats.csv.columns import DAYS, FITS, MONEY
from core.formats.csv.grid import Row
from core.formats.csv.headers import ColumnRole
from core.formats.csv.oddities import is_cut, is_cut_at_thousands
from core.formats.csv.rules import (
    ABSENT,
    ACCOUNT_KEY,
    COUNTERPARTY,
    AccountKey,
    CellRules,
    account_of,
    booked_day,
    completed,
    kind_of,
    less_fee,
    reference_of,
    text_of,
)
from core.formats.csv.status import is_known_pending
from core.formats.csv.surroundings import BALANCE, Surroundings, home_currency
from core.formats.csv.totals import said_by
from core.money import UNKNOWN_CURRENCY
from core.statements.model import Transaction, UnreadRow

# In no need of a second look.
PLAIN = (*DAYS, *MONEY, ColumnRole.BALANCE, ColumnRole.FEE, ColumnRole.CURRENCY)
LOOKS_LIKE_MONEY = re.compile(r"[+-]?[0-9][0-9.,']*[.,][0-9]{2}(?: ?[A-Z€]{1,3})?")
LOST_AMOUNT = re.compile(r"\s*#(?:#|\w)")  # what spreadsheets write that do not show a number
NO_AMOUNT = re.compile(
    r"\s*(?:n\.? ?/? ?a\.?|k\. ?A\.|null|none|nan|unbekannt|unknown|\?+)\s*", re.IGNORECASE
)
LABEL = re.compile(r"[^\W\d_]{3}")
LIKE_A_DAY = re.compile(  # in a language whose months are not known
    r"[0-9]{1,2}[. /-]*[^\W\d_]{3,12}\.?[,. /-]*(?:[0-9]{4}|[0-9]{2})"
    r"|[^\W\d_]{3,12}\.? [0-9]{1,2},? [0-9]{4}"
)
MOST_FILLED = 5  # cells with something in them in a row that tells of the whole table


class RowBooking(NamedTuple):
    """A booking, the account and currency in which its row keeps it, and what was left after it."""

    transaction: Transaction
    account_key: AccountKey
    balance: int | None


class RowReader:
    """Reads a table's rows one by one; keeps what was odd, and notes what was no booking."""

    def __init__(self, rules: CellRules, separator: str, around: Surroundings) -> None:
        self.findings: list[Finding] = []
        self.unread: list[UnreadRow] = []
        self.lacks_currency = self.names_no_currency = False
        self._rules, self._separator, self._around = rules, separator, around
        self._minor = rules.minor
        self._columns = columns = rules.columns
        # Where a column has currencies, a row without is damaged; where none has, all may be so.
        damaged = columns.coded or ColumnRole.CURRENCY in columns.at
        self.usual = columns.currency or (None if damaged else UNKNOWN_CURRENCY)
        at = rules.at
        self._booked, self._valued = at[ColumnRole.BOOKED], at[ColumnRole.VALUED]
        self._signed, self._side, self._fee = (
            at[each] for each in (ColumnRole.AMOUNT, ColumnRole.SIDE, ColumnRole.FEE)
        )
        self._debit, self._credit = at[ColumnRole.DEBIT], at[ColumnRole.CREDIT]
        self._balance, self._status = at[ColumnRole.BALANCE], at[ColumnRole.STATUS]
        self._text, self._gvc = at[ColumnRole.TEXT], at[ColumnRole.GVC]
        self._reference = at[ColumnRole.REFERENCE]
        self._texts = [each for each in (at[ColumnRole.NAME], self._text) if each != ABSENT]
        parties = (rules.payer, rules.payee, self._text)
        self._text_columns = {*parties, *columns.purposes} - {ABSENT}
        self._key_cells = itemgetter(*(at[role] for role in ACCOUNT_KEY))
        self._account_cells = itemgetter(*(at[role] for role in COUNTERPARTY))

    @property
    def currency(self) -> str | None:
        """The currency of amounts beside which none stands; None where nothing tells it."""
        named = self._columns.currency or self._around.currency
        return named or self.country_currency or self.usual

    @property
    def country_currency(self) -> str | None:
        """The currency of the account's country, where nothing else is told of all the table."""
        named = self._columns.currency or self._around.currency
        return None if named else home_currency(self._around.account)

    def read(self, row: Row, start: int, end: int) -> RowBooking | None:
        """The booking that stands in the row at these bytes, if one does."""
        width = self._columns.width
        if len(row) != width:
            row = self._fitted(row, start)
        row.append("")
        day = booked_day(row[self._booked], self._columns.order)
        booking = None
        if day is not None and len(row) == width + 1:
            booking = self._booking(row, day, Bytes(start, end))
        if booking is None:
            self._put_aside(row, start, day)
        return booking

    def _booking(self, row: Row, day: CalendarDay, place: Bytes) -> RowBooking | None:
        """The booking of a row as wide as the table on that day; None where it lacks a part."""
        account, named = self._rules.account_key(self._key_cells(row))
        currency = named or self.currency
        self.names_no_currency |= not named
        if currency is None:
            self.lacks_currency = True
            return None
        try:
            amount = self._amount(row, currency)
            balance = self._minor(row[self._balance], currency)
        except BadValue as error:
            raise error.as_unreadable(row_at(place.start)) from None
        if amount is None:
            return None
        transaction = self._transaction(row, day, amount, currency, place)
        if transaction is None:
            return None
        return RowBooking(transaction, (account, currency), balance)

    def _transaction(
        self, row: Row, day: CalendarDay, amount: int, currency: str, place: Bytes
    ) -> Transaction | None:
        """The booking itself; None where the row tells a balance, of nobody and for nothing."""
        rules = self._rules
        name = tidy(row[rules.payer if amount >= 0 else rules.payee])
        text = tidy(" ".join([row[each] for each in self._columns.purposes]))
        if not name and not text and BALANCE.search(" ".join(row)):
            return None
        party, account, text = completed(name, account_of(self._account_cells(row)), text)
        valued = booked_day(row[self._valued], self._columns.order)
        if day.odd or (valued and valued.odd):
            self._note_odd(place.start, day, valued)
        (text,) = headed([kind_of(row[self._text])], [text])
        gvc = text_of(row[self._gvc])
        reason, corrects = read_signs(gvc, text)
        # By position: names cost a tenth of the time that it takes to read a booking.
        return Transaction(
            day.on,
            None if valued is None else valued.on,
            amount,
            currency,
            rules.is_pending(row[self._status]),
            corrects,
            party,
            account,
            text,
            gvc,
            None,  # ISO 20022
            reason,
            reference_of(row[self._reference]),
            (),
            place,
        )

    def _amount(self, row: Row, currency: str) -> int | None:
        """The row's amount: in one column, with its side in another, or in a column a side."""
        minor = self._minor
        if self._signed == ABSENT:
            return self._rules.signs.net(
                minor(row[self._debit], currency), minor(row[self._credit], currency)
            )
        amount = minor(row[self._signed], currency)
        if amount is not None and self._side != ABSENT:
            amount = self._rules.signs.on_side(amount, row[self._side])
        elif amount is not None and self._rules.signs.turned:
            amount = -amount
        if amount is not None and self._fee != ABSENT:
            amount = less_fee(amount, minor(row[self._fee], currency))
        return amount

    def _note_odd(self, start: int, *days: CalendarDay | None) -> None:
        odd = (day for day in days if day and day.odd)
        self.findings += [odd_date(booking_at(start), day) for day in odd]

    def _fitted(self, row: Row, start: int) -> Row:
        """The row as wide as the table, for not all banks quote a separator in a text.

        Cells that it lacks are empty, a text that was cut is whole again.
        """
        width, separator = self._columns.width, self._separator
        if (
            len(row) > width
            and separator == ","
            and any(starmap(is_cut_at_thousands, pairwise(row)))
        ):
            return row  # which of its cells is the amount nothing tells
        had_more = len(row) > width
        while len(row) > width and not row[-1].strip():
            row.pop()
        surplus = len(row) - width
        if surplus == 0 and had_more and separator == "," and any(starmap(is_cut, pairwise(row))):
            return [*row, ""]  # a comma may have cut an amount that nothing stands behind
        if surplus <= 0:
            if surplus < 0 and row[-1].count("\n") > 1:
                raise Unreadable(
                    Bilingual(
                        f"In the row at byte {start} a quotation mark is never closed.",
                        f"In der Zeile ab Byte {start} wird ein Anführungszeichen nie geschlossen.",
                    )
                )
            return row + [""] * -surplus
        if separator == "," and any(is_cut(*cells) for cells in pairwise(row)):
            return row  # a comma may have cut an amount as well as a text
        for column in (*self._columns.purposes, *self._texts):
            text = separator.join(row[column : column + surplus + 1])
            whole = [*row[:column], text, *row[column + surplus + 1 :]]
            if self._fits(whole):
                return whole
        return row

    def _fits(self, row: Row) -> bool:
        """Whether money stands in the row where the table has it, and nothing else does there."""
        columns = self._rules.at
        written = {role: row[at].strip() for role in PLAIN if (at := columns[role]) != ABSENT}
        return all(not cell or FITS[role](cell) for role, cell in written.items()) and any(
            written.get(role) for role in MONEY
        )

    def _put_aside(self, row: Row, start: int, day: CalendarDay | None) -> None:
        """Take what a row says of the whole table; tell it where it may be a booking."""
        cells = [tidy(cell) for cell in row]
        columns = self._columns
        # A row with more in it is a booking that is damaged.
        dated = "".join(cells[self._booked : self._booked + 1])
        may_be_booking = self._may_be_booking(row, dated)
        is_about_table = (
            sum(map(bool, cells)) <= MOST_FILLED
            and (not may_be_booking or BALANCE.search(" ".join(cells)) is not None)
            and self._around.note(cells, columns.point, columns.order, self.usual)
        )
        if is_about_table:
            return
        if may_be_booking:
            account = self._account(row)
            self.unread.append(UnreadRow(row_at(start), day.on if day else None, account))
        elif is_day(dated) or any(map(LOOKS_LIKE_MONEY.fullmatch, cells)):
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

    def _may_be_booking(self, row: Row, dated: str) -> bool:
        """Whether a row that is not understood has an amount and, as bookings do, a day or text.

        A label in place of the day, or words of a balance or a total, say that it is none.
        """
        texts = [tidy(row[at]) for at in self._text_columns if at < len(row)]
        if said_by(" ".join(filter(None, texts))) or said_by(dated):
            return False
        if len(row) != self._columns.width + 1:  # none of its cells need stand where it should
            cells = [cell for cell in map(str.strip, row) if cell]
            return any(map(is_day, cells)) and any(
                is_amount(cell) and not is_day(cell) for cell in cells
            )
        columns = self._rules.at
        money = [row[at] for role in MONEY if (at := columns[role]) != ABSENT and row[at].strip()]
        if is_day(dated) and any(texts) and any(map(NO_AMOUNT.fullmatch, money)):
            return True
        if not any(LOST_AMOUNT.match(cell) or any(map(str.isdigit, cell)) for cell in money):
            return False
        if not dated and self._status != ABSENT and is_known_pending(row[self._status]):
            return False  # what is not booked may have no day yet
        if is_day(dated) or day_and_month(dated, self._columns.order):
            return True
        is_label = LABEL.search(dated) and not LIKE_A_DAY.fullmatch(dated)
        return any(texts) and not is_label and any(map(is_amount, money))

    def _account(self, row: Row) -> str | None:
        """The account that a row as wide as the table names."""
        if len(row) != self._columns.width + 1:
            return None
        return self._rules.account_key(self._key_cells(row))[0]
