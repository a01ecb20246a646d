"""What a document is called, in the languages of the web app."""

from collections.abc import Mapping

from core.bilingual import Bilingual
from core.documents.model import DocumentKind

KIND_TITLES: Mapping[str | None, Bilingual] = {
    DocumentKind.BANK_STATEMENT: Bilingual("Bank statement", "Kontoauszug"),
    DocumentKind.INVOICE: Bilingual("Invoice", "Rechnung"),
    DocumentKind.BUSINESS_REPORT: Bilingual(
        "Business report (BWA)", "Betriebswirtschaftliche Auswertung"
    ),
    DocumentKind.ANNUAL_ACCOUNTS: Bilingual("Annual accounts", "Jahresabschluss"),
    DocumentKind.REGISTER_EXTRACT: Bilingual("Register extract", "Handelsregisterauszug"),
    DocumentKind.OTHER: Bilingual("Other", "Sonstiges"),
    None: Bilingual("Unknown", "Unbekannt"),
}
