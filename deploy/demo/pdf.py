"""Statements of the made-up company on paper: PDF with a text layer, in any of five layouts.

Amounts bear the direction in which the money went, reversals too: paper shows balances.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from io import BytesIO

from reportlab.lib.pagesizes import A4
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas

from deploy.demo.bankdays import last_day, months
from deploy.demo.company import Company
from deploy.demo.ledger import Account, Booking
from deploy.demo.noise import shout
from deploy.demo.sheets import Column, Layout

WIDTH, HEIGHT = A4
FOOT = 70.0
TABLE_FIRST, TABLE_NEXT = 300.0, 110.0  # from the top: where the table begins on a page


@dataclass(frozen=True, slots=True)
class Period:
    """A statement's frame: whose, which number and days, between which balances, in cents."""

    bank: str
    holder: str
    iban: str
    number: int
    starts_on: date
    ends_on: date
    opening: int
    closing: int

    def words(self) -> dict[str, object]:
        """What titles and balance lines are made of."""
        return {
            "number": self.number,
            "year": self.ends_on.year,
            "starts_on": self.starts_on,
            "ends_on": self.ends_on,
            "before": self.starts_on - timedelta(days=1),
        }


def pdf(
    company: Company,
    account: Account,
    layout: Layout,
    first_month: date | None = None,
    last_month: date | None = None,
) -> bytes:
    """One file with a statement for each month, each on pages of its own."""
    out = BytesIO()
    canvas = Canvas(out, pagesize=A4, invariant=True)
    canvas.setTitle("Kontoauszug")
    canvas.setAuthor(account.bank.name)
    canvas.setCreator("Druckstrasse 4")
    told_on = last_day(last_month or company.last_month) + timedelta(days=1)
    canvas.setDateFormatter(lambda *_: f"D:{told_on:%Y%m%d}041207+01'00'")
    for month in months(first_month or company.first_month, last_month or company.last_month):
        ends_on = last_day(month)
        bookings = [b for b in company.ledger.of(account) if not b.pending]
        bookings = [b for b in bookings if month <= b.booked_on <= ends_on]
        period = Period(
            account.bank.name,
            shout(company.cast.name) if account.bank.shouts else company.cast.name,
            account.iban,
            len(months(company.first_month, month)),
            month,
            ends_on,
            company.ledger.balance(account, month),
            company.ledger.balance(account, ends_on + timedelta(days=1)),
        )
        _Paper(canvas, layout, period).print(bookings)
    canvas.save()
    return out.getvalue()


class _Paper:
    """The pages of one statement, written from top to bottom."""

    def __init__(self, canvas: Canvas, layout: Layout, period: Period) -> None:
        self._canvas = canvas
        self._layout = layout
        self._period = period
        self._page = 0
        self._y = 0.0
        self._balance = period.opening

    def print(self, bookings: Sequence[Booking]) -> None:
        """Write the statement from its opening to its closing balance."""
        layout, words = self._layout, self._period.words()
        self._turn()
        self._balance_line(layout.opening.format(**words))
        for booking in bookings:
            self._booking(booking)
        self._room(2)
        self._y -= layout.pitch / 2
        self._balance_line(layout.closing.format(**words))
        self._foot()
        self._canvas.showPage()

    def _room(self, lines: int) -> None:
        """Turn the page unless so many lines fit on this one."""
        if self._y - lines * self._layout.pitch > FOOT:
            return
        carried = self._layout.carried
        if carried:
            self._balance_line(carried[0].format(next=self._page + 1))
        self._foot()
        self._canvas.showPage()
        self._turn()
        if carried:
            self._balance_line(carried[1].format(last=self._page - 1))

    def _turn(self) -> None:
        """Begin a page: letterhead, on the first one the address, and the table's head."""
        layout, period = self._layout, self._period
        self._page += 1
        self._write(layout.columns["booked"].x, HEIGHT - 50, period.bank, size=layout.size + 5)
        if self._page == 1:
            self._address()
        self._y = HEIGHT - (TABLE_FIRST if self._page == 1 else TABLE_NEXT)
        title = layout.title.format(**period.words())
        self._write(layout.columns["booked"].x, self._y + 3 * layout.pitch, title)
        for column in layout.columns.values():
            self._put(column, column.title)
        self._canvas.line(40, self._y - 3, WIDTH - 40, self._y - 3)
        self._y -= 1.6 * layout.pitch

    def _address(self) -> None:
        period, layout = self._period, self._layout
        number = " ".join(period.iban[at : at + 4] for at in range(0, len(period.iban), 4))
        if layout.window:
            lines = (period.holder, "Am Hafen 12", "20457 Musterstadt")
            for at, line in enumerate(lines):
                self._write(70, HEIGHT - 150 - at * 12, line, size=10)
            self._write(340, HEIGHT - 150, f"IBAN {number}")
            self._write(340, HEIGHT - 162, "Kontokorrentkonto EUR")
            return
        self._write(layout.columns["booked"].x, HEIGHT - 150, f"{layout.holder}: {period.holder}")
        self._write(layout.columns["booked"].x, HEIGHT - 165, f"IBAN: {number}")
        self._write(layout.columns["booked"].x, HEIGHT - 180, f"{layout.currency}: EUR")

    def _foot(self) -> None:
        self._canvas.setFont(self._layout.font, 6.5)
        self._canvas.drawString(45, 40, f"{self._period.bank} - Sitz Musterstadt - HRB 12345")
        self._canvas.drawRightString(WIDTH - 45, 40, f"Seite {self._page}")

    def _booking(self, booking: Booking) -> None:
        layout, columns = self._layout, self._layout.columns
        lines = list(_lines(layout, booking))
        self._room(len(lines) + 2)
        self._put(columns["booked"], layout.day(booking.booked_on))
        if "valued" in columns:
            self._put(columns["valued"], layout.day(booking.valued_on))
        self._amounts(booking.amount)
        if layout.valued_below and len(lines) == 1:
            lines.append("")
        for at, line in enumerate(lines):
            self._put(columns["text"], line)
            if at == 1 and layout.valued_below:
                self._put(columns["booked"], layout.day(booking.valued_on))
            self._y -= layout.pitch
        self._y -= 0.35 * layout.pitch

    def _amounts(self, amount: int) -> None:
        columns, money = self._layout.columns, self._layout.money
        self._balance += amount
        if "amount" in columns:
            self._put(columns["amount"], money(amount))
        else:
            self._put(columns["credit" if amount >= 0 else "debit"], money(abs(amount)).strip("+"))
        if "balance" in columns:
            self._put(columns["balance"], money(self._balance))

    def _balance_line(self, words: str) -> None:
        columns = self._layout.columns
        self._put(columns["text"], words)
        place = columns["balance"] if "balance" in columns else columns["amount"]
        self._put(place, self._layout.money(self._balance))
        self._y -= 1.5 * self._layout.pitch

    def _put(self, column: Column, text: str) -> None:
        self._canvas.setFont(self._layout.font, self._layout.size)
        draw = self._canvas.drawRightString if column.at_right else self._canvas.drawString
        draw(column.x, self._y, text)

    def _write(self, x: float, y: float, text: str, size: float | None = None) -> None:
        self._canvas.setFont(self._layout.font, size or self._layout.size)
        self._canvas.drawString(x, y, text)


def _lines(layout: Layout, booking: Booking) -> Iterator[str]:
    """A booking's lines: its text, the other side, the remittance as often as it is wrapped."""
    printed = booking.printed
    if booking.parts:
        printed = replace(printed, remittance=f"{printed.remittance} {len(booking.parts)} Posten")
    name, account, remittance = layout.labels or ("", "IBAN ", "")
    fields = [
        printed.text,
        printed.name and name + printed.name,
        printed.remittance and remittance + printed.remittance,
        printed.iban and account + printed.iban,
    ]
    for field in fields:
        yield from _wrapped(layout, field or "")


def _wrapped(layout: Layout, text: str) -> Iterator[str]:
    line = ""
    for word in text.split():
        longer = f"{line} {word}".strip()
        if line and stringWidth(longer, layout.font, layout.size) > layout.text_width:
            yield line
            longer = word
        line = longer
    if line:
        yield line
