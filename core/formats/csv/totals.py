"""Rows that stand among bookings and are none: balances, carries and totals, by what they say."""

import re
from collections.abc import Sequence
from enum import Enum
from functools import lru_cache
from typing import NamedTuple

from core.formats.common.dates import is_weekday
from core.formats.common.months import folded, month_of
from core.formats.csv.headers import CODES, RARE
from core.formats.csv.phrases import BALANCES, KNOWN, LEADS, TOTALS, TotalKind, parts_of, phrase_of
from core.statements.model import Transaction


def _plainer(word: str) -> str:
    return word.replace("ae", "a").replace("oe", "o").replace("ue", "u")


WORDS = {
    TotalKind.OPENING: "saldovortrag anfangssaldo anfangsbestand eroffnungssaldo eroeffnungssaldo"
    " altersaldo alterkontostand saldoubertrag saldouebertrag anfangskontostand startsaldo"
    " letztersaldo letzterkontostand kontostandalt saldoalt openingbalance balancebroughtforward"
    " broughtforward balancebf startingbalance previousbalance beginningbalance balanceforward"
    " oldbalance soldeinitial anciensolde soldeprecedent soldereporte reportanouveau"
    " soldedouverture"
    " soldedebut saldoinicial saldoanterior saldoiniziale saldoprecedente saldodiapertura"
    " beginsaldo oudsaldo vorigsaldo openingssaldo saldopoczatkowe ingaendesaldo ingaendebalans"
    " ingangssaldo indgaendesaldo inngaendesaldo primosaldo alkusaldo pocatecnizustatek"
    " pocatecnystav nyitoegyenleg nyitoegyenlege soldinitial likutispradzioje sakumaatlikums"
    " algsaldo transportsaldo ingaendesald eroffnungsbilanz eroeffnungsbilanz ebwert"
    " kassenanfangsbestand bestandvormonat saldovormonat vorigesaldo saldopoprzednie"
    " predchozizustatek overfortforrigeside overfortforrige devir"
    " likutispradziai saldoperiodoanterior",
    TotalKind.CLOSING: "endsaldo schlusssaldo schlussaldo endbestand neuersaldo neuerkontostand"
    " schlussbestand abschlusssaldo endkontostand kontostandneu saldoneu schlusskontostand"
    " aktuellerkontostand aktuellersaldo closingbalance balancecarriedforward carriedforward"
    " balancecf endingbalance finalbalance newbalance currentbalance soldefinal nouveausolde"
    " soldecloture soldefin soldeareporter saldofinal saldofinale nuovosaldo saldoattuale"
    " saldodichiusura eindsaldo nieuwsaldo saldokoncowe utgaendesaldo utgaendebalans udgaendesaldo"
    " ultimosaldo slutsaldo sluttsaldo loppusaldo konecnyzustatek konecnystav zaroegyenleg"
    " soldfinal likutispabaigoje beiguatlikums loppsaldo likutispabaigai kassenbestand"
    " kassenendbestand"
    " tagessaldo tagesendsaldo dailybalance verfugbarerbetrag verfugbar verfuegbarerbetrag"
    " availablebalance saldodisponible"
    " soldedisponible saldodisponibile disponibel disponibeltbelob beschikbaarsaldo saldodostepne",
    TotalKind.TOTAL: "summe zwischensumme gesamtsumme monatssumme tagessumme endsumme gesamt"
    " subtotal totals grandtotal totaldebits totalcredits monthlytotal soustotal totalgeneral"
    " totaldesmouvements totaldesoperations totalmouvements totale subtotale totaal subtotaal"
    " totaalbedrag eindtotaal razem suma sumaczesciowa soucet mezisoucet celkem osszesen summa"
    " delsumma deltotal ialt yhteensa valisumma isviso kopa kokku totalmensual summesoll"
    " summehaben summebelastungen summegutschriften summeausgaben summeeinnahmen umsatzsumme"
    " summederumsatze summeumsatze saldoumsatze summen somme umsatzgesamt gesamtumsatz nettotal"
    " netchange mouvementsnets veranderung veraenderung gesamtbetrag toplam turnover apyvarta kaive"
    " apgrozijums obrat obroty summeeingange summeausgange summeeingaenge summeausgaenge"
    " summeeinzahlungen summeauszahlungen saldoderumsatze summegutschrift summebelastung"
    " totalcredit totaldebit totalpaidin totalpaidout totalmoneyin totalmoneyout totalin totalout"
    " totalwithdrawals totaldeposits",
}
APOSTROPHES = re.compile("['’]")
KIND_OF = {word: kind for kind, words in WORDS.items() for word in words.split()}
# The same with letters that have lost their dots, as some languages write `ä` for no `ae`.
PLAINER = {_plainer(word): kind for word, kind in KIND_OF.items()}
# What these say may as well be what a booking is for, or who was paid.
VAGUE = {
    "vortrag": TotalKind.OPENING,
    "ubertrag": TotalKind.OPENING,
    "uebertrag": TotalKind.OPENING,
    "report": TotalKind.OPENING,
    "riporto": TotalKind.OPENING,
    "bf": TotalKind.OPENING,
    "transport": TotalKind.OPENING,
    "prenos": TotalKind.OPENING,
    "athozat": TotalKind.OPENING,
    "saldo": TotalKind.CLOSING,
    "kontostand": TotalKind.CLOSING,
    "balance": TotalKind.CLOSING,
    "solde": TotalKind.CLOSING,
    "zustatek": TotalKind.CLOSING,
    "egyenleg": TotalKind.CLOSING,
    "cf": TotalKind.CLOSING,
    "bestand": TotalKind.CLOSING,
    "ub": TotalKind.CLOSING,
    "ib": TotalKind.OPENING,
    "primo": TotalKind.OPENING,
    "total": TotalKind.TOTAL,
}
# What the first word may be of those that stand apart: the whole is known without its blanks.
PREFIXES = frozenset(
    word[:end] for word in (*PLAINER, *KIND_OF, *VAGUE) for end in range(1, len(word) + 1)
)
_FILLERS = (
    "am vom zum per bis im in of on at as date dated the du au des de del al dal della dell"
    " il el den van op met na z dnia ke k kn pr till til fra für fuer fur for und seite page"
    " blatt zeitraum period monat month mois mese mes jahr q stand monats"
)
FILLERS = frozenset(_FILLERS.split())
CURRENCY_WORDS = frozenset(f"{CODES} {RARE} euro kr".lower().split())
# With their accents, for a glance at each row that costs nearly nothing.
# How the row begins that says what was or is on the account, however it goes on.
BALANCE_AT_END = re.compile(
    r"(?:stand\b|er(?:ö|oe)ffnung|startguthaben|vortrag|saldo ?vortrag|saldo\b|kontostand"
    r"|anfangs(?:saldo|bestand)"
    r"|(?:ü|ue)bertrag (?:aus|vo[nm]|seite|\d)|(?:\(?balance\)?|carried|brought) (?:at|from|carried"
    r"|brought|over|forward|as)|carried (?:over|forward)|report du|solde\b|saldo van|stan na"
    r"|przeniesienie|p[řr]evod z|z[ůu]statek|overf[øo]rt|ing[åa]ende|opening balance|egyenleg)",
    re.IGNORECASE,
)
BEGINNINGS = (
    frozenset(each[:3] for each in (*KIND_OF, *VAGUE, *TOTALS, *BALANCES) if len(each) > 2)
    | frozenset(
        [
            "übe",
            "erö",
            "zůs",
            "poč",
            "kon",
            "öss",
            "zár",
            "b/f",
            "c/f",
            "záv",
            "vál",
            "mez",
            "souč",
            "mel",
            "sūm",
            "għa",
            "eb-",
            "pře",
            "qua",
            "woc",
            "jah",
            "zw.",
        ]
    )
    | {"i a", "a n"}
)


class RowMeaning(Enum):
    """What a row that may be no booking is."""

    BOOKING = "booking"
    NONE = "none"
    DOUBTFUL = "doubtful"


class Sums:
    """What the bookings of an account come to, the oldest first, to hold totals against."""

    def __init__(self) -> None:
        self.count = 0
        self._balance: int | None = None  # as the latest of the rows that name one has it
        self._since, self._all, self._part, self._ins, self._outs = 0, 0, 0, 0, 0

    def add(self, amount: int) -> None:
        """Count a booking in."""
        self.count += 1
        self._since += amount
        self._all += amount
        self._part += amount
        self._ins += max(amount, 0)
        self._outs += min(amount, 0)

    def judge(self, amount: int, said: "Said", *, is_at_edge: bool) -> RowMeaning:
        """Whether a row that says so is what it says, by what it comes to."""
        verdict = self._judged(amount, said, is_at_edge=is_at_edge)
        if verdict is RowMeaning.NONE:
            if said.kind is TotalKind.TOTAL:
                self._part = 0
            else:
                self._balance, self._since, self._part = amount, 0, 0
        return verdict

    def _judged(self, amount: int, said: "Said", *, is_at_edge: bool) -> RowMeaning:
        fits = self.count > 0 and amount in self._possible()
        if fits:
            return RowMeaning.NONE
        if said.vague:
            return RowMeaning.DOUBTFUL if is_at_edge else RowMeaning.BOOKING
        if said.kind is TotalKind.TOTAL:
            return RowMeaning.DOUBTFUL
        return RowMeaning.NONE if self._balance is None else RowMeaning.DOUBTFUL

    def _possible(self) -> set[int]:
        sums = {self._all, self._part, self._ins, self._outs, -self._outs}
        return sums if self._balance is None else sums | {self._balance + self._since}


LONGEST = 70  # letters of what says so


class Said(NamedTuple):
    """What a row says that is no booking, and whether it may be one all the same.

    `firm` says that it is none where it stands at its own end of the rows, first or last.
    """

    kind: TotalKind
    vague: bool
    firm: bool = False


@lru_cache(maxsize=1024)
def said_by(text: str) -> Said | None:
    """What a text says that names a balance or a total and nothing else; None for others."""
    tokens = text.replace("/", "").replace("'", " ").replace("’", " ").split()
    told = [word for token in tokens if (word := folded(token))]
    words = [word for word in told if not _is_aside(word)]
    whole = "".join(words)
    if kind := KIND_OF.get(whole) or PLAINER.get(_plainer(whole)):
        return Said(kind, whole in VAGUE)
    if whole in VAGUE:
        return Said(VAGUE[whole], True)
    phrase = phrase_of([word for word in told if word == "stand" or not _is_aside(word)])
    return Said(phrase.kind, True, phrase.firm) if phrase else None


def candidates(rows: Sequence[Transaction]) -> list[tuple[int, Said]]:
    """Which of the rows may be a balance or a total by their words, and which."""
    found = []
    of_nobody = [at for at, row in enumerate(rows) if row.counterparty_account is None]
    nobodys = rows if len(of_nobody) == len(rows) else [rows[at] for at in of_nobody]
    heads = [(row.counterparty or row.remittance)[:3] for row in nobodys]
    # Most rows begin as many others do.
    likely = {head for head in set(heads) if head.casefold() in BEGINNINGS or not head.isascii()}
    beginning = zip(of_nobody, heads, strict=True)
    for at in [at for at, head in beginning if head in likely] if likely else ():
        row = rows[at]
        name, text = row.counterparty, row.remittance
        if len(text) <= LONGEST and _begins_so(next(iter((name or text).split(None, 1)), "")):
            said = said_by(f"{name or ''} {text}" if name != text else text)
            if said:
                found.append((at, said))
    return found


@lru_cache(maxsize=4096)
def _begins_so(token: str) -> bool:
    """Whether a text that begins with this may name a balance or a total and nothing else."""
    word = folded(APOSTROPHES.split(token, maxsplit=1)[0])
    beginning = word in PREFIXES or _plainer(word) in PREFIXES
    return beginning or KNOWN.issuperset(parts_of(word)) or not word or _is_aside(word)


def at_edge(row: Transaction, *, first: bool, is_balance: bool) -> Said | None:
    """What the first or last row may be, which begins with a balance's name and names nobody.

    `is_balance` says that its amount is what was left after it: without a text it may be no more.
    """
    text = row.remittance
    if row.counterparty is not None or row.counterparty_account or len(text) > LONGEST:
        return None
    if is_balance and not text:
        return Said(TotalKind.OPENING if first else TotalKind.CLOSING, True)
    if said := said_by(text):
        ends = TotalKind.OPENING if first else TotalKind.CLOSING
        return said._replace(vague=said.vague and not (said.firm and said.kind is ends))
    if BALANCE_AT_END.match(text) or next(map(folded, text.split()), "") in LEADS:
        return Said(TotalKind.OPENING if first else TotalKind.CLOSING, True)
    return None


def _is_aside(word: str) -> bool:
    """Whether a word only says of when or in what: a month, a weekday, a currency."""
    return (
        word in FILLERS
        or word in CURRENCY_WORDS
        or (len(word) > 2 and month_of(word) is not None)
        or (len(word) > 3 and is_weekday(word))
    )
