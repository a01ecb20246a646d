"""How banks call their statements, in the languages of the countries whose banks are read.

Regular expressions over small letters.
"""

# What a bank calls its own; `LOOSE` only where it begins a line, for letters speak of it too.
STATEMENTS = (
    r"konto-?\s?ausz[uü]g\w*|umsatz-?(?:übersicht|anzeige|auskunft|liste|aufstellung|abfrage"
    r"|details)|umsätze\b|konto-?umsätze|konto-?(?:übersicht|bewegung\w*|verlauf|abschluss)"
    r"|buchungs(?:übersicht|anzeige)|finanz(?:übersicht|status)|kreditkarten-?\s?(?:abrechnung"
    r"|umsätze|rechnung|auszug|konto)|karten-?abrechnung|(?:monats|tages)-?auszug"
    r"|rechnungs-?abschluss|saldomitteilung|postenauszug|account\s(?:statement|activity"
    r"|transactions|history|summary|overview)|(?:bank|card|credit\scard|current\saccount|checking"
    r"|savings|monthly|transaction|business)\sstatement|statement\s(?:of\saccounts?|period|number"
    r"|no\b|date)|transaction\s(?:history|list|report)|relevés?\s(?:de\scompte|de\scarte|bancaire"
    r"|mensuel|d['’]opérations|des\sopérations)|extraits?\s(?:de\scompte|bancaire)"
    r"|historique\sdes\s(?:opérations|mouvements)|(?:liste|détail|relevé)\sdes\s(?:opérations"
    r"|mouvements)|mouvements\sde\scompte|estratto\s(?:di\s)?conto\b(?!\stitoli)|(?:lista"
    r"|elenco)\s(?:dei\s)?movimenti|movimenti\s(?:di\s|del\s)?conto|extracto\s(?:de\scuenta"
    r"|bancario|mensual)|movimientos\sde\s(?:la\s)?cuenta|estado\sde\scuenta"
    r"|rekening-?(?:afschrift|overzicht)|bankafschrift|transactie-?overzicht"
    r"|af-\sen\sbijschrijvingen|extra(?:c)?to\s(?:de\sconta|bancário)|wyciąg"
    r"|historia\s(?:rachunku|operacji|transakcji)|výpis|(?:számla|bank)kivonat|számlatörténet"
    r"|extras\sde\scont|izvadak|izpisek|konto-?utdrag|konto-?ud(?:skrift|tog)|konto-?utskrift"
    r"|kontohändelser|kontobevægelser|tiliote|tilitapahtumat|sąskaitos\sišrašas"
    r"|konta\s(?:izraksts|pārskats)|väljavõte|hesap\s(?:özeti|ekstresi|hareketleri)"
)
LOOSE = (
    r"auszug\b|statement\b|transactions?\b|relevé\b(?!\sd)|movimenti\b|movimientos\b|extracto\b"
    r"|afschrift\b|extrato\b|transaktione[nr]\b|posteringer\b|activity\b"
)
