"""What banks call the columns of their tables."""

import re
from enum import StrEnum

from core.statements.csv.table import Row


class Role(StrEnum):
    """What a column says of a booking."""

    BOOKED = "booked"
    VALUED = "valued"
    AMOUNT = "amount"
    DEBIT = "debit"
    CREDIT = "credit"
    SIDE = "side"
    CURRENCY = "currency"
    BALANCE = "balance"
    NAME = "name"
    PAYER = "payer"
    PAYEE = "payee"
    ACCOUNT = "account"
    BANK = "bank"
    OWN = "own"
    OWN_BANK = "own_bank"
    OWN_NAME = "own_name"
    HOLDER = "holder"
    TEXT = "text"
    STATUS = "status"
    REFERENCE = "reference"
    GVC = "gvc"
    PURPOSE = "purpose"


# Headers as `folded` leaves them, the likelier first; "(EUR)", "in EUR" and "*" are gone by then.
HEADERS: dict[Role, str] = {
    Role.BOOKED: "buchungstag buchungsdatum bookingdate buchung completeddate transactiondate datum"
    " date buchtag operationdate fechaoperacion dateoperation fecha boekdatum",
    Role.VALUED: "valutadatum valuta wertstellung wertstellungsdatum wertstellungvaluta wert"
    " valuedate fechavalor datevaleur rentedatum",
    Role.AMOUNT: "betrag umsatz amount netto net betragumsatz transactionamount importe montant"
    " bedrag",
    Role.DEBIT: "soll belastung debit debitamount paidout moneyout ausgaben sollbetrag cargo af",
    Role.CREDIT: "haben gutschrift credit creditamount paidin moneyin einnahmen habenbetrag"
    " abono bij",
    Role.SIDE: "sollhaben sh sollhabenkennzeichen sollhabenkz debitcredit creditdebit afbij dc",
    Role.CURRENCY: "waehrung currency whg kontowaehrung divisa devise muntsoort waehrungscode",
    Role.BALANCE: "saldonachbuchung saldo kontostand balance runningbalance guthaben kontosaldo"
    " saldoneu solde",
    Role.NAME: "beguenstigterzahlungspflichtiger auftraggeberbeguenstigter"
    " beguenstigterauftraggeber auftraggeberempfaenger empfaengerauftraggebername"
    " empfaengerauftraggeber namezahlungsbeteiligter zahlungsbeteiligter partnername"
    " empfaengerzahlungspflichtiger nameempfaengerauftraggeber auftraggeberzahlungsempfaenger"
    " zahlungsempfaengerauftraggeber auftraggeberzahlungspflichtiger gegenpartei counterparty"
    " counterpartyname payee name empfaenger1 beneficiary naamtegenpartij",
    Role.PAYER: "zahlungspflichtiger auftraggeber sender",
    Role.PAYEE: "zahlungsempfaengerin zahlungsempfaenger beguenstigter empfaenger recipient",
    Role.ACCOUNT: "kontonummeriban ibankontonummer ibanzahlungsbeteiligter partneriban iban"
    " empfaengerauftraggeberiban gegenkonto counterpartyiban ibangegenkonto kontonummer"
    " accountnumber kontonr tegenrekening",
    Role.BANK: "blz bankleitzahl",
    Role.OWN: "auftragskonto ibanauftragskonto ibanauftraggeberkonto eigeneiban auftraggeberkonto"
    " eigeneskonto rekening",
    Role.OWN_BANK: "bankleitzahlauftraggeberkonto blzauftraggeberkonto blzauftragskonto",
    Role.OWN_NAME: "accountname kontoname kontobezeichnung bezeichnungauftragskonto",
    Role.HOLDER: "kontoinhaber accountholder accountowner",
    Role.TEXT: "buchungstext umsatzart umsatztyp vorgang transaktionstyp transactiontype"
    " buchungsart type art typ mutatiesoort",
    Role.STATUS: "status info state",
    Role.REFERENCE: "transferwiseid transaktionscode transactionid transaktionsid bankreferenz"
    " bankreference",
    Role.GVC: "gvc gvcode geschaeftsvorfallcode gvccode",
    Role.PURPOSE: "verwendungszweck vorgangverwendungszweck paymentreference verwendungszweckzeile1"
    " beschreibung description reference mitteilungen concepto libelle omschrijving mededelingen"
    " betreff details",
}
ROLE_OF = {
    name: (role, at) for role, names in HEADERS.items() for at, name in enumerate(names.split())
}
SPELLING = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})
CURRENCY = re.compile(r"\b(EUR|USD|GBP|CHF|PLN|SEK|NOK|DKK|CZK)\b|(€)|(\$)|(£)")
SIGNS = {"€": "EUR", "$": "USD", "£": "GBP"}
ASIDE = re.compile(r"[(\[].*?[)\]]|\b(?:in|en) [A-Z€]{1,3}\b|\*")
NUMBERED = re.compile(r"(?:vwz|verwendungszweck|verwendungszweckzeile|buchungstext)[0-9]+")


def fold(header: str) -> str:
    """A header in small letters without umlauts, signs and what it says in brackets."""
    text = ASIDE.sub(" ", header).lower().translate(SPELLING)
    return "".join(each for each in text if each.isalnum() and each.isascii())


def named(row: Row) -> dict[Role, int]:
    """Which roles the row's cells are names of; the likelier name of a role counts."""
    best: dict[Role, tuple[int, int]] = {}
    for column, cell in enumerate(row):
        if len(cell) < 60 and (found := ROLE_OF.get(fold(cell))):
            role, rank = found
            best[role] = min(best.get(role, (rank, column)), (rank, column))
    return {role: column for role, (_, column) in best.items()}


def find_currency(text: str) -> str | None:
    """The currency that a text names by its code or sign."""
    match = CURRENCY.search(text)
    return None if match is None else SIGNS.get(match[0], match[0])
