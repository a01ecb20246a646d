"""Which bookings a table says are booked: by a status, a flag, or the heading above them.

What is not certain to be booked is pending: it is shown, and never counted.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

from core.bilingual import Bilingual
from core.documents.model import Finding
from core.errors import Unreadable
from core.formats.common.months import folded
from core.formats.common.texts import tidy
from core.formats.csv.grid import Row, column
from core.formats.papers.kept import FINANCIAL_PLAN, OPEN_ITEMS, PAYMENT_LIST
from core.formats.papers.tables import titled

_BOOKED = (
    "gebucht umsatzgebucht verbucht gebuchterumsatz booked posted cleared reconciled"
    " completed complete settled executed processed success successful succeeded paid final"
    " done abgeschlossen ausgefuhrt ausgefuehrt erledigt erfolgreich durchgefuhrt"
    " durchgefuehrt bezahlt eingegangen contabilizzato contabilizzata eseguito eseguita"
    " completato completata effettuato effettuata comptabilise comptabilisee effectue"
    " effectuee execute executee termine terminee valide validee contabilizado contabilizada"
    " realizado realizada ejecutado ejecutada completado completada efetuado efetuada"
    " efectuado efectuada concluido concluida executado executada liquidado liquidada lancado"
    " verwerkt geboekt voltooid uitgevoerd afgeschreven bijgeschreven bokford bokfort"
    " genomford genomfort utford utfort bogfort bokfrt gennemfort gjennomfort kirjattu"
    " toteutunut suoritettu zaksiegowano zaksiegowana zaksiegowany wykonana wykonano wykonany"
    " zrealizowana zrealizowano zrealizowany rozliczona rozliczono rozliczony zauctovano"
    " zauctovana zauctovane provedeno provedena uhrazeno realizovano konyvelt lekonyvelt"
    " konyvelve teljesitett teljesult inregistrat inregistrata procesat procesata finalizat"
    " finalizata executat ivykdyta irasyta izpildits teostatud kantud soll haben debit credit"
    " captured ok book udfort geaccepteerd acceptee accepte verarbeitet confirmed bestatigt"
    " bestaetigt actual actuals ist realise tamamlandi"
)
BOOKED = frozenset(_BOOKED.split())
# Words by which a status is known to be one at all; what of these never was booked counts neither.
PENDING = re.compile(
    r"vorgemerkt|vormerk|pending|ausstehend|nicht gebucht|noch nicht|\boffen\b|processing|declin"
    r"|denied|revert|reject|fail|cancel|storniert|abgelehnt|abgebrochen|geweigerd|refus|\bmemo\b"
    r"|\b(?:af)?venter\b|reserv|autoris|authori[sz]|autori[zs]|uncleared|unposted|in bearbeitung"
    r"|en attente|en cours|in attesa|in corso|non contabil|pendiente|retenid|pendente"
    r"|in behandeling"
    r"|openstaand|v[aä]ntande|preliminär|odottaa|varaus|oczekuj|nierozlicz|blokada|čekaj|nezaúčt"
    r"|függő|zárolt|în așteptare|laukia|rezerv|gesperrt|blockiert|blocked|\bhold\b|planned|geplant"
    r"|unconfirmed|unbestätigt|provis|voorlopig|temporar|estimated|expired|zurückgewiesen|\bpdng\b"
    r"|\bschd\b|beklem|sospes"
    r"|\bplan\b|\bforecast\b|\bbudget\b|\bpr[ée]vu|\bprevist|terminiert|scheduled|future|künftig|vorschau|angekündigt|erwartet",
    re.IGNORECASE,
)
_YES = "1 x c r ja yes true y j wahr si oui tak ano sim sí igen vrai vero"
YES = frozenset(_YES.split())
_NO = "0 - nein no false n falsch non nie ne nao não nem faux falso nee nej nei"
NO = frozenset(_NO.split())
_SAYS_PENDING = (
    "vormerkbuchung vorgemerkt pending ispending vormerkung offen uncleared reserviert"
    " reserved nichtgebucht vormerkposten insospeso provisional provisorisch voorlopig pendente"
    " pendiente enattente afventer oczekujaca unposted"
)
SAYS_PENDING = frozenset(_SAYS_PENDING.split())
_SAYS_BOOKED = (
    "gebucht booked cleared posted verbucht isbooked reconciled umsatzgebucht final"
    " comptabilise contabilizado contabilizzato verwerkt bokford"
)
SAYS_BOOKED = frozenset(_SAYS_BOOKED.split())
HEADING_PENDING = re.compile(
    r"vorgemerkte|vormerk|noch nicht (?:ge|ver)bucht|nicht gebuchte|offene ums|ausstehende|pending"
    r"|not yet (?:booked|posted)|unposted|reserv|autoris|authori[sz]ed|\bà venir|en attente"
    r"|en cours|in attesa|non contabili|in corso|pendientes?\b|retenid|pendentes?\b|cativ"
    r"|in behandeling|nog niet|gereserveerd|v[aä]ntande|preliminära|kommande|ventende|afventer"
    r"|varaukset|odottavat|oczekuj|nierozlicz|blokady|čekající|nezaúčtovan|függő|zárol|zukünftige"
    r"|geplante|terminierte|scheduled|upcoming|planned|terminüberweis|\bfuture|voraussichtlich"
    r"|angekündigt|\bmemo post|uncleared|processing|in bearbeitung|nicht verbucht|provisori"
    r"|\bplanung|\bplan\b|prognos|vorschau|forecast|\bpr[ée]visions?\b|\bprevision[ei]s?\b|vooruitzicht"
    r"|bekleyen|erwartete|expected|unconfirmed|unbestätigt",
    re.IGNORECASE,
)
HEADING_BOOKED = re.compile(
    r"gebuchte|\bverbuchte|\bbooked|\bposted|\bcleared|\bcompleted|comptabilis|opérations passées"
    r"|contabilizz|contabilizad|realizad|efetuad|\bgeboekt|verwerkte|\bbokf[oö]rda|bogførte|bokførte"
    r"|kirjatut|zaksięgowan|zrealizowan|rozliczone|zaúčtovan|könyvelt|umsätze$|kontoumsätze"
    r"|buchungen$|transactions$|^opérations$|^movimientos$|^movimenti$",
    re.IGNORECASE,
)
# A text that begins so says it of its booking; some are names as well, but for what follows.
PENDING_TEXT = re.compile(
    r"\s*(?:[\[(]\s*(?:vorgemerkt|vormerkung|pending|nicht gebucht|not booked|reserviert|reserved"
    r"|autorisierung|authori[sz]ation)\s*[\])]"
    r"|(?:vorgemerkt|vormerkung|nicht gebucht)\b"
    r"|(?:pending|reserviert|reserved|autorisierung|authori[sz]ation|en attente|in attesa)\s*[:\-–]"
    r"|(?-i:AUTORISIERUNG|AUTHORI[SZ]ATION|PENDING|RESERVIERT|RESERVED) )",
    re.IGNORECASE,
)
ABOUT = re.compile(r"nicht (?:bestandteil|enthalten|aufgenommen|berücksichtigt)|not included|summe")
LONGEST_HEADING = 80
TO_BE_PAID = (PAYMENT_LIST, OPEN_ITEMS, FINANCIAL_PLAN)
LONGEST_STATUS = 20
MOST_STATUSES = 6


class Statuses:
    """What a column of statuses says in one table; remembers those that nobody knows."""

    def __init__(
        self, name: str, cells: Iterable[str], booked: frozenset[str] | None = None
    ) -> None:
        """`booked` are those that balances prove to be of bookings: others are not known."""
        self.unknown: Counter[str] = Counter()
        self._proven = booked
        self._name = folded(name)
        filled = {tidy(cell) for cell in cells} - {""}
        self._flags = bool(filled) and all(_flag(each) is not None for each in filled)
        self._flags = self._flags and self._name in SAYS_PENDING | SAYS_BOOKED
        known = any(is_known(each) for each in filled)
        self.is_one = self._flags or known or not filled or booked is not None
        self._marks_pending = not any(folded(each) in BOOKED for each in filled)
        if not self.is_one and self._name in (
            "status",
            "buchungsstatus",
            "zustand",
            "balanceimpact",
        ):
            shown = ", ".join(sorted(filled)[:5])[:80]
            raise Unreadable(
                Bilingual(
                    f"The table has a status beside each booking ({shown}), and none says that it"
                    " is booked. Export the booked transactions only.",
                    f"Die Tabelle nennt zu jeder Buchung einen Status ({shown}), und keiner besagt,"
                    " dass sie gebucht ist. Bitte nur die gebuchten Umsätze exportieren.",
                ),
                code="status_unknown",
            )

    def is_pending(self, cell: str) -> bool:
        """Whether a booking of that status does not count."""
        if not self.is_one:
            return False
        status = tidy(cell)
        if self._proven is not None:
            return self._note_unknown(status) if status not in self._proven else False
        if self._flags:
            says = self._name in SAYS_PENDING
            flag = _flag(status) if status else False  # some mark with a cross, or not at all
            return True if flag is None else flag is says
        if not status:
            return not self._marks_pending
        if folded(status) in BOOKED:
            return False
        return self._note_unknown(status)

    def _note_unknown(self, status: str) -> bool:
        if not is_known_pending(status):
            self.unknown[status] += 1
        return True

    def findings(self) -> Iterator[Finding]:
        """Which statuses are not known, so that their bookings do not count."""
        for status in self.unknown:
            shown = status[:40]
            yield Finding(
                "status_unknown",
                Bilingual(
                    f"The status {shown!r} is not known to mean booked: what has it is shown as"
                    " pending and not counted.",
                    f"Der Status {shown!r} besagt nicht sicher, dass gebucht ist: was ihn trägt,"
                    " wird als vorgemerkt gezeigt und nicht gezählt.",
                ),
            )


def status_column(names: Sequence[str], body: Sequence[Row], taken: Iterable[int]) -> int | None:
    """The only column that says of some rows that they are not booked, whatever it is called."""
    free = set(range(len(names))) - set(taken)
    found = [at for at in sorted(free) if says_statuses(set(map(tidy, set(column(body, at)))))]
    return found[0] if len(found) == 1 else None


def says_statuses(values: set[str]) -> bool:
    """Whether all of a column's few values are statuses, one of them of what is not booked."""
    if len(values) > MOST_STATUSES or any(len(value) > LONGEST_STATUS for value in values):
        return False
    filled = values - {""}
    return any(map(is_known_pending, filled)) and all(map(is_known, filled))


@lru_cache(maxsize=1024)
def is_known(status: str) -> bool:
    """Whether a word is the status of a booking, whichever."""
    return folded(status) in BOOKED or is_known_pending(status)


@lru_cache(maxsize=1024)
def is_known_pending(status: str) -> bool:
    """Whether a word is known to be the status of what is not booked."""
    return PENDING.search(status) is not None


def section(row: Sequence[str]) -> bool | None:
    """Whether what stands below a heading is pending; None for a row that is no such heading."""
    filled = [tidy(cell) for cell in row if cell.strip()]
    if len(filled) != 1 or len(filled[0]) > LONGEST_HEADING or ABOUT.search(filled[0].casefold()):
        return None
    if HEADING_PENDING.search(filled[0]):
        return True
    if HEADING_BOOKED.search(filled[0]):
        return False
    return True if _is_never_booked(filled[0]) else None


def _is_never_booked(heading: str) -> bool:
    """Whether a heading is the title of what is to be paid some day, as of standing orders."""
    paper = None if any(map(str.isdigit, heading)) else titled([[heading]])
    return paper is not None and paper[0] in TO_BE_PAID


def _flag(cell: str) -> bool | None:
    """What a cell of yes or no says; None where it is neither."""
    word = cell.casefold()
    if word in YES:
        return True
    return False if word in NO else None
