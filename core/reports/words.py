"""The words of a report, in each of its languages."""

from dataclasses import dataclass
from datetime import UTC, datetime

from core.analysis import FORMULAS, Unit
from core.applications import ApplicationStatus, Product
from core.bilingual import Bilingual
from core.documents import KIND_TITLES, DocumentKind, DocumentStatus
from core.questions import QUESTIONS, Verdict
from core.questions.wording import Wording
from core.reports.model import Language

TITLES = {(each.id, each.version): each.title for each in FORMULAS}
WORDINGS = {each.id: each.wording for each in QUESTIONS}

_LABELS = {
    "report": Bilingual("Report", "Bericht"),
    "application": Bilingual("Application", "Antrag"),
    "page": Bilingual("Page {page} of {pages}", "Seite {page} von {pages}"),
    "product": Bilingual("Product", "Produkt"),
    "amount": Bilingual("Amount", "Betrag"),
    "term": Bilingual("Term", "Laufzeit"),
    "months": Bilingual("{n} months", "{n} Monate"),
    "purpose": Bilingual("Purpose", "Zweck"),
    "property": Bilingual("Property", "Objekt"),
    "reference": Bilingual("Reference", "Referenz"),
    "received": Bilingual("Received", "Eingegangen"),
    "partner": Bilingual("Handed in by", "Eingereicht durch"),
    "sandbox": Bilingual("Sandbox", "Sandbox"),
    "sandbox_says": Bilingual(
        "From the sandbox: handed in with a test key. No lender works on it.",
        "Aus der Sandbox: eingereicht mit einem Testschlüssel. Kein Kreditgeber bearbeitet es.",
    ),
    "status": Bilingual("Status", "Status"),
    "window": Bilingual("Window", "Zeitraum"),
    "no_window": Bilingual("no whole month is covered", "kein ganzer Monat ist belegt"),
    "computed": Bilingual("Computed", "Berechnet"),
    "not_computed": Bilingual("not yet", "noch nicht"),
    "declared_revenue": Bilingual("Declared annual revenue", "Angegebener Jahresumsatz"),
    "declared_service": Bilingual(
        "Declared monthly debt service", "Angegebener Kapitaldienst im Monat"
    ),
    "declared_lenders": Bilingual("Declared lenders", "Angegebene Kreditgeber"),
    "none": Bilingual("none", "keine"),
    "register": Bilingual("Register", "Register"),
    "vat": Bilingual("VAT ID", "USt-IdNr."),
    "answers": Bilingual("Answers", "Antworten"),
    "question": Bilingual("Question and reason", "Frage und Begründung"),
    "value": Bilingual("Value", "Wert"),
    "verdict": Bilingual("Verdict", "Urteil"),
    "missing": Bilingual("Would settle it: {papers}.", "Das klärte: {papers}."),
    "subject_to": Bilingual("Subject to: {reservations}", "Unter Vorbehalt: {reservations}"),
    "provisional": Bilingual("provisional", "unter Vorbehalt"),
    "accounts": Bilingual("Accounts", "Konten"),
    "holder": Bilingual("Holder", "Kontoinhaber"),
    "counts": Bilingual("Counted", "Berücksichtigt"),
    "unnamed_holder": Bilingual("not named by the statements", "in den Auszügen nicht genannt"),
    "counts_yes": Bilingual("yes", "ja"),
    "counts_no": Bilingual("no: held by another", "nein: anderer Inhaber"),
    "counts_ruled": Bilingual("yes, let in: {reason}", "ja, zugelassen: {reason}"),
    "counts_ruled_out": Bilingual("no, left out: {reason}", "nein, ausgeschlossen: {reason}"),
    "figures": Bilingual("Figures", "Kennzahlen"),
    "figure": Bilingual("Figure", "Kennzahl"),
    "unit": Bilingual("Unit", "Einheit"),
    "formula": Bilingual("Formula", "Formel"),
    "rests_on": Bilingual("Rests on", "Beruht auf"),
    "sum": Bilingual("Sum", "Summe"),
    "bookings": Bilingual("{n} transactions", "{n} Buchungen"),
    "booking": Bilingual("1 transaction", "1 Buchung"),
    "statements": Bilingual("{n} statements", "{n} Auszüge"),
    "statement": Bilingual("1 statement", "1 Auszug"),
    "month_by_month": Bilingual("Month by month", "Monat für Monat"),
    "month": Bilingual("Month", "Monat"),
    "inflow": Bilingual("Money in", "Eingänge"),
    "outflow": Bilingual("Money out", "Ausgänge"),
    "revenue": Bilingual("Revenue", "Umsatz"),
    "balance": Bilingual("Balance at the end", "Saldo am Ende"),
    "evidence": Bilingual("What the figures rest on", "Worauf die Kennzahlen beruhen"),
    "first_of": Bilingual(
        "The first {shown} of {count} transactions, {sum} in all.",
        "Die ersten {shown} von {count} Buchungen, zusammen {sum}.",
    ),
    "all_of": Bilingual(
        "All {count} transactions, {sum} in all.", "Alle {count} Buchungen: {sum}."
    ),
    "first_of_statements": Bilingual(
        "The first {shown} of {count} statements.", "Die ersten {shown} von {count} Auszügen."
    ),
    "all_of_statements": Bilingual("All {count} statements.", "Alle {count} Auszüge."),
    "account": Bilingual("Account", "Konto"),
    "first_day": Bilingual("From", "Von"),
    "last_day": Bilingual("To", "Bis"),
    "closing": Bilingual("Closing balance", "Endsaldo"),
    "booked": Bilingual("Booked", "Gebucht"),
    "counterparty": Bilingual("Counterparty and purpose", "Gegenpartei und Verwendungszweck"),
    "file": Bilingual("File", "Datei"),
    "place": Bilingual("Place in the file", "Stelle in der Datei"),
    "bytes": Bilingual("bytes {start} to {end}", "Bytes {start} bis {end}"),
    "on_page": Bilingual("page {page}", "Seite {page}"),
    "documents": Bilingual("Documents", "Dokumente"),
    "no_documents": Bilingual("None was handed in.", "Es wurde keines eingereicht."),
    "filename": Bilingual("File and SHA-256", "Datei und SHA-256"),
    "kind": Bilingual("Kind", "Art"),
    "size": Bilingual("Size", "Größe"),
    "byte_count": Bilingual("{n} bytes", "{n} Bytes"),
    "nothing": Bilingual(
        "No document was read yet, so nothing was computed.",
        "Es wurde noch kein Dokument gelesen, daher ist nichts berechnet.",
    ),
}
_VERDICTS = {
    Verdict.GOOD: Bilingual("Good", "Unauffällig"),
    Verdict.WATCH: Bilingual("Watch", "Auffällig"),
    Verdict.BAD: Bilingual("Bad", "Kritisch"),
    Verdict.NONE: Bilingual("For information", "Zur Kenntnis"),
}
_UNANSWERED = Bilingual("Not answerable", "Nicht zu beantworten")
_UNITS = {
    Unit.COUNT: Bilingual("count", "Anzahl"),
    Unit.RATIO: Bilingual("ratio", "Quote"),
    Unit.DAYS: Bilingual("days", "Tage"),
    Unit.MONTHS: Bilingual("months", "Monate"),
}
_PRODUCTS = {
    Product.LOAN: Bilingual("Loan", "Kredit"),
    Product.MORTGAGE: Bilingual("Mortgage", "Immobilienkredit"),
}
_STATUSES = {
    ApplicationStatus.RECEIVED: Bilingual("Received", "Eingegangen"),
    ApplicationStatus.READING: Bilingual("Reading", "Wird gelesen"),
    ApplicationStatus.NEEDS_DOCUMENTS: Bilingual("Needs documents", "Unterlagen fehlen"),
    ApplicationStatus.IN_REVIEW: Bilingual("In review", "In Prüfung"),
    ApplicationStatus.APPROVED: Bilingual("Approved", "Genehmigt"),
    ApplicationStatus.DECLINED: Bilingual("Declined", "Abgelehnt"),
    ApplicationStatus.WITHDRAWN: Bilingual("Withdrawn", "Zurückgezogen"),
}
_READING = {
    DocumentStatus.QUEUED: Bilingual("waits", "wartet"),
    DocumentStatus.READING: Bilingual("is being read", "wird gelesen"),
    DocumentStatus.READ: Bilingual("read", "gelesen"),
    DocumentStatus.UNREADABLE: Bilingual("unreadable", "nicht lesbar"),
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

    def pick(self, text: Bilingual) -> str:
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

    def status(self, status: ApplicationStatus) -> str:
        """How far the case has come."""
        return self.pick(_STATUSES[status])

    def document(self, kind: DocumentKind | None, status: DocumentStatus) -> str:
        """What a document is, and what became of it."""
        return f"{self.pick(KIND_TITLES[kind])}, {self.pick(_READING[status])}"
