"""Tables of days and amounts that no bank exports: told by a title above, or by their columns.

A bank's export need not name its account, and many do not. So a table is another paper only where
something says so: a title, or columns that only another paper has.
"""

import re
from collections.abc import Sequence

from core.formats.papers.kept import (
    ASSETS,
    BUSINESS_REPORT,
    EXPENSES,
    INVOICE_LIST,
    LEDGER,
    OPEN_ITEMS,
    PAYMENT_LIST,
    PAYSLIP,
)
from core.formats.papers.paper import Paper
from core.formats.papers.received import CHARGES, REPAYMENT_PLAN, SECURITIES
from core.formats.papers.titles import LEDGER_LINE, Heading, title_of

# Names of columns as they are folded for banks, with what banks have as well left out.
COLUMNS: dict[Paper, str] = {
    OPEN_ITEMS: "rechnungsnummer rechnungsnr rechnung invoicenumber invoiceno invoice"
    " rechnungsdatum invoicedate faellig faelligam faelligkeit faelligkeitsdatum duedate due"
    " mahnstufe mahnung debitor debitorennummer kreditor kunde kundennummer customer customerno"
    " offen offenerbetrag outstanding opos skonto zahlungsziel facture numerofacture nfacture"
    " datefacture echeance dateecheance client fattura numerofattura nfattura datafattura scadenza"
    " datascadenza cliente fornitore factura vencimiento factuurnummer vervaldatum daysoverdue"
    " tageueberfaellig ueberfaellig lieferant supplier fournisseur",
    PAYSLIP: "personalnummer personalnr mitarbeiter bruttolohn nettolohn bruttobezug lohnsteuer"
    " steuerklasse sozialversicherung lohnart employee employeeno grosspay netpay incometax"
    " nationalinsurance paye salarie brutsalaire salairebrut salairenet cotisations dipendente"
    " lordo retribuzione trattenute matricola",
    REPAYMENT_PLAN: "rate ratenr tilgung zins zinsen zinsanteil tilgungsanteil restschuld"
    " annuitaet instalment installment principal interest outstandingbalance remainingbalance"
    " loanbalance capital interets mensualite capitalrestantdu capitalrestant quotacapitale"
    " quotainteressi interessi debitoresiduo capitaleresiduo rata cuota amortizacion"
    " capitalpendiente aflossing restschuldnachzahlung",
    SECURITIES: "isin wkn stueck stuecke anzahl kurs kurswert wertpapier"
    " quantity price symbol ticker shares quantite cours titre quantita prezzo titolo",
    ASSETS: "anlagegut anlagennummer anschaffungsdatum anschaffungskosten"
    " anschaffungswert ahk nutzungsdauer buchwert restbuchwert afa abschreibung inventarnummer"
    " asset acquisitiondate acquisitioncost purchasecost usefullife bookvalue netbookvalue"
    " depreciation immobilisation dateacquisition valeurorigine duree amortissement"
    " valeurnettecomptable vnc cespite dataacquisto costostorico ammortamento valoreresiduo",
    LEDGER: "belegfeld belegfeld1 belegnr belegnummer buschluessel sachkonto"
    " kontobezeichnung kostenstelle kost1 steuerschluessel sollkonto habenkonto kontosoll"
    " kontohaben steuersatz ustsatz buchungsschluessel umsatzohnesollhabenkz glaccount"
    " nominalcode nominalaccount accountcode voucherno journalno costcentre costcenter taxcode"
    " compte comptenum comptelib journalcode journallib ecriturenum ecriturelib pieceref"
    " contropartita causalecontabile numeroregistrazione protocollo sottoconto asiento",
    INVOICE_LIST: "artikelnummer artikel menge einzelpreis mwst mwstsatz nettobetrag"
    " bruttobetrag ordernumber ordernr bestellnummer quantity unitprice vatrate netamount"
    " grossamount vatamount montantht montantttc tva imponibile aliquota iva totalefattura"
    " kilometer stunden hours",
    PAYMENT_LIST: "naechsteausfuehrung letzteausfuehrung nextexecution nextpayment"
    " rhythmus turnus frequency frequence frequenza frecuencia frequentie prochaineexecution",
    BUSINESS_REPORT: "kosten ergebnis gewinn rohertrag personalkosten materialkosten"
    " wareneinsatz deckungsbeitrag costs profit ebit ebitda grossprofit cogs margin marge resultat"
    " benefice risultato utile beneficio resultado resultaat winst kostenart budget abweichung",
}  # fmt: skip
# What only another paper counts, as meters and time sheets do, wherever in a column's name.
COUNTS = (
    (
        re.compile(
            "zaehlerstand|zaehlernummer|kwh|meterreading|meterstand|relevecompteur|letturacontatore"
            "|lecturacontador|stanlicznika|stavmeridla|kilometerstand|stromverbrauch|gasverbrauch"
        ),
        CHARGES,
    ),
    (
        re.compile(
            "^(?:km|kilomet(?:er|re|res|ros|ri|ry|reja)?|stunden|stundensatz|arbeitszeit|hours"
            "|hoursworked|hourlyrate|heures|tauxhoraire|horas|uren|uurtarief|godziny|hodiny|orak"
            "|timer|timmar|tunnit|anzahlstunden|gefahrenekm|mileage|fahrtzweck|trinkgeld)$"
            "|^(?:stunden|hours|kilometer|km)(?:anzahl|gesamt|total)$"
        ),
        EXPENSES,
    ),
)
# A bank has these at times; a table with one and nothing that is a bank's is of this paper.
_CUSTOMERS = (
    "kunde kunden kundenname kundennr kundennummer debitor debitoren klant klantnaam"
    " klantnummer cliente nomecliente nombrecliente client nomclient clientname customer"
    " customername customerno kund kundnamn asiakas klient zakaznik odberatel ugyfel vevo"
    " clientnume musteri mieter tenant locataire inquilino huurder spender spende donor donateur"
    " donatore donante rechnung rechnungsnr renr invoice invoiceno facture numerofacture"
    " nfactura numerofactura factura fattura numerofattura factuur factuurnr factuurnummer"
    " faktura fakturanr fakturanummer numerfaktury cislofaktury laskunumero angebot lieferschein"
    " zahlstatus zahlungsziel artikel menge ticket tour fahrer"
)
CUSTOMERS = frozenset(_CUSTOMERS.split())
_INVOICES = "invoices rechnungen factures fatture facturas facturen invoiced fakturor fakturaer"
INVOICES = frozenset(_INVOICES.split())
_PAYMENTS = "payments zahlungen paiements reglements pagamenti pagos betalingen receipts"
PAYMENTS = frozenset(_PAYMENTS.split())
_VOUCHERS = "beleg belegnr belegnummer voucher voucherno bon"
VOUCHERS = frozenset(_VOUCHERS.split())
SIDES = (frozenset(("soll", "haben")), frozenset(("debit", "credit")))
LEAST = 2
# One of these is enough: no bank has such a column.
_TELLING = (
    "rechnungsnummer rechnungsnr invoicenumber invoiceno faellig faelligam faelligkeit"
    " faelligkeitsdatum duedate mahnstufe debitorennummer numerofacture echeance numerofattura"
    " scadenza personalnummer bruttolohn lohnart grosspay netpay restschuld tilgung debitoresiduo"
    " capitalrestantdu naechsteausfuehrung nextexecution wkn isin anschaffungskosten"
    " nutzungsdauer restbuchwert usefullife"
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
_COLUMNS = {paper: frozenset(columns.split()) for paper, columns in COLUMNS.items()}


def titled(above: Sequence[Sequence[str]]) -> tuple[Paper, str] | None:
    """The other paper that cells above a table say that it is, and the cell; None for a bank's."""
    for row in above:
        line = " ".join(filter(None, row))
        if LEDGER_LINE.search(line):
            return LEDGER, line
    cells = (Heading(cell) for row in above for cell in row if cell.strip())
    title = title_of(cells)
    return None if title is None or title.paper is None else (title.paper, title.text)


def columned(
    names: Sequence[str], body: Sequence[Sequence[str]], *, is_banks: bool
) -> Paper | None:
    """The other paper that a table's columns are of, by their folded names and what they hold.

    `is_banks` says that something else of it is a bank's: its account, balances, a title.
    """
    if not BANKS.isdisjoint(names):
        return None
    if _has_ledger_accounts(names, body):
        return LEDGER
    if not INVOICES.isdisjoint(names) and not PAYMENTS.isdisjoint(names):
        return OPEN_ITEMS
    for pattern, paper in COUNTS:
        if any(map(pattern.search, names)):
            return paper
    found = {paper: len(columns.intersection(names)) for paper, columns in _COLUMNS.items()}
    counts = {paper: count for paper, count in found.items() if count}
    if counts and DUE.issuperset(set(names) & TELLING) and not BOOKED.isdisjoint(names):
        # A day on which something is due stands beside bookings too.
        counts = {paper: count for paper, count in counts.items() if count > 1}
        names = [name for name in names if name not in DUE]
    best = max(counts, key=lambda paper: counts[paper], default=None)
    if best is not None and (counts[best] >= LEAST or not TELLING.isdisjoint(names)):
        return best
    return _of_customers(set(names)) if not is_banks and BOOKED.isdisjoint(names) else None


def _of_customers(names: set[str]) -> Paper | None:
    """The paper of a table with one column that banks have at most beside what is theirs."""
    if not VOUCHERS.isdisjoint(names) and any(sides <= names for sides in SIDES):
        return LEDGER
    return None if names.isdisjoint(CUSTOMERS) else INVOICE_LIST


def _has_ledger_accounts(names: Sequence[str], body: Sequence[Sequence[str]]) -> bool:
    """Whether each row names an account by a number as short as a ledger's."""
    for at, name in enumerate(names):
        cells = [row[at].strip() for row in body if at < len(row) and row[at].strip()]
        if name in CONTRA and cells and all(LEDGER_ACCOUNT.fullmatch(cell) for cell in cells):
            return True
    return False
