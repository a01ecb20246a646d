"""Which statements follow each other on pages, by their heads and by their balances."""

import re
from dataclasses import replace

from core.formats.pdf.balances import BalanceKind, SeparateBalance
from core.formats.pdf.letterhead import ACCOUNT, Letterhead, letterhead
from core.formats.pdf.page import Line
from core.formats.pdf.printed import dates
from core.formats.pdf.printed_statement import PrintedBalance, PrintedStatement
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

    def head(self, head: Letterhead) -> None:
        """Begin a statement where the page's head says that it is another one."""
        if self.printed:
            known = self.printed[-1].head
            named = (head.account, head.number, head.starts_on, head.ends_on)
            old = (known.account, known.number, known.starts_on, known.ends_on)
            if all(now is None or now == was for now, was in zip(named, old, strict=True)):
                return
            head = replace(
                head,
                account=head.account or known.account,
                holder=head.holder or known.holder,
                bank=head.bank or known.bank,
                currency=head.currency or known.currency,
            )
        self.printed.append(PrintedStatement(head))

    def head_between(self) -> None:
        """Begin another account's statement where its number stands above this part of a table."""
        text = "\n".join(line.text for line in self.between)
        if self.between and (self.last.rows or self.last.closing):
            lines = [line for line in self.between if not NUMBERED.search(line.text)]
            head = letterhead(lines)
            if head.account is None and (match := NUMBERED.search(text)) is not None:
                head = replace(head, account=match[1])
            if (
                head.account or ibans(text) or ACCOUNT.search(text)
            ) and head.account != self.last.head.account:
                known = self.last.head
                if head.starts_on is None:
                    head = replace(head, starts_on=known.starts_on, ends_on=known.ends_on)
                self.head(head)
        self.between = []

    def note(self, apart: SeparateBalance, line: Line) -> None:
        """Keep a balance that is told apart from the table."""
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
        """Which balance one is that no word says it of: the closing one once bookings began."""
        printed = self.last
        if printed.closing is None and (printed.opening is not None or bool(printed.rows)):
            return BalanceKind.CLOSING
        self._guessed = balance
        return BalanceKind.OPENING

    def _close(self, balance: PrintedBalance) -> None:
        printed = self.last
        if printed.closing and printed.opening and printed.opening.after:
            self.printed.append(PrintedStatement(printed.head))  # the newest come first
            balance = replace(balance, after=0)
        self.last.closing = balance
