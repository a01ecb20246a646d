"""What a document is called, in the languages of the web app."""

from collections.abc import Mapping

from core.bilingual import Text
from core.documents.model import Kind

KINDS: Mapping[str | None, Text] = {
    Kind.BANK_STATEMENT: Text("Bank statement", "Kontoauszug"),
    Kind.INVOICE: Text("Invoice", "Rechnung"),
    Kind.BUSINESS_REPORT: Text("Business report (BWA)", "Betriebswirtschaftliche Auswertung"),
    Kind.ANNUAL_ACCOUNTS: Text("Annual accounts", "Jahresabschluss"),
    Kind.REGISTER_EXTRACT: Text("Register extract", "Handelsregisterauszug"),
    Kind.OTHER: Text("Other", "Sonstiges"),
    None: Text("Unknown", "Unbekannt"),
}
