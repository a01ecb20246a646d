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
    _paper(OTHER, "a dunning letter", "eine Mahnung",
        r"mahnung|mahnschreiben|mahnbescheid|zahlungs(?:erinnerung|aufforderung|mahnung)"
        r"|(?:payment\s|friendly\s|final\s|first\s|second\s|third\s)*reminder|dunning\s(?:letter|notice)"
        r"|(?:overdue|past\sdue|final)\s(?:notice|demand|account|invoices)|demand\sfor\spayment"
        r"|letter\sbefore\saction|(?:lettre\sde\s)?relance|rappel\b|mise\sen\sdemeure"
        r"|sollecito|messa\sin\smora|recordatorio\sde\spago|reclamación\sde\s(?:pago|deuda)"
        r"|requerimiento\sde\spago|(?:betalings)?herinnering|aanmaning|wezwanie\sdo\szapłaty"
        r"|ponaglenie|aviso\sde\scobrança|(?:betalnings)?påminnelse|inkasso(?:krav|brev|schreiben)?"
        r"|rykker|purring|upomínka|fizetési\sfelszólítás|maksumuistutus",
        r"mahn(?:gebühr|kosten|spesen|stufe)|zahlen\ssie|verzug|fällig|überfällig|offen|rechnung|beglichen"
        r"|overdue|outstanding|unpaid|due|invoice|échu|impayé|facture|retard|échéance|scadut"
        r"|insolut|fattura|fatture|mora\b|vencid|factura|vervallen|factuur|zaległ|förfall|forfald"),
    _paper(OTHER, "a list of open items", "eine Offene-Posten-Liste",
        r"offene[rn]?\sposten|op-liste|opos|(?:debitoren|kreditoren)(?:liste|übersicht|auszug|saldenliste)"
        r"|fälligkeitsliste|open\sitems?|aged\s(?:debtors|creditors|receivables|payables|debt)"
        r"|accounts?\s(?:receivable|payable)|outstanding\s(?:invoices|items)|unpaid\s(?:invoices|bills)"
        r"|(?:customer|supplier|vendor)\sstatement|balance\s(?:âgée|client|fournisseur)"
        r"|factures\s(?:impayées|ouvertes|non\sréglées)|postes\souverts|relevé\sde\sfactures"
        r"|partite\saperte|scadenzario|elenco\sscaden|partidas\s(?:abiertas|pendientes)"
        r"|facturas\spendientes|openstaande\s(?:posten|facturen)|rozrachunki",
        r"debitor|kreditor|kunden-?(?:nr|nummer)|beleg-?(?:nr|nummer)|rechnung|fällig|mahnstufe"
        r"|skonto|customer|supplier|invoice|due|days|client|fournisseur|facture|échéance|cliente"
        r"|fornitore|fattura|scadenza|vencimiento|factura|factuur|vervaldatum"),
    _paper(OTHER, "a ledger sheet", "ein Kontoblatt der Buchhaltung",
        r"konto?(?:en)?blatt|kontoblätter|sach-?kont(?:o|en)|personen-?kont(?:o|en)|debitoren-?konto"
        r"|kreditoren-?konto|konten-?nachweis|kontennachweis|buchungs(?:journal|liste|stapel|protokoll)"
        r"|(?:buchungs)?journal\b|prima-?nota|hauptbuch|summen-?\s?(?:und|u\.|/)\s?saldenliste|susa\b"
        r"|salden-?liste|saldenbestätigung|(?:general|nominal|sales|purchase|bought)\sledger|ledger\b"
        r"|account\sledger|trial\sbalance|day\s?book|grand[\s-]livre|balance\s(?:générale|auxiliaire|des\scomptes)"
        r"|(?:libro\s)?mastr(?:o|ino|ini)\b|scheda\scontabile|schede\scontabili|partitario|libro\sgiornale"
        r"|bilancio\sdi\sverifica|libro\s(?:mayor|diario)|mayor\sde\s|balance\sde\ssumas|grootboek"
        r"|proef-\sen\ssaldi|zestawienie\sobrotów|huvudbok|hovedbok|finanskort|hlavní\skniha|főkönyv",
        r"soll|haben|gegen-?konto|gkto|beleg|buchungstext|bu-?schlüssel|kostenstelle|ust\b|jahr|eb-?wert"
        r"|debit|credit|contra|journal|voucher|reference|nominal|débit|crédit|pièce|libellé|contrepartie"
        r"|dare|avere|contropartita|causale|saldo|asiento|debe|haber|debet|tegenrekening|wn\b|ma\b"),
    _paper(OTHER, "a payslip", "eine Lohnabrechnung",
        r"(?:lohn-?\s?(?:und|u\.|/)\s?gehalts?|lohn|gehalts|entgelt|bezüge|verdienst|besoldungs|vergütungs|brutto-?/?\s?netto)-?"
        r"(?:abrechnung|bescheinigung|nachweis|zettel|streifen|ausweis)|abrechnung\sder\s(?:brutto|netto|bezüge|entgelt)"
        r"|lohn(?:konto|journal|steuerbescheinigung)|pay\s?slip|(?:wage|salary)\s(?:slip|statement)"
        r"|pay(?:roll)?\s(?:statement|advice|stub|register|summary)|earnings\sstatement"
        r"|bulletins?\s(?:de\s(?:paie|paye|salaire))|fiche\sde\s(?:paie|paye|salaire)|décompte\sde\ssalaire"
        r"|busta\spaga|cedolino|prospetto\spaga|conteggio\s(?:di\s)?salario|nómina|recibo\sde\ssalario"
        r"|loon(?:strook|specificatie)|salaris(?:strook|specificatie)|recibo\sde\svencimento"
        r"|pasek\swynagrodze|lista\spłac|löne(?:specifikation|besked)|lønn?(?:slipp|seddel)|výplatní\spáska"
        r"|bérjegyzék|palkkalaskelma",
        r"brutto|netto|lohnsteuer|solidaritätszuschlag|sv-?|krankenversicherung|rentenversicherung"
        r"|steuerklasse|personal-?(?:nr|nummer)|auszahlung|gross|net\b|income\stax|national\sinsurance"
        r"|employee|tax\b|pension|brut\b|cotisation|salarié|urssaf|avs|lordo|inps|irpef|dipendente|trattenut"
        r"|bruto|neto|irpf|seguridad|loonheffing"),
    _paper(OTHER, "a repayment plan", "ein Tilgungsplan",
        r"(?:zins-?\s?und\s)?(?:tilgungs|zahlungs|raten|darlehens|rückzahlungs|abzahlungs)-?(?:plan|übersicht|verlauf)"
        r"|(?:loan\s)?(?:repayment|amorti[sz]ation|payment|instal?lment)\s(?:schedule|plan|table)|loan\sschedule"
        r"|(?:tableau|plan)\sd['’]\s?(?:amortissement|échéance)|échéancier|plan\sde\sremboursement"
        r"|piano\s(?:di\s)?(?:ammortamento|rimborso|rateale)|piano\sdelle\srate"
        r"|(?:cuadro|tabla|plan)\sde\samortización|calendario\sde\spagos|aflossings(?:schema|plan)"
        r"|plano\sde\s(?:amortização|pagamentos)|harmonogram\sspłat|amorteringsplan|splátkový\skalendář"
        r"|törlesztési",
        r"zins|tilgung|restschuld|rate\b|annuität|darlehen|interest|principal|instal?ment|loan|balance|capital"
        r"|intérêt|échéance|restant|prêt|quota|interess|debito\sresiduo|mutuo|rata\b|interés|cuota|rente|aflossing"),
    _paper(OTHER, "a loan contract", "ein Darlehensvertrag",
        r"(?:darlehens|kredit|ratenkredit|leasing|miet|kauf|pacht|arbeits|bürgschafts)-?(?:vertrag|angebot|zusage)"
        r"|loan\s(?:agreement|contract|offer)|credit\sagreement|(?:lease|rental|employment|purchase)\s(?:agreement|contract)"
        r"|contrat\sde\s(?:prêt|crédit|bail|location|travail)|offre\sde\s(?:prêt|crédit)"
        r"|contratto\sdi\s(?:mutuo|finanziamento|prestito|locazione|lavoro)|contrato\sde\s(?:préstamo|crédito)",
        r"darlehen|zins|rate|laufzeit|tilgung|loan|interest|term|instal?ment|prêt|taux|durée|mutuo|tasso|durata|préstamo"
        r"|miete|rent|loyer|canone"),
    _paper(OTHER, "a tax notice", "ein Steuerbescheid",
        r"\w*(?:steuer|vorauszahlungs|beitrags|gebühren|abgaben|messbetrags|haftungs|feststellungs|zins)-?bescheid"
        r"|bescheid\s(?:für|über|zur|zum)|steuer(?:konto|rechnung|bescheinigung|anmeldung|erklärung|abrechnung)"
        r"|umsatzsteuer-?voranmeldung|veranlagung|steuerbescheid|tax\s(?:assessment|notice|bill|return|statement|calculation|demand)"
        r"|notice\sof\sassessment|vat\sreturn|avis\s(?:d['’]\s?(?:impôt|imposition)|de\staxation)|déclaration\sde\stva"
        r"|bordereau\s(?:d['’]impôt|de\staxation)|(?:taxe|cotisation)\sfoncière|avviso\sdi\s(?:accertamento|liquidazione|pagamento)"
        r"|cartella\s(?:esattoriale|di\spagamento)|modello\sf24|delega\sf24|dichiarazione\siva|liquidación\sde|modelo\s\d{3}"
        r"|(?:voorlopige\s)?(?:belasting)?aanslag",
        r"steuer|finanzamt|festgesetzt|fällig|einkommen|vorauszahlung|solidaritäts|tax|due|assessed|impôt|échéance|montant"
        r"|imposta|tributo|scadenza|agenzia|impuesto|belasting|codice"),
    _paper(OTHER, "a securities account statement", "ein Depotauszug",
        r"depot-?(?:auszug|übersicht|bewertung|aufstellung|abschluss|bestand)|jahresdepot|vermögens(?:aufstellung|übersicht|ausweis)"
        r"|wertpapier-?(?:abrechnung|aufstellung|depot|übersicht)|(?:ertrags|erträgnis)-?aufstellung|dividenden"
        r"|(?:portfolio|securities|custody|holdings|investment|brokerage)\s(?:account\s)?(?:statement|valuation|report|overview)"
        r"|contract\snote|statement\sof\s(?:assets|holdings|investments|securities)"
        r"|relevé\s(?:de\s|du\s)?(?:titres|portefeuille|compte[\s-]titres|compte\stitres)|état\sdu\sportefeuille"
        r"|portefeuille\b|avis\sd['’]opéré|estratto\s(?:conto\s)?titoli|rendiconto\s(?:titoli|patrimoniale)|dossier\stitoli"
        r"|posizione\stitoli|extracto\sde\svalores|cartera\sde|effectenoverzicht",
        r"wkn|isin|kurs|stück|nominal|wertpapier|bestand|depot|price|quantity|securities|shares|units|cours|quantité|valeur"
        r"|titre|titoli|quantità|prezzo|valores|cantidad|aantal|koers"),
    _paper(OTHER, "a cash book", "ein Kassenbuch",
        r"kassen-?(?:buch|bericht|abrechnung|blatt|konto|journal|abschluss|protokoll|bestand)|tages-?(?:abschluss|kasse|bericht)"
        r"|z-?bon\b|z-?bericht|barkasse|handkasse|cash\s?book|cash\s(?:report|register|journal|account|count|sheet)|petty\scash"
        r"|till\sreport|z-?report|end\sof\sday|(?:livre|journal|brouillard|rapport|état)\sde\s(?:la\s)?caisse|ticket\sz"
        r"|(?:libro|registro|giornale|prima\snota|foglio)\s(?:di\s)?cassa|chiusura\s(?:di\s)?cassa|(?:libro|arqueo|cierre)\sde\scaja"
        r"|kasboek|kas(?:staat|verslag)|raport\skasowy|kassabok|kassebog|pokladní\skniha",
        r"kasse|bar\b|barverkauf|bestand|einnahme|ausgabe|beleg|cash|receipt|payment|takings|caisse|recette|dépense|espèces"
        r"|cassa|entrat|uscit|incass|caja|ingreso|gasto|ontvangst|uitgave"),
    _paper(OTHER, "an expense claim", "eine Spesenabrechnung",
        r"(?:spesen|reisekosten|auslagen|bewirtungs)-?(?:abrechnung|bericht|aufstellung|erstattung)|expense\s?s?\s(?:report|claim|sheet)"
        r"|travel\sexpenses|notes?\sde\sfrais|décompte\sde\sfrais|nota\sspese|rimborso\sspese|nota\sde\sgastos|onkostendeclaratie",
        r"spesen|reise|hotel|verpflegung|kilometer|bahn|taxi|expense|travel|meal|mileage|frais|repas|déplacement|spese|pasti|trasferta|gastos"),
    _paper(OTHER, "a fixed asset register", "ein Anlagenverzeichnis",
        r"anlage[ns]?-?(?:verzeichnis|spiegel|gitter|kartei|liste|buchhaltung|nachweis|übersicht)|afa-?(?:tabelle|liste|übersicht)"
        r"|entwicklung\sdes\sanlagevermögens|abschreibungs-?(?:plan|tabelle|übersicht|liste)|inventar(?:liste|verzeichnis|ur)?\b"
        r"|(?:fixed\s)?assets?\s(?:register|list|schedule)|depreciation\s(?:schedule|table|report)|inventory\b"
        r"|(?:tableau|registre|liste|état)\sdes\simmobilisations|inventaire|(?:libro|registro|elenco)\s(?:dei\s)?(?:cespiti|beni)"
        r"|piano\sdei\scespiti|(?:libro|registro)\sde\s(?:inventario|bienes|inmovilizado)|activaoverzicht",
        r"anschaffung|ahk|nutzungsdauer|buchwert|abschreibung|afa|inventar|cost|useful|book\svalue|depreciation|acquisition"
        r"|amortissement|durée|valeur\snette|acquisto|ammortament|valore|vita|adquisición|amortización|afschrijving"),
    _paper(OTHER, "a settlement of charges", "eine Abrechnung",
        r"(?:heizkosten|nebenkosten|betriebskosten|wohngeld|hausgeld|strom|gas|wasser|provisions|honorar|jahres|frachtkosten|lizenz"
        r"|mieter|verbrauchs|umlagen|verwalter|miet|quartals|monats)-?abrechnung|jahresverbrauch|miet(?:erliste|aufstellung|konto)"
        r"|(?:service\scharge|utility|commission|royalty|rent|energy)\s(?:statement|account|bill)|rent\sroll"
        r"|décompte\s(?:de\s|des\s)?(?:charges|commissions|honoraires|chauffage)|régularisation\sde|quittance\sde\sloyer|état\slocatif"
        r"|rendiconto\s(?:spese|condominial|provvigioni)|conguaglio|ripartizione\sspese|estratto\sprovvigioni|liquidación\sde\scomisiones",
        r"abschlag|verbrauch|kosten|nebenkosten|heizung|provision|nachzahlung|guthaben|zähler|charges|meter|consumption|commission"
        r"|rent|loyer|provision|consommation|spese|condomin|provvigion|consumo|rate"),
    _paper(OTHER, "a list of invoices", "eine Rechnungsliste",
        r"rechnungs-?(?:ausgangs|eingangs)-?(?:buch|journal|liste)|rechnungs(?:liste|übersicht|journal)|waren(?:eingangs|ausgangs)buch"
        r"|umsatzstatistik|verkaufs(?:liste|journal|bericht|statistik)|fahrtenbuch|stundenzettel|auftragsliste"
        r"|(?:sales|purchase|purchases|invoice|invoices)\s(?:journal|register|list|report|ledger|summary)|time\s?sheet|order\slist"
        r"|journal\sdes\s(?:ventes|achats)|(?:registre|liste)\sdes\s(?:factures|ventes|achats|commandes)|relevé\sd['’]heures"
        r"|registro\s(?:iva|vendite|acquisti|fatture|delle|degli)|(?:elenco|lista)\s(?:delle\s)?(?:fatture|vendite|ordini)"
        r"|libro\sde\sfacturas|listado\sde\sfacturas|verkoopboek|inkoopboek",
        r"rechnung|kunde|lieferant|netto|mwst|ust|steuer|beleg|invoice|customer|supplier|net\b|vat|order|hours|facture|client|tva"
        r"|commande|heures|fattura|cliente|fornitore|imponibile|iva|ordine|factura|factuur|stunden|artikel|kilometer"),
    _paper(OTHER, "a list of payments", "eine Zahlungsliste",
        r"zahlungs-?(?:avis|liste|vorschlag|vorschlagsliste|lauf|übersicht|beleg|bestätigung)|überweisungs-?(?:liste|auftrag|beleg|avis)"
        r"|lastschrift-?(?:liste|avis|einzug|ankündigung)|sammel(?:auftrag|überweisung)|daueraufträge|dauerauftragsliste|pre-?notification"
        r"|remittance\sadvice|payment\s(?:advice|run|list|proposal|receipt|confirmation)|standing\sorders"
        r"|avis\sde\s(?:paiement|virement|prélèvement|règlement)|ordres\spermanents|liste\sdes\s(?:paiements|virements)"
        r"|avviso\sdi\s(?:bonifico|addebito)|distinta|ordini\spermanenti|elenco\s(?:pagamenti|bonifici)|orden\sde\spago|betaaladvies",
        r"rechnung|beleg|skonto|empfänger|fällig|ausführung|mandat|invoice|discount|beneficiary|due|payee|facture|bénéficiaire|échéance"
        r"|fattura|beneficiario|scadenza|factura"),
    _paper(OTHER, "an insurance document", "ein Versicherungsschreiben",
        r"versicherungs-?(?:schein|police|bestätigung|nachweis|übersicht)|(?:beitrags|prämien)-?(?:rechnung|mitteilung|übersicht|anpassung)"
        r"|renteninformation|insurance\s(?:policy|certificate|schedule|statement)|premium\s(?:notice|statement)"
        r"|avis\sd['’]échéance|appel\sde\s(?:cotisation|prime|fonds)|attestation\sd['’]assurance|police\sd['’]assurance|polizza"
        r"|quietanza|póliza|verzekeringspolis",
        r"versicherung|beitrag|prämie|police|vertrag|insurance|premium|policy|cover|cotisation|prime|assurance|contrat|premio|polizza"
        r"|assicurat|seguro|prima\b"),
    _paper(DocumentKind.BUSINESS_REPORT, "a business report (BWA)", "eine Betriebswirtschaftliche Auswertung",
        r"betriebswirtschaftliche\sauswertung|kurzfristige\serfolgsrechnung|bwa\b|liquiditäts-?(?:plan|planung|vorschau|übersicht)"
        r"|finanzplan|cash\s?flow|budget\b|forecast\b|plan\sde\strésorerie|piano\sfinanziario|management\saccounts",
        r"umsatz|gesamtleistung|rohertrag|personalkosten|betriebsergebnis|ergebnis|revenue|turnover|costs|profit|chiffre|charges"
        r"|résultat|ricavi|costi|utile|einzahlungen|auszahlungen"),
    _paper(DocumentKind.ANNUAL_ACCOUNTS, "annual accounts", "ein Jahresabschluss",
        r"jahresabschluss|(?:handels|steuer|eröffnungs|schluss|zwischen)?bilanz\b|gewinn-?\s?(?:und|u\.)\s?verlust-?rechnung|einnahmen-?\s?überschuss"
        r"|anhang\szum|balance\ssheet|profit\s(?:and|&)\sloss|income\sstatement|annual\s(?:accounts|report)|financial\sstatements?"
        r"|statement\sof\s(?:financial|cash|comprehensive|profit|changes)|bilan\b|compte\sde\srésultat|comptes\sannuels"
        r"|liasse\sfiscale|bilancio|conto\seconomico|stato\spatrimoniale|rendiconto\sfinanziario|balance\sde\ssituación"
        r"|cuenta\sde\s(?:resultados|pérdidas)|cuentas\sanuales|jaarrekening|balans\b",
        r"aktiva|passiva|anlagevermögen|umlaufvermögen|eigenkapital|verbindlichkeiten|rückstellungen|umsatzerlöse|assets|liabilities"
        r"|equity|turnover|actif|passif|capitaux|dettes|attivo|passivo|patrimonio|debiti|ricavi|activo|pasivo|einnahmen|ausgaben"),
    _paper(OTHER, "an offer or order", "ein Angebot oder Auftrag",
        r"angebot(?=\W*(?:nr|nummer|vom|für|\d|$))|kostenvoranschlag|auftragsbestätigung|bestellung|lieferschein|quot(?:e|ation)\b"
        r"|purchase\sorder|order\sconfirmation|delivery\snote|estimate\b|devis\b|bon\sde\s(?:commande|livraison)"
        r"|confirmation\sde\scommande|preventivo|offerta|ordine\b|conferma\sd['’]ordine|documento\sdi\strasporto|presupuesto|offerte\b",
        r"menge|preis|artikel|position|netto|lieferung|quantity|price|item|delivery|unit|quantité|prix|livraison|quantità|prezzo"
        r"|consegna|cantidad|precio|aantal|prijs"),
    _paper(DocumentKind.INVOICE, "an invoice", "eine Rechnung",
        r"(?:schluss|abschlags|teil|sammel|honorar|storno|proforma|pro-forma-|korrektur|monats|jahres|anzahlungs|gutschrifts)?-?rechnung\b"
        r"|rechnungs-?(?:nr|nummer|korrektur)|(?:tax\s|pro-?\s?forma\s|commercial\s|sales\s|vat\s|credit\s)*invoice\b|credit\snote|bill\s(?:no|to|number)"
        r"|facture\b|note\sd['’]\s?honoraires|fattura\b|nota\sdi\s(?:credito|debito)|parcella|factura\b|factuur\b|fatura\b|faktura\b"
        r"|számla\b|lasku\b",
        r"mwst|ust\b|mehrwertsteuer|umsatzsteuer|vat\b|tva\b|iva\b|btw\b|moms|netto|net\b|zwischensumme|subtotal|rechnungs|gesamtbetrag"
        r"|zahlbar|fällig|menge|einzelpreis|quantity|unit\sprice|amount\sdue|due\sdate|invoice|total\sttc|total\sht|montant|échéance|quantité"
        r"|prix\sunitaire|imponibile|totale|scadenza|quantità|prezzo|payable|leistung|stunden"),
)  # fmt: skip
# What a bank calls its own; `LOOSE` only where it begins a line, for letters speak of it too.
STATEMENTS = (
    r"konto-?\s?ausz[uü]g\w*|umsatz-?(?:übersicht|anzeige|auskunft|liste|aufstellung|abfrage|details)|umsätze\b|konto-?umsätze"
    r"|konto-?(?:übersicht|bewegung\w*|verlauf|abschluss)|buchungs(?:übersicht|anzeige)|finanz(?:übersicht|status)"
    r"|kreditkarten-?\s?(?:abrechnung|umsätze|rechnung|auszug|konto)|karten-?abrechnung|(?:monats|tages)-?auszug|rechnungs-?abschluss"
    r"|saldomitteilung|postenauszug|account\s(?:statement|activity|transactions|history|summary|overview)"
    r"|(?:bank|card|credit\scard|current\saccount|checking|savings|monthly|transaction|business)\sstatement|statement\s(?:of\saccounts?|period|number|no\b|date)"
    r"|transaction\s(?:history|list|report)|relevés?\s(?:de\scompte|de\scarte|bancaire|mensuel|d['’]opérations|des\sopérations)"
    r"|extraits?\s(?:de\scompte|bancaire)|historique\sdes\s(?:opérations|mouvements)|(?:liste|détail|relevé)\sdes\s(?:opérations|mouvements)"
    r"|mouvements\sde\scompte|estratto\s(?:di\s)?conto\b(?!\stitoli)|(?:lista|elenco)\s(?:dei\s)?movimenti|movimenti\s(?:di\s|del\s)?conto"
    r"|extracto\s(?:de\scuenta|bancario|mensual)|movimientos\sde\s(?:la\s)?cuenta|estado\sde\scuenta|rekening-?(?:afschrift|overzicht)"
    r"|bankafschrift|transactie-?overzicht|af-\sen\sbijschrijvingen|extra(?:c)?to\s(?:de\sconta|bancário)|wyciąg|historia\s(?:rachunku|operacji|transakcji)"
    r"|výpis|(?:számla|bank)kivonat|számlatörténet|extras\sde\scont|izvadak|izpisek|konto-?utdrag|konto-?ud(?:skrift|tog)|konto-?utskrift"
    r"|kontohändelser|kontobevægelser|tiliote|tilitapahtumat|sąskaitos\sišrašas|konta\s(?:izraksts|pārskats)|väljavõte"
    r"|hesap\s(?:özeti|ekstresi|hareketleri)"
)
LOOSE = r"auszug\b|statement\b|transactions?\b|relevé\b|movimenti\b|movimientos\b|extracto\b|afschrift\b|extrato\b|transaktione[nr]\b|posteringer\b|activity\b"
