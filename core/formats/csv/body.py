"""What stands below one header of a table: its rows become the statements of an account each."""

import itertools
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace

from core.documents.model import Finding
from core.errors import Unreadable
from core.formats.common.countries import currency_by_country
from core.formats.common.dates import day_and_month, written_day
from core.formats.common.texts import row_at, tidy
from core.formats.csv.accounts import ROUNDED, account_rounded, accounts_rounded
from core.formats.csv.bookings import AccountBookings
from core.formats.csv.captions import heading_side
from core.formats.csv.column_reader import Batch, ColumnReader
from core.formats.csv.columns import SAMPLE, TableColumns
from core.formats.csv.dating import dated
from core.formats.csv.grid import Chunk, Row, column
from core.formats.csv.headers import ColumnRole, currency_beside, fold
from core.formats.csv.layout import MOST_ABOVE, is_header
from core.formats.csv.row_reader import RowReader
from core.formats.csv.rules import AccountKey, CellRules
from core.formats.csv.spare import spare_columns, statuses_of
from core.formats.csv.statement import (
    NO_CURRENCY,
    moved_around,
    nothing_read,
    statement,
    statement_without_bookings,
)
from core.formats.csv.status import is_known_pending, says_statuses, section
from core.formats.csv.surroundings import BALANCE, Surroundings, account_heading
from core.formats.csv.table import Dialect
from core.formats.csv.years import Years
from core.iban import SHAPE
from core.money import UNKNOWN_CURRENCY
from core.statements.model import UNNAMED, Item, UnreadRow


class TableBody:
    """One of a file's tables, of which it may have several: one an account, or one a page."""

    def __init__(
        self, columns: TableColumns, dialect: Dialect, above: Sequence[Row], body: Sequence[Row]
    ) -> None:
        """`above` ends with the header, where there is one; `body` are the first rows below it."""
        if columns.untold:
            raise Unreadable(columns.untold.reason, columns.untold.code)
        self.around, self.number = Surroundings(), 1
        self._header = above[-1] if columns.header >= 0 and above else []
        self._years = Years(columns, self._header, body)
        if self._years.beside is not None:
            columns = replace(columns, at=columns.at | {ColumnRole.BOOKED: self._years.beside})
        self._columns, self._dialect = columns, dialect
        self._statuses = statuses_of(columns, self._header, body)
        self._spare = spare_columns(columns, body)
        self._rules = rules = CellRules(columns, self._statuses)
        self._row_reader = RowReader(rules, dialect.separator, self.around)
        self._column_reader = ColumnReader(rules, self._row_reader)
        self._bookings: dict[AccountKey, AccountBookings] = defaultdict(AccountBookings)
        self._pending = self._has_days = False
        self._rounded: str | None = None
        self._account: str | None = None  # that a row between the bookings names

    def header(self, rows: Sequence[Row]) -> int | None:
        """Where another header stands; few rows have a letter where this table has its dates."""
        booked = column(rows, self._columns.at[ColumnRole.BOOKED])
        if max(booked, default="") < "A":
            return None
        worded = (at for at, cell in enumerate(booked) if cell >= "A")
        # One that comes before any booking is this table's again.
        return next((at for at in worded if (at or self._bookings) and is_header(rows[at])), None)

    def whole(self, chunk: Chunk, at: int | None) -> Chunk:
        """The rows that are this table's whatever comes next: up to its last booking for now.

        `at` is where another header stands.
        """
        if at is not None and at + SAMPLE > len(chunk.rows):
            chunk = chunk.before(at)
        last = self._end(chunk.rows)
        return chunk if len(chunk.rows) - last > MOST_ABOVE else chunk.before(last)

    def read(self, chunk: Chunk) -> None:
        """Read rows of the table; below the heading of those not booked yet they are pending."""
        if not chunk.rows:
            return
        if not self._has_days:
            self._has_days = self._years.find(chunk.rows, self._columns, self.around)
            self._require_accounts(chunk.rows)
        first = 0
        for at, pending, account in self._headings(chunk.rows):
            self._read(chunk.before(at).after(first))
            first = at + 1
            if account is not None:
                self._go_on_in(account, chunk.rows[at])
            if pending is not None:
                self._pending = pending
        self._read(chunk.after(first) if first else chunk)

    def end_with(self, chunk: Chunk) -> Sequence[Row]:
        """Read the last rows; give those of them that are about the table which comes next."""
        rows, last = chunk.rows, self._end(chunk.rows)
        while last < len(rows) and BALANCE.search(" ".join(rows[last])):
            last += 1
        self.read(chunk.before(last))
        return rows[last:]

    def note(self, rows: Sequence[Row]) -> None:
        """Take in rows that are about all of the table."""
        for row in rows:
            cells = [tidy(cell) for cell in row]
            columns = self._columns
            self.around.note(cells, columns.point, columns.order, self._row_reader.usual)
            self._rounded = self._rounded or next(filter(ROUNDED.fullmatch, cells), None)
            if (pending := section(cells)) is not None:
                self._pending = pending

    def goes_on(self, header: Row, above: Sequence[Row], body: Sequence[Row]) -> bool:
        """Whether another header is this table's own, on its next page.

        Then the rows between tell of no account or period, and the days follow on.
        """
        if not self._is_header(header):
            return False
        between = Surroundings()
        columns = self._columns
        balances = [
            between.note([*map(tidy, row)], columns.point, columns.order, UNKNOWN_CURRENCY)
            for row in above
        ]
        if any(balances) or between.account or between.starts_on or between.ends_on:
            return False
        return any(map(_is_heading, above)) or self._leads_to(body)

    def below(
        self, columns: TableColumns, above: Sequence[Row], body: Sequence[Row]
    ) -> "TableBody":
        """The table below this one: of the same account where the rows between do not name one."""
        *between, header = above
        same = self._is_header(header)
        order = self._columns.order
        columns = dated(replace(columns, order=order) if same else columns, [header, *body], tuple)
        table = TableBody(columns, self._dialect, above, body)
        table.note(between)
        table.number = self.number + 1
        if table.around.account is None and (same or any(map(_is_heading, above))):
            table.number, table.around.account = self.number, self.around.account
        return table

    def items(self, *, lone: bool) -> Iterator[Item]:
        """What was odd, and a statement for each account and currency."""
        reader = self._row_reader
        yield from self._columns.findings
        yield from reader.findings
        yield from self._statuses.findings()
        if self._rounded:
            yield account_rounded(self._rounded)
        by_key = self._settled()
        yield from self._by_country(bool(by_key))
        if not by_key and lone:
            if reader.unread:
                raise nothing_read(reader, self._years.lacking)
            yield from statement_without_bookings(self.around, reader)
        number = self.around.account or (
            UNNAMED if self.number == 1 else f"{UNNAMED} {self.number}"
        )
        alone = len(by_key) < 2
        of_all = number if alone else None
        yield from (each._replace(account=each.account or of_all) for each in reader.unread)
        for (named_account, currency), found in by_key.items():
            account = named_account or number
            moved = moved_around(self.around, currency) if alone else None
            bookings, doubtful = found.with_pending_ends().without_totals(moved)
            for each in doubtful:
                yield UnreadRow(row_at(each.evidence.start), each.booked_on, account)
            yield from statement(account, currency, bookings, self.around, alone=alone)

    def _read(self, chunk: Chunk) -> None:
        if self._years.lacking:
            chunk = self._years.completed(chunk, self._columns, self.around)
        batch = self._column_reader.read(chunk)
        if self._pending:
            pending = [each._replace(pending=True) for each in batch.transactions]
            batch = Batch(pending, batch.account_keys, batch.balances)
        if self._account:
            kept = self._account
            keys: list[AccountKey] = [(own or kept, code) for own, code in batch.account_keys]
            batch = batch._replace(account_keys=keys)
        if late := self._late_pending(chunk):
            rows = [
                each._replace(pending=each.pending or each.evidence.start in late)
                for each in batch.transactions
            ]
            batch = batch._replace(transactions=rows)
        for key in dict.fromkeys(batch.account_keys):
            self._bookings[key].add(batch, key)

    def _go_on_in(self, account: str, row: Row) -> None:
        """Keep the rows below in the account that a row between them names."""
        columns = self._columns
        self.around.note([*map(tidy, row)], columns.point, columns.order, self._row_reader.usual)
        self._account = None if account == self.around.account else account

    def _late_pending(self, chunk: Chunk) -> set[int]:
        """The bytes at which rows start that a column calls pending which the first left empty."""
        found = set[int]()
        for at in self._spare:
            cells = column(chunk.rows, at)
            if says_statuses(set(map(tidy, set(cells)))):
                places = zip(cells, chunk.starts, strict=True)
                found |= {start for cell, start in places if is_known_pending(tidy(cell))}
        return found

    def _headings(self, rows: Sequence[Row]) -> list[tuple[int, bool | None, str | None]]:
        """Where rows stand that say whether those below are booked, or of which account.

        And what they say.
        """
        booked = column(rows, self._columns.at[ColumnRole.BOOKED])
        if min(booked) >= "0" and max(booked) < ":":
            return []
        others = (at for at, cell in enumerate(booked) if not "0" <= cell < ":")
        titles = ((at, rows[at]) for at in others if rows[at][0].strip())
        found = ((at, section(row), account_heading(row)) for at, row in titles)
        return [each for each in found if each[1] is not None or each[2] is not None]

    def _require_accounts(self, rows: Sequence[Row]) -> None:
        """Raise Unreadable where the accounts of rows were rounded, so that several may be one."""
        if (at := self._columns.at.get(ColumnRole.OWN)) is None:
            return
        if rounded := next(filter(ROUNDED.fullmatch, map(str.strip, column(rows, at))), None):
            raise accounts_rounded(rounded)

    def _end(self, rows: Sequence[Row]) -> int:
        """How many rows there are up to the last booking."""
        booked, order = self._columns.at[ColumnRole.BOOKED], self._columns.order
        last = len(rows)
        while last:
            cell = "".join(rows[last - 1][booked : booked + 1])
            if written_day(cell, order) or (
                bool(self._years.lacking) and day_and_month(cell, order)
            ):
                break
            last -= 1
        return last

    def _is_header(self, row: Row) -> bool:
        """Whether a row names the same columns as this table's header."""
        named, here = (
            [(fold(cell), currency_beside(cell)) for cell in each] for each in (row, self._header)
        )
        return named == here

    def _leads_to(self, body: Sequence[Row]) -> bool:
        """Whether the days of rows lie before or behind all that were read, not among them."""
        read = {row.booked_on for each in self._bookings.values() for row in each.transactions}
        cells = column(body, self._columns.at[ColumnRole.BOOKED])
        days = [day.on for cell in cells if (day := written_day(cell, self._columns.order))]
        return not (read and days) or min(days) >= max(read) or max(days) <= min(read)

    def _by_country(self, has_bookings: bool) -> Iterator[Finding]:
        """Which currencies nothing but the country of an account tells."""
        told = dict(self._rules.by_country)
        home, account = self._row_reader.country_currency, self.around.account
        if home and account and (self._row_reader.names_no_currency or not has_bookings):
            told.setdefault(home, account)
        yield from itertools.starmap(currency_by_country, sorted(told.items()))

    def _settled(self) -> dict[AccountKey, AccountBookings]:
        """The bookings of each account and currency, which other rows than theirs may name."""
        others = {currency for _, currency in self._bookings} - {UNKNOWN_CURRENCY}
        other = others.pop() if len(others) == 1 else UNKNOWN_CURRENCY
        named = self._row_reader.currency or other
        by_key: dict[AccountKey, AccountBookings] = defaultdict(AccountBookings)
        for (account, currency), bookings in self._bookings.items():
            if named and currency == UNKNOWN_CURRENCY:
                currency, bookings = named, bookings.in_currency(named)
            if currency == UNKNOWN_CURRENCY and SHAPE.fullmatch(
                account or self.around.account or ""
            ):
                raise Unreadable(NO_CURRENCY)
            by_key[account, currency].extend(bookings)
        return by_key


def _is_heading(row: Row) -> bool:
    """Whether a row says which rows stand below it: booked or not, on which side."""
    return section(row) is not None or heading_side(row) is not None
