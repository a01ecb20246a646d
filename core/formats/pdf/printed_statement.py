"""A statement on paper as it is found on its pages: rows, and balances at their ends or apart."""

from dataclasses import dataclass, field
from datetime import date

from core.formats.pdf.balances import BalanceKind
from core.formats.pdf.letterhead import Letterhead
from core.formats.pdf.page import Line, Word
from core.formats.pdf.printed import Amount, PrintedDay
from core.formats.pdf.table import PrintedColumns


@dataclass(slots=True)
class PrintedRow:
    """A booking as it stands on the page; `balance` is what the row says stood after it.

    `placed` are its amounts and the columns they stand in, `units` the currencies that stand beside
    them. `perhaps` says that it may tell a
    balance or a sum: its words do, though it has a day; `alone` that they tell nothing else.
    `sided` says that a title above it tells whether its money came in or went out.
    """

    line: Line
    day: PrintedDay
    valued: PrintedDay | None
    words: list[Word]
    text: list[list[Word]]
    bottom: float
    table: PrintedColumns
    placed: list[tuple[int, Amount]] = field(default_factory=list)
    units: list[tuple[int, set[str]]] = field(default_factory=list)
    perhaps: str | None = None
    alone: bool = False
    pending: bool = False
    sided: bool = False
    amount: int | None = None
    balance: int | None = None


@dataclass(frozen=True, slots=True)
class PrintedBalance:
    """A balance that a line tells, the dates in it, and after how many rows it stands.

    `owed` says that it stands where debits do, and may be a debt; `column` is where one without a
    sign stands in a table whose titles are not known.
    """

    cents: int
    dates: list[date]
    line: Line
    after: int
    owed: bool = False
    column: int | None = None


@dataclass(slots=True)
class PrintedStatement:
    """A statement while its pages are read; some balances are told apart from the table.

    `loose` are lines with a day or an amount of which it is not known what they are, `beside` the
    currencies that stand beside its amounts. `is_turned` says that its debits raise its balance,
    `held` how many of its balances hold it; `parts` after how many rows a title stands.
    """

    head: Letterhead
    rows: list[PrintedRow] = field(default_factory=list)
    opening: PrintedBalance | None = None
    closing: PrintedBalance | None = None
    carried: list[PrintedBalance] = field(default_factory=list)
    forward: PrintedBalance | None = None
    apart: list[tuple[BalanceKind, PrintedBalance]] = field(default_factory=list)
    loose: list[Line] = field(default_factory=list)
    beside: set[str] = field(default_factory=set)
    parts: list[int] = field(default_factory=list)
    newest_first: bool = False
    is_proven: bool = False
    held: int = 0
    is_turned: bool = False

    @property
    def is_statement(self) -> bool:
        """Whether there is anything of a statement: bookings, or both balances."""
        both = [each for each in (self.opening, self.closing) if each]
        kinds = {kind for kind, _ in self.apart}
        told = len(both) == 2 or {BalanceKind.OPENING, BalanceKind.CLOSING} <= kinds
        return bool(self.rows) or told

    @property
    def tables(self) -> list[PrintedColumns]:
        """The tables that its bookings stand in."""
        return list(dict.fromkeys(row.table for row in self.rows))

    @property
    def titled(self) -> list[bool]:
        """Of which of its tables titles say what the columns hold."""
        return [table.titled is not None for table in self.tables]

    def settle(self) -> None:
        """Take the balances that are told apart from the table where it tells none."""
        if self.closing is None and self.forward and self.forward.after == len(self.rows):
            self.closing = self.forward  # nothing follows what is carried forward
        for kind, balance in self.apart:
            if kind is BalanceKind.OPENING and self.opening is None:
                self.opening = balance
        for kind, balance in reversed(self.apart):
            if kind is BalanceKind.CLOSING and self.closing is None:
                self.closing = balance
