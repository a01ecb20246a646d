"""Which statements follow each other on pages, by their heads and by their balances."""

import re
from collections.abc import Sequence
from dataclasses import replace

from core.formats.pdf.balances import BalanceKind, SeparateBalance
from core.formats.pdf.letterhead import ACCOUNT, Letterhead, currency_in, letterhead
from core.formats.pdf.marks import is_heading
from core.formats.pdf.page import SAME, Line
from core.formats.pdf.printed import dates
from core.formats.pdf.printed_statement import PrintedBalance, PrintedStatement
from core.formats.pdf.proof_outcome import descends
from core.iban import ibans

NUMBERED = re.compile(  # an account's title between two tables
    r"(?:konto|account)\s+(?:nr|no|nummer|number)\b\.?\s*:?\s*(\d{6,15})\b", re.IGNORECASE
)


class Succession:
    """The statements that were met so far; what is met next belongs to the last one."""

    def __init__(self) -> None:
        self.printed: list[PrintedStatement] = []
        self.between: list[Line] = []  # that belong to no booking: maybe another account's head
        self._guessed: PrintedBalance | None = None  # an opening that no word calls so

    @property
    def last(self) -> PrintedStatement:
        """The statement that lines now belong to."""
        return self.printed[-1]

    def head(self, head: Letterhead, other: bool = False) -> None:
        """Begin a statement where the page's head, or who knows it, says that it is another one."""
        if self.printed:
            known = self.printed[-1].head
            named = (head.account, head.number, head.starts_on, head.ends_on)
            old = (known.account, known.number, known.starts_on, known.ends_on)
            same = all(now is None or now == was for now, was in zip(named, old, strict=True))
            if same and not other:
                return
            head = replace(
                head,
                account=head.account or known.account,
                holder=head.holder or known.holder,
                bank=head.bank or known.bank,
                currency=head.currency or known.currency,
            )
        self.printed.append(PrintedStatement(head))

    def head_between(self, left: float, *, opens: bool) -> None:
        """Begin another account's statement where its number stands above this part of a table.

        Or one in another currency, where an opening balance follows. `left` is where the table is.
        """
        text = "\n".join(line.text for line in self.between)
        if self.between and (self.last.rows or self.last.closing):
            lines = [line for line in self.between if not NUMBERED.search(line.text)]
            head = letterhead(lines)
            if head.account is None and (match := NUMBERED.search(text)) is not None:
                head = replace(head, account=match[1])
            known = self.last.head
            named = head.account or ibans(text) or ACCOUNT.search(text)
            currency = self._other_currency(lines, left) if opens else None
            if currency is not None:
                head = replace(head, currency=currency)
            if (named and head.account != known.account) or currency is not None:
                if head.starts_on is None:
                    head = replace(head, starts_on=known.starts_on, ends_on=known.ends_on)
                self.head(head, currency is not None)
        self.between = []

    def _other_currency(self, lines: Sequence[Line], left: float) -> str | None:
        """The currency that lines between two tables name, if the first was read and in another."""
        known = self.last.head.currency
        if not self._is_closed() or known is None:
            return None
        titles = [
            each
            for each in lines
            if each.words[0].left <= left + SAME and not is_heading(each.words)
        ]
        named = currency_in("\n".join(each.text for each in titles))
        return named if named != known else None

    def _is_closed(self) -> bool:
        """Whether bookings and the balance after them have been read, in the table or apart."""
        kinds = {kind for kind, _ in self.last.apart}
        ended = self.last.closing is not None or BalanceKind.CLOSING in kinds
        return bool(self.last.rows) and ended

    def note(self, apart: SeparateBalance, line: Line, left: float) -> None:
        """Keep a balance that is told apart from the table."""
        if apart.kind is BalanceKind.OPENING and self._is_closed():
            self.head_between(left, opens=True)
        balance = PrintedBalance(apart.cents, dates(line.reading), line, len(self.last.rows))
        self.last.apart.append((apart.kind, balance))

    def tell(self, kind: BalanceKind, balance: PrintedBalance) -> None:
        """Take a balance of the table, with which a statement may end or another begin."""
        printed = self.last
        turned = printed.opening is not None and printed.opening is self._guessed
        if kind is BalanceKind.OPENING and turned and printed.rows and printed.closing is None:
            printed.closing, printed.opening = printed.opening, None  # the newest come first
        if kind is BalanceKind.EITHER:
            kind = self._guess(balance)
        if kind is BalanceKind.FORWARD:
            printed.forward = balance
            kind = BalanceKind.CARRIED
        if kind is BalanceKind.CLOSING:
            self._close(balance)
        elif kind is BalanceKind.CARRIED or (
            printed.opening is not None and (printed.closing is None or not printed.closing.after)
        ):
            printed.carried.append(balance)
        elif printed.opening is None and (printed.closing is None or not printed.closing.after):
            printed.opening = balance  # first, in a summary at the end, or below the oldest
        else:
            self.printed.append(PrintedStatement(printed.head, opening=balance))

    def _guess(self, balance: PrintedBalance) -> BalanceKind:
        """Which end of the bookings a balance is of that no word tells; an opening is noted."""
        kind = _end_of(self.last, balance)
        if kind is BalanceKind.OPENING:
            self._guessed = balance
        return kind

    def _close(self, balance: PrintedBalance) -> None:
        printed = self.last
        if printed.closing and printed.opening and printed.opening.after:
            self.printed.append(PrintedStatement(printed.head))  # the newest come first
            balance = replace(balance, after=0)
        self.last.closing = balance


def _end_of(printed: PrintedStatement, balance: PrintedBalance) -> BalanceKind:
    """Which end of the bookings a balance is of that no word tells: its day, or where it stands."""
    head, rows = printed.head, printed.rows
    if balance.dates and head.starts_on and head.ends_on and head.starts_on < head.ends_on:
        if balance.dates[0] < head.starts_on:
            return BalanceKind.OPENING
        if balance.dates[0] >= head.ends_on:
            return BalanceKind.CLOSING
    begun = printed.closing is None and (printed.opening is not None or bool(rows))
    if begun and printed.opening is None and descends(rows):
        return BalanceKind.OPENING  # the newest come first
    return BalanceKind.CLOSING if begun else BalanceKind.OPENING
