"""What a printed document is that is no bank statement: told by several signs that must agree.

One word proves nothing: a bank statement's remittance may say Bilanz, and every letter names the
court where its sender is registered. So a kind has a title, which begins a line, and headings that
such a document has; enough of them must be there. Of several kinds the one that begins first is it.
"""

import re
from calendar import monthrange
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from core.documents import DocumentKind, Fact, Origin, Recognised, Term
from core.evidence import Bytes, Printed
from core.formats.common.months import MONTH, month_of
from core.formats.papers.titles import unspaced

AMOUNT = r"-?\d{1,3}(?:[. ]?\d{3})*(?:,\d\d)?-?"
DAY = re.compile(r"\b(\d{1,2})\.\s?(\d{1,2}|[A-Za-zä]{3,9})\.?\s?(\d{4})\b")
MONTH_AND_YEAR = re.compile(
    rf"(?<!\d\. )(?<!\d\.)(?<![\d/])\b(?:{MONTH}|(0?[1-9]|1[0-2])(?=\s?/))"
    r"(?:\s+|\s?/\s?)(\d{4})\b",
    re.IGNORECASE,
)
BETWEEN = re.compile(r"\s?(?:-|–|bis)\s?")
TOWN = r"(?:(?:Bad|Sankt|St\.) )?[A-ZÄÖÜ][\w.-]+(?: (?:am|an der|im) [A-ZÄÖÜ][\w.-]+)?"
COURT = re.compile(rf"\bAmtsgerichts?\s+({TOWN})")
NUMBER = re.compile(r"\b(HR[AB])\s*(\d{1,6}(?:\s?[A-Z]{1,2}\b)?)")
UNTIL = re.compile(r"\b(?:zum|per|auf den|bis)\b", re.IGNORECASE)
MOST_LINES = 5_000  # such a document says in its first pages what it is
LONGEST_LINE = 300  # characters that are looked at


def _signs(*patterns: str) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(each, re.IGNORECASE) for each in patterns)


def _rows(*titles: str) -> tuple[re.Pattern[str], ...]:
    """Rows of a table: a title, then an amount."""
    return _signs(*(rf"(?:^|\W)(?:{title})\b.*\s{AMOUNT}(?:\s|$)" for title in titles))


@dataclass(frozen=True, slots=True)
class Signs:
    """What a kind of document has: a title, all of `always`, and at least so many of `often`."""

    kind: DocumentKind
    title: re.Pattern[str]
    least: int
    often: tuple[re.Pattern[str], ...]
    always: tuple[re.Pattern[str], ...] = ()


KINDS = (
    Signs(
        DocumentKind.BUSINESS_REPORT,
        re.compile(
            r"^(?:kurzfristige erfolgsrechnung|betriebswirtschaftliche auswertung)", re.IGNORECASE
        ),
        5,
        _rows(
            "umsatzerlöse",
            "gesamtleistung",
            "(?:material|mat\\.)[-/ ]*(?:aufwand|wareneinkauf|einkauf)",
            "rohertrag|betriebl(?:icher|\\.) rohertrag",
            "personalkosten",
            "raumkosten",
            "kfz-kosten.*|fahrzeugkosten.*",
            "gesamtkosten",
            "betriebsergebnis",
            "ergebnis vor steuern|vorläufiges ergebnis|neutrales ergebnis",
        ),
    ),
    Signs(
        DocumentKind.ANNUAL_ACCOUNTS,
        re.compile(
            r"^(?:aktiva )?(?:jahresabschluss\b|(?:handels)?bilanz (?:zum|auf den|per)\b"
            r"|gewinn-\s?und verlustrechnung\b)",
            re.IGNORECASE,
        ),
        6,
        _signs(
            r"\baktiva\b",
            r"\bpassiva\b",
            r"\banlagevermögen\b",
            r"\bumlaufvermögen\b",
            r"\beigenkapital\b",
            r"\bgezeichnetes kapital\b",
            r"\brückstellungen\b",
            r"\bverbindlichkeiten\b",
            r"\brechnungsabgrenzungsposten\b",
            r"\bmaterialaufwand\b",
            r"\bpersonalaufwand\b",
            r"\babschreibungen\b",
            r"\bjahres(?:überschuss|fehlbetrag|überschuß)\b",
        ),
    ),
    Signs(
        DocumentKind.REGISTER_EXTRACT,
        re.compile(
            r"^(?:handelsregister\b|(?:aktueller |chronologischer )?(?:ausdruck|abdruck|auszug)\b"
            r".*\bhandelsregister|amtlicher ausdruck\b)",
            re.IGNORECASE,
        ),
        5,
        _signs(
            r"nummer der (?:firma|eintragung)",
            r"sitz,? niederlassung|^\W*(?:b\)\s*)?sitz\b",
            r"gegenstand des unternehmens",
            r"(?:grund- oder )?stammkapital|kommanditisten",
            r"vertretungsregelung|vertretungsbefugnis",
            r"geschäftsführende direktoren|persönlich haftende gesellschafter|geschäftsführer",
            r"\bprokura\b",
            r"rechtsform|satzung",
            r"tag der (?:letzten )?eintragung",
        ),
        (COURT, NUMBER),
    ),
    Signs(
        DocumentKind.INVOICE,
        re.compile(r"^(?:rechnung|invoice)\b", re.IGNORECASE),
        3,
        _signs(
            r"\b(?:mwst|ust|mehrwertsteuer|umsatzsteuer|vat)\b.*%|%.*\b(?:mwst|ust|vat)\b",
            r"\brechnungsdatum\b|\binvoice date\b",
            r"\bnetto|\bnet (?:amount|total)\b|\bzwischensumme\b",
            r"\bzahlbar\b|\bzahlungsziel\b|\bfällig\b|\bpayable\b|\bdue\b",
            r"\b(?:menge|anzahl|quantity)\b.*\b(?:preis|price|betrag|amount)\b",
        ),
        _signs(
            r"\b(?:rechnung(?:s)?[- ]?(?:nr|nummer|no)|invoice (?:no|number|nr))\b",
            r"\b(?:gesamtbetrag|rechnungsbetrag|bruttobetrag|zahlbetrag|gesamtsumme|amount due"
            rf"|total)\b.*\s{AMOUNT}(?:\s|$)",
            r"\b(?:ust-?id|umsatzsteuer-id|steuernummer|steuer-nr|vat (?:id|no|reg))",
        ),
    ),
)
OTHERS = re.compile(
    r"^(?:gewerbe(?:anmeldung|ummeldung|register|zentralregister|auszug)|mahnung|angebot"
    r"|zahlungserinnerung|auftragsbestätigung|lieferschein|pro-?forma|kontoauszug)",
    re.IGNORECASE,
)
INVOICE_NUMBER = re.compile(
    r"(?:rechnungs?[- ]?(?:nr|nummer|no)|invoice (?:no|number|nr))\W{0,3}\s*"
    r"((?=\S*\d)[A-Z0-9][A-Z0-9/_.-]{1,29})",
    re.IGNORECASE,
)


def recognise(lines: Sequence[Printed], size: int) -> Recognised | None:
    """The kind of a printed document of so many bytes, and what it says; None where not sure."""
    lines = [line._replace(text=unspaced(line.text[:LONGEST_LINE])) for line in lines[:MOST_LINES]]
    if any(OTHERS.match(line.text) for line in lines):
        return None
    found = [_Paper(lines, size, signs) for signs in KINDS if _has(signs, lines)]
    first = min(found, key=lambda paper: paper.begins, default=None)
    return None if first is None else Recognised(first.kind, tuple(first.facts()))


def _has(signs: Signs, lines: Sequence[Printed]) -> bool:
    if not any(signs.title.search(line.text) for line in lines):
        return False
    present = [
        any(pattern.search(line.text) for line in lines)
        for pattern in (*signs.always, *signs.often)
    ]
    must = len(signs.always)
    return all(present[:must]) and sum(present[must:]) >= signs.least


class _Paper:
    """A document whose kind is known, and what can be told of it for sure."""

    def __init__(self, lines: Sequence[Printed], size: int, signs: Signs) -> None:
        self.kind = signs.kind
        self.begins = next(at for at, line in enumerate(lines) if signs.title.search(line.text))
        self._lines = lines
        self._size = size

    def facts(self) -> Iterator[Fact]:
        """What the document's own words say, each with its line."""
        title = self._lines[self.begins]
        yield Fact(Term.TITLE, self._origin(title), text=title.text[:200])
        match self.kind:
            case DocumentKind.BUSINESS_REPORT:
                yield from self._period()
            case DocumentKind.ANNUAL_ACCOUNTS:
                yield from self._reporting_date()
            case DocumentKind.REGISTER_EXTRACT:
                yield from self._register()
            case DocumentKind.INVOICE:
                yield from self._found(Term.INVOICE_NUMBER, INVOICE_NUMBER)

    def _period(self) -> Iterator[Fact]:
        """The months that the head names, from the first to the last of them."""
        for line in self._head():
            days = [*_months(line.text)] or [*_days(line.text)]
            if len(days) == 2 and days[0] <= days[1]:  # one alone may be that of printing
                yield Fact(Term.PERIOD_START, self._origin(line), day=days[0])
                yield Fact(Term.PERIOD_END, self._origin(line), day=days[-1])
                return

    def _reporting_date(self) -> Iterator[Fact]:
        """The day that the accounts are drawn up for, the last one that the head's line names."""
        for line in self._head():
            until = UNTIL.search(line.text)
            if until and (days := [*_days(line.text[until.start() :])]):
                yield Fact(Term.REPORTING_DATE, self._origin(line), day=days[-1])
                return

    def _register(self) -> Iterator[Fact]:
        yield from self._found(Term.REGISTER_COURT, COURT, "Amtsgericht ")
        yield from self._found(Term.REGISTER_NUMBER, NUMBER)

    def _found(self, term: Term, pattern: re.Pattern[str], before: str = "") -> Iterator[Fact]:
        for line in self._lines:
            if match := pattern.search(line.text):
                yield Fact(term, self._origin(line), text=before + " ".join(match.groups()))
                return

    def _head(self) -> Sequence[Printed]:
        """The title and some lines around it."""
        at = self.begins
        return (*self._lines[at : at + 6], *self._lines[max(0, at - 4) : at])

    def _origin(self, line: Printed) -> Origin:
        return Origin(Bytes(0, self._size), box=line.box)


def _days(text: str) -> Iterator[date]:
    for day, month, year in DAY.findall(text):
        number = int(month) if month.isdecimal() else _month(month)
        try:
            yield date(int(year), number, int(day))
        except ValueError:
            continue


def _months(text: str) -> Iterator[date]:
    """The first day of the first month that is named and the last of the last."""
    matches = list(MONTH_AND_YEAR.finditer(text))
    for first, second in pairwise(matches):
        if BETWEEN.fullmatch(text[first.end() : second.start()]):
            matches = [first, second]  # a span, whatever other months stand beside it
            break
    found = [(int(each[3]), _month(each[1] or each[2])) for each in matches]
    if found and all(1900 <= year <= 9998 for year, _ in found):
        (first_year, first_month), (last_year, last_month) = found[0], found[-1]
        yield date(first_year, first_month, 1)
        yield date(last_year, last_month, monthrange(last_year, last_month)[1])


def _month(name: str) -> int:
    """The number of a month by its name, short or whole, or by that; 0 for none."""
    return int(name) if name.isdecimal() else month_of(name) or 0
