"""The balances that a statement on paper tells, in its table or apart from it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from core.formats.pdf.marks import Marked
from core.formats.pdf.page import Line, Word
from core.formats.pdf.printed import Amount, leading_day

BELOW = 70.0  # points between the ends of a balance's title and of the amount below it at most
# To a day, a currency.
LINKS = frozenset(
    ["au", "al", "del", "op", "am", "per", "vom", "zum", "in", "on", "at", "of", "eur", "euro", "€"]
)


class BalanceKind(StrEnum):
    """Which balance a line tells."""

    OPENING = "opening"
    CLOSING = "closing"
    EITHER = "either"
    CARRIED = "carried"
    FORWARD = "forward"


WORDS = (
    (
        BalanceKind.OPENING,
        r"\balte[rn]? (?:konto)?(?:saldo|stand)|\banfangs(?:saldo|bestand|kontostand|stand)"
        r"|\bstart(?:saldo|kontostand)|saldovortrag|\bvortrag\b|eröffnungssaldo|letzter kontostand"
        r"|saldo (?:der )?letzte|kontostand (?:zu beginn|am anfang)"
        r"|\b(?:opening|starting|beginning|previous) balance\b|\bbalance (?:brought )?forward\b"
        r"|\bbalance last statement|\blast statement balance|\bprevious statement balance"
        r"|\bbrought forward\b|\b(?:ancien solde|solde (?:initial|précédent|ancien|de départ))"
        r"|\bsaldo (?:iniziale|precedente|inicial|anterior|początkowe)"
        r"|\b(?:begin|vorig|oud) ?saldo|\bingående saldo|\bprimo ?saldo|\bsaldo primo"
        r"|\boverført fra|\bstart balance|\bpočáteční zůstatek|\bnyitó ?egyenleg"
        r"|\bsaldo de apertura|\bletzter (?:konto)?auszug\b"
        r"|\bsaldo (?:poprzednie|na początek|otwarcia|all'inizio|al inicio)|\bsaldo ved start"
        r"|\bingående balans|\b(?:předchozí|původní) zůstatek|\bzůstatek na začátku"
        r"|\b(?:devreden|önceki|açılış) bakiye|\bdönem başı bakiye"
        r"|\bsolde (?:d'ouverture|antérieur)",
    ),
    (
        BalanceKind.CLOSING,
        r"\bneue[rn]? (?:konto)?(?:saldo|stand)|\bend(?:saldo|bestand|kontostand)"
        r"|\b(?:ab)?schluss(?:saldo|bestand)"
        r"|kontostand am ende"
        r"|\b(?:closing|ending|final|new) balance\b|\bbalance this statement"
        r"|\b(?:nouveau solde|solde (?:final|nouveau))|\bnuovo saldo|\bnuevo saldo"
        r"|\bsaldo (?:finale|final|końcowe)|\b(?:eind|nieuw) ?saldo|\butgående saldo"
        r"|\bultimo ?saldo|\bsaldo ultimo|\bsaldo actual\b|\bkonečný zůstatek|\bzáró ?egyenleg"
        r"|\bslut ?saldo|\bsaldo (?:na koniec|zamknięcia|de cierre|di chiusura)|\butgående balans"
        r"|\b(?:nový|výsledný) zůstatek|\bzůstatek na konci|\b(?:kapanış|son|güncel) bakiye"
        r"|\bdönem sonu bakiye|\bsolde de (?:clôture|fin de période)",
    ),
    (BalanceKind.FORWARD, r"\bbalance carried forward\b"),
    (
        BalanceKind.CARRIED,
        r"\bübertrag\b|zwischen(?:saldo|summe)|\bseitenübertrag|\briporto\b"
        r"|^\W*(?:[\d./-]+ )*(?:(?:saldo|solde|balance) (?:seite|page|pagina|página|strana|side"
        r"|sida)"
        r"|transport|report|(?:solde )?à reporter|a (?:transportar|riportare|reportar)|transporte"
        r"|suma (?:y sigue|anterior)|(?:do|z) przeniesienia|přenos|převod|överföring|overførsel"
        r"|átvitel|áthozat|nakli yekün|devreden)\b[^a-z]*$",
    ),
    (
        BalanceKind.EITHER,
        r"\bkontostand\b|\bsaldo (?:am|vom|per|zum)\b|^\W*saldo\W*$"
        r"|\bsaldo (?:op|al|au|a|em|na|ke|den|på|pr\.?|w dniu|dnia|na dzień) \d"
        r"|\bsolde (?:(?:cr[ée]diteur|d[ée]biteur) )?au \d|\bbalance (?:on|at|as (?:of|at)) \d"
        r"|\bsolde (?:cr[ée]diteur|d[ée]biteur)\b",
    ),
)
# One of these is in whatever any of the patterns matches.
STEMS = (
    *("saldo", "stand", "balance", "solde", "vortrag", "forward", "übertrag", "summe", "riporto"),
    *(
        "overført",
        "zůstatek",
        "egyenleg",
        "bakiye",
        "balans",
        "transport",
        "report",
        "suma",
        "przenies",
        "přenos",
        "převod",
        "överf",
        "overf",
        "átvitel",
        "áthozat",
        "yekün",
        "devreden",
        "letzter auszug",
        "letzter kontoauszug",
    ),
)
# Balances that bear no sign, and words that say that they are debts.
DEBT = re.compile(
    r"\bsolde d[ée]biteur|\bsaldo (?:deudor|debitore|devedor|zu (?:ihren|unseren|meinen) lasten)"
    r"|\b(?:debit|overdrawn) balance|\bsollsaldo",
    re.IGNORECASE,
)
TOTAL = re.compile(
    r"\W*(?:zwischen|gesamt)?(?:summen?|total|totals|totale|totaux|totaal|suma|summa|gesamt|subtotal)\b"
    r"|umsätze gesamt|gesamtumsatz|monats(?:summe|umsatz)|umsatzsumme",
    re.IGNORECASE,
)
# What a line with a day tells that is neither booking nor balance.
AVAILABLE = re.compile(
    r"\W*(?:verfügbare[rs]? (?:betrag|saldo|guthaben|rahmen)|verfügbar|(?:dispositions|dispo)"
    r"(?:kredit|limit|rahmen)|kredit(?:linie|rahmen|limit)|(?:available|overdraft|credit)"
    r" (?:balance|funds|credit|limit)|(?:solde|saldo)? ?disponib(?:le|ile)"
    r"|beschikbaar(?: saldo)?)\W*",
    re.IGNORECASE,
)
# A line that says nothing else is of a balance, though it has a day like a booking's.
ALONE = re.compile(
    r"(?:\b(?:(?:tages|tagesend|konto|zwischen|zwischenkonto)?saldo|(?:konto|tages)?stand|balance"
    r"|daily|account|solde|stan|salda|saldi|saldovortrag|vortrag|übertrag|seitenübertrag|transport"
    r"|seite|page|report|(?:à )?reporter|riporto|a riportare"
    r"|(?:brought|carried) (?:forward|down|over)|b/f|c/f"
    r"|carry[- ]?forward|suma y sigue|overbrenging|transporteren)\b|\W)+",
    re.IGNORECASE,
)
# Some of these are also what banks call a transfer.
TRANSFERS = re.compile(r"übertrag|transport|report|stand\b|overbrenging", re.IGNORECASE)
DAY = re.compile(r"\W*\d[\d./-]*\W*")
_PATTERNS = tuple((kind, re.compile(pattern)) for kind, pattern in WORDS)


@lru_cache(maxsize=2048)
def balance_kind(text: str) -> BalanceKind | None:
    """Which balance the words are about, if they are about one."""
    lower = text.lower()
    if not _may_tell(lower):
        return None
    for kind, pattern in _PATTERNS:
        if pattern.search(lower):
            return kind
    return None


def is_balance_alone(text: str) -> bool:
    """Whether the words are about a balance, and nothing else."""
    lower = text.lower()
    for _, pattern in _PATTERNS:
        lower = pattern.sub(" saldo ", lower)
    words = [each for each in lower.split() if each not in LINKS and not DAY.fullmatch(each)]
    return ALONE.fullmatch(" ".join(words)) is not None and any(map(str.isalpha, lower))


@dataclass(frozen=True, slots=True)
class SeparateBalance:
    """A balance told apart from the table: in minor units, by these lines of its page."""

    kind: BalanceKind
    cents: int
    lines: range


def balances(page: Sequence[Marked]) -> list[SeparateBalance]:
    """The opening and closing balances on a page whose amount stands beside or below its title."""
    found = []
    for at, each in enumerate(page):
        title = _title(each.line)
        if title is None:
            continue
        kind, end = title
        beside = [amount for amount in each.amounts if amount.last >= end]
        if beside:
            found.append(SeparateBalance(kind, beside[0].cents, range(at, at + 1)))
        elif at + 1 < len(page) and not each.amounts:
            below = _below(each.line.words[end - 1], page[at + 1].amounts)
            if below is not None:
                found.append(SeparateBalance(kind, below.cents, range(at, at + 2)))
    return found


def _may_tell(lower: str) -> bool:
    """Whether a text may be about a balance; nearly none is, and the patterns are slow."""
    return any(map(lower.__contains__, STEMS))


def _title(line: Line) -> tuple[BalanceKind, int] | None:
    """Which balance a line announces, and the first word after those that do."""
    text, words = line.text.lower(), line.words
    if not _may_tell(text):
        return None
    for kind, pattern in _PATTERNS[:2]:  # of opening and closing ones
        if match := pattern.search(text):
            end = text.count(" ", 0, match.end()) + 1
            while end < len(words):
                day = leading_day(words[end:])
                if day is None and words[end].text.lower() not in LINKS:
                    break
                end += day.words if day else 1
            return kind, end
    return None


def _below(title: Word, amounts: Sequence[Amount]) -> Amount | None:
    """The amount on the next line that ends where the title does."""
    nearest = min(amounts, key=lambda each: abs(each.right - title.right), default=None)
    near = nearest is not None and abs(nearest.right - title.right) <= BELOW
    return nearest if near else None
