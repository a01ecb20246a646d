"""What in a line may make it a part of a table: days, amounts, the words of a heading."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from core.formats.common.months import STARTS
from core.formats.pdf.page import Line, Word
from core.formats.pdf.printed import LONGEST_DAY, Amount, PrintedDay, amounts, leading_day

HEADING = re.compile(
    r"datum|buchung|bu\W?tag|wert|valuta|vorgang|erläuterung|verwendungszweck|text|auftraggeber"
    r"|empfänger|betrag|umsatz|soll|haben|saldo|kontostand|belastung|gutschrift"
    r"|(?:zahlungs|geld)?(?:eing[aä]ng|ausg[aä]ng)|einnahme|ausgabe"
    r"|verbuchung|beschreibung|transaktion|abwicklung|lasten|gunsten"
    r"|(?:date|description|details|particulars|type|amount|balance|paid|money|debits?|credits?"
    r"|withdrawals?|deposits?"
    r"|débits?|crédits?|libellé|solde|montant|valeur|opération|nature"
    r"|data|descrizione|causale|dare|avere|importo|addebiti|accrediti|uscite|entrate"
    r"|fecha|concepto|debe|haber|importe|cargos?|abonos?|valor"
    r"|omschrijving|mededelingen|bedrag|af|bij|rentedatum|debet"
    r"|opis|tytuł|kwota|obciążenia|uznania|belopp|beløb|text|dato|insättning|uttag|specifikation"
    r"|débitos?|créditos?|descritivo|descrição|incoming|outgoing|tekst|bogført|valør|ind|ud|udbetalt"
    r"|indbetalt|hævet|indsat|popis|částka|wpłaty|wypłaty|zůstatek|közlemény|terhelés(?:ek)?|jóváírás"
    r"|összeg|egyenleg|értéknap|açıklama|tutar|bakiye|borç|alacak|tarih|odepsáno|připsáno|výdaje?|příjmy?"
    r"|przychody?|rozchody?|výběry?|vklady?)\b"
)
UNITS = "£$€"  # before a title: £Paid out
GROUP = re.compile(r"buchungs(?:datum|tag)\s*:?", re.IGNORECASE)
PAIR = re.compile(r"(\d{1,2}\.\d{1,2}\.(?:\d{4}|\d\d)?)/(\d{1,2}\.\d{1,2}\.(?:\d{4}|\d\d)?)")


@dataclass(frozen=True, slots=True)
class Placed:
    """A day among a line's words: the first of them, and where it begins."""

    day: PrintedDay
    first: int
    left: float

    @property
    def end(self) -> int:
        """The first word after it."""
        return self.first + self.day.words


@dataclass(frozen=True, slots=True)
class Marked:
    """A line, the days and amounts in it, and whether it is a table's heading.

    `group` is the day that it says all bookings below it were made on.
    """

    line: Line
    days: tuple[Placed, ...]
    amounts: tuple[Amount, ...]
    heading: bool
    group: PrintedDay | None

    @property
    def day(self) -> PrintedDay | None:
        """The day that it begins with."""
        return self.days[0].day if self.days and self.days[0].first == 0 else None


def mark(line: Line) -> Marked:
    """The line, and what may make it a part of a table."""
    line = _parted(line)
    days, found = tuple(_days(line.words)), tuple(amounts(line.words))
    leads = bool(days) and days[0].first == 0
    heading = not leads and not found and is_heading(line.words)
    return Marked(line, days, found, heading, None if found else _group(line, days))


def is_heading(words: Sequence[Word]) -> bool:
    """Whether words are titles of columns: two of them at least."""
    return sum(1 for word in words if _titles(word)) >= 2


def _titles(word: Word) -> bool:
    return _is_title(word.text)


@lru_cache(maxsize=4096)
def _is_title(text: str) -> bool:
    return HEADING.match(text.lower().lstrip(UNITS)) is not None


def _days(words: Sequence[Word]) -> Iterator[Placed]:
    at = 0
    while at < len(words):
        text = words[at].reading
        if not text[0].isdigit() and text[:3].lower() not in STARTS:  # as most words
            at += 1
            continue
        day = leading_day(words[at : at + LONGEST_DAY])
        if day is not None:
            yield Placed(day, at, words[at].left)
        at += day.words if day else 1


def _group(line: Line, days: Sequence[Placed]) -> PrintedDay | None:
    """The day of a line that says nothing else, as `Buchungsdatum: 02.12.2025`."""
    if len(days) != 1 or days[0].end != len(line.words):
        return None
    before = " ".join(word.text for word in line.words[: days[0].first])
    return days[0].day if GROUP.fullmatch(before) else None


def _parted(line: Line) -> Line:
    """The line, two days in one word (`01.12./02.12.`) as two words."""
    if not any("/" in word.text and PAIR.fullmatch(word.text) for word in line.words):
        return line
    words: list[Word] = []
    for word in line.words:
        if match := PAIR.fullmatch(word.text):
            middle = word.left + (word.right - word.left) * match.end(1) / len(word.text)
            words.append(replace(word, text=match[1], right=middle))
            word = replace(word, text=match[2], left=middle)
        words.append(word)
    return replace(line, words=tuple(words))
