"""How the papers call themselves that others send to a business."""

from core.documents import DocumentKind
from core.formats.papers.paper import OTHER, Paper

# Blanks and line breaks within are for people: `\s` stands for a blank that counts.
DUNNING = Paper.of(
    OTHER, "a dunning letter", "eine Mahnung",
    r"(?:\w+\s){0,3}final\s(?:notice|demand)|diffida\b|mahnlauf|aviso\sde\simpago|laatste\saanmaning|"
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
)  # fmt: skip

REPAYMENT_PLAN = Paper.of(
    OTHER, "a repayment plan", "ein Tilgungsplan",
    r"lease\spayment|harmonogram\s(?:leasing|rat)|piano\sfinanziario\sleasing|raten-?plan|"
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
    r"|rata\b|interés|cuota|rente|aflossing"
    r"|leasing|restwert|residual|wykup|riscatto",
)  # fmt: skip

LOAN_CONTRACT = Paper.of(
    OTHER, "a loan contract", "ein Darlehensvertrag",
    r"mortgage\soffer|contract\sof\sloan|(?:darlehens|kredit|ratenkredit|leasing|miet|kauf|pacht|arbeits"
    r"|bürgschafts)-?(?:vertrag|angebot|zusage)|loan\s(?:agreement|contract|offer)"
    r"|credit\sagreement|(?:lease|rental|employment|purchase)\s(?:agreement|contract)"
    r"|contrat\sde\s(?:prêt|crédit|bail|location|travail)|offre\sde\s(?:prêt|crédit)"
    r"|contratto\sdi\s(?:mutuo|finanziamento|prestito|locazione|lavoro)"
    r"|contrato\sde\s(?:préstamo|crédito)",
    r"darlehen|zins|rate|laufzeit|tilgung|loan|interest|term|instal?ment|prêt|taux|durée"
    r"|mutuo|tasso|durata|préstamo|miete|rent|loyer|canone",
)  # fmt: skip

TAX_NOTICE = Paper.of(
    OTHER, "a tax notice", "ein Steuerbescheid",
    r"compte\sfiscal|estratto\sdi\sruolo|karta\skontowa\spodatnika|(?:certificado\sde\s)?deudas\stributarias|deklaracja|rozliczenie\spodatk|"
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
    r"|codice"
    r"|finanzkasse|podatek|podatk|tributari|omzetbelasting|umsatzsteuer|fiscal",
)  # fmt: skip

SECURITIES = Paper.of(
    OTHER, "a securities account statement", "ein Depotauszug",
    r"effecten-?rekening|"
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
)  # fmt: skip

CHARGES = Paper.of(
    OTHER, "a settlement of charges", "eine Abrechnung",
    r"compte\slocataire|scheda\sinquilino|huurders?-?overzicht|kartoteka\snajemc|libro\sde\salquiler|tenant\s(?:account|ledger)|abschlags-?(?:übersicht|plan)|energy\saccount"
    r"|rozliczenie\s(?:energii|mediów|czynszu)|bordereau\sde\scommissions|tank-?karten\w*|fuel\scard|riepilogo\scarta\scarburante|"
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
    r"|provvigion|consumo|rate"
    r"|miete|huur|czynsz|canone|alquiler|locatair|inquilin|diesel|litres?\b|liter\b|litri|abschlag|licznik|agent",
)  # fmt: skip

INSURANCE = Paper.of(
    OTHER, "an insurance document", "ein Versicherungsschreiben",
    r"(?:relevé|appel)\sde\s(?:cotisations?|situation\scomptable)|informe\sde\scotizaciones|extracto\sde\sprimas|premie-?overzicht|estratto\sconto\s(?:premi|contributivo)|informacja\so\sstanie\skonta\spłatnika|"
    r"versicherungs-?(?:schein|police|bestätigung|nachweis|übersicht)|(?:beitrags"
    r"|prämien)-?(?:rechnung|mitteilung|übersicht|anpassung)|insurance\srenewal|membership|renteninformation"
    r"|insurance\s(?:policy|certificate|schedule|statement)|premium\s(?:notice|statement)"
    r"|avis\sd['’]échéance|appel\sde\s(?:cotisation|prime|fonds)|attestation\sd['’]assurance"
    r"|police\sd['’]assurance|polizza|quietanza|póliza|verzekeringspolis",
    r"versicherung|beitrag|prämie|police|vertrag|insurance|premium|policy|cover|cotisation"
    r"|prime|assurance|contrat|premio|polizza|assicurat|seguro|prima\b"
    r"|składk|premie\b|matricola|siret|cuota|betriebsnummer",
)  # fmt: skip

OFFER = Paper.of(
    OTHER, "an offer or order", "ein Angebot oder Auftrag",
    r"angebot(?=\W*(?:nr|nummer|vom|für|\d|$))|kostenvoranschlag|auftragsbestätigung"
    r"|bestellung|lieferschein|quot(?:e|ation)\b|work\sorder|purchase\sorder|order\sconfirmation"
    r"|delivery\snote|estimate\b|devis\b|bon\sde\s(?:commande|livraison)"
    r"|confirmation\sde\scommande|preventivo|offerta|ordine\b|conferma\sd['’]ordine"
    r"|documento\sdi\strasporto|presupuesto|offerte\b",
    r"menge|preis|artikel|position|netto|lieferung|quantity|price|item|delivery|unit|quantité"
    r"|prix|livraison|quantità|prezzo|consegna|cantidad|precio|aantal|prijs",
)  # fmt: skip

CONTRACT_ACCOUNT = Paper.of(
    OTHER, "an account of a contract", "ein Vertragskonto",
    r"bauspar-?(?:konto|vertrag)\w*|jahres-?konto-?auszug\W.*\bbauspar\w*|(?:punkte|meilen|bonus|mitglieds?)-?konto|(?:miles|points|member|membership|loyalty)\saccount"
    r"|relevé\sannuel\W.*épargne|plan\sd['’]épargne|abrechnung\sanschlusskunde|"
    r"(?:leasing|factoring|vertrags)-?konto\b",
    r"leasing|factoring|vertrag|rate\b|ankauf|anschlusskunde|auszahlung"
    r"|bausparsumme|sparbeitrag|épargne|punkte|meilen|miles|points|beitrag|mitglied|member|subscription|forderung|debitor",
)  # fmt: skip

INVOICE = Paper.of(
    DocumentKind.INVOICE, "an invoice", "eine Rechnung",
    r"gäste-?konto|guest\s(?:folio|account|bill)|folio\b|note\sde\s(?:séjour|chambre)|conto\s(?:camera|telefonico)|cuenta\sde\shuésped"
    r"|(?:hotel|mobilfunk|telefon)-?\s?rechnung\w*|(?:phone|telephone|mobile|hotel)\sbill|(?:eind|slot|termijn|verzamel|credit)-?(?:factuur|nota)\b|"
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
    r"|leistung|stunden"
    r"|zimmer|room\b|chambre|camera\b|habitación|rufnummer|anreise|arrival",
)  # fmt: skip

PROVIDER = Paper.of(
    OTHER, "a payment provider's settlement", "eine Abrechnung eines Zahlungsdienstes",
    r"(?:auszahlungs|händler|verkäufer|transaktions)-?(?:abgleich|bericht|abrechnung|übersicht"
    r"|konto\w*)|abrechnungs-?übersicht|settlement\s(?:report|statement|summary|details)|payouts?\b"
    r"|seller\s(?:settlement|statement|account)|merchant\s(?:account|statement|settlement|report)"
    r"|extracto\sde\s(?:comerciante|vendedor)|rapport\sde\srapprochement|relevé\sde\sversements?|rapporto\s(?:pagamenti|transazioni"
    r"|incassi)|riepilogo\s(?:liquidazioni|pagamenti|transazioni)|informe\sde\s(?:pagos|liquidaci)"
    r"|uitbetalings-?overzicht|rozliczenie\ssprzedaw",
    r"gebühr|fees?\b|frais|commission|commissione|comisión|tariffa|kosten|prowizj|merchant|händler"
    r"|payout|auszahlung|charge|verkauf|sales?\b|vente|vendita|venta\b|sprzedaż|order\b|bestellung"
    r"|commande|esercente|comercio|seller|vendeur|venditore",
)  # fmt: skip

CUSTOMS = Paper.of(
    OTHER, "a customs account", "ein Zollkonto",
    r"aufschub-?konto|zoll-?(?:konto|bescheid|abrechnung)|(?:duty|customs)\s(?:deferment|account"
    r"|statement)|(?:compte\s)?crédit\sd['’]\s?enlèvement|maandkrediet|cuenta\sde\saduana"
    r"|conto\sdoganale|konto\scelne",
    r"einfuhr|zoll\w*|eori|duty|import|douan|invoerrechten|aduan|dogan|cło",
)  # fmt: skip

LOAN_ACCOUNT = Paper.of(
    OTHER, "a loan account", "ein Darlehenskonto",
    r"darlehens-?(?:konto|auszug)\w*|loan\s(?:account|statement)|mortgage\s(?:account|statement)"
    r"|relevé\sde\sprêt|rendiconto\smutuo|extracto\sde\spréstamo|lening-?overzicht",
    r"tilgung|restschuld|sollzins|zinsen|rate\b|repayment|interest|principal|outstanding|intérêts"
    r"|échéance|capital|rata\b|interessi|residuo|cuota|aflossing|rente\b",
)  # fmt: skip
