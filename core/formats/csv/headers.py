"""What banks call the columns of their tables."""

import re
from collections.abc import Sequence
from enum import StrEnum
from functools import lru_cache
from unicodedata import combining, normalize

from core.formats.csv.grid import Row
from core.formats.csv.letters import LOST, lost_letters


class ColumnRole(StrEnum):
    """What a column says of a booking."""

    BOOKED = "booked"
    VALUED = "valued"
    OTHER_DAY = "other_day"
    AMOUNT = "amount"
    DEBIT = "debit"
    CREDIT = "credit"
    SIDE = "side"
    CURRENCY = "currency"
    BALANCE = "balance"
    FEE = "fee"
    GROSS = "gross"
    NET = "net"
    TAX = "tax"
    FOREIGN = "foreign"
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
    " settlementdate postingdate postdate posteddate bookedat bookedon bookeddate datum buchtag"
    " created createdutc zahlungsdatum paymentdate datecomptable datedecomptabilisation boekdatum"
    " boekingsdatum bokforingsdag bokforingsdatum bokfoeringsdatum bokfoeringsdag bogforingsdato"
    " bokforingsdato bogfoeringsdato dataksiegowania datazaksiegowania datacontabile"
    " dataregistrazione fechacontable fechaasiento datalancamento datacontabilistica datamovimento"
    " datamov datumzauctovani datumzaknihovani konyvelesidatum konyvelesnapja datainregistrarii"
    " datumknjizenja islemtarihi irasodata transactiondate operationdate dataoperazione"
    " fechaoperacion fechadeoperacion dateoperation datedoperation dataoperacao fecha"
    " uitvoeringsdatum executiondate reskontradatum transaktionsdatum kirjauspaeivae kirjauspaiva"
    " transactiedatum transaksjonsdato transaktionsdato bokford bogfort bokfort dato dataoperacji"
    " datatranzactiei datumprovedeni data date datecreated datestarted starteddate tradedate"
    " paivamaara paivays tarih kuupaev tag day jour processedon foperacion fcontable"
    " txndate transdate trandate datatranzactie datatranzactiei",
    ColumnRole.VALUED: "valutadatum valuta wertstellung wertstellungsdatum wertstellungvaluta wert"
    " valuedate valutadate fechavalor fechadevalor datevaleur datedevaleur rentedatum interestdate"
    " valuedat"
    " availableon availableonutc datawaluty datavaluta datavalor rentedato valordato valutadag"
    " valutadato rentedag rantedag valutatag valor valeur arvopaeivae arvopaiva datumvaluty"
    " erteknap valortarihi datavalutei datumvalute fvalor",
    ColumnRole.OTHER_DAY: "belegdatum belegtag kaufdatum umsatztag umsatzdatum faelligkeit"
    " faelligkeitsdatum faelligam duedate rechnungsdatum invoicedate erfassungsdatum mandatsdatum"
    " purchasedate kaufdato kobsdato inkopsdatum datum2 aankoopdatum authorisedon authorizedon",
    ColumnRole.AMOUNT: "totalamount betrag umsatz amount betragumsatz transactionamount"
    " transactiebedrag importe montant montantoperation bedrag belopp belob belop kwota importo"
    " valor quantia importancia montante castka obnos osszeg suma summa iznos tutar maara wert"
    " value summe buchungsbetrag zahlungsbetrag kwotaoperacji importemovimiento kwotatransakcji"
    " sum objem",
    ColumnRole.DEBIT: "soll belastung belastungen belastungsbetrag lastschrift lastschriften debit"
    " debits debitamount withdrawal withdrawals withdrawn paidout moneyout outflow payments"
    " payment paymentsout spent spending expense expenses ausgaben ausgabe ausgang abgang abgaenge"
    " auszahlung auszahlungen sollbetrag betragsoll cargo cargos debe debito debitos gasto gastos"
    " pago pagos salida salidas retiro retiros addebito dare uscita uscite addebiti sortie sorties"
    " depense depenses debet debiteringen uttag ut utgifter utgift utbetalning utbetaling"
    " utbetalinger utfrakonto haevet udgift udgifter udbetaling obciazenia obciazenie wydatki"
    " wydatek wyplata wyplaty wn af afschrijving uitgaven uitgave uit otto otot menot saida saidas"
    " despesa despesas madati vydaje vydaj odepsano vyber terheles kiadas duguje isplata isplate"
    " borc cikis debetas cekilen izdaci izdatki plati deebet debets debiti udbetalt"
    " amountdebited amountout cashout bedragaf bedragdebet importedebe montantdebit umsatzsoll"
    " afgeschreven",
    ColumnRole.CREDIT: "haben gutschrift gutschriften gutschriftsbetrag credit credits"
    " creditamount deposit deposits paidin moneyin inflow receipts receipt paymentsin received"
    " income earnings einnahmen einnahme eingang eingaenge zugang zugaenge einzahlung einzahlungen"
    " habenbetrag betraghaben abono abonos haber credito creditos ingreso ingresos entrada"
    " entradas deposito depositos avere accredito entrata entrate accrediti entree entrees recette"
    " recettes insattningar insattning inn inntekter inntekt innbetaling innbetalinger innpakonto"
    " inkomster inbetalning indsat indtaegt indtaegter indbetaling uznania uznanie wplywy wplyw"
    " wplata wplaty ma bij bijschrijving inkomsten inkomst tulot talletus receita receitas panot"
    " pano dal"
    " prijmy prijem pripsano vklad jovairas bevetel potrazuje uplata uplate alacak giris kreditas"
    " kredit yatan primici prejemki incasari kreedit kredits crediti indbetalt amountcredited"
    " amountin cashin bedragbij bedragcredit importehaber montantcredit umsatzhaben bijgeschreven",
    ColumnRole.SIDE: "sh dc cd dk kd hs wnma mddal afbij bijaf utinn innut sollhabenkennzeichen"
    " sollhabenkz sollhabenkennung shkennzeichen drcr crdr vorzeichen sign sens sentido segno"
    " richtung direction tegn znak umsatzrichtung zahlungsrichtung creditdebitindicator"
    " debitcreditindicator cdtdbtind indicator kennzeichen inout einaus indud plusminus"
    " zuflussabfluss suunta",
    ColumnRole.CURRENCY: "betragwaehrung waehrung paymentcurrency currency ccy whg kontowaehrung"
    " divisa devise"
    " munt muntsoort valuta waluta valutakod valutarekening devies waehrungscode buchungswaehrung"
    " zahlungswaehrung moneda moeda mena valiuta valuuta devizanem penznem valutta valuutta"
    " parabirimi"
    " currencycode amountcurrency accountcurrency",
    ColumnRole.BALANCE: "saldonachbuchung saldo kontostand balance runningbalance runningbal"
    " guthaben kontosaldo saldoneu neuersaldo solde saldonatrn saldonamutatie saldopotransakcji"
    " saldopooperacji saldoefter solden walletsaldonachtransaktion zustatek zostatek egyenleg"
    " bakiye sold stanje bestand kassenbestand zwischensumme closingbalance balanceafter"
    " saldocontabile saldocontable saldoposledneoperacie konyvelesiegyenleg likutis",
    ColumnRole.FEE: "fee fees gebuehr gebuehren entgelt commission provision",
    ColumnRole.GROSS: "brutto gross bruttobetrag grossamount betragbrutto",
    ColumnRole.NET: "netto net nettobetrag netamount betragnetto",
    ColumnRole.TAX: "steuer ust mwst umsatzsteuer mehrwertsteuer steuerbetrag ustbetrag mwstbetrag"
    " vat tax vatamount taxamount iva tva btw moms vorsteuer",
    ColumnRole.FOREIGN: "originalbetrag ursprungsbetrag fremdwaehrungsbetrag waehrungsbetrag"
    " localamount origamount originalamount foreignamount amountforeigncurrency einzelbetrag"
    " individualamount betragdetail foreigncurrencyamount oorspronkelijkbedrag oorsprbedrag"
    " betraginfremdwaehrung auslandsbetrag montantorigine importeoriginal",
    ColumnRole.NAME: "beguenstigterzahlungspflichtiger auftraggeberbeguenstigter"
    " beguenstigterauftraggeber auftraggeberempfaenger empfaengerauftraggebername"
    " empfaengerauftraggeber namezahlungsbeteiligter zahlungsbeteiligter partnername"
    " empfaengerzahlungspflichtiger nameempfaengerauftraggeber auftraggeberzahlungsempfaenger"
    " zahlungsempfaengerauftraggeber auftraggeberzahlungspflichtiger gegenpartei counterparty"
    " counterpartyname payee naamtegenpartij nadawcaodbiorca senderempfaenger senderrecipient"
    " empfaengersender nomcontrepartie beneficiaryoriginator naamvandetegenpartij"
    " naamtegenpartijbevat saajamaksaja naamomschrijving name empfaenger1 beneficiary"
    " senderorrecipient gegenkontoinhaber gavejas",
    ColumnRole.PAYER: "sendername auftraggebername zahlungspflichtiger auftraggeber sender payer"
    " payername",
    ColumnRole.PAYEE: "beneficiaryname empfaengername payee zahlungsempfaengerin"
    " zahlungsempfaenger beguenstigter empfaenger recipient payeename",
    ColumnRole.ACCOUNT: "kontonummeriban ibankontonummer ibankontonr ibanaccountnumber"
    " ibanzahlungsbeteiligter partneriban iban empfaengerauftraggeberiban gegenkonto"
    " counterpartyiban ibangegenkonto kontonummer accountnumber kontonr tegenrekening"
    " tegenrekeningibanbban rekeningnummertegenpartij tegenpartijrekening rekeningtegenpartij"
    " tegenpartij numerkonta counterparty payeeaccountnumber beneficiaryiban"
    " zahlungsempfaengeriban gegenkontoiban kontogegenpartei iban2",
    ColumnRole.BANK: "blz bankleitzahl",
    ColumnRole.OWN: "ibanauftragskonto auftragskonto ibanauftraggeberkonto ibankontoinhaber"
    " eigeneiban auftraggeberkonto eigeneskonto walletiban rekening rekeningnummer ibanbban"
    " account accountiban konto owniban eigenkonto compte cuenta conto",
    ColumnRole.OWN_BANK: "bankleitzahlauftraggeberkonto blzauftraggeberkonto blzauftragskonto",
    ColumnRole.OWN_NAME: "accountname kontoname kontobezeichnung bezeichnungauftragskonto",
    ColumnRole.HOLDER: "kontoinhaber accountholder accountowner",
    ColumnRole.TEXT: "buchungstext umsatzart umsatztyp vorgang transaktionstyp transactiontype"
    " buchungsart buchungstyp type art typ mutatiesoort typtransakcji omschrijving"
    " transactioncategory reportingcategory opisoperacji bookingtext bookingtype typeverrichting",
    ColumnRole.STATUS: "auswirkungaufguthaben balanceimpact status zustand buchungsstatus info"
    " state vormerkbuchung vorgemerkt vormerkung pending gebucht verbucht booked cleared posted"
    " reconciled ispending vormerkposten umsatzgebucht reserviert reserved final provisional"
    " voorlopig pendente pendiente insospeso comptabilise contabilizado contabilizzato"
    " statut stato estado stav stan allapot tila tilstand transaktionsstatus afventer enattente"
    " isbooked nichtgebucht oczekujaca offen provisorisch uncleared unposted verwerkt",
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
    " libelleoperation popis aciklama kozlemeny opis descricao descripcionmovimiento beskrivelse"
    " beskrivning selitys viesti paaiskinimai descriere payee2 transactiondetails transactiontext"
    " narrative particulars remarks bemerkung nachricht melding poznamka zprava",
}
SIDES = frozenset((ColumnRole.DEBIT, ColumnRole.CREDIT))
TWO_LETTERS = re.compile(r"\W*(\w{1,3})\W+(\w{1,3})\W*")
LETTERS = "s/h d/c d/k t/j d/h d/a d/p b/a wn/ma md/d md/dal dr/cr db/cr dt/kt dt/ct"
LETTERS_OF_SIDES = frozenset(frozenset(each.split("/")) for each in LETTERS.split())
SIGN_HEADERS = frozenset(("+/-", "-/+", "±", "+", "+ / -"))
SIDES_OR_AMOUNTS = [(ColumnRole.SIDE, 0), (ColumnRole.AMOUNT, 999)]  # by what stands in it
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
DOLLARS = {
    "US": "USD", "R": "BRL", "A": "AUD", "AU": "AUD", "C": "CAD", "CA": "CAD", "HK": "HKD",
    "NZ": "NZD", "S": "SGD", "SG": "SGD", "MX": "MXN", "NT": "TWD",
}  # fmt: skip
DOLLAR_CODES = frozenset(DOLLARS.values()) | {"ARS", "CLP", "COP"}
SIGNS = {"€": "EUR", "$": "USD", "£": "GBP"} | {f"{at}$": code for at, code in DOLLARS.items()}
CURRENCY = re.compile(
    rf"\b({CODES.replace(' ', '|')})\b|€|(?<![A-Za-z])\$|£|\b(?i:euro[as]?)\b"
    rf"|(?<![A-Za-z])(?:{'|'.join(DOLLARS)})\$"
)
# Some of the rare ones are words as well: they count where they can mean nothing else.
BESIDE = re.compile(
    r"[(\[]{0}[)\]]|\b(?:in|en) {0}\b|[0-9] ?[+-]? ?{0}\b|\b{0} ?[+-]? ?[0-9]|^{0}$".replace(
        "{0}", f"({RARE.replace(' ', '|')})"
    )
)
PLAIN = re.compile("[-+0-9., ]*").fullmatch  # an amount with nothing beside it
IS_CODE = re.compile((CODES + " " + RARE).replace(" ", "|")).fullmatch
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
        for role, rank in roles_of(cell) if 0 < len(cell) < 60 else ():
            found.setdefault(role, []).append((rank, column))
    return {role: [column for _, column in sorted(ranked)] for role, ranked in found.items()}


@lru_cache(maxsize=4096)
def roles_of(header: str) -> Sequence[tuple[ColumnRole, int]]:
    """The roles that a column of that name may have, and how likely each is, 0 most."""
    word = fold(header)
    found = (
        ROLES_OF.get(word, ())
        or ROLES_OF.get(fold(_bare(header)), ())
        or _with_lost_letters(header)
    )
    return found or (SIDES_OR_AMOUNTS if _names_sides(header, word) else [])


def _bare(header: str) -> str:
    """A header whose letters have lost their dots, as not all languages write `oe` for `ö`."""
    return "".join(each for each in normalize("NFKD", header) if not combining(each))


def _with_lost_letters(header: str) -> Sequence[tuple[ColumnRole, int]]:
    """The roles of the only known name that a header may be, some letters of which were lost."""
    if not LOST.search(header):
        return ()
    meant = lost_letters([fold(part) for part in LOST.split(header)])
    names = [name for name in ROLES_OF if meant.fullmatch(name)]
    return ROLES_OF[names[0]] if len(names) == 1 else ()


def _names_sides(header: str, word: str) -> bool:
    """Whether a name is that of both sides, one behind the other: `Debet / Credit`."""
    if header.strip() in SIGN_HEADERS:
        return True
    letters = TWO_LETTERS.fullmatch(header.lower())
    if letters and frozenset(letters.groups()) in LETTERS_OF_SIDES:
        return True
    for end in ("", "kennzeichen", "kz", "indicator", "flag"):
        both = word.removesuffix(end) if word.endswith(end) else ""
        for at in range(2, len(both) - 1):
            first, second = (
                {role for role, _ in ROLES_OF.get(half, ())} for half in (both[:at], both[at:])
            )
            if (first & SIDES and second & SIDES) and first & SIDES != second & SIDES:
                return True
    return False


def is_unit_of(unit: str, currency: str) -> bool:
    """Whether a sign or code beside an amount may be of that currency, as `$` is of many."""
    if unit == "$":
        return currency in DOLLAR_CODES
    if unit.endswith("$"):
        return SIGNS.get(unit, currency) == currency
    return SIGNS.get(unit, unit) == currency if unit in SIGNS or IS_CODE(unit) else True


def find_currency(text: str) -> str | None:
    """The currency that a text names by its code or sign."""
    match = CURRENCY.search(text)
    if match is None:
        return None
    return "EUR" if match[0].lower().startswith("euro") else SIGNS.get(match[0], match[0])


@lru_cache(maxsize=4096)
def currency_beside(text: str) -> str | None:
    """The currency that an amount, or the name of a column of amounts, has beside it."""
    if PLAIN(text):
        return None
    rare = BESIDE.search(text)
    return find_currency(text) or (rare[rare.lastindex or 0] if rare else None)
