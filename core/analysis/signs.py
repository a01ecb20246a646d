"""By which words a booking says what it is, in German bank statements."""

import re

from core.analysis.model import Category
from core.analysis.words import CategoryRule, RuleTable, compile_words

C = Category

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
    lastschrift retoure|retoure lastschrift*|retoure sepa*|lastschrift zurück*|
    rückgabe sepa lastschrift*|
    rückgabe basislastschrift*|rückgabe firmenlastschrift*|unbezahlte lastschrift*|
    lastschrift unbezahlt|ls rückgabe*|ls retoure|rückgabe ls|lastschr rückgabe*|lastschr retoure|
    nicht eingelöste lastschrift*|lastschrift nicht eingelöst*"""
PAID_BACK = "erstattung*|*rückerstattung|kundenerstattung*|kaufpreiserstattung*|rückzahlung*|refund"
LOANS = """darlehe*|darlehn*|*darlehen|*darlehn|kredit|ratenkredit*|kreditrate*|kreditvertrag*|
    kreditkonto*|kreditnr|betriebsmittelkredit*|investitionskredit*|unternehmerkredit*|
    geschäftskredit*|firmenkredit*|kleinkredit*|sofortkredit*|kapitaldienst*"""
NO_LOANS = "kredit karte*|kreditkarte*|mitarbeiterdarlehen*|arbeitgeberdarlehen*"
CARDS = """kartenumsatz*|kartenumsätze*|kartenzahlung*|kartenabrechnung*|händlerabrechnung*|
    girocard|pos umsatz*|pos umsätze*|ec umsatz*|ec umsätze*|terminalabrechnung*"""
PROCESSORS = """paypal*|stripe*|sumup*|adyen*|klarna*|concardis*|nexi|payone*|telecash*|worldline*|
    zettle*|izettle*|mollie*|unzer*|elavon*|*payment|*payments|kartenservice*|*acquiring"""

DEBITS = RuleTable(
    [
        CategoryRule(C.SEIZURE, SEIZED),
        CategoryRule(
            C.FEES,
            text="""rücklastschriftgebühr*|rücklastschriftentgelt*|rücklastschriftkosten|
            gebühr* rücklastschrift*|entgelt* rücklastschrift*|entgelt für rücklastschrift*|
            gebühr für rücklastschrift*|rücklastschrift gebühr*|rücklastschrift entgelt*""",
        ),
        CategoryRule(
            C.CUSTOMER_DEBIT_RETURNED,
            text=f"{DEBIT_RETURNED}|rückgabegrund|{RETURN_REASONS}",
            unless="ausgleich*|nachzahlung*|begleichung*",
        ),
        CategoryRule(C.OWN_TRANSFER, text=TRANSFERRED),
        CategoryRule(C.GAMBLING, GAMES, unless=EATING),
        CategoryRule(
            C.OWNER_DRAW,
            text="""gesellschafterdarlehe*|gesellschafter darlehe*|darlehe* gesellschafter*|
            privatentnahme*|entnahme*|gewinnentnahme*|gesellschafterentnahme*|*ausschüttung|
            gewinnausschüttung*|vorabausschüttung*""",
        ),
        CategoryRule(
            C.TAX, f"{FINANCE_OFFICE}|hauptzollamt*|zollamt*|stadtkasse*|gemeindekasse*|steueramt*"
        ),
        CategoryRule(
            C.TAX,
            text="""lohnsteuer*|lohnst|umsatzsteuer*|umsatzst|ust|ustva|gewerbesteuer*|gewst|
            körperschaftsteuer*|körperschaftssteuer*|körpst|kst|einkommensteuer*|kfz steuer*|
            kraftfahrzeugsteuer*|grundsteuer*|kapitalertragsteuer*|solidaritätszuschlag*|
            steuervorauszahlung*|taxs""",
            unless=f"inkl*|incl*|zzgl*|ust id*|{INVOICE}",
        ),
        CategoryRule(
            C.SOCIAL_SECURITY,
            anywhere="""aok|*krankenkasse*|barmer|knappschaft*|bundesknappschaft|minijob*|
            berufsgenossenschaft*|*berufsgenossenschaft|rentenversicherung*|
            deutsche rentenversicherung*|unfallkasse*|soka bau|künstlersozialkasse*|
            ikk*|bkk*|*bkk""",
            text="""sozialversicherung*|gesamtsozialversicherung*|sv beitr*|sv beiträge|
            beitragsnachweis*|sozialvers*|krankenkassenbeitr*""",
            name="tk|dak*|kkh*|hek|hkk|sbk|vbg|bghm|bghw|bgw|bg bau|bg etem|bg verkehr|viactiv*",
        ),
        CategoryRule(
            C.SALARY,
            text="""lohn|löhne|gehalt|gehälter|lohnzahlung*|gehaltszahlung*|lohnabrechnung*|
            gehaltsabrechnung*|lohnlauf|gehaltslauf|lohnabschlag|*lohn|*gehalt|*gehälter|
            bezüge|geschäftsführervergütung*|weihnachtsgeld|urlaubsgeld|ausbildungsvergütung*|
            vermögenswirksame leistung*|personalkosten|payroll|salary|sala|lohn* und gehalt*""",
            unless=f"steuerberat*|steuerkanzlei*|{INVOICE}",
        ),
        CategoryRule(
            C.CASH_WITHDRAWAL,
            text="""barauszahlung*|bargeld*|geldautomat*|geldausgabeautomat*|barabhebung*|
            bar abhebung*|abhebung*|auszahlung bar|bar auszahlung|kassenauszahlung*|gaa|
            auszahlung automat*|auszahlung sb""",
        ),
        CategoryRule(
            C.FEES,
            text="""kontoführung*|kontoabschluss|rechnungsabschluss|kontogebühr*|postenentgelt*|
            buchungsentgelt*|buchungsposten|sollzins*|überziehungszins*|kontokorrentzins*|
            zinsen kontokorrent*|dispozins*|überziehungsentgelt*|avalprovision*|kreditprovision*|
            kontoentgelt*|mahnentgelt*|depotgebühr*|depotentgelt*|abschlussentgelt*""",
        ),
        CategoryRule(C.LEASING, "*leasing|leasing*|mietkauf*", unless=LOANS),
        CategoryRule(
            C.LOAN_SERVICE,
            text=f"{LOANS}|tilgung*|*tilgung|annuität*|leistungsrate*|kfw",
            name="kfw*",
            unless=NO_LOANS,
        ),
        CategoryRule(
            C.RENT,
            text="""miete|mieten|büromiete*|gewerbemiete*|hallenmiete*|ladenmiete*|kaltmiete*|
            warmmiete*|lagermiete*|werkstattmiete*|stellplatzmiete*|mietzahlung*|mietzins*|
            mietvertrag*|dauermietrechnung*|pacht|pachtzins*|pachtzahlung*|geschäftsmiete*|
            nebenkostenvorauszahlung*""",
            name="""*hausverwaltung*|grundstücksverwaltung*|immobilienverwaltung*|vermieter*|
            grundbesitz*|vermietungsgesellschaft*""",
            unless=f"{MACHINES}|{PAID_BACK}",
        ),
        CategoryRule(
            C.INSURANCE,
            anywhere=INSURERS,
            text="""*haftpflicht|haftpflicht*|versicherungsbeitr*|versicherungsprämie*|
            versicherungsschein*|*versicherungsbeitrag""",
            name=INSURERS_BY_NAME,
        ),
        CategoryRule(
            C.INVESTMENT,
            text="""wertpapier*|depot|aktienkauf|fondssparplan|fondskauf|sparplan|festgeld*|
            tagesgeld*|termingeld*|geldanlage*""",
            unless=f"lieferung*|{INVOICE}",
        ),
        CategoryRule(
            C.REFUND_PAID,
            text=f"{PAID_BACK}|gutschrift*|überzahlung*|doppelzahlung*",
            unless="reisekosten*|spesen*|auslagen*|überweisungsgutschrift*",
        ),
        CategoryRule(
            C.LOAN_SERVICE,
            text="rate|raten|monatsrate*|ratenzahlung*|zinsen und tilgung|zinszahlung*",
            unless=INVOICE,
            of_bank=True,
        ),
        CategoryRule(
            C.FEES,
            text="""entgelt*|gebühr|gebühren|abschluss|zinsen|provision|kosten|*gebühr|*entgelt|
            abrechnung*""",
            unless=INVOICE,
            of_bank=True,
        ),
    ]
)

CREDITS = RuleTable(
    [
        CategoryRule(C.SEIZURE, SEIZED),
        CategoryRule(
            C.TRANSFER_RETURNED,
            text="""überweisungsrückgabe*|überweisung rückgabe*|rückgabe überweisung*|
            rücküberweisung*|überweisungsretoure*|retoure überweisung*|überweisung retoure*|
            rückgabe sepa überweisung*|überweisung zurück*|rückläufer|rücklauf überweisung*|
            überweisung nicht ausgeführt*|überweisung nicht ausführbar*""",
        ),
        CategoryRule(
            C.OWN_DEBIT_RETURNED,
            text=f"""lastschriftwiedergutschrift*|wiedergutschrift*|
            {DEBIT_RETURNED}|rückgabegrund|{RETURN_REASONS}""",
            unless="ausgleich*|nachzahlung*|begleichung*",
        ),
        CategoryRule(C.OWN_TRANSFER, text=TRANSFERRED),
        CategoryRule(C.GAMBLING, GAMES, unless=f"{EATING}|{INVOICE}"),
        CategoryRule(
            C.TAX_REFUND,
            FINANCE_OFFICE,
            text="*steuererstattung*|steuerguthaben*|erstattung *steuer",
        ),
        CategoryRule(
            C.STATE_BENEFIT,
            anywhere="""agentur für arbeit*|bundesagentur*|arbeitsagentur*|jobcenter*|
            kurzarbeitergeld*|kug|*soforthilfe|soforthilfe*|überbrückungshilfe*|neustarthilfe*|
            zuschuss*|*zuschuss|fördermittel*""",
        ),
        CategoryRule(
            C.OWNER_INJECTION,
            text="""gesellschafterdarlehe*|gesellschafter darlehe*|darlehe* gesellschafter*|
            einlage|privateinlage*|kapitaleinlage*|gesellschaftereinlage*|stammeinlage*|
            stammkapital*|kapitalerhöhung*|bareinlage*|kapitalrücklage*""",
        ),
        CategoryRule(C.REVENUE, text=CARDS, name=PROCESSORS),
        CategoryRule(
            C.INSURANCE_BENEFIT,
            anywhere=INSURERS,
            text="""schaden|schadennr|schadensnr|schadennummer|schadensnummer|schadenzahlung*|
            schadenregulierung*|schadensregulierung*|schadenersatz*|schadensersatz*|
            versicherungsleistung*|entschädigung*|versicherungsfall*""",
            name=INSURERS_BY_NAME,
            unless=f"rentenversicherung*|beitrag*|beiträge|beitragserstattung*|prämie*|{INVOICE}",
        ),
        CategoryRule(
            C.LOAN_DISBURSEMENT,
            text=f"{LOANS}|kreditauszahlung*|valutierung*|kfw",
            name="kfw*",
            unless=NO_LOANS,
        ),
        CategoryRule(
            C.INTEREST_RECEIVED,
            text="habenzins*|guthabenzins*|zinsgutschrift*|zinsertr*|festgeldzins*|tagesgeldzins*",
        ),
        CategoryRule(
            C.INVESTMENT_INCOME,
            text="""dividende*|wertpapier*|depot|ertragsausschüttung*|ausschüttung*|
            fondsausschüttung*|festgeld*|tagesgeld*|termingeld*""",
            unless=f"lieferung*|{INVOICE}",
        ),
        CategoryRule(
            C.CASH_DEPOSIT,
            text="""bareinzahlung*|bargeldeinzahlung*|geldeinzahlung*|einzahlung|einzahlungen|
            sb einzahlung*|münzeinzahlung*|kasseneinzahlung*|tageseinnahme*|tageslosung*|
            nachttresor*|einzahlungsautomat*""",
        ),
        CategoryRule(
            C.REFUND_RECEIVED,
            text="""erstattung*|*erstattung|rückzahlung*|rückvergütung*|überzahlung*|
            doppelzahlung*|refund|guthabenauszahlung*|auszahlung guthaben|gutschrift nr|
            gutschrift für|gutschrift zu|gutschrift wegen|gutschrift retoure*|gutschrift aus rück*|
            gutschriftsnr|gutschriftnr|warengutschrift*|retourengutschrift*|bonusgutschrift*|
            lieferantengutschrift*|gutschriftsbeleg*|rechnungsgutschrift*|rechnungskorrektur*|
            rücksendung*|warenrücksendung*|retoure|retouren""",
        ),
        CategoryRule(
            C.COLLECTION,
            text="""lastschrift|lastschriften|lastschrifteinzug*|*lastschrift|*lastschriften|
            lastschrifteinreichung*|lastschriftgutschrift*|sammellastschrift*|
            basislastschrift*|firmenlastschrift*|sepa lastschrift*|ls einzug""",
            unless="rücklastschrift*",
        ),
        CategoryRule(C.INTEREST_RECEIVED, text="zinsen|zins", unless=INVOICE, of_bank=True),
        CategoryRule(C.LOAN_DISBURSEMENT, text="auszahlung*", of_bank=True, unless=CARDS),
    ]
)

BANK = compile_words(
    """*sparkasse*|volksbank*|raiffeisen*|kfw|*kredit|*kredite|*credit|finance|financial|*finanz|
    lending|*darlehenskasse"""
)
BANK_SUFFIX = re.compile(r"(?<!daten)(?<!werk)(?<!sitz)bank(?![a-z])")
PROCESSOR = compile_words(PROCESSORS)
REFUND_HINT = compile_words("gutschrift*|storno*|retoure*|bonus*|guthaben*")
