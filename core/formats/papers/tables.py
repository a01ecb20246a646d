"""Tables of days and amounts that no bank exports: told by a title above, or by their columns.

A bank's export need not name its account, and many do not. So a table is another paper only where
something says so: a title, or columns that only another paper has.
"""

import re
from collections.abc import Sequence

from core.formats.papers.titles import Heading, title_of
from core.formats.papers.words import PAPERS, Paper

# Names of columns as they are folded for banks, with what banks have as well left out.
COLUMNS: dict[str, str] = {
    "a list of open items": "rechnungsnummer rechnungsnr rechnung invoicenumber invoiceno invoice"
    " rechnungsdatum invoicedate faellig faelligam faelligkeit faelligkeitsdatum duedate due"
    " mahnstufe mahnung debitor debitorennummer kreditor kunde kundennummer customer customerno"
    " offen offenerbetrag outstanding opos skonto zahlungsziel facture numerofacture nfacture"
    " datefacture echeance dateecheance client fattura numerofattura nfattura datafattura scadenza"
    " datascadenza cliente fornitore factura vencimiento factuurnummer vervaldatum daysoverdue"
    " tageueberfaellig ueberfaellig lieferant supplier fournisseur",
    "a payslip": "personalnummer personalnr mitarbeiter bruttolohn nettolohn bruttobezug lohnsteuer"
    " steuerklasse sozialversicherung lohnart employee employeeno grosspay netpay incometax"
    " nationalinsurance paye salarie brutsalaire salairebrut salairenet cotisations dipendente"
    " lordo retribuzione trattenute matricola",
    "a repayment plan": "rate ratenr tilgung zins zinsen zinsanteil tilgungsanteil restschuld"
    " annuitaet instalment installment principal interest outstandingbalance remainingbalance"
    " loanbalance capital interets mensualite capitalrestantdu capitalrestant quotacapitale"
    " quotainteressi interessi debitoresiduo capitaleresiduo rata cuota amortizacion"
    " capitalpendiente aflossing restschuldnachzahlung",
    "a securities account statement": "isin wkn stueck stuecke anzahl kurs kurswert wertpapier"
    " quantity price symbol ticker shares quantite cours titre quantita prezzo titolo",
    "a fixed asset register": "anlagegut anlagennummer anschaffungsdatum anschaffungskosten"
    " anschaffungswert ahk nutzungsdauer buchwert restbuchwert afa abschreibung inventarnummer"
    " asset acquisitiondate acquisitioncost purchasecost usefullife bookvalue netbookvalue"
    " depreciation immobilisation dateacquisition valeurorigine duree amortissement"
    " valeurnettecomptable vnc cespite dataacquisto costostorico ammortamento valoreresiduo",
    "a ledger sheet": "belegfeld belegfeld1 belegnr belegnummer buschluessel sachkonto"
    " kontobezeichnung kostenstelle kost1 steuerschluessel sollkonto habenkonto kontosoll"
    " kontohaben steuersatz ustsatz buchungsschluessel umsatzohnesollhabenkz glaccount"
    " nominalcode nominalaccount accountcode voucherno journalno costcentre costcenter taxcode"
    " compte comptenum comptelib journalcode journallib ecriturenum ecriturelib pieceref"
    " contropartita causalecontabile numeroregistrazione protocollo sottoconto asiento",
    "a list of invoices": "artikelnummer artikel menge einzelpreis mwst mwstsatz nettobetrag"
    " bruttobetrag ordernumber ordernr bestellnummer quantity unitprice vatrate netamount"
    " grossamount vatamount montantht montantttc tva imponibile aliquota iva totalefattura"
    " kilometer stunden hours",
}  # fmt: skip
LEAST = 2
# One of these is enough: no bank has such a column.
_TELLING = (
    "rechnungsnummer rechnungsnr invoicenumber invoiceno faellig faelligam faelligkeit"
    " faelligkeitsdatum duedate mahnstufe debitorennummer numerofacture echeance numerofattura"
    " scadenza personalnummer bruttolohn lohnart grosspay netpay restschuld tilgung debitoresiduo"
    " capitalrestantdu wkn isin anschaffungskosten nutzungsdauer restbuchwert usefullife"
    " netbookvalue buschluessel sachkonto belegfeld1 kontobezeichnung glaccount nominalcode"
    " comptenum ecriturenum einzelpreis unitprice"
)
# And with one of these it is a bank's, whatever else it has.
_BANKS = (
    "valutadatum wertstellung valuedate datevaleur datedevaleur datavaluta fechavalor rentedatum"
    " verwendungszweck iban bic glaeubigerid mandatsreferenz auftragskonto ibanauftragskonto"
    " transactionid transaktionscode transaktionsid partneriban eigeneiban counterpartyiban"
    " runningbalance saldonachbuchung"
)
TELLING, BANKS = frozenset(_TELLING.split()), frozenset(_BANKS.split())
_DUE = (
    "faellig faelligam faelligkeit faelligkeitsdatum duedate echeance scadenza vencimiento"
    " vervaldatum"
)
_BOOKED = (
    "buchungstag buchungsdatum bookingdate postingdate datecomptable datacontabile fechacontable"
    " boekdatum saldo kontostand balance solde"
)
DUE, BOOKED = frozenset(_DUE.split()), frozenset(_BOOKED.split())
CONTRA = frozenset((
    "gegenkonto", "gegenkto", "gkto", "konto", "kontonr", "kontonummer", "sachkonto", "contra",
    "contraaccount", "account", "accountcode", "contrepartie", "compte", "comptenum",
    "contropartita", "conto", "cuenta", "tegenrekening",
))  # fmt: skip
LEDGER_ACCOUNT = re.compile(r"\d{3,5}")  # so short is no bank's account number
BY_NAME = {paper.name.en: paper for paper in PAPERS}
_OF_COLUMN = {
    column: {name for name, columns in COLUMNS.items() if column in columns.split()}
    for columns in COLUMNS.values()
    for column in columns.split()
}


def titled(above: Sequence[Sequence[str]]) -> tuple[Paper, str] | None:
    """The other paper that cells above a table say that it is, and the cell; None for a bank's."""
    cells = (Heading(cell) for row in above for cell in row if cell.strip())
    title = title_of(cells)
    return None if title is None or title.paper is None else (title.paper, title.text)


def columned(names: Sequence[str], body: Sequence[Sequence[str]]) -> Paper | None:
    """The other paper that a table's columns are of, by their folded names and what they hold."""
    if not BANKS.isdisjoint(names):
        return None
    if _has_ledger_accounts(names, body):
        return BY_NAME["a ledger sheet"]
    counts: dict[str, int] = {}
    for name in set(names):
        for paper in _OF_COLUMN.get(name, ()):
            counts[paper] = counts.get(paper, 0) + 1
    if counts and DUE.issuperset(set(names) & TELLING) and not BOOKED.isdisjoint(names):
        # A day on which something is due stands beside bookings too.
        counts = {paper: count for paper, count in counts.items() if count > 1}
        names = [name for name in names if name not in DUE]
    best = max(counts, key=lambda name: counts[name], default=None)
    enough = best is not None and (counts[best] >= LEAST or not TELLING.isdisjoint(names))
    return BY_NAME[best] if best is not None and enough else None


def _has_ledger_accounts(names: Sequence[str], body: Sequence[Sequence[str]]) -> bool:
    """Whether each row names an account by a number as short as a ledger's."""
    for at, name in enumerate(names):
        cells = [row[at].strip() for row in body if at < len(row) and row[at].strip()]
        if name in CONTRA and cells and all(LEDGER_ACCOUNT.fullmatch(cell) for cell in cells):
            return True
    return False
