"""By which words and codes a booking says what it is, in German bank statements.

Words are matched whole, in any case, with umlauts written out or lost; `*` stands for the rest of
a word. Of the rules that match, the first in the table decides. Codes: the business transaction
codes of German banks (GVC), and ISO 20022 bank transaction codes.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from core.analysis.model import Category

C = Category
LOST = {"ä": r"(?:ae?|\W?)", "ö": r"(?:oe?|\W?)", "ü": r"(?:ue?|\W?)", "ß": r"(?:ss?|\W?)"}


def spell(words: str) -> str:
    """The pattern of words separated by bars, to be tried where a word starts."""
    return "|".join(_phrase(phrase.strip()) for phrase in words.split("|") if phrase.strip())


def _phrase(phrase: str) -> str:
    pattern = "".join(LOST.get(letter, letter) for letter in phrase.removesuffix("*"))
    pattern = pattern.replace("*", "[a-z]*").replace(" ", r"\W+")
    return pattern if phrase.endswith("*") else pattern + "(?![a-z])"


def compile_words(words: str) -> re.Pattern[str]:
    """A pattern that finds any of the words in folded text."""
    return re.compile(f"(?<![a-z])(?:{spell(words)})")


@dataclass(frozen=True)
class Rule:
    """Words that tell a category: anywhere, in the text only, or in the counterparty's name only.

    With `of_bank` the counterparty must look like a bank or be unnamed, as for banks' own bookings.
    """

    category: Category
    anywhere: str = ""
    text: str = ""
    name: str = ""
    unless: str = ""
    of_bank: bool = False

    @cached_property
    def exception(self) -> re.Pattern[str] | None:
        """What the text or name must not say."""
        return compile_words(self.unless) if self.unless else None


class Table:
    """Rules in order of trust, searched for all at once."""

    def __init__(self, rules: Sequence[Rule]) -> None:
        self.rules = rules
        self._text = _alternatives([f"{rule.anywhere}|{rule.text}" for rule in rules])
        self._name = _alternatives([f"{rule.anywhere}|{rule.name}" for rule in rules])

    def hits(self, text: str) -> set[int]:
        """The ranks of the rules that the folded text speaks for."""
        return {match.lastindex or 0 for match in self._text.finditer(text)}

    def name_hits(self, name: str) -> set[int]:
        """The ranks of the rules that the folded name speaks for."""
        return {match.lastindex or 0 for match in self._name.finditer(name)}

    def choose(self, ranks: set[int], said: str, of_bank: bool) -> Category | None:
        """The category of the first rule among the ranks that nothing speaks against."""
        for rank in sorted(ranks):
            rule = self.rules[rank - 1]
            if rule.of_bank and not of_bank:
                continue
            if rule.exception is None or not rule.exception.search(said):
                return rule.category
        return None


def _alternatives(words: Sequence[str]) -> re.Pattern[str]:
    """One group a rule, looked ahead from each word's start, so that no hit hides a later one."""
    groups = "|".join(f"({spell(each) or '(?!)'})" for each in words)
    return re.compile(f"(?<![a-z])(?=[a-z])(?={groups})")


INVOICE = "rechnung*|re|rg|rnr|rgnr|renr|kdnr|inv*"
MACHINES = """fahrzeug*|kfz|pkw|lkw|bagger*|maschine*|gerät*|container*|werkzeug*|gerüst*|wagen|
    kopierer*|drucker*|anhänger*|stapler*|bühne*|zelt*"""
FINANCE_OFFICE = "finanzamt*|*finanzamt|finanzkasse*|*finanzkasse|bundeszentralamt für steuern"
GAMES = """*casino|casino*|kasino|spielbank*|spielothek*|spielhalle*|tipico*|bwin*|bet365|betano|
    betway|bet at home|*wetten|sportwette*|wettbüro*|*lotto|lotto*|eurojackpot|jackpot*|poker*|
    glücksspiel*|unibet|tipp24|spielautomat*"""
EATING = "catering|kantine*|gastro*|hotel*|restaurant*"
SEIZED = """pfändung*|*pfändung|pfändg|pfüb|vollstreckung*|zwangsvollstreckung*|
    gerichtsvollzieher*|obergerichtsvollzieher*"""
INSURERS = """*versicherung|*versicherungs|*versicherungen|versicherungsverein|assekuranz*|
    *assekuranz"""
INSURERS_BY_NAME = """allianz*|axa|huk*|ergo|generali|hdi|gothaer*|signal iduna|debeka|provinzial*|
    vhv|devk|lvm|württembergische|zurich|nürnberger"""
TRANSFERRED = """umbuchung*|übertrag|kontoübertrag*|eigenübertrag*|eigenüberweisung*|saldoübertrag*|
    eigenes konto|eigene konten|interner transfer|cash pool*|cashpool*|liquiditätsausgleich*"""
RETURN_REASONS = "ac01|ac04|ac06|am04|md01|md06|md07|ms02|ms03|sl01"
DEBIT_RETURNED = """rücklastschrift*|lastschriftrückgabe*|lastschrift rückgabe*|
    rückgabe lastschrift*|
    lastschriftrückbelastung*|rückbelastung lastschrift*|rückbuchung lastschrift*|
    lastschrift retoure|retoure lastschrift|lastschrift zurück*|rückgabe sepa lastschrift*|
    rückgabe basislastschrift*|rückgabe firmenlastschrift*|unbezahlte lastschrift*|
    lastschrift unbezahlt|ls rückgabe*|ls retoure|rückgabe ls|lastschr rückgabe*|lastschr retoure|
    nicht eingelöste lastschrift*|lastschrift nicht eingelöst*"""
LOANS = """darlehe*|darlehn*|*darlehen|*darlehn|kredit|ratenkredit*|kreditrate*|kreditvertrag*|
    kreditkonto*|kreditnr|betriebsmittelkredit*|investitionskredit*|unternehmerkredit*|
    geschäftskredit*|firmenkredit*|kleinkredit*|sofortkredit*|kapitaldienst*"""
NO_LOANS = "kredit karte*|kreditkarte*|mitarbeiterdarlehen*|arbeitgeberdarlehen*"
CARDS = """kartenumsatz*|kartenumsätze*|kartenzahlung*|kartenabrechnung*|händlerabrechnung*|
    girocard|pos umsatz*|pos umsätze*|ec umsatz*|ec umsätze*|terminalabrechnung*"""
PROCESSORS = """paypal*|stripe*|sumup*|adyen*|klarna*|concardis*|nexi|payone*|telecash*|worldline*|
    zettle*|izettle*|mollie*|unzer*|elavon*|*payment|*payments|kartenservice*|*acquiring"""

DEBITS = Table(
    [
        Rule(C.SEIZURE, SEIZED),
        Rule(
            C.FEES,
            text="""rücklastschriftgebühr*|rücklastschriftentgelt*|rücklastschriftkosten|
            gebühr* rücklastschrift*|entgelt* rücklastschrift*|entgelt für rücklastschrift*|
            gebühr für rücklastschrift*|rücklastschrift gebühr*|rücklastschrift entgelt*""",
        ),
        Rule(
            C.CUSTOMER_DEBIT_RETURNED,
            text=f"{DEBIT_RETURNED}|rückgabegrund|{RETURN_REASONS}",
            unless="ausgleich*|nachzahlung*",
        ),
        Rule(C.OWN_TRANSFER, text=TRANSFERRED),
        Rule(C.GAMBLING, GAMES, unless=EATING),
        Rule(
            C.OWNER_DRAW,
            text="""gesellschafterdarlehe*|gesellschafter darlehe*|darlehe* gesellschafter*|
            privatentnahme*|entnahme*|gewinnentnahme*|gesellschafterentnahme*|*ausschüttung|
            gewinnausschüttung*|vorabausschüttung*""",
        ),
        Rule(
            C.TAX, f"{FINANCE_OFFICE}|hauptzollamt*|zollamt*|stadtkasse*|gemeindekasse*|steueramt*"
        ),
        Rule(
            C.TAX,
            text="""lohnsteuer*|lohnst|umsatzsteuer*|umsatzst|ust|ustva|gewerbesteuer*|gewst|
            körperschaftsteuer*|körperschaftssteuer*|körpst|kst|einkommensteuer*|kfz steuer*|
            kraftfahrzeugsteuer*|grundsteuer*|kapitalertragsteuer*|solidaritätszuschlag*|
            steuervorauszahlung*|taxs""",
            unless=f"inkl*|incl*|zzgl*|ust id*|{INVOICE}",
        ),
        Rule(
            C.SOCIAL_SECURITY,
            anywhere="""aok|*krankenkasse*|barmer|knappschaft*|bundesknappschaft|minijob*|
            berufsgenossenschaft*|*berufsgenossenschaft|rentenversicherung*|
            deutsche rentenversicherung*|unfallkasse*|soka bau|künstlersozialkasse*|
            ikk*|bkk*|*bkk""",
            text="""sozialversicherung*|gesamtsozialversicherung*|sv beitr*|sv beiträge|
            beitragsnachweis*|sozialvers*|krankenkassenbeitr*""",
            name="tk|dak*|kkh*|hek|hkk|sbk|vbg|bghm|bghw|bgw|bg bau|bg etem|bg verkehr|viactiv*",
        ),
        Rule(
            C.SALARY,
            text="""lohn|löhne|gehalt|gehälter|lohnzahlung*|gehaltszahlung*|lohnabrechnung*|
            gehaltsabrechnung*|lohnlauf|gehaltslauf|lohnabschlag|*lohn|*gehalt|*gehälter|
            bezüge|geschäftsführervergütung*|weihnachtsgeld|urlaubsgeld|ausbildungsvergütung*|
            vermögenswirksame leistung*|personalkosten|payroll|salary|sala|lohn* und gehalt*""",
            unless=f"steuerberat*|steuerkanzlei*|{INVOICE}",
        ),
        Rule(
            C.CASH_WITHDRAWAL,
            text="""barauszahlung*|bargeld*|geldautomat*|geldausgabeautomat*|barabhebung*|
            bar abhebung*|abhebung*|auszahlung bar|bar auszahlung|kassenauszahlung*|gaa|
            auszahlung automat*|auszahlung sb""",
        ),
        Rule(
            C.FEES,
            text="""kontoführung*|kontoabschluss|rechnungsabschluss|kontogebühr*|postenentgelt*|
            buchungsentgelt*|buchungsposten|sollzins*|überziehungszins*|kontokorrentzins*|
            zinsen kontokorrent*|dispozins*|überziehungsentgelt*|avalprovision*|kreditprovision*|
            kontoentgelt*|mahnentgelt*|depotgebühr*|depotentgelt*|abschlussentgelt*""",
        ),
        Rule(C.LEASING, "*leasing|leasing*|mietkauf*", unless=LOANS),
        Rule(
            C.LOAN_SERVICE,
            text=f"{LOANS}|tilgung*|*tilgung|annuität*|leistungsrate*|kfw",
            name="kfw*",
            unless=NO_LOANS,
        ),
        Rule(
            C.RENT,
            text="""miete|mieten|büromiete*|gewerbemiete*|hallenmiete*|ladenmiete*|kaltmiete*|
            warmmiete*|lagermiete*|werkstattmiete*|stellplatzmiete*|mietzahlung*|mietzins*|
            mietvertrag*|dauermietrechnung*|pacht|pachtzins*|pachtzahlung*|geschäftsmiete*|
            nebenkostenvorauszahlung*""",
            name="""*hausverwaltung*|grundstücksverwaltung*|immobilienverwaltung*|vermieter*|
            grundbesitz*|vermietungsgesellschaft*""",
            unless=MACHINES,
        ),
        Rule(
            C.INSURANCE,
            anywhere=INSURERS,
            text="""*haftpflicht|haftpflicht*|versicherungsbeitr*|versicherungsprämie*|
            versicherungsschein*|*versicherungsbeitrag""",
            name=INSURERS_BY_NAME,
        ),
        Rule(
            C.INVESTMENT,
            text="""wertpapier*|depot|aktienkauf|fondssparplan|fondskauf|sparplan|festgeld*|
            tagesgeld*|termingeld*|geldanlage*""",
            unless=f"lieferung*|{INVOICE}",
        ),
        Rule(
            C.REFUND_PAID,
            text="""erstattung*|*rückerstattung|kundenerstattung*|rückzahlung*|gutschrift*|
            überzahlung*|doppelzahlung*|refund|kaufpreiserstattung*""",
            unless="reisekosten*|spesen*|auslagen*|überweisungsgutschrift*",
        ),
        Rule(
            C.LOAN_SERVICE,
            text="rate|raten|monatsrate*|ratenzahlung*|zinsen und tilgung|zinszahlung*",
            unless=INVOICE,
            of_bank=True,
        ),
        Rule(
            C.FEES,
            text="""entgelt*|gebühr|gebühren|abschluss|zinsen|provision|kosten|*gebühr|*entgelt|
            abrechnung*""",
            unless=INVOICE,
            of_bank=True,
        ),
    ]
)

CREDITS = Table(
    [
        Rule(C.SEIZURE, SEIZED),
        Rule(
            C.TRANSFER_RETURNED,
            text="""überweisungsrückgabe*|überweisung rückgabe*|rückgabe überweisung*|
            rücküberweisung*|überweisungsretoure*|retoure überweisung*|überweisung retoure*|
            rückgabe sepa überweisung*|überweisung zurück*|rückläufer|rücklauf überweisung*|
            überweisung nicht ausgeführt*|überweisung nicht ausführbar*""",
        ),
        Rule(
            C.OWN_DEBIT_RETURNED,
            text=f"""lastschriftwiedergutschrift*|wiedergutschrift*|
            {DEBIT_RETURNED}|rückgabegrund|{RETURN_REASONS}""",
            unless=f"ausgleich*|{INVOICE}",
        ),
        Rule(C.OWN_TRANSFER, text=TRANSFERRED),
        Rule(C.GAMBLING, GAMES, unless=f"{EATING}|{INVOICE}"),
        Rule(
            C.TAX_REFUND,
            FINANCE_OFFICE,
            text="*steuererstattung*|steuerguthaben*|erstattung *steuer",
        ),
        Rule(
            C.STATE_BENEFIT,
            anywhere="""agentur für arbeit*|bundesagentur*|arbeitsagentur*|jobcenter*|
            kurzarbeitergeld*|kug|*soforthilfe|soforthilfe*|überbrückungshilfe*|neustarthilfe*|
            zuschuss*|*zuschuss|fördermittel*""",
        ),
        Rule(
            C.OWNER_INJECTION,
            text="""gesellschafterdarlehe*|gesellschafter darlehe*|darlehe* gesellschafter*|
            einlage|privateinlage*|kapitaleinlage*|gesellschaftereinlage*|stammeinlage*|
            stammkapital*|kapitalerhöhung*|bareinlage*|kapitalrücklage*""",
        ),
        Rule(C.REVENUE, text=CARDS, name=PROCESSORS),
        Rule(
            C.INSURANCE_BENEFIT,
            anywhere=INSURERS,
            text="""schaden|schadennr|schadensnr|schadennummer|schadensnummer|schadenzahlung*|
            schadenregulierung*|schadensregulierung*|schadenersatz*|schadensersatz*|
            versicherungsleistung*|entschädigung*|versicherungsfall*""",
            name=INSURERS_BY_NAME,
            unless=f"rentenversicherung*|beitrag*|beiträge|beitragserstattung*|prämie*|{INVOICE}",
        ),
        Rule(
            C.LOAN_DISBURSEMENT,
            text=f"{LOANS}|kreditauszahlung*|valutierung*|kfw",
            name="kfw*",
            unless=NO_LOANS,
        ),
        Rule(
            C.INTEREST_RECEIVED,
            text="habenzins*|guthabenzins*|zinsgutschrift*|zinsertr*|festgeldzins*|tagesgeldzins*",
        ),
        Rule(
            C.INVESTMENT_INCOME,
            text="""dividende*|wertpapier*|depot|ertragsausschüttung*|ausschüttung*|
            fondsausschüttung*|festgeld*|tagesgeld*|termingeld*""",
            unless=f"lieferung*|{INVOICE}",
        ),
        Rule(
            C.CASH_DEPOSIT,
            text="""bareinzahlung*|bargeldeinzahlung*|geldeinzahlung*|einzahlung|einzahlungen|
            sb einzahlung*|münzeinzahlung*|kasseneinzahlung*|tageseinnahme*|tageslosung*|
            nachttresor*|einzahlungsautomat*""",
        ),
        Rule(
            C.REFUND_RECEIVED,
            text="""erstattung*|*erstattung|rückzahlung*|rückvergütung*|überzahlung*|
            doppelzahlung*|refund|guthabenauszahlung*|auszahlung guthaben|gutschrift nr|
            gutschrift für|gutschrift zu|gutschrift wegen|gutschrift retoure*|gutschrift aus rück*|
            gutschriftsnr|gutschriftnr|warengutschrift*|retourengutschrift*|bonusgutschrift*|
            lieferantengutschrift*|gutschriftsbeleg*|rechnungsgutschrift*|rechnungskorrektur*|
            rücksendung*|warenrücksendung*""",
        ),
        Rule(
            C.COLLECTION,
            text="""lastschrift|lastschriften|lastschrifteinzug*|*lastschrift|*lastschriften|
            lastschrifteinreichung*|lastschriftgutschrift*|sammellastschrift*|
            basislastschrift*|firmenlastschrift*|sepa lastschrift*|ls einzug""",
            unless="rücklastschrift*",
        ),
        Rule(C.INTEREST_RECEIVED, text="zinsen|zins", unless=INVOICE, of_bank=True),
        Rule(C.LOAN_DISBURSEMENT, text="auszahlung*", of_bank=True, unless=CARDS),
    ]
)

BANK = compile_words(
    """*sparkasse*|volksbank*|raiffeisen*|kfw|*kredit|*kredite|*credit|finance|financial|*finanz|
    lending|*darlehenskasse"""
)
BANK_SUFFIX = re.compile(r"(?<!daten)(?<!werk)(?<!sitz)bank(?![a-z])")
PROCESSOR = compile_words(PROCESSORS)
REFUND_HINT = compile_words("gutschrift*|storno*|retoure*|bonus*|guthaben*")

REVERSED_BY_BANK = "899"
OWN_TRANSFER_CODES = frozenset({"820", "833", "834"})
CASH_POOLING = ("CAMT-ACCB", "CAMT-CAPL")
RETURN_CODES = {
    ("108", -1): C.CUSTOMER_DEBIT_RETURNED,
    ("109", -1): C.CUSTOMER_DEBIT_RETURNED,
    ("181", 1): C.OWN_DEBIT_RETURNED,
    ("184", 1): C.OWN_DEBIT_RETURNED,
    ("159", 1): C.TRANSFER_RETURNED,
    ("160", 1): C.TRANSFER_RETURNED,
}
COLLECTION_CODES = frozenset({"171", "174", "192", "196"})
COLLECTIONS_BY_ISO = "PMNT-IDDT"
BATCH_CODES = COLLECTION_CODES | {"191", "193", "194", "195", "197"}
CODES = {
    ("082", 1): C.CASH_DEPOSIT,
    ("083", -1): C.CASH_WITHDRAWAL,
    ("153", -1): C.SALARY,
    ("154", -1): C.SALARY,
    **{(f"60{digit}", -1): C.LOAN_SERVICE for digit in range(1, 8)},
    **{(f"60{digit}", 1): C.LOAN_DISBURSEMENT for digit in range(1, 8)},
    ("832", -1): C.LOAN_SERVICE,
    ("832", 1): C.LOAN_DISBURSEMENT,
    **{(code, -1): C.FEES for code in ("805", "808", "810", "811", "812", "813", "814", "815")},
    **{(code, 1): C.INTEREST_RECEIVED for code in ("805", "811", "812", "813", "814", "815")},
}

RETURNS_BY_ISO = {
    ("RDDT", 1): C.OWN_DEBIT_RETURNED,
    ("IDDT", -1): C.CUSTOMER_DEBIT_RETURNED,
    ("ICDT", 1): C.TRANSFER_RETURNED,
    ("IRCT", 1): C.TRANSFER_RETURNED,
    ("RCDT", -1): C.REFUND_PAID,
    ("RRCT", -1): C.REFUND_PAID,
}
"""What is given back, by the family of what was paid and the sign of the booking."""

ISO_SUBFAMILIES = {
    ("SALA", -1): C.SALARY,
    ("CDPT", 1): C.CASH_DEPOSIT,
    ("CWDL", -1): C.CASH_WITHDRAWAL,
    **{(code, -1): C.FEES for code in ("CHRG", "COMM", "FEES", "INTR", "ODFT")},
    ("INTR", 1): C.INTEREST_RECEIVED,
    ("TAXE", -1): C.TAX,
}
ISO_DOMAINS = {
    ("LDAS", -1): C.LOAN_SERVICE,
    ("LDAS", 1): C.LOAN_DISBURSEMENT,
    ("SECU", -1): C.INVESTMENT,
    ("SECU", 1): C.INVESTMENT_INCOME,
}


def read_gvc(gvc: str | None, sign: int) -> Category | None:
    """What a German business transaction code says of a credit (1) or debit (-1), if it tells."""
    return CODES.get((gvc, sign)) if gvc else None


def read_return(gvc: str | None, iso: str | None, reason: str | None, sign: int) -> Category | None:
    """Which kind of return the codes tell, if any; a bare return reason tells a direct debit."""
    if gvc and (gvc, sign) in RETURN_CODES:
        return RETURN_CODES[gvc, sign]
    family, _, subfamily = (iso or "").partition("-")[2].partition("-")
    if reason or subfamily in {"UPDD", "RRTN", "PRDD", "RCDD"}:
        given_back = RETURNS_BY_ISO.get((family, sign))
        if given_back or not reason:
            return given_back
        return C.OWN_DEBIT_RETURNED if sign > 0 else C.CUSTOMER_DEBIT_RETURNED
    return None


def read_iso(iso: str | None, sign: int) -> Category | None:
    """What an ISO 20022 code `DOMAIN-FAMILY-SUBFAMILY` says, where it tells anything."""
    if not iso:
        return None
    domain, _, rest = iso.partition("-")
    subfamily = rest.partition("-")[2]
    return ISO_DOMAINS.get((domain, sign)) or ISO_SUBFAMILIES.get((subfamily, sign))
