"""The words of a report, in each of its languages."""

from dataclasses import dataclass
from datetime import UTC, datetime

from core.analysis import FORMULAS, Unit
from core.applications import Product
from core.applications import Status as CaseStatus
from core.bilingual import Text
from core.documents import KINDS, Kind
from core.documents import Status as DocumentStatus
from core.questions import QUESTIONS, Verdict
from core.questions.wording import Wording
from core.reports.model import Language

TITLES = {(each.id, each.version): each.title for each in FORMULAS}
WORDINGS = {each.id: each.wording for each in QUESTIONS}

_LABELS = {
    "report": Text("Report", "Bericht"),
    "application": Text("Application", "Antrag"),
    "page": Text("Page {page} of {pages}", "Seite {page} von {pages}"),
    "product": Text("Product", "Produkt"),
    "amount": Text("Amount", "Betrag"),
    "term": Text("Term", "Laufzeit"),
    "months": Text("{n} months", "{n} Monate"),
    "purpose": Text("Purpose", "Zweck"),
    "property": Text("Property", "Objekt"),
    "reference": Text("Reference", "Referenz"),
    "received": Text("Received", "Eingegangen"),
    "partner": Text("Handed in by", "Eingereicht durch"),
    "sandbox": Text("Sandbox", "Sandbox"),
    "sandbox_says": Text(
        "From the sandbox: handed in with a test key. No lender works on it.",
        "Aus der Sandbox: eingereicht mit einem Testschlüssel. Kein Kreditgeber bearbeitet es.",
    ),
    "status": Text("Status", "Status"),
    "window": Text("Window", "Zeitraum"),
    "no_window": Text("no whole month is covered", "kein ganzer Monat ist belegt"),
    "computed": Text("Computed", "Berechnet"),
    "not_computed": Text("not yet", "noch nicht"),
    "declared_revenue": Text("Declared annual revenue", "Angegebener Jahresumsatz"),
    "declared_service": Text("Declared monthly debt service", "Angegebener Kapitaldienst im Monat"),
    "declared_lenders": Text("Declared lenders", "Angegebene Kreditgeber"),
    "none": Text("none", "keine"),
    "register": Text("Register", "Register"),
    "vat": Text("VAT ID", "USt-IdNr."),
    "answers": Text("Answers", "Antworten"),
    "question": Text("Question and reason", "Frage und Begründung"),
    "value": Text("Value", "Wert"),
    "verdict": Text("Verdict", "Urteil"),
    "missing": Text("Would settle it: {papers}.", "Das klärte: {papers}."),
    "figures": Text("Figures", "Kennzahlen"),
    "figure": Text("Figure", "Kennzahl"),
    "unit": Text("Unit", "Einheit"),
    "formula": Text("Formula", "Formel"),
    "rests_on": Text("Rests on", "Beruht auf"),
    "sum": Text("Sum", "Summe"),
    "bookings": Text("{n} transactions", "{n} Umsätze"),
    "booking": Text("1 transaction", "1 Umsatz"),
    "statements": Text("{n} statements", "{n} Auszüge"),
    "statement": Text("1 statement", "1 Auszug"),
    "month_by_month": Text("Month by month", "Monat für Monat"),
    "month": Text("Month", "Monat"),
    "inflow": Text("Money in", "Eingänge"),
    "outflow": Text("Money out", "Ausgänge"),
    "revenue": Text("Revenue", "Umsatz"),
    "balance": Text("Balance at the end", "Saldo am Ende"),
    "evidence": Text("What the figures rest on", "Worauf die Kennzahlen beruhen"),
    "first_of": Text(
        "The first {shown} of {count} transactions, {sum} in all.",
        "Die ersten {shown} von {count} Umsätzen, zusammen {sum}.",
    ),
    "all_of": Text("All {count} transactions, {sum} in all.", "Alle {count} Umsätze: {sum}."),
    "booked": Text("Booked", "Gebucht"),
    "counterparty": Text("Counterparty and purpose", "Gegenpartei und Verwendungszweck"),
    "file": Text("File", "Datei"),
    "place": Text("Place in the file", "Stelle in der Datei"),
    "bytes": Text("bytes {start} to {end}", "Bytes {start} bis {end}"),
    "on_page": Text("page {page}", "Seite {page}"),
    "documents": Text("Documents", "Dokumente"),
    "no_documents": Text("None was handed in.", "Es wurde keines eingereicht."),
    "filename": Text("File and SHA-256", "Datei und SHA-256"),
    "kind": Text("Kind", "Art"),
    "size": Text("Size", "Größe"),
    "byte_count": Text("{n} bytes", "{n} Bytes"),
    "nothing": Text(
        "No document was read yet, so nothing was computed.",
        "Es wurde noch kein Dokument gelesen, daher ist nichts berechnet.",
    ),
}
_VERDICTS = {
    Verdict.GOOD: Text("Good", "Gut"),
    Verdict.WATCH: Text("Watch", "Beachten"),
    Verdict.BAD: Text("Bad", "Schlecht"),
    Verdict.NONE: Text("For information", "Zur Kenntnis"),
}
_UNANSWERED = Text("Not answerable", "Nicht zu beantworten")
_UNITS = {
    Unit.COUNT: Text("count", "Anzahl"),
    Unit.RATIO: Text("ratio", "Quote"),
    Unit.DAYS: Text("days", "Tage"),
    Unit.MONTHS: Text("months", "Monate"),
}
_PRODUCTS = {
    Product.LOAN: Text("Loan", "Kredit"),
    Product.MORTGAGE: Text("Mortgage", "Immobilienkredit"),
}
_STATUSES = {
    CaseStatus.RECEIVED: Text("Received", "Eingegangen"),
    CaseStatus.READING: Text("Reading", "Wird gelesen"),
    CaseStatus.NEEDS_DOCUMENTS: Text("Needs documents", "Unterlagen fehlen"),
    CaseStatus.IN_REVIEW: Text("In review", "In Prüfung"),
    CaseStatus.APPROVED: Text("Approved", "Genehmigt"),
    CaseStatus.DECLINED: Text("Declined", "Abgelehnt"),
    CaseStatus.WITHDRAWN: Text("Withdrawn", "Zurückgezogen"),
}
_READING = {
    DocumentStatus.QUEUED: Text("waits", "wartet"),
    DocumentStatus.READING: Text("is being read", "wird gelesen"),
    DocumentStatus.READ: Text("read", "gelesen"),
    DocumentStatus.UNREADABLE: Text("unreadable", "nicht lesbar"),
}


@dataclass(frozen=True, slots=True)
class Words:
    """Everything a report says, in one language and currency."""

    language: Language
    numbers: Wording

    @classmethod
    def of(cls, language: Language, currency: str) -> "Words":
        """The words of a language; money in the currency."""
        return cls(language, Wording(language.value, currency))

    def pick(self, text: Text) -> str:
        """The side of a text in this language."""
        return text.de if self.language is Language.GERMAN else text.en

    def label(self, name: str, **fields: object) -> str:
        """A label, its fields filled in."""
        return self.pick(_LABELS[name]).format(**fields)

    def many(self, name: str, count: int) -> str:
        """How many of a thing: `1 statement`, `24 statements`."""
        return self.label(name) if count == 1 else self.label(f"{name}s", n=self.number(count))

    def number(self, value: int) -> str:
        """A whole number, grouped."""
        return self.numbers.format_field(value, "number")

    def day(self, value: object) -> str:
        """A day as the language writes it."""
        return self.numbers.format_field(value, "day")

    def month(self, value: object) -> str:
        """A month as the language writes it."""
        return self.numbers.format_field(value, "month")

    def moment(self, at: datetime) -> str:
        """A time in UTC, to the minute."""
        return f"{self.day(at.astimezone(UTC).date())}, {at.astimezone(UTC):%H:%M} UTC"

    def verdict(self, verdict: Verdict | None) -> str:
        """A verdict; None where there is no answer to judge."""
        return self.pick(_UNANSWERED if verdict is None else _VERDICTS[verdict])

    def unit(self, unit: Unit, currency: str) -> str:
        """A unit; that of money is its currency."""
        return currency if unit is Unit.MONEY else self.pick(_UNITS[unit])

    def product(self, product: Product) -> str:
        """What is asked for."""
        return self.pick(_PRODUCTS[product])

    def status(self, status: CaseStatus) -> str:
        """How far the case has come."""
        return self.pick(_STATUSES[status])

    def document(self, kind: Kind | None, status: DocumentStatus) -> str:
        """What a document is, and what became of it."""
        return f"{self.pick(KINDS[kind])}, {self.pick(_READING[status])}"
