"""What banks call the columns of their tables."""

import re
from collections.abc import Sequence
from enum import StrEnum
from functools import lru_cache
from unicodedata import normalize

from core.formats.csv.grid import Row
from core.formats.csv.letters import LOST, lost_letters


class ColumnRole(StrEnum):
    """What a column says of a booking."""

    BOOKED = "booked"
    VALUED = "valued"
    AMOUNT = "amount"
    DEBIT = "debit"
    CREDIT = "credit"
    SIDE = "side"
    CURRENCY = "currency"
    BALANCE = "balance"
    FEE = "fee"
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


# Headers as `fold` leaves them, the likelier first. A name that stands with several roles is the
# one that its column's content fits: "Wert" is a date here and an amount there.
HEADERS: dict[ColumnRole, str] = {
    ColumnRole.BOOKED: "buchungstag buchungsdatum bookingdate buchung completeddate datecompleted"
    " settlementdate postingdate postdate bookedat datum buchtag created createdutc zahlungsdatum"
    " paymentdate datecomptable datedecomptabilisation boekdatum boekingsdatum bokforingsdag"
    " bokforingsdatum bokfoeringsdatum bokfoeringsdag bogforingsdato dataksiegowania"
    " datazaksiegowania datacontabile dataregistrazione transactiondate operationdate"
    " fechaoperacion dateoperation fecha"
    " uitvoeringsdatum executiondate reskontradatum transaktionsdatum kirjauspaeivae"
    " transactiedatum bokford bogfort bokfort dato dataoperacji data date datecreated datestarted"
    " starteddate tradedate",
    ColumnRole.VALUED: "valutadatum valuta wertstellung wertstellungsdatum wertstellungvaluta wert"
    " valuedate valutadate fechavalor datevaleur datedevaleur rentedatum interestdate availableon"
    " availableonutc datawaluty datavaluta rentedato valutadag valor valeur valordato arvopaeivae",
    ColumnRole.AMOUNT: "totalamount netto net betrag umsatz amount betragumsatz transactionamount"
    " transactiebedrag importe montant bedrag belopp belob kwota importo wert value summe"
    " buchungsbetrag zahlungsbetrag bruttobetrag",
    ColumnRole.DEBIT: "soll belastung belastungsbetrag lastschrift debit debitamount withdrawal"
    " withdrawals paidout moneyout ausgaben ausgang sollbetrag cargo cargos debe addebito dare"
    " uscite addebiti debet uttag utfrakonto obciazenia af",
    ColumnRole.CREDIT: "haben gutschrift gutschriftsbetrag credit creditamount deposit deposits"
    " paidin moneyin einnahmen eingang habenbetrag abono abonos haber avere accredito entrate"
    " accrediti insattningar innpakonto uznania bij",
    ColumnRole.SIDE: "sollhaben sh sollhabenkennzeichen sollhabenkz debitcredit creditdebit drcr"
    " crdr afbij dc",
    ColumnRole.CURRENCY: "waehrung paymentcurrency currency ccy whg kontowaehrung divisa devise"
    " munt muntsoort valuta waluta valutakod valutarekening devies waehrungscode buchungswaehrung"
    " zahlungswaehrung",
    ColumnRole.BALANCE: "saldonachbuchung saldo kontostand balance runningbalance runningbal"
    " guthaben kontosaldo saldoneu solde saldonatrn saldonamutatie saldopotransakcji"
    " saldopooperacji saldoefter solden walletsaldonachtransaktion",
    ColumnRole.FEE: "fee fees gebuehr",
    ColumnRole.NAME: "beguenstigterzahlungspflichtiger auftraggeberbeguenstigter"
    " beguenstigterauftraggeber auftraggeberempfaenger empfaengerauftraggebername"
    " empfaengerauftraggeber namezahlungsbeteiligter zahlungsbeteiligter partnername"
    " empfaengerzahlungspflichtiger nameempfaengerauftraggeber auftraggeberzahlungsempfaenger"
    " zahlungsempfaengerauftraggeber auftraggeberzahlungspflichtiger gegenpartei counterparty"
    " counterpartyname payee naamtegenpartij nadawcaodbiorca senderempfaenger senderrecipient"
    " empfaengersender nomcontrepartie beneficiaryoriginator naamvandetegenpartij"
    " naamtegenpartijbevat saajamaksaja naamomschrijving name empfaenger1 beneficiary"
    " senderorrecipient gegenkontoinhaber",
    ColumnRole.PAYER: "sendername auftraggebername zahlungspflichtiger auftraggeber sender payer"
    " payername",
    ColumnRole.PAYEE: "beneficiaryname empfaengername payee zahlungsempfaengerin zahlungsempfaenger"
    " beguenstigter empfaenger recipient payeename",
    ColumnRole.ACCOUNT: "kontonummeriban ibankontonummer ibankontonr ibanaccountnumber"
    " ibanzahlungsbeteiligter partneriban iban empfaengerauftraggeberiban gegenkonto"
    " counterpartyiban ibangegenkonto kontonummer accountnumber kontonr tegenrekening"
    " tegenrekeningibanbban rekeningnummertegenpartij tegenpartijrekening rekeningtegenpartij"
    " tegenpartij numerkonta counterparty payeeaccountnumber beneficiaryiban"
    " zahlungsempfaengeriban",
    ColumnRole.BANK: "blz bankleitzahl",
    ColumnRole.OWN: "ibanauftragskonto auftragskonto ibanauftraggeberkonto ibankontoinhaber"
    " eigeneiban auftraggeberkonto eigeneskonto walletiban rekening rekeningnummer ibanbban account"
    " accountiban",
    ColumnRole.OWN_BANK: "bankleitzahlauftraggeberkonto blzauftraggeberkonto blzauftragskonto",
    ColumnRole.OWN_NAME: "accountname kontoname kontobezeichnung bezeichnungauftragskonto",
    ColumnRole.HOLDER: "kontoinhaber accountholder accountowner",
    ColumnRole.TEXT: "buchungstext umsatzart umsatztyp vorgang transaktionstyp transactiontype"
    " buchungsart buchungstyp type art typ mutatiesoort typtransakcji omschrijving"
    " transactioncategory reportingcategory opisoperacji bookingtext bookingtype typeverrichting",
    ColumnRole.STATUS: "auswirkungaufguthaben balanceimpact status zustand buchungsstatus info"
    " state vormerkbuchung vorgemerkt vormerkung pending gebucht verbucht booked cleared posted"
    " reconciled statut stato estado stav stan allapot tila tilstand transaktionsstatus",
    ColumnRole.REFERENCE: "transferwiseid transaktionscode transactionid transaktionsid"
    " transaktionsnr transactionno balancetransactionid buchungsreferenz zkbreferenz"
    " transactiereferentie bankreferenz bankreference",
    ColumnRole.GVC: "gvc gvcode geschaeftsvorfallcode gvccode",
    ColumnRole.PURPOSE: "verwendungszweck vorgangverwendungszweck paymentreference"
    " verwendungszweckzeile1 beschreibung buchungsdetails buchungsinfo zahlungszweck"
    " avisierungstext paymentdetails notificationtext textedenotification testodiavviso mededeling"
    " purpose label transactiondescription memo description reference mitteilungen concepto"
    " libelle vrijemededeling mededelingen omschrijving tytul tytulem opistransakcji descrizione"
    " causale tekst text rubrik forklaring betreff details mitteilung zweck zahlungsgrund"
    " weitereverwendungszwecke transaktionsbeschreibung meddelande descripcion descrizioneestesa"
    " libelleoperation",
}
ROLES_OF: dict[str, list[tuple[ColumnRole, int]]] = {}
for _role, _names in HEADERS.items():
    for _rank, _name in enumerate(_names.split()):
        ROLES_OF.setdefault(_name, []).append((_role, _rank))
CODES = (
    "AUD BGN BRL CAD CHF CNY CZK DKK EUR GBP HKD HUF ILS INR JPY MXN NOK NZD PLN RON SEK SGD THB"
    " TRY USD ZAR"
)
RARE = (
    "AED AFN ALL AMD AOA ARS AWG AZN BAM BBD BDT BHD BIF BMD BND BOB BSD BTN BWP BYN BZD CDF CLP"
    " COP CRC CUP CVE DJF DOP DZD EGP ERN ETB FJD FKP GEL GHS GIP GMD GNF GTQ GYD HNL HTG IDR IQD"
    " IRR ISK JMD JOD KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD"
    " MMK MNT MOP MRU MUR MVR MWK MYR MZN NAD NGN NIO NPR OMR PAB PEN PGK PHP PKR PYG QAR RSD RUB"
    " RWF SAR SBD SCR SDG SHP SLE SOS SRD SSP STN SVC SYP SZL TJS TMT TND TOP TTD TWD TZS UAH UGX"
    " UYU UZS VES VND VUV WST XAF XCD XCG XOF XPF YER ZMW ZWG"
)
SPELLING = str.maketrans(
    {"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "ø": "o", "æ": "ae", "ł": "l", "å": "a"}
)
CURRENCY = re.compile(rf"\b({CODES.replace(' ', '|')})\b|€|\$|£|\b(?i:euro[as]?)\b")
# Some of the rare ones are words as well: they count where they can mean nothing else.
BESIDE = re.compile(
    r"[(\[]{0}[)\]]|\b(?:in|en) {0}\b|[0-9] ?{0}\b|\b{0} ?[+-]? ?[0-9]|^{0}$".replace(
        "{0}", f"({RARE.replace(' ', '|')})"
    )
)
IS_CODE = re.compile((CODES + " " + RARE).replace(" ", "|")).fullmatch
SIGNS = {"€": "EUR", "$": "USD", "£": "GBP"}
ASIDE = re.compile(
    r"[(\[].*?[)\]]|\b(?:in|en) [A-Z€]{1,3}\b|\*"
    rf"|\b(?:{CODES.replace(' ', '|')}|(?i:euro[as]?))\b"
)
ELSE = re.compile("[^0-9A-Za-z]+")
NUMBERED = re.compile(
    r"(?:vwz|verwendungszweck|verwendungszweckzeile|buchungstext|beschreibung|omschrijving"
    r"|description)[0-9]+"
)


@lru_cache(maxsize=4096)
def fold(header: str) -> str:
    """A header in small letters without accents, signs, currencies and what it has in brackets."""
    text = ASIDE.sub(" ", header).lower().translate(SPELLING)
    text = text if text.isascii() else normalize("NFKD", text)
    return ELSE.sub("", text)


def named(row: Row) -> dict[ColumnRole, list[int]]:
    """Which columns the row's cells name for each role, the likelier first."""
    found: dict[ColumnRole, list[tuple[int, int]]] = {}
    for column, cell in enumerate(row):
        for role, rank in _roles(cell) if len(cell) < 60 else ():
            found.setdefault(role, []).append((rank, column))
    return {role: [column for _, column in sorted(ranked)] for role, ranked in found.items()}


@lru_cache(maxsize=1024)
def _roles(cell: str) -> Sequence[tuple[ColumnRole, int]]:
    """The roles that a name may have, also where some of its letters were lost."""
    if (found := ROLES_OF.get(fold(cell))) or not LOST.search(cell):
        return found or ()
    meant = lost_letters([fold(part) for part in LOST.split(cell)])
    names = [name for name in ROLES_OF if meant.fullmatch(name)]
    return ROLES_OF[names[0]] if len(names) == 1 else ()


def find_currency(text: str) -> str | None:
    """The currency that a text names by its code or sign."""
    match = CURRENCY.search(text)
    if match is None:
        return None
    return "EUR" if match[0].lower().startswith("euro") else SIGNS.get(match[0], match[0])


def currency_beside(text: str) -> str | None:
    """The currency that an amount, or the name of a column of amounts, has beside it."""
    rare = BESIDE.search(text)
    return find_currency(text) or (rare[rare.lastindex or 0] if rare else None)
