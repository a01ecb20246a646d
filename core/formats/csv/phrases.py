"""Phrases by which rows call themselves a balance or a total, put together of words that are known.

`Kontostand Jahresanfang`, `Solde du mois précédent`, `Total du trimestre`: nobody can list them
all, but of few words they are made, in any language. A phrase counts only where all of its words
are known.
"""

from collections.abc import Sequence
from enum import Enum
from typing import NamedTuple


class TotalKind(Enum):
    """What a row says that is no booking."""

    OPENING = "opening"
    CLOSING = "closing"
    TOTAL = "total"


class Phrase(NamedTuple):
    """What a phrase says, and whether it can mean nothing else in the first or last row."""

    kind: TotalKind
    firm: bool


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


BALANCES = _words(
    "saldo stand kontostand bestand kassenbestand guthaben vortrag saldovortrag balance bal solde"
    " sold soldul stan zustatek zuostatek zostatok stav egyenleg likutis atlikums jaak saldot"
    " saldi balans stanje banksaldo kontosaldo vortragssaldo"
)
# These may as well be a transfer or a sum of money: they say less.
CARRIES = _words(
    "ubertrag uebertrag report riporto transport prevod przeniesienie prenos overfort oeverfort"
    " carried brought forward overgebracht reporte transporte atvitel athozat siirto"
)
FIRST = _words(
    "alt alter altes anfang anfangs beginn begin beginning start starting open opening eroffnung"
    " eroeffnung eroffnungs eroeffnungs initial initiale inicial iniziale apertura ouverture"
    " depart debut primo vorher vormonat vormonats vorjahr vorjahres vortag vorperiode vorquartal"
    " vorig vorige voriger vorigem letzter letztem letzten letztes fruherer frueherer previous"
    " prior last precedent precedente anterior poprzedni poprzedniego poczatek poczatkowy"
    " poczatkowe poczatku minuly minuleho minulej pocatecni pocatek pocatku zaciatku elozo nyito"
    " nyitas ingaende indgaende inngaende foregaende foregaaende forrige sidste foerra forra"
    " edellinen alku oud vortrag saldovortrag vortragssaldo brought jahresanfang jahresbeginn"
    " monatsanfang monatsbeginn periodenanfang over ubertragen uebertragen"
)
LAST = _words(
    "neu neuer neues ende end ending final finale fin slut sluttlig konec konci koncowy koncowe"
    " koniec zaro closing close aktuell aktueller current eind einde nieuw utgaende udgaende loppu"
    " schluss abschluss jahresende monatsende periodenende attuale actual nouveau ultimo konecny"
)
TOTALS = _words(
    "summe summen zwischensumme sum sums summa total totals totale totali totaal totaux totales"
    " suma sumy soucet celkem spolu razem lacznie osszesen yhteensa insgesamt gesamt gesamtsumme"
    " ergebnis cashflow ialt samlet kokku kopa isviso ukupno skupaj toplam genel subtotal"
    " subtotaal soustotal zw zwsumme zs su sa σ somme result resultat resultado risultato wynik"
    " vysledek nettoergebnis movement change veranderung veraenderung differenz difference"
)
SCOPES = _words(
    "einnahmen ausgaben eingange eingaenge ausgange ausgaenge umsatz umsatze umsaetze buchungen"
    " netto brutto net gross gutschriften belastungen soll haben saldo periode perioden quartal"
    " quartals woche wochen jahr jahres jahre tages monats kontroll kontrol end general generale"
    " generaux miesiac miesiaca mesic mesice obdobi okresu rok roku kwartal week quarter year"
    " annual movements flow cash income expenses expense receipts payments credits debits in out"
    " entrees sorties recettes depenses mouvements operations entrate uscite movimenti ingresos"
    " gastos movimientos inkomsten uitgaven mutaties maand mese mois mes ha periodo period verlust"
    " gewinn page seite all alle aller sum totalt"
)
# What says of when or of what, whichever it is.
ASIDE = _words(
    "aus as at from since seit za od do ze van voor fra fran fraan del des du de la le per til w"
    " s obdobi okresu periode perioden period monat month maand maned maaned manad mesice mes mois"
    " mese side seite strony strany page bladzijde rachunku uctu konta konto account compte conto"
    " cuenta rekening bank banque banca kasse hetkel mesic miesiac miesiaca jahr year annee anno"
    " ano rok roku"
)
SINCE = _words("aus as at from since seit za od do ze van voor fra fran del des de la")
KNOWN = BALANCES | CARRIES | FIRST | LAST | TOTALS | SCOPES | ASIDE
PARTS = ("summe", "saldo", "stand", "bestand", "guthaben", "total", "balance", "sum", "ergebnis")
LEADS = BALANCES - _words("guthaben bal stav sold balans")  # a row that begins so is no booking


def phrase_of(words: Sequence[str]) -> Phrase | None:
    """What folded words say together; None where one is unknown, or where they say too little."""
    parts = [part for word in words for part in parts_of(word)]
    if not parts or not KNOWN.issuperset(parts):
        return None
    has_balance = not BALANCES.isdisjoint(parts)
    if not FIRST.isdisjoint(parts) and (len(parts) > 1 or not has_balance):
        only_carries = not has_balance and TOTALS.isdisjoint(parts)
        return Phrase(TotalKind.OPENING, firm=not only_carries)
    if not CARRIES.isdisjoint(parts) and (CARRIES | SINCE).issuperset(parts):
        return Phrase(TotalKind.OPENING, firm=False)
    if has_balance and not LAST.isdisjoint(parts):
        return Phrase(TotalKind.CLOSING, firm=True)
    if not TOTALS.isdisjoint(parts) or (has_balance and not SCOPES.isdisjoint(parts)):
        return Phrase(TotalKind.TOTAL, firm=False)
    return None


def parts_of(word: str) -> Sequence[str]:
    """A word, or the two known ones that it is written together of."""
    if not word.endswith(PARTS):
        return (word,)
    for last in PARTS:
        first = word.removesuffix(last)
        if first and first != word:
            for stem in (first, first.removesuffix("s")):
                if stem in FIRST or stem in LAST or stem in SCOPES or stem in BALANCES:
                    return stem, last
    return (word,)
