"""How a table writes its days: what comes first in them, and of which year they are.

A day such as 03/04/2025 is two days. Which it is must be said by a day beyond the 12th, by a day
of value or a period beside it, by the order of the rows, or by words of a country: never guessed.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from itertools import chain, groupby
from typing import NamedTuple

from core.bilingual import Bilingual
from core.errors import Unreadable
from core.formats.common.dates import (
    CalendarDay,
    Order,
    day_and_month,
    is_day,
    plain_day,
    real_day,
    written_day,
    yearless_day,
)
from core.formats.csv.columns import SAMPLE, TableColumns
from core.formats.csv.grid import Row, column
from core.formats.csv.headers import ColumnRole

DAYS = (ColumnRole.BOOKED, ColumnRole.VALUED)
NUMBERS = re.compile(r"([0-9]{1,2})([./-])([0-9]{1,2})[./-]([0-9]{4}|[0-9]{2})(?![0-9])")
IN_TEXT = re.compile(r"(?<![0-9./-])[0-9]{1,4}[./-][0-9]{1,2}[./-](?:[0-9]{4}|[0-9]{1,2})(?![0-9])")
SERIAL = re.compile(r"[1-6][0-9]{4}(?:[.,][0-9]+)?")  # days since 1900, or since 1904
BESIDE = timedelta(days=15)  # a day of value hardly lies further from the day of booking
APART = timedelta(days=25)
MANY = 5  # days in a row that by chance stand in order once in sixty times
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

TWO_WAYS = Bilingual(
    "The column of days writes them in two ways, so that nothing tells which of day and month comes"
    " first, as happens where a program for spreadsheets has turned some of them round. Export the"
    " table from the bank again and send it unopened.",
    "Die Spalte der Tage schreibt sie auf zwei Arten, so dass nicht zu erkennen ist, ob Tag oder"
    " Monat vorn steht; das geschieht, wenn eine Tabellenkalkulation einen Teil umgestellt hat."
    " Bitte die Tabelle bei der Bank neu exportieren und ungeöffnet senden.",
)
EITHER = Bilingual(
    "Nothing in the table tells whether a day such as {0} has the day or the month first. Export a"
    " period with a day beyond the 12th, or send the bank's CAMT.053, MT940 or PDF statements"
    " instead.",
    "Nichts in der Tabelle zeigt, ob bei einem Datum wie {0} der Tag oder der Monat vorn steht."
    " Bitte einen Zeitraum mit einem Tag nach dem 12. exportieren oder stattdessen die Kontoauszüge"
    " der Bank als CAMT.053, MT940 oder PDF senden.",
)
YEAR_FIRST = Bilingual(
    "The days of the table, such as {0}, are in order only where the year comes first, which"
    " nothing else tells. Export the table with years of four digits.",
    "Die Tage der Tabelle, etwa {0}, stehen nur dann in einer Reihenfolge, wenn das Jahr vorn"
    " steht, was sonst nichts belegt. Bitte die Tabelle mit vierstelligen Jahren exportieren.",
)
SERIALS = Bilingual(
    "The days of the table are numbers, such as {0}, as a program for spreadsheets counts them: it"
    " may count from 1900 or from 1904. Export the table from the bank again and send it unopened.",
    "Die Tage der Tabelle sind Zahlen wie {0}, wie eine Tabellenkalkulation sie zählt, ab 1900 oder"
    " ab 1904. Bitte die Tabelle bei der Bank neu exportieren und ungeöffnet senden.",
)
NO_YEAR = Bilingual(
    "The days of the table, such as {0}, have no year, and no period above them names it for"
    " certain. Export the table with whole dates or with its period.",
    "Die Tage der Tabelle, etwa {0}, haben kein Jahr, und kein Zeitraum darüber nennt es eindeutig."
    " Bitte die Tabelle mit vollständigen Daten oder mit ihrem Zeitraum exportieren.",
)
NO_DAYS = Bilingual(
    "The column of days has none that can be read, such as {0}. Send the bank's CAMT.053, MT940 or"
    " PDF statements instead.",
    "Die Spalte der Tage enthält keine lesbaren Tage, etwa {0}. Bitte stattdessen die Kontoauszüge"
    " der Bank als CAMT.053, MT940 oder PDF senden.",
)


class Dated(NamedTuple):
    """The days of a table as they are written, a day of value beside each, and what is around."""

    booked: Sequence[str]
    valued: Sequence[str]
    header: Sequence[str]
    above: Sequence[Sequence[str]]
    body: Sequence[Sequence[str]]


def day_order(table: Dated) -> Order | None:
    """What comes first in a table's days; None where nothing proves it.

    Raises Unreadable where they are written in two ways of which one is not proven.
    """
    cells = [plain_day(each) for each, _ in groupby(table.booked) if is_day(each)]
    shapes = {_shape(each) for each in cells}
    numbers = [match for each in cells if (match := NUMBERS.match(each))]
    if not any(_differs(match) for match in numbers):
        return Order.DAY
    unsure = [match for match in numbers if match[2] != "."]
    if not unsure:  # whoever writes dots puts the day first, or the year
        if _begin_with_year(numbers):
            raise Unreadable(_with(YEAR_FIRST, numbers[0][0]), code="dates_ambiguous")
        return _by_digits(numbers) or Order.DAY
    proven = {_by_digits(group) for group in _styles(unsure)}
    if len(proven) > 1 or (len(shapes) > 1 and None in proven) or _both_beyond(unsure):
        raise Unreadable(TWO_WAYS, code="dates_ambiguous")
    if (found := proven.pop()) is None:
        found = _by_surroundings(cells, table) or _by_words(table)
    return None if _may_begin_with_year(unsure) and found is not Order.MONTH else found


def dated(
    columns: TableColumns, rows: Sequence[Row], whole: Callable[[], Iterable[Row]]
) -> TableColumns:
    """The columns with what comes first in their days: told by the first rows, else by `whole`.

    Raises Unreadable where nothing tells it.
    """
    order = day_order(_days_of(columns, rows))
    if order is None:
        table = _days_of(columns, [*rows[: columns.header + 1], *whole()])
        if (order := day_order(table)) is None:
            raise _unproven(table.booked)
    return columns if order is columns.order else replace(columns, order=order)


def _days_of(columns: TableColumns, rows: Sequence[Row]) -> Dated:
    header = columns.header
    body = rows[header + 1 :]
    booked, valued = (columns.at.get(role) for role in DAYS)
    return Dated(
        [] if booked is None else column(body, booked),
        [] if valued is None else column(body, valued),
        rows[header] if header >= 0 else (),
        rows[:header] if header > 0 else (),
        body[:SAMPLE],
    )


def _unproven(cells: Iterable[str]) -> Unreadable:
    """The refusal of a table whose days may be two each."""
    numbers = ((each, NUMBERS.match(plain_day(each))) for each in cells)
    shown = next((each for each, match in numbers if match and _differs(match)), "")
    return Unreadable(_with(EITHER, shown), code="dates_ambiguous")


def require_days(cells: Sequence[str], is_period_known: bool) -> None:
    """Raise unless days can be read in a column that has something in it, or their year be told."""
    filled = [each.strip() for each in cells if any(map(str.isdigit, each))]
    if not filled or any(map(is_day, filled)):
        return
    if all(map(SERIAL.fullmatch, filled)):
        raise Unreadable(_with(SERIALS, filled[0]), code="dates_as_numbers")
    if yearless := [each for each in filled if day_and_month(each, Order.DAY)]:
        if is_period_known:
            return
        raise year_untold(yearless[0])
    raise Unreadable(_with(NO_DAYS, filled[0]), code="no_days")


def year_untold(shown: str) -> Unreadable:
    """The refusal of a table whose days have no year that is told."""
    return Unreadable(_with(NO_YEAR, shown), code="no_year")


def day_in_period(
    cell: str, order: Order, starts_on: date | None, ends_on: date | None
) -> CalendarDay | None:
    """The day of a cell without a year that lies in a period, if only one does."""
    said = day_and_month(cell, order)
    if said is None or starts_on is None or ends_on is None:
        return None
    day, month = said
    years = range(starts_on.year, ends_on.year + 1)
    found = [real_day(year, month, day) for year in years]
    within = [each for each in found if each and starts_on <= each.on <= ends_on]
    return within[0] if len(within) == 1 else None


def day_beside(cell: str, order: Order, valued: CalendarDay | None) -> CalendarDay | None:
    """The day of a cell without a year, in the year in which it is next to the day of value."""
    said = day_and_month(cell, order)
    if said is None or valued is None:
        return None
    day, month = said
    return yearless_day(f"{month:02d}{day:02d}", valued.on)


def _with(text: Bilingual, shown: str) -> Bilingual:
    return Bilingual(text.en.format(repr(shown[:40])), text.de.format(repr(shown[:40])))


def _shape(cell: str) -> str:
    """How a day is written: its marks, whether the year comes first."""
    if match := NUMBERS.match(cell):
        return match[2]
    return "year" if cell[:4].isdecimal() else "word"


def _differs(match: re.Match[str]) -> bool:
    """Whether it is another day with the month first."""
    return match[1].zfill(2) != match[3].zfill(2)


def _by_digits(matches: Iterable[re.Match[str]]) -> Order | None:
    """What comes first by a number beyond the 12th."""
    both = [(int(match[1]), int(match[3])) for match in matches]
    if any(second > 12 for _, second in both):
        return Order.MONTH
    return Order.DAY if any(first > 12 for first, _ in both) else None


def _both_beyond(matches: Iterable[re.Match[str]]) -> bool:
    both = [(int(match[1]), int(match[3])) for match in matches]
    return max(first for first, _ in both) > 12 and max(second for _, second in both) > 12


def _styles(matches: Sequence[re.Match[str]]) -> list[list[re.Match[str]]]:
    """Days by whether their numbers have a zero before them, where some have and some have not."""
    for at in (1, 3):
        zeros = [match for match in matches if match[at][0] == "0"]
        bare = [match for match in matches if len(match[at]) == 1]
        if zeros and bare:
            others = [match for match in matches if match not in zeros and match not in bare]
            return [zeros, bare, others] if _by_digits(others) else [zeros, bare]
    return [list(matches)]


def _may_begin_with_year(matches: Sequence[re.Match[str]]) -> bool:
    """Whether days such as 25-03-05 may be of 2025: else they are all on one day of many years."""
    if any(len(match[4]) > 2 for match in matches):
        return False
    years, days = ({int(match[at]) for match in matches} for at in (4, 1))
    return len(years) > 1 and len(days) == 1 and len(matches) > 1


def _begin_with_year(matches: Sequence[re.Match[str]]) -> bool:
    """Whether days such as 25.03.05 are in order only where the year comes first."""
    if any(len(match[4]) > 2 for match in matches):
        return False
    written = [(int(match[1]), int(match[3]), int(match[4])) for match in matches]
    by_day = [(year, month, day) for day, month, year in written]
    days, years = ({each[at] for each in written} for at in (0, 2))
    return len(years) > len(days) and _is_in_order(written) and not _is_in_order(by_day)


def _is_in_order(days: Sequence[tuple[int, ...]]) -> bool:
    return list(days) in (sorted(days), sorted(days, reverse=True))


def _by_surroundings(cells: Sequence[str], table: Dated) -> Order | None:
    """What comes first by other days in the table: whatever leaves only one possible."""
    proofs = (_by_value_days, _by_days_above, _by_sequence)
    return next((found for proof in proofs if (found := proof(cells, table))), None)


def _only(possible: Iterable[Order]) -> Order | None:
    left = list(possible)
    return left[0] if len(left) == 1 else None


def _by_value_days(_: Sequence[str], table: Dated) -> Order | None:
    """By days of value, of which one that is proven lies near to the day of booking."""
    valued = [match for each in table.valued if (match := NUMBERS.match(plain_day(each)))]
    if found := _by_digits(valued):
        return found
    far: dict[Order, list[timedelta]] = {order: [] for order in Order}
    for booked, value in set(zip(table.booked, table.valued, strict=False)):
        for order, gaps in far.items():
            days = written_day(booked, order), written_day(value, order)
            if days[0] and days[1]:
                gaps.append(abs(days[0].on - days[1].on))
    near = [order for order, gaps in far.items() if gaps and max(gaps) <= BESIDE]
    apart = [order for order, gaps in far.items() if gaps and max(gaps) >= APART]
    return near[0] if len(near) == 1 and len(apart) == 1 else None


def _by_days_above(cells: Sequence[str], table: Dated) -> Order | None:
    """By the period above: its own numbers, or since the bookings must lie in it."""
    above = IN_TEXT.findall(" ".join(chain.from_iterable(table.above)))
    numbers = [match for each in above if (match := NUMBERS.match(each)) and match[2] != "."]
    if found := _by_digits(numbers):
        return found
    sure = [
        day.on
        for each in above
        if not any(each == match[0] for match in numbers) and (day := written_day(each, Order.DAY))
    ]
    if len(sure) != 2:
        return None
    first, last = min(sure), max(sure)
    return _only(
        order
        for order in Order
        if all((day := written_day(each, order)) and first <= day.on <= last for each in cells)
    )


def _by_sequence(cells: Sequence[str], _: Dated) -> Order | None:
    """By the order of rows, which banks write the oldest first or the newest."""
    possible = []
    for order in Order:
        days = [day.on for each in cells if (day := written_day(each, order))]
        if len(set(days)) < MANY:
            return None
        if days in (sorted(days), sorted(days, reverse=True)):
            possible.append(order)
    return _only(possible)


def _by_words(table: Dated) -> Order | None:
    """What comes first by words only of those who put the day first, or the month."""
    header = [each.strip().casefold() for each in table.header]
    cells = {cell.strip().casefold() for row in table.body for cell in row if len(cell) < 30}
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
