"""What a bank writes above and below its table of bookings: account, period, balances."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise

from core.formats.common.amounts import Point, read_amount
from core.formats.common.dates import Order, written_day
from core.formats.common.texts import BadValue, german_iban
from core.formats.csv.grid import Row
from core.formats.csv.headers import currency_beside, fold
from core.iban import SHAPE, is_iban
from core.money import Money

IBAN_IN_TEXT = re.compile(r"\b[A-Z]{2}[0-9]{2}(?: ?[A-Z0-9]){11,30}\b")
DATE_IN_TEXT = re.compile(
    r"\b(?:[0-9]{1,2}[./][0-9]{1,2}[./][0-9]{2,4}|[0-9]{4}-[0-9]{2}-[0-9]{2})\b"
)
AMOUNT_AT_END = re.compile(
    r"(?<![0-9.,])(?:[+\-\u2010-\u2015\u2212(] ?)?(?:(?:[A-Z]{3}|[€$£]) ?)?"
    r"(?:[+\-\u2010-\u2015\u2212] ?)?(?:[0-9][0-9.,']*[.,][0-9]{1,2}(?: ?(?:[A-Z]{3}|[€$£]))?"
    # A round sum is told from the number of an account by its thousands, or since it is short.
    r"|(?:[0-9]{1,3}(?:[.,'][0-9]{3})+|[0-9]{1,5}) ?(?:[A-Z]{3}|[€$£]))"
    r"(?: ?(?:[SHDC]|[DC][Rr]|[+\-\u2010-\u2015\u2212)]))?$"
)
# Thousands that stand apart by blanks, which would else be cut off.
THOUSANDS = re.compile(
    r"(?<![0-9.,'])[0-9]{1,3}(?:[ \u00a0\u2009\u202f][0-9]{3})+(?=[.,][0-9]{2}(?![0-9]))"
)
BALANCE = re.compile(r"kontostand|saldo|balance|\bsolde\b|zůstatek|egyenleg", re.IGNORECASE)
OF_OTHERS = re.compile(r"gegen-?konto|counterparty|filter", re.IGNORECASE)
# How a heading begins that names the account of the bookings below it, and what is none.
OWN_ACCOUNT = re.compile(
    r"(?:iban|konto|account|compte|cuenta|conto|rekening|giro|tagesgeld|festgeld|geldmarkt|spar"
    r"|savings|current|checking|deposit|business|gesch[äa]fts|k[áo]nt|ra[čc]un|tili\b)",
    re.IGNORECASE,
)
OF_ANYONE = re.compile(
    r"gegen|counter|empf|beg[üu]nst|payee|benefici|auftraggeber|gl[äa]ubiger|absender|sender"
    r"|recipient|creditor|debtor|zahlungs|filter|partner",
    re.IGNORECASE,
)
MOST_NAMED, LONGEST_HEADING = 3, 80
NOT_BOOKED = re.compile(
    r"verf(ü|ue)gbar|available|vorgemerkt|disponib|beschikbaar"
    r"|\binkl|\bincl|dispo|durchschnitt|average|mindest|minimum|aller konten|kreditkarte"
    r"|valutarisch|kreditrahmen|limit|plafond",
    re.IGNORECASE,
)
# What says in front of a balance that it is a debt.
OWED = re.compile(
    r"(?:^|[\s:;(])(?:soll|debit|d[ée]biteur|debet|debito|overdrawn|minus|negati[vf]\w*|winien"
    r"|dr|(?-i:[SD]))[.:]?\s*$",
    re.IGNORECASE,
)
FIRST = re.compile(
    r"alt(er|en)|\bold\b|letzter|anfang|start|opening|begin|vortrag|forward|previous|initial"
    r"|inicial|iniziale|ancien|pr[ée]c[ée]dent|anterior|\boud\b|vorig|począt|poczat|ing[åa]ende"
    r"|indg[åa]ende|inng[åa]ende|primo|alkusaldo|počát|nyitó",
    re.IGNORECASE,
)
PERIOD = re.compile(
    r"zeitraum|period|abfrage von|\bvon\b.*\bbis\b|\bfrom\b.*\bto\b|[0-9] ?(?:-|–|bis|to) ?[0-9]",
    re.IGNORECASE,
)
# What a line that says no more than "name" may name: an account, a list, a file.
NO_HOLDER = re.compile(
    r"konto\b|ums[aä]tz|auszug|\bliste|\baccount\b|statement|transactions|export|sparbuch|tagesgeld"
    r"|festgeld|\bq[1-4]\b|\.(?:csv|txt|xlsx?|pdf)\b",
    re.IGNORECASE,
)
HOLDERS = frozenset(("kunde", "kontoinhaber", "inhaber", "name", "accountholder", "customer"))
STARTS = frozenset(("von", "from", "startdate", "datumvon", "fromdate"))
ENDS = frozenset(("bis", "to", "until", "enddate", "datumbis", "todate"))
BANK_CODES = frozenset(("blz", "bankleitzahl"))
NUMBERS = frozenset(("konto", "kontonummer", "kontonr", "account", "accountnumber"))
CURRENCIES = frozenset((
    "waehrung", "currency", "kontowaehrung", "bewertetin", "valuedin", "ccy", "valuta",
    "accountcurrency", "currencycode", "devise", "divisa", "moneda",
))  # fmt: skip
EURO = "AT BE CY DE EE ES FI FR GR HR IE IT LT LU LV MT NL PT SI SK"
HOME = dict.fromkeys(EURO.split(), "EUR") | {
    "CH": "CHF", "CZ": "CZK", "DK": "DKK", "GB": "GBP", "HU": "HUF", "LI": "CHF", "NO": "NOK",
    "PL": "PLN", "RO": "RON", "SE": "SEK",
}  # fmt: skip


@dataclass(slots=True)
class Surroundings:
    """What is known of the whole table; a balance may have no day of its own."""

    account: str | None = None
    holder: str | None = None
    currency: str | None = None
    starts_on: date | None = None
    ends_on: date | None = None
    opening: tuple[Money, date | None] | None = None
    closing: tuple[Money, date | None] | None = None
    _codes: dict[str, str] = field(default_factory=dict)

    def note(self, row: Row, point: Point, order: Order, currency: str | None) -> bool:
        """Take in a row that is no booking; whether it told a balance.

        `currency` is that of amounts beside which none stands; UNKNOWN_CURRENCY leaves it open.
        """
        cells = [THOUSANDS.sub(_closed_up, _bare(cell)) for cell in row if cell.strip()]
        if not cells:
            return False
        text, label = " ".join(cells), fold(cells[0])
        self._note_account(cells, text)
        if label in HOLDERS and len(cells) > 1 and re.search("[A-Za-z]{2}", cells[1]):
            self.holder = self.holder or (None if NO_HOLDER.search(cells[1]) else cells[1])
        if label in CURRENCIES and len(cells) > 1 and currency_beside(cells[1]) == cells[1]:
            self.currency = self.currency or cells[1]
        days = [day.on for each in DATE_IN_TEXT.findall(text) if (day := written_day(each, order))]
        self._note_days(label, text, days)
        names_balance = BALANCE.search(text) is not None and NOT_BOOKED.search(text) is None
        return names_balance and self._note_balance(text, days, point, currency)

    def _note_account(self, cells: Sequence[str], text: str) -> None:
        if OF_OTHERS.search(text):
            return
        for found in IBAN_IN_TEXT.findall(text.upper()):
            number = "".join(found.split())
            # What stands after it may look like a part of it.
            whole = next(
                (number[:end] for end in range(len(number), 14, -1) if is_iban(number[:end])), None
            )
            self.account = self.account or whole
        for label, value in pairwise(cells):
            if fold(label) in BANK_CODES | NUMBERS:
                self._codes["bank" if fold(label) in BANK_CODES else "number"] = value
        if self.account is None and len(self._codes) == 2:
            self.account = german_iban(self._codes["bank"], self._codes["number"])

    def _note_days(self, label: str, text: str, days: Sequence[date]) -> None:
        # The hyphens of a date say nothing of a period.
        if len(days) == 2 and PERIOD.search(DATE_IN_TEXT.sub("0", text)):
            self.starts_on, self.ends_on = min(days), max(days)
        elif len(days) == 1 and label in STARTS:
            self.starts_on = days[0]
        elif len(days) == 1 and label in ENDS:
            self.ends_on = days[0]

    def _note_balance(
        self, text: str, days: Sequence[date], point: Point, currency: str | None
    ) -> bool:
        amount = AMOUNT_AT_END.search(text)
        named = currency_beside(text) or currency or self.currency or home_currency(self.account)
        unit = named or currency
        if amount is None or unit is None:
            return False
        try:
            minor = read_amount(amount[0], point, unit)
        except BadValue:
            return False
        if minor is None:
            return False
        if OWED.search(text[: amount.start()]):
            minor = -abs(minor)
        self.currency = self.currency or currency_beside(text) or currency
        balance = (Money(minor, unit), days[0] if days else None)
        # The first of several is what is booked; what follows may count more in, or other accounts.
        if FIRST.search(text):
            self.opening = self.opening or balance
        else:
            self.closing = self.closing or balance
        return True


def account_heading(row: Row) -> str | None:
    """The account of which the rows below are, as a row between bookings names it."""
    cells = [_bare(cell) for cell in row if cell.strip()]
    text = " ".join(cells)
    if len(cells) > MOST_NAMED or len(text) > LONGEST_HEADING or OF_ANYONE.search(text):
        return None
    if not OWN_ACCOUNT.match(text) or DATE_IN_TEXT.search(text):
        return None
    noted = Surroundings()
    noted.note(cells, Point.COMMA, Order.DAY, None)
    return noted.account


def home_currency(account: str | None) -> str | None:
    """The currency of the country whose IBAN an account has, None where it has none."""
    return HOME.get(account[:2]) if account and SHAPE.fullmatch(account) else None


def _closed_up(match: re.Match[str]) -> str:
    return "".join(match[0].split())


def _bare(cell: str) -> str:
    """What a cell says without the colon of a label and the formula that Excel wants of a text."""
    cell = cell.strip()
    return cell[2:-1] if cell[:2] == '="' and cell[-1:] == '"' else cell.rstrip(":")
