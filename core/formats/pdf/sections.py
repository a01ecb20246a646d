"""Titles within a table that say whether the bookings below them are booked, and cells that do."""

import re
from collections.abc import Sequence
from itertools import pairwise

from core.formats.pdf.marks import Marked
from core.formats.pdf.page import SAME, Word
from core.formats.pdf.table import PrintedColumns

PENDING = re.compile(
    r"vorgemerkt|vormerk|(?:noch )?nicht (?:ge|ver)?bucht|unverbucht|unbestätigt|angekündigt"
    r"|avisiert|ausstehend|reservier|disponiert|in bearbeitung"
    r"|(?:offene|kommende|geplante|künftige|zukünftige|erwartete|vorläufige|terminierte)"
    r" (?:umsätze|buchung|zahlung|posten)"
    r"|pending|upcoming|scheduled|in process|processing|authori[sz]|uncleared|unposted|unbooked"
    r"|\b(?:not|un)(?: yet)? ?(?:booked|posted|settled|cleared)"
    r"|en cours\b|en attente|à venir|non comptabilis|autorisations"
    r"|in sospeso|in attesa|non contabilizza|da contabilizza|non ancora|autorizza"
    r"|pendientes?\b|no contabiliza|por contabiliza|retenid|retencion"
    r"|(?:nog )?niet (?:ge|ver)boekt|gereserveerd|in behandeling|oczekuj|blokad|nierozlicz"
    r"|blokace|blokovan|reserverede?|reserverade?|függő|zárolt|cativ|pendentes?\b",
    re.IGNORECASE,
)
# What a cell says of the one booking that it stands beside.
WAITS = re.compile(
    r"\W*(?:vorgemerkt(?:er umsatz)?|vormerkung|pending|ausstehend|reserviert"
    r"|(?:noch )?nicht gebucht|not (?:yet )?(?:booked|posted)|uncleared|in bearbeitung"
    r"|processing|in process"
    r"|en attente|en cours|in sospeso|in attesa|pendiente"
    r"|gereserveerd)\W*",
    re.IGNORECASE,
)
IN_BRACKETS = re.compile(r"[(\[]([^()\[\]]+)[)\]]")
BOOKED = re.compile(
    r"gebucht|verbucht|umsätze|umsatz|buchungen|booked|posted|completed|settled|cleared|transactions"
    r"|comptabilis|opérations|contabilizza|movimenti|contabiliza|movimientos|geboekt|passées"
    r"|rozliczone",
    re.IGNORECASE,
)
# What else a bank tells below a table: its rows may be no bookings of the account.
ASIDE = re.compile(
    r"dauerauftr|terminüberweisung|depot|wertpapier|zinsabrechnung|rechnungsabschluss|zinsstaffel"
    r"|konditionen|standing orders|scheduled|holdings|securities|interest (?:statement|summary)"
    r"|prélèvements? programmés?|virements? permanents?|titres\b|ordini permanenti|valores\b",
    re.IGNORECASE,
)
# Titles above money that came in, or went out.
CAME_IN = re.compile(
    r"\b(?:deposits?|credits?|additions?|(?:money|paid) in|payments received|incoming"
    r"|interest (?:paid|earned|credited)|gutschriften|(?:zahlungs)?eing[aä]nge|einnahmen"
    r"|einzahlungen|zugänge|crédits?|versements|encaissements|virements reçus|accrediti|entrate"
    r"|abonos|ingresos|bijschrijvingen|ontvangsten|wpłaty|uznania|přijaté|příjmy|insättningar"
    r"|indbetalinger|créditos|gelen)\b",
    re.IGNORECASE,
)
WENT_OUT = re.compile(
    r"\b(?:withdrawals?|debits?|checks|cheques|subtractions?|fees|charges|purchases|outgoing"
    r"|(?:money|paid) out|(?:electronic|bill|other|card|online) payments|payments made"
    r"|belastungen|lastschriften|abbuchungen|(?:zahlungs)?ausg[aä]nge|ausgaben|auszahlungen"
    r"|abgänge|entgelte|gebühren|débits?|retraits|prélèvements|décaissements|virements émis"
    r"|addebiti|uscite|cargos|gastos|afschrijvingen|uitgaven|wypłaty|obciążenia|odeslané|výdaje"
    r"|uttag|udbetalinger|débitos|giden)\b",
    re.IGNORECASE,
)
# Below these stand balances, a day each, and no bookings.
DAILY = re.compile(
    r"\bdaily (?:\w+ )?balances?\b|\bbalances? (?:by|per) (?:day|date)\b|\btagessalden\b"
    r"|\bsoldes? journaliers?\b|\bsaldi giornalieri\b|\bsaldos diarios\b",
    re.IGNORECASE,
)
MOST_TITLE = 6  # words of a section's title


class Section:
    """What a table's titles say so far of the bookings below them.

    `waits` says that bookings stand in the section of those pending, `unclear` that nothing says
    whether those that follow are booked. `side` is the sign of bookings below a title that says
    it, `daily` that balances stand there, a day each, and no bookings.
    """

    def __init__(self) -> None:
        self.pending = False
        self.waits = False
        self.unclear = False
        self.side: int | None = None
        self.daily = False

    def end(self) -> None:
        """Begin anew with bookings that are booked."""
        self.pending = self.unclear = False

    def meet_heading(self) -> None:
        """Go on below another heading of columns, which leaves open whether it is booked."""
        self.unclear = self.unclear or (self.pending and self.waits)

    def enter(self, title: str) -> None:
        """Go on below a section's title."""
        self.side, self.daily = side_of(title), DAILY.search(title) is not None
        if PENDING.search(title):
            self.pending, self.waits, self.unclear = True, False, False
        elif ASIDE.search(title):
            self.unclear = True
        elif (self.pending or self.unclear) and BOOKED.search(title):
            self.end()


def is_title(each: Marked, table: PrintedColumns) -> bool:
    """Whether a line may be a section's title."""
    words = each.line.words
    short = len(words) <= MOST_TITLE and not each.amounts and not each.day
    return short and words[0].left <= table.left + SAME and not each.heading


def side_of(title: str) -> int | None:
    """The sign of the bookings below a title that says whether their money came in or went out."""
    came, went = CAME_IN.search(title) is not None, WENT_OUT.search(title) is not None
    return (1 if came else -1) if came != went else None


def says_pending(words: Sequence[Word]) -> bool:
    """Whether a cell among them, or a remark in brackets, says that a booking is still to come."""
    text = " ".join(word.text for word in words)
    if not PENDING.search(text):
        return False
    cells, start = list[str](IN_BRACKETS.findall(text)), 0
    for at, (before, word) in enumerate(pairwise(words), 1):
        if word.left - before.right > word.bottom - word.top:
            cells.append(" ".join(each.text for each in words[start:at]))
            start = at
    cells += [" ".join(each.text for each in words[start:])] if start else []
    return any(WAITS.fullmatch(cell) for cell in cells)
