"""Which column of days is that of the booking, and whether its days put the month first."""

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import NamedTuple

from core.bilingual import Bilingual
from core.documents.model import Finding
from core.formats.common.dates import Order, find_order, written_day
from core.formats.csv.cells import DAY, all_like, filled
from core.formats.csv.columns import Untold
from core.formats.csv.grid import Row
from core.formats.csv.headers import ColumnRole, fold, roles_of

# What names the day of booking and nothing else; "date" alone may be any day.
BOOKING = re.compile(
    "buch|book|post(?:ing|ed)?dat|settle|complet|boek|bokf|bogf|bogfor|ksiegow|contab|comptab"
    "|kirjaus|uitvoering|asiento|zauctov|zaknih|konyvel|inregistr|knjizen|lancamento|reskontra"
)
DAYS_UNTOLD = Untold(
    "columns_unknown",
    Bilingual(
        "The table has several columns of days, and nothing tells which is the day of booking. Name"
        " that column, as in 'Booking date', or send the bank's CAMT.053, MT940 or PDF statements.",
        "Die Tabelle hat mehrere Spalten mit Tagen, und nichts zeigt, welche der Buchungstag ist."
        " Bitte die Spalte benennen, etwa 'Buchungstag', oder die Kontoauszüge der Bank als"
        " CAMT.053, MT940 oder PDF senden.",
    ),
)
ORDER_UNTOLD = Untold(
    "dates_ambiguous",
    Bilingual(
        "Nothing in the table tells whether a day such as 03/04/2025 is in March or in April."
        " Export more days, or send the bank's CAMT.053, MT940 or PDF statements instead.",
        "Nichts in der Tabelle zeigt, ob ein Tag wie 03/04/2025 im März oder im April liegt. Bitte"
        " mehr Tage exportieren oder stattdessen die Kontoauszüge der Bank als CAMT.053, MT940 oder"
        " PDF senden.",
    ),
)
BY_VALUE = Finding(
    "value_day_used",
    Bilingual(
        "The table has no readable day of booking: its bookings bear the day of value.",
        "Die Tabelle hat keinen lesbaren Buchungstag: Ihre Buchungen tragen den Tag der"
        " Wertstellung.",
    ),
)
SLASHED = re.compile(r"([0-9]{1,2})/([0-9]{1,2})/([0-9]{4}|[0-9]{2})(?:[ T,].*)?")
ENGLISH = re.compile("dat(?:e|um)|day|time|post|book|settle|complet|creat|start|trad")
FAR = 2  # times as many days that the other reading spans, so that this one is the likely one


class BookingDay(NamedTuple):
    """The column of the booking's day, and what there is to say of it."""

    at: int
    findings: tuple[Finding, ...] = ()
    untold: Untold | None = None


def booking_day(
    roles: Mapping[ColumnRole, int], names: Row, body: Sequence[Row]
) -> BookingDay | None:
    """The column of the day of booking; None where the table has no days."""
    days = [at for at in range(len(names)) if all_like(body, at, DAY)]
    strange = [at for at in days if not _is_known(names[at])]
    booked, valued = roles.get(ColumnRole.BOOKED), roles.get(ColumnRole.VALUED)
    if booked is not None:
        others = [at for at in strange if not _same(body, at, booked)]
        sure = BOOKING.search(fold(names[booked])) or not others
        return BookingDay(booked, untold=None if sure else DAYS_UNTOLD)
    if valued is not None:
        others = [at for at in strange if not _same(body, at, valued)]
        if others:
            return BookingDay(others[0], untold=DAYS_UNTOLD)
        return BookingDay(valued, () if strange else (BY_VALUE,))
    if not days:
        return None
    first = next((at for at in days if at in strange), days[0])
    told = all(_same(body, first, at) for at in strange)
    return BookingDay(first, untold=None if told else DAYS_UNTOLD)


def _is_known(name: str) -> bool:
    """Whether a name is that of a day, or of anything else that is no day of booking."""
    return bool(roles_of(name))


def _same(body: Sequence[Row], first: int, second: int) -> bool:
    """Whether two columns have the same day in every row."""
    return all(
        written_day(row[first], order) == written_day(row[second], order)
        for order in Order
        for row in body
        if max(first, second) < len(row) and row[first].strip() and row[second].strip()
    )


def told_order(body: Sequence[Row], booked: int, names: Row) -> tuple[Order, Untold | None]:
    """Whether days put the month first, and what is said where nothing tells."""
    for at in (booked, *(at for at in range(len(names)) if all_like(body, at, DAY))):
        if find_order(filled(body, at)) is Order.MONTH:
            return Order.MONTH, None
    matches = [SLASHED.fullmatch(cell) for cell in filled(body, booked)]
    open_days = [(match[1], match[2], match[3]) for match in matches if match]
    name = fold(names[booked])
    is_foreign = name and not ENGLISH.search(name)
    if is_foreign or not open_days or any(int(first) > 12 for first, _, _ in open_days):
        return Order.DAY, None
    by_day = _span([f"{first}/{second}/{year}" for first, second, year in open_days])
    by_month = _span([f"{second}/{first}/{year}" for first, second, year in open_days])
    first, second, _ = open_days[0]
    same = not by_day and first.lstrip("0") == second.lstrip("0")
    told = same or (by_month and FAR * by_day <= by_month)
    return Order.DAY, None if told else ORDER_UNTOLD


def _span(cells: Sequence[str]) -> int:
    """How many days lie between the first and the last of these, the day first in each."""
    days = [day.on for cell in cells if (day := written_day(cell, Order.DAY))]
    return (max(days, default=date.min) - min(days, default=date.min)).days
