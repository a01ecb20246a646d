"""Days that a table leaves open, each with what would settle it."""

import re
from collections.abc import Sequence

from core.bilingual import Bilingual
from core.errors import Unreadable
from core.formats.common.dates import Order, day_and_month, is_day

SERIAL = re.compile(r"[1-6][0-9]{4}(?:[.,][0-9]+)?")  # days since 1900, or since 1904
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


def require_days(cells: Sequence[str], is_period_known: bool) -> None:
    """Raise unless days can be read in a column that has something in it, or their year be told."""
    filled = [each.strip() for each in cells if any(map(str.isdigit, each))]
    if not filled or any(map(is_day, filled)):
        return
    if all(map(SERIAL.fullmatch, filled)):
        raise Unreadable(with_shown(SERIALS, filled[0]), code="dates_as_numbers")
    if yearless := [each for each in filled if day_and_month(each, Order.DAY)]:
        if is_period_known:
            return
        raise year_untold(yearless[0])
    raise Unreadable(with_shown(NO_DAYS, filled[0]), code="no_days")


def year_untold(shown: str) -> Unreadable:
    """The refusal of a table whose days have no year that is told."""
    return Unreadable(with_shown(NO_YEAR, shown), code="no_year")


def with_shown(text: Bilingual, shown: str) -> Bilingual:
    """A refusal's text with the day that is shown as an example."""
    return Bilingual(text.en.format(repr(shown[:40])), text.de.format(repr(shown[:40])))
