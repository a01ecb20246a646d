"""How the papers call themselves that a business keeps of its own dealings."""

from core.documents import DocumentKind
from core.formats.papers.paper import OTHER, Paper

# Blanks and line breaks within are for people: `\s` stands for a blank that counts.
OPEN_ITEMS = Paper.of(
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
)  # fmt: skip

LEDGER = Paper.of(
    OTHER, "a ledger sheet", "ein Kontoblatt der Buchhaltung",
    r"nominal\saccount|extrait\sde\scompte\s\d{3,6}|zapisy\sna\skoncie|extracto\sde\sla\scuenta\scontable|massenblatt|verwahrungs-?(?:buch|blatt)|client\sledger|akten-?konto|"
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
    r"|tegenrekening|wn\b|ma\b"
    r"|winien|sprzedaż|verwahrung|matter\b|mandant|fremdgeld|disbursement",
)  # fmt: skip

PAYSLIP = Paper.of(
    OTHER, "a payslip", "eine Lohnabrechnung",
    r"riepilogo\spaghe|(?:verzamel)?loon-?staat|resumen\sde\snóminas|"
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
    r"|urssaf|avs|lordo|inps|irpef|dipendente|trattenut|bruto|neto|irpf|seguridad|loonheffing"
    r"|bruto|loon\b|wynagrodzeni|retención|trattenute",
)  # fmt: skip

CASH_BOOK = Paper.of(
    OTHER, "a cash book", "ein Kassenbuch",
    r"kasse\b(?!\s?(?:e\.?g|ag)\b)|"
    r"kassen-?(?:buch|bericht|abrechnung|blatt|konto|journal|abschluss|protokoll|bestand)"
    r"|tages-?(?:abschluss|kasse|bericht)|tages-?kassen?-?abrechnung|till\sroll|petty\scash\b|corrispettivi|z-?bon\b|z-?bericht|barkasse|handkasse|cash\s?book"
    r"|cash\s(?:report|register|journal|account|count|sheet)|petty\scash|till\sreport"
    r"|z-?report|end\sof\sday|(?:livre|journal|brouillard|rapport|état)\sde\s(?:la\s)?caisse"
    r"|ticket\sz|(?:libro|registro|giornale|prima\snota|foglio)\s(?:di\s)?cassa"
    r"|chiusura\s(?:di\s)?cassa|(?:libro|arqueo|cierre)\sde\scaja|kasboek|kas(?:staat"
    r"|verslag)|raport\skasowy|kassabok|kassebog|pokladní\skniha",
    r"kasse|bar\b|barverkauf|bestand|einnahme|ausgabe|beleg|cash|receipt|payment|takings"
    r"|caisse|recette|dépense|espèces|cassa|entrat|uscit|incass|caja|ingreso|gasto|ontvangst"
    r"|uitgave"
    r"|filiale|barauszahlung|kassenbestand",
)  # fmt: skip

EXPENSES = Paper.of(
    OTHER, "an expense claim", "eine Spesenabrechnung",
    r"(?:spesen|reisekosten|auslagen|bewirtungs)-?(?:abrechnung|bericht|aufstellung"
    r"|erstattung)|expense\s?s?\s(?:report|claim|sheet)|reise-?abrechnung|frais\sde\sdéplacement|travel\sexpenses|notes?\sde\sfrais"
    r"|décompte\sde\sfrais|nota\sspese|rimborso\sspese|nota\sde\sgastos|onkostendeclaratie",
    r"spesen|reise|hotel|verpflegung|kilometer|bahn|taxi|expense|travel|meal|mileage|frais"
    r"|repas|déplacement|spese|pasti|trasferta|gastos",
)  # fmt: skip

ASSETS = Paper.of(
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
)  # fmt: skip

INVOICE_LIST = Paper.of(
    OTHER, "a list of invoices", "eine Rechnungsliste",
    r"(?:arbeits)?zeit-?konto|rechnungs-?übersicht|"
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
    r"|imponibile|iva|ordine|factura|factuur|stunden|artikel|kilometer"
    r"|mehrarbeit|std\b",
)  # fmt: skip

PAYMENT_LIST = Paper.of(
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
)  # fmt: skip

BUSINESS_REPORT = Paper.of(
    DocumentKind.BUSINESS_REPORT,
    "a business report (BWA)", "eine Betriebswirtschaftliche Auswertung",
    r"betriebswirtschaftliche\sauswertung|kurzfristige\serfolgsrechnung|bwa\b",
    r"umsatz|gesamtleistung|rohertrag|personalkosten|betriebsergebnis|ergebnis",
)  # fmt: skip

FINANCIAL_PLAN = Paper.of(
    OTHER, "a financial plan", "eine Finanzplanung",
    r"prévisions?\sde\strésorerie|previsión\sde\stesorería|previsione\sdi\scassa|prognoza|liquiditeits-?(?:prognose|begroting)|"
    r"(?:liquiditäts|zahlungs|finanz|umsatz)-?vorschau\w*|liquiditäts-?(?:plan|planung|übersicht)|finanz(?:ierungs)?-?plan"
    r"|cash\s?flow\s(?:forecast|plan)|budget\b|forecast\b|plan\sde\s(?:trésorerie"
    r"|financement)|piano\sfinanziario|management\saccounts|business\splan|plan\sfinanciero",
    r"umsatz|einzahlung|auszahlung|liquidität|kosten|revenue|turnover|costs|profit|recettes"
    r"|dépenses|charges|ricavi|costi|utile|entrate|uscite|ingresos|gastos"
    r"|plan\b|planned|prévu|previst|szenario|scenari",
)  # fmt: skip

ANNUAL_ACCOUNTS = Paper.of(
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
)  # fmt: skip
