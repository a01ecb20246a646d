"""How papers call themselves, in the languages of the countries whose banks are read.

A title begins a line or a column of one; `signs` are words that such a paper has beside it. Titles
and signs are regular expressions over small letters.
"""

from dataclasses import dataclass

from core.bilingual import Bilingual
from core.documents import DocumentKind

OTHER = DocumentKind.OTHER


@dataclass(frozen=True, slots=True)
class Paper:
    """A kind of paper that is no bank statement, with what it calls itself and what it holds."""

    kind: DocumentKind
    name: Bilingual
    titles: str
    signs: str


def _paper(kind: DocumentKind, en: str, de: str, titles: str, signs: str) -> Paper:
    return Paper(kind, Bilingual(en, de), titles, signs)


# Blanks and line breaks within are for people: `\s` stands for a blank that counts.
PAPERS = (
    _paper(
        OTHER, "a dunning letter", "eine Mahnung",
        r"inkasso\w*|forderungs(?:aufstellung|übersicht)|aufstellung\sder\sforderungen|second\snotice|statement\sof\soverdue|letter\sof\sclaim|mahnung|mahnschreiben|mahnbescheid|zahlungs(?:erinnerung|aufforderung|mahnung)"
        r"|(?:payment\s|friendly\s|final\s|first\s|second\s|third\s)*reminder|dunning\s(?:letter"
        r"|notice)|(?:overdue|past\sdue|final)\s(?:notice|demand|account|invoices)"
        r"|demand\sfor\spayment|letter\sbefore\saction|(?:lettre\sde\s)?relance|rappel\b"
        r"|mise\sen\sdemeure|sollecito|messa\sin\smora|recordatorio\sde\spago"
        r"|reclamación\sde\s(?:pago|deuda)|requerimiento\sde\spago|(?:betalings)?herinnering"
        r"|aanmaning|wezwanie\sdo\szapłaty|ponaglenie|aviso\sde\scobrança"
        r"|(?:betalnings)?påminnelse|inkasso(?:krav|brev|schreiben)?|rykker|purring|upomínka"
        r"|fizetési\sfelszólítás|maksumuistutus",
        r"mahn(?:gebühr|kosten|spesen|stufe)|zahlen\ssie|verzug|fällig|überfällig|offen|rechnung"
        r"|beglichen|overdue|outstanding|unpaid|due|invoice|échu|impayé|facture|retard|échéance"
        r"|scadut|insolut|fattura|fatture|mora\b|vencid|factura|vervallen|factuur|zaległ|förfall"
        r"|forfald",
    ),
    _paper(
        OTHER, "a list of open items", "eine Offene-Posten-Liste",
        r"kunden-?konto|lieferanten-?konto|debtors?\slist|creditors?\s(?:list|ageing)|customer\saccount|situazione\scontabile|scadenzari|offene[rn]?\sposten|op-liste|opos|(?:debitoren|kreditoren)(?:liste|übersicht|auszug"
        r"|saldenliste)|fälligkeitsliste|open\sitems?|aged\s(?:debtors|creditors|receivables"
        r"|payables|debt)|accounts?\s(?:receivable|payable)|outstanding\s(?:invoices|items)"
        r"|unpaid\s(?:invoices|bills)|(?:customer|supplier|vendor)\sstatement|balance\s(?:âgée"
        r"|client|fournisseur)|factures\s(?:impayées|ouvertes|non\sréglées)|postes\souverts"
        r"|relevé\sde\sfactures|partite\saperte|scadenzario|elenco\sscaden|partidas\s(?:abiertas"
        r"|pendientes)|facturas\spendientes|openstaande\s(?:posten|facturen)|rozrachunki",
        r"debitor|kreditor|kunden-?(?:nr|nummer)|beleg-?(?:nr|nummer)|rechnung|fällig|mahnstufe"
        r"|skonto|customer|supplier|invoice|due|days|client|fournisseur|facture|échéance|cliente"
        r"|fornitore|fattura|scadenza|vencimiento|factura|factuur|vervaldatum",
    ),
    _paper(
        OTHER, "a ledger sheet", "ein Kontoblatt der Buchhaltung",
        r"konto-?karte|buchungsliste|account\scard|nominal\sledger|extrait\sde\sgrand|compte\s\d{3}|compte\scourant\sd|auswertung\skostenstelle|kostenstellen|konto?(?:en)?blatt|kontoblätter|sach-?kont(?:o|en)|personen-?kont(?:o|en)"
        r"|debitoren-?konto|kreditoren-?konto|konten-?nachweis|kontennachweis|buchungs(?:journal"
        r"|liste|stapel|protokoll)|(?:buchungs)?journal\b|prima-?nota|hauptbuch|summen-?\s?(?:und"
        r"|u\.|/)\s?saldenliste|susa\b|salden-?liste|saldenbestätigung|(?:general|nominal|sales"
        r"|purchase|bought)\sledger|ledger\b|account\sledger|trial\sbalance|day\s?book"
        r"|grand[\s-]livre|balance\s(?:générale|auxiliaire|des\scomptes)|(?:libro\s)?mastr(?:o"
        r"|ino|ini)\b|scheda\scontabile|schede\scontabili|partitario|libro\sgiornale"
        r"|bilancio\sdi\sverifica|libro\s(?:mayor|diario)|mayor\sde\s|balance\sde\ssumas"
        r"|grootboek|proef-\sen\ssaldi|zestawienie\sobrotów|huvudbok|hovedbok|finanskort"
        r"|hlavní\skniha|főkönyv",
        r"soll|haben|gegen-?konto|gkto|beleg|buchungstext|bu-?schlüssel|kostenstelle|ust\b|jahr"
        r"|eb-?wert|debit|credit|contra|journal|voucher|reference|nominal|débit|crédit|pièce"
        r"|libellé|contrepartie|dare|avere|contropartita|causale|saldo|asiento|debe|haber|debet"
        r"|tegenrekening|wn\b|ma\b",
    ),
    _paper(
        OTHER, "a payslip", "eine Lohnabrechnung",
        r"(?:lohn-?\s?(?:und|u\.|/)\s?gehalts?|lohn|gehalts|entgelt|bezüge|verdienst|besoldungs"
        r"|vergütungs|brutto-?/?\s?netto)-?(?:abrechnung|bescheinigung|nachweis|zettel|streifen"
        r"|ausweis)|abrechnung\sder\s(?:brutto|netto|bezüge|entgelt)|lohn(?:konto|journal"
        r"|steuerbescheinigung)|pay\s?slip|(?:wage|salary)\s(?:slip|statement)"
        r"|pay(?:roll)?\s(?:statement|advice|stub|register|summary)|earnings\sstatement"
        r"|(?:bezüge|gehalts|lohn)-?mitteilung|remuneration\sstatement|bulletins?\s(?:de\s(?:paie|paye|salaire))|fiche\sde\s(?:paie|paye|salaire)"
        r"|décompte\sde\ssalaire|busta\spaga|cedolino|prospetto\spaga|conteggio\s(?:di\s)?salario"
        r"|nómina|recibo\sde\ssalario|loon(?:strook|specificatie)|salaris(?:strook|specificatie)"
        r"|recibo\sde\svencimento|pasek\swynagrodze|lista\spłac|löne(?:specifikation|besked)"
        r"|lønn?(?:slipp|seddel)|výplatní\spáska|bérjegyzék|palkkalaskelma",
        r"brutto|netto|lohnsteuer|solidaritätszuschlag|sv-?|krankenversicherung"
        r"|rentenversicherung|steuerklasse|personal-?(?:nr|nummer)|auszahlung|gross|net\b"
        r"|income\stax|national\sinsurance|employee|tax\b|pension|brut\b|cotisation|salarié"
        r"|urssaf|avs|lordo|inps|irpef|dipendente|trattenut|bruto|neto|irpf|seguridad|loonheffing",
    ),
    _paper(
        OTHER, "a repayment plan", "ein Tilgungsplan",
        r"(?:zins-?\s?und\s)?(?:tilgungs|zahlungs|raten|darlehens|rückzahlungs"
        r"|abzahlungs)-?(?:plan|übersicht|verlauf)|plan\sd['’]\s?apurement|piano\srate|(?:loan\s)?(?:repayment|amorti[sz]ation"
        r"|payment|instal?lment)\s(?:schedule|plan|table)|loan\sschedule|(?:tableau"
        r"|plan)\sd['’]\s?(?:amortissement|échéance)|échéancier|plan\sde\sremboursement"
        r"|piano\s(?:di\s)?(?:ammortamento|rimborso|rateale)|piano\sdelle\srate|(?:cuadro|tabla"
        r"|plan)\sde\samortización|calendario\sde\spagos|aflossings(?:schema|plan)"
        r"|plano\sde\s(?:amortização|pagamentos)|harmonogram\sspłat|amorteringsplan"
        r"|splátkový\skalendář|törlesztési",
        r"zins|tilgung|restschuld|rate\b|annuität|darlehen|interest|principal|instal?ment|loan"
        r"|balance|capital|intérêt|échéance|restant|prêt|quota|interess|debito\sresiduo|mutuo"
        r"|rata\b|interés|cuota|rente|aflossing",
    ),
    _paper(
        OTHER, "a loan contract", "ein Darlehensvertrag",
        r"mortgage\soffer|contract\sof\sloan|(?:darlehens|kredit|ratenkredit|leasing|miet|kauf|pacht|arbeits"
        r"|bürgschafts)-?(?:vertrag|angebot|zusage)|loan\s(?:agreement|contract|offer)"
        r"|credit\sagreement|(?:lease|rental|employment|purchase)\s(?:agreement|contract)"
        r"|contrat\sde\s(?:prêt|crédit|bail|location|travail)|offre\sde\s(?:prêt|crédit)"
        r"|contratto\sdi\s(?:mutuo|finanziamento|prestito|locazione|lavoro)"
        r"|contrato\sde\s(?:préstamo|crédito)",
        r"darlehen|zins|rate|laufzeit|tilgung|loan|interest|term|instal?ment|prêt|taux|durée"
        r"|mutuo|tasso|durata|préstamo|miete|rent|loyer|canone",
    ),
    _paper(
        OTHER, "a tax notice", "ein Steuerbescheid",
        r"\w*(?:steuer|vorauszahlungs|beitrags|gebühren|abgaben|messbetrags|haftungs"
        r"|feststellungs|zins)-?bescheid|bescheid\s(?:für|über|zur|zum)|steuer(?:konto|rechnung"
        r"|bescheinigung|anmeldung|erklärung|abrechnung)|zinsbescheinigung|beitrags-?konto|avis\sde\staxe|council\stax|self\sassessment|vat\saccount|attestation\sfiscale|freistellung|grundbuch|schufa|umsatzsteuer-?voranmeldung|veranlagung"
        r"|steuerbescheid|tax\s(?:assessment|notice|bill|return|statement|calculation|demand)"
        r"|notice\sof\sassessment|vat\sreturn|avis\s(?:d['’]\s?(?:impôt|imposition)|de\staxation)"
        r"|déclaration\sde\stva|bordereau\s(?:d['’]impôt|de\staxation)|(?:taxe"
        r"|cotisation)\sfoncière|avviso\sdi\s(?:accertamento|liquidazione|pagamento)"
        r"|cartella\s(?:esattoriale|di\spagamento)|modello\sf24|delega\sf24|dichiarazione\siva"
        r"|liquidación(?!\sde\scomis)|modelo\s\d{3}|(?:voorlopige\s)?(?:belasting)?aanslag",
        r"steuer|finanzamt|festgesetzt|fällig|einkommen|vorauszahlung|solidaritäts|tax|due"
        r"|assessed|impôt|échéance|montant|imposta|tributo|scadenza|agenzia|impuesto|belasting"
        r"|codice",
    ),
    _paper(
        OTHER, "a securities account statement", "ein Depotauszug",
        r"depot-?(?:auszug|übersicht|bewertung|aufstellung|abschluss|bestand)|jahresdepot"
        r"|vermögens(?:aufstellung|übersicht|ausweis)|wertpapier-?(?:abrechnung|aufstellung|depot"
        r"|übersicht)|(?:ertrags|erträgnis)-?aufstellung|dividenden|(?:portfolio|securities"
        r"|custody|holdings|investment|brokerage)\s(?:account\s)?(?:statement|valuation|report"
        r"|overview)|ertrags?-?gutschrift|wertpapierabrechnung|dividend\s(?:voucher|statement)|trade\sconfirmation|pension\sstatement|situation\sde\sportefeuille|estratto\stitoli|contract\snote|statement\sof\s(?:assets|holdings|investments|securities)"
        r"|relevé\s(?:de\s|du\s)?(?:titres|portefeuille|compte[\s-]titres|compte\stitres)"
        r"|état\sdu\sportefeuille|portefeuille\b|avis\sd['’]opéré|estratto\s(?:conto\s)?titoli"
        r"|rendiconto\s(?:titoli|patrimoniale)|dossier\stitoli|posizione\stitoli"
        r"|extracto\sde\svalores|cartera\sde|effectenoverzicht",
        r"wkn|isin|kurs|stück|nominal|wertpapier|bestand|depot|price|quantity|securities|shares"
        r"|units|cours|quantité|valeur|titre|titoli|quantità|prezzo|valores|cantidad|aantal|koers",
    ),
    _paper(
        OTHER, "a cash book", "ein Kassenbuch",
        r"kassen-?(?:buch|bericht|abrechnung|blatt|konto|journal|abschluss|protokoll|bestand)"
        r"|tages-?(?:abschluss|kasse|bericht)|tages-?kassen?-?abrechnung|till\sroll|petty\scash\b|corrispettivi|z-?bon\b|z-?bericht|barkasse|handkasse|cash\s?book"
        r"|cash\s(?:report|register|journal|account|count|sheet)|petty\scash|till\sreport"
        r"|z-?report|end\sof\sday|(?:livre|journal|brouillard|rapport|état)\sde\s(?:la\s)?caisse"
        r"|ticket\sz|(?:libro|registro|giornale|prima\snota|foglio)\s(?:di\s)?cassa"
        r"|chiusura\s(?:di\s)?cassa|(?:libro|arqueo|cierre)\sde\scaja|kasboek|kas(?:staat"
        r"|verslag)|raport\skasowy|kassabok|kassebog|pokladní\skniha",
        r"kasse|bar\b|barverkauf|bestand|einnahme|ausgabe|beleg|cash|receipt|payment|takings"
        r"|caisse|recette|dépense|espèces|cassa|entrat|uscit|incass|caja|ingreso|gasto|ontvangst"
        r"|uitgave",
    ),
    _paper(
        OTHER, "an expense claim", "eine Spesenabrechnung",
        r"(?:spesen|reisekosten|auslagen|bewirtungs)-?(?:abrechnung|bericht|aufstellung"
        r"|erstattung)|expense\s?s?\s(?:report|claim|sheet)|reise-?abrechnung|frais\sde\sdéplacement|travel\sexpenses|notes?\sde\sfrais"
        r"|décompte\sde\sfrais|nota\sspese|rimborso\sspese|nota\sde\sgastos|onkostendeclaratie",
        r"spesen|reise|hotel|verpflegung|kilometer|bahn|taxi|expense|travel|meal|mileage|frais"
        r"|repas|déplacement|spese|pasti|trasferta|gastos",
    ),
    _paper(
        OTHER, "a fixed asset register", "ein Anlagenverzeichnis",
        r"anlage[ns]?-?(?:verzeichnis|spiegel|gitter|kartei|liste|buchhaltung|nachweis|übersicht)"
        r"|afa-?(?:tabelle|liste|übersicht)|entwicklung\sdes\sanlagevermögens"
        r"|abschreibungs-?(?:plan|tabelle|übersicht|liste)|inventar(?:liste|verzeichnis|ur)?\b"
        r"|(?:fixed\s)?assets?\s(?:register|list|schedule)|depreciation\s(?:schedule|table"
        r"|report)|inventory\b|(?:tableau|registre|liste|état)\sdes\simmobilisations|inventaire"
        r"|(?:libro|registro|elenco)\s(?:dei\s)?(?:cespiti|beni)|piano\sdei\scespiti|(?:libro"
        r"|registro)\sde\s(?:inventario|bienes|inmovilizado)|activaoverzicht",
        r"anschaffung|ahk|nutzungsdauer|buchwert|abschreibung|afa|inventar|cost|useful"
        r"|book\svalue|depreciation|acquisition|amortissement|durée|valeur\snette|acquisto"
        r"|ammortament|valore|vita|adquisición|amortización|afschrijving",
    ),
    _paper(
        OTHER, "a settlement of charges", "eine Abrechnung",
        r"(?:heizkosten|nebenkosten|betriebskosten|wohngeld|hausgeld|strom|gas|wasser|provisions"
        r"|honorar|jahres|frachtkosten|lizenz|mieter|verbrauchs|umlagen|verwalter|miet|quartals"
        r"|monats)-?abrechnung|(?:bau|schluss)-?abrechnung|miet(?:einnahmen|konto)|rent\sledger|tenant\sstatement|royalties|décompte\sfinal|canoni\sdi|jahresverbrauch|miet(?:erliste|aufstellung|konto)"
        r"|(?:service\scharge|utility|commission|royalty|rent|energy)\s(?:statement|account|bill)"
        r"|rent\sroll|décompte\s(?:de\s|des\s)?(?:charges|commissions|honoraires|chauffage)"
        r"|régularisation\sde|quittance\sde\sloyer|état\slocatif|rendiconto\s(?:spese|condominial"
        r"|provvigioni)|conguaglio|ripartizione\sspese|estratto\sprovvigioni"
        r"|liquidación\sde\scomisiones",
        r"abschlag|verbrauch|kosten|nebenkosten|heizung|provision|nachzahlung|guthaben|zähler"
        r"|charges|meter|consumption|commission|rent|loyer|provision|consommation|spese|condomin"
        r"|provvigion|consumo|rate",
    ),
    _paper(
        OTHER, "a list of invoices", "eine Rechnungsliste",
        r"rechnungs-?(?:ausgangs|eingangs)-?(?:buch|journal|liste)|rechnungs(?:liste|übersicht"
        r"|journal)|waren(?:eingangs|ausgangs)buch|mileage\slog|order\shistory|auftragsübersicht|stundennachweis|donation|spenden|umsatzstatistik|verkaufs(?:liste|journal"
        r"|bericht|statistik)|fahrtenbuch|stundenzettel|auftragsliste|(?:sales|purchase|purchases"
        r"|invoice|invoices)\s(?:journal|register|list|report|ledger|summary)|time\s?sheet"
        r"|order\slist|journal\sdes\s(?:ventes|achats)|(?:registre|liste)\sdes\s(?:factures"
        r"|ventes|achats|commandes)|relevé\sd['’]heures|registro\s(?:iva|vendite|acquisti|fatture"
        r"|delle|degli)|(?:elenco|lista)\s(?:delle\s)?(?:fatture|vendite|ordini)"
        r"|libro\sde\sfacturas|listado\sde\sfacturas|verkoopboek|inkoopboek",
        r"rechnung|kunde|lieferant|netto|mwst|ust|steuer|beleg|invoice|customer|supplier|net\b"
        r"|vat|order|hours|facture|client|tva|commande|heures|fattura|cliente|fornitore"
        r"|imponibile|iva|ordine|factura|factuur|stunden|artikel|kilometer",
    ),
    _paper(
        OTHER, "a list of payments", "eine Zahlungsliste",
        r"zahlungs-?(?:avis|liste|vorschlag|vorschlagsliste|lauf|übersicht|beleg|bestätigung)"
        r"|überweisungs-?(?:liste|auftrag|beleg|avis)|lastschrift-?(?:liste|avis|einzug"
        r"|ankündigung)|sammel(?:auftrag|überweisung)|daueraufträge|dauerauftragsliste"
        r"|pre-?notification|remittance\sadvice|payment\s(?:advice|run|list|proposal|receipt"
        r"|confirmation)|standing\sorders|avis\sde\s(?:paiement|virement|prélèvement|règlement)"
        r"|ordres\spermanents|liste\sdes\s(?:paiements|virements)|avviso\sdi\s(?:bonifico"
        r"|addebito)|distinta|ordini\spermanenti|elenco\s(?:pagamenti|bonifici)|orden\sde\spago"
        r"|betaaladvies",
        r"rechnung|beleg|skonto|empfänger|fällig|ausführung|mandat|invoice|discount|beneficiary"
        r"|due|payee|facture|bénéficiaire|échéance|fattura|beneficiario|scadenza|factura",
    ),
    _paper(
        OTHER, "an insurance document", "ein Versicherungsschreiben",
        r"versicherungs-?(?:schein|police|bestätigung|nachweis|übersicht)|(?:beitrags"
        r"|prämien)-?(?:rechnung|mitteilung|übersicht|anpassung)|insurance\srenewal|membership|renteninformation"
        r"|insurance\s(?:policy|certificate|schedule|statement)|premium\s(?:notice|statement)"
        r"|avis\sd['’]échéance|appel\sde\s(?:cotisation|prime|fonds)|attestation\sd['’]assurance"
        r"|police\sd['’]assurance|polizza|quietanza|póliza|verzekeringspolis",
        r"versicherung|beitrag|prämie|police|vertrag|insurance|premium|policy|cover|cotisation"
        r"|prime|assurance|contrat|premio|polizza|assicurat|seguro|prima\b",
    ),
    _paper(
        DocumentKind.BUSINESS_REPORT,
        "a business report (BWA)", "eine Betriebswirtschaftliche Auswertung",
        r"betriebswirtschaftliche\sauswertung|kurzfristige\serfolgsrechnung|bwa\b",
        r"umsatz|gesamtleistung|rohertrag|personalkosten|betriebsergebnis|ergebnis",
    ),
    _paper(
        OTHER, "a financial plan", "eine Finanzplanung",
        r"(?:liquiditäts|zahlungs|finanz|umsatz)-?vorschau\w*|liquiditäts-?(?:plan|planung|übersicht)|finanz(?:ierungs)?-?plan"
        r"|cash\s?flow\s(?:forecast|plan)|budget\b|forecast\b|plan\sde\s(?:trésorerie"
        r"|financement)|piano\sfinanziario|management\saccounts|business\splan|plan\sfinanciero",
        r"umsatz|einzahlung|auszahlung|liquidität|kosten|revenue|turnover|costs|profit|recettes"
        r"|dépenses|charges|ricavi|costi|utile|entrate|uscite|ingresos|gastos",
    ),
    _paper(
        DocumentKind.ANNUAL_ACCOUNTS, "annual accounts", "ein Jahresabschluss",
        r"jahresabschluss|(?:handels|steuer|eröffnungs|schluss|zwischen)?bilanz\b"
        r"|gewinn-?\s?(?:und|u\.)\s?verlust-?rechnung|einnahmen-?\s?überschuss|anhang\szum"
        r"|balance\ssheet|profit\s(?:and|&)\sloss|income\sstatement|annual\s(?:accounts|report)"
        r"|financial\sstatements?|statement\sof\s(?:financial|cash|comprehensive|profit|changes)"
        r"|bilan\b|compte\sde\srésultat|comptes\sannuels|liasse\sfiscale|bilancio"
        r"|conto\seconomico|stato\spatrimoniale|rendiconto\sfinanziario|balance\sde\ssituación"
        r"|cuenta\sde\s(?:resultados|pérdidas)|cuentas\sanuales|jaarrekening|balans\b",
        r"aktiva|passiva|anlagevermögen|umlaufvermögen|eigenkapital|verbindlichkeiten"
        r"|rückstellungen|umsatzerlöse|assets|liabilities|equity|turnover|actif|passif|capitaux"
        r"|dettes|attivo|passivo|patrimonio|debiti|ricavi|activo|pasivo|einnahmen|ausgaben",
    ),
    _paper(
        OTHER, "an offer or order", "ein Angebot oder Auftrag",
        r"angebot(?=\W*(?:nr|nummer|vom|für|\d|$))|kostenvoranschlag|auftragsbestätigung"
        r"|bestellung|lieferschein|quot(?:e|ation)\b|work\sorder|purchase\sorder|order\sconfirmation"
        r"|delivery\snote|estimate\b|devis\b|bon\sde\s(?:commande|livraison)"
        r"|confirmation\sde\scommande|preventivo|offerta|ordine\b|conferma\sd['’]ordine"
        r"|documento\sdi\strasporto|presupuesto|offerte\b",
        r"menge|preis|artikel|position|netto|lieferung|quantity|price|item|delivery|unit|quantité"
        r"|prix|livraison|quantità|prezzo|consegna|cantidad|precio|aantal|prijs",
    ),
    _paper(
        OTHER, "an account of a contract", "ein Vertragskonto",
        r"(?:leasing|factoring|vertrags)-?konto\b",
        r"leasing|factoring|vertrag|rate\b|ankauf|anschlusskunde|auszahlung",
    ),
    _paper(
        DocumentKind.INVOICE, "an invoice", "eine Rechnung",
        r"(?:schluss|abschlags|teil|sammel|honorar|storno|proforma|pro-forma-|korrektur|monats"
        r"|jahres|anzahlungs|gutschrifts)?-?rechnung\b|gutschrift(?=\s(?:nr|nummer|zu)\b)|rechnungs-?(?:nr|nummer|korrektur|kopie)"
        r"|(?:tax\s|pro-?\s?forma\s|commercial\s|sales\s|vat\s|credit\s)*invoice\b|credit\snote"
        r"|bill\s(?:no|to|number)|facture\b|note\sd['’]\s?honoraires|fattura\b"
        r"|nota\sdi\s(?:credito|debito)|parcella|factura\b|factuur\b|fatura\b|faktura\b|számla\b"
        r"|lasku\b",
        r"mwst|ust\b|mehrwertsteuer|umsatzsteuer|vat\b|tva\b|iva\b|btw\b|moms|netto|net\b"
        r"|zwischensumme|subtotal|rechnungs|gesamtbetrag|zahlbar|fällig|menge|einzelpreis"
        r"|quantity|unit\sprice|amount\sdue|due\sdate|invoice|total\sttc|total\sht|montant"
        r"|échéance|quantité|prix\sunitaire|imponibile|totale|scadenza|quantità|prezzo|payable"
        r"|leistung|stunden",
    ),
)  # fmt: skip
