"""Words by which a table is of a country whose people write the day first, or the month."""

import re
from collections.abc import Iterable, Sequence

from core.formats.common.dates import Order

# Words of headers in the languages whose speakers put the day first, as none begins in English.
_BEGINNINGS = (
    "datum fecha buchung betr[aä]g umsatz ums[aä]tze wertst verwendung empf[aä] beschreibung soll"
    " haben w[aä]hrung waehrung h[aä]ndler zahlung gutschrift lastschrift belastung konto"
    " auftraggeber bedrag omschrijving rekening montant libell[eé] concepto saldo operazione"
    " causale importo entrate uscite fornecedor kwota opis tytu[lł] tekst moneda divisa abono popis"
    " cr[eé]dito d[eé]bito descripci[oó]n descri[cç][aã]o descrizion descriere bel[øo]b bel[oö]pp"
    " beskriv rentedato kirjaus p[aä]iv[aä] m[aä]{2}r[aä] č[aá]stka castka [oö]sszeg d[aá]tum kuup"
)
# Those with which English words begin: summary, journal, imported.
_WORDS = "dato jours? pvm naam importes? suma summa soldes? devises?"
DAY_FIRST = re.compile(
    rf"\b(?:{'|'.join(_BEGINNINGS.split())}|(?:{'|'.join(_WORDS.split())}|af bij)\b"
    r"|d[ée]bit euros|cr[ée]dit euros|date (?:de )?valeur|date op[eé]ration"
    r"|data[ _](?:(?:op|val|con|cont|reg)\b|mov|opera[zç]|operacji|valor|valut|cont[áa]b|ksi"
    r"|registra|lan[cç]))"
)
DAY_FIRST_HEADERS = (
    {"receipts", "payments"},
    {"paid in"},
    {"paid out"},
    {"money in"},
    {"money out"},
    {"sort code"},
    {"cheque number"},
    {"cheque no"},
)
DAY_FIRST_CELL = re.compile(
    r"cheque|chq|standing order|faster payments?|bacs|chaps|neft|upi|imps|rtgs|bpay|eftpos"
    r"|[0-9][0-9.,]* ?dr"
)
MONTH_FIRST_HEADER = re.compile(r"\b(?:check|zip|routing)\b")
MONTH_FIRST_CELL = re.compile(r"ach(?:[ _].*)?|zelle.*|check|checkcard.*|fedwire.*")


def order_by_words(names: Iterable[str], body: Iterable[Sequence[str]]) -> Order | None:
    """What comes first by words only of those who put the day first, or the month."""
    header = [each.strip().casefold() for each in names]
    cells = {cell.strip().casefold() for row in body for cell in row if len(cell) < 30}
    day = (
        any(map(DAY_FIRST.search, header))
        or any(names.issubset(header) for names in DAY_FIRST_HEADERS)
        or any(map(DAY_FIRST_CELL.fullmatch, cells))
    )
    month = any(map(MONTH_FIRST_HEADER.search, header)) or any(
        map(MONTH_FIRST_CELL.fullmatch, cells)
    )
    if day == month:
        return None
    return Order.DAY if day else Order.MONTH
