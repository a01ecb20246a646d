"""The bookings of an MT940, read a column at a time: the line `:61:` of each, and its text `:86:`.

A loop over a column costs a tenth of calls for each of its values.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from itertools import chain, compress, repeat
from operator import add, itemgetter, mul, or_
from typing import NamedTuple, TypeVar

from core.bilingual import Bilingual
from core.documents.model import Finding
from core.evidence import Bytes
from core.formats.common.amounts import LONGEST
from core.formats.common.column import NUL, Column, decoded, signs, tidied
from core.formats.common.dates import CalendarDay, odd_date, short_day, yearless_day
from core.formats.common.texts import (
    BadValue,
    booking_at,
    decode,
    minor,
    tidy,
)
from core.formats.mt940.lines import Lines, read_lines
from core.formats.mt940.narrative import Narratives, read_narratives
from core.formats.mt940.swift import RawBookings
from core.iban import SHAPE, is_iban
from core.money import EXPONENTS
from core.statements.model import NO_REFERENCE, Particulars, Transaction, make

KIND = re.compile("(?:[NFS][A-Z0-9][A-Z0-9 ]{2})?")
LIKE_A_NAME = re.compile("(?![/0-9]).*[A-Za-z]{3}")
REFERENCE = 16  # characters of the customer's reference; what stands after them is a name
KEY_OF: Callable[[str], str] = itemgetter(slice(4))
BOOKING_KEY = re.compile("[NFS][A-Z0-9]{3}")
GERMAN_KEY = re.compile("N([0-9]{3})")
CENTS = 2  # digits after the point of nearly all currencies
# Credit and debit; reversed they count on the other side; some banks tell of what they expect.
SIGNED = {"C": 1, "D": -1, "RC": -1, "RD": 1, "EC": 1, "ED": -1}
REVERSED = frozenset(("RC", "RD"))
EXPECTED = frozenset(("EC", "ED"))
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Context:
    """What the statement tells of its bookings; `days` are those between its balances.

    `foreign` accounts have other codes where a German bank has its own.
    """

    currency: str
    foreign: bool
    german: bool
    pending: bool
    days: tuple[date, date] | None


class ReadBookings(NamedTuple):
    """Bookings, and for some of them, by their place, the dates that no calendar has."""

    transactions: list[Transaction]
    odd_days: dict[int, list[Finding]]


Section = tuple[Context, int]  # of what a statement tells, and how many bookings it has


def read_bookings(written: RawBookings, sections: Sequence[Section]) -> ReadBookings:
    """The bookings, in minor units, a reversal (`RC`, `RD`) on the side it is booked on.

    They are of these statements, one behind the other. Dates that no calendar has are kept as the
    month's last day, and said in `odd`. Raises Unreadable for a line that is none.
    """
    if not written.lines:
        return ReadBookings([], {})
    line = read_lines(written)
    sizes = [size for _, size in sections]
    spans = _repeated([each.days for each, _ in sections], sizes)
    valued, booked, odd = zip(*_read_each(_days, written, line.dates, spans), strict=True)
    currencies = _repeated([each.currency for each, _ in sections], sizes)
    amounts = _amounts(written, line, currencies)
    narratives = read_narratives(written.texts)
    references = _references(line, narratives)
    reasons, _ = signs(narratives.gvcs, narratives.texts)
    fields = zip(
        booked,
        valued,
        map(mul, amounts, map(SIGNED.__getitem__, line.marks)),
        currencies,
        map(
            or_,
            _repeated([each.pending for each, _ in sections], sizes),
            map(EXPECTED.__contains__, line.marks),
        ),
        map(REVERSED.__contains__, line.marks),
        narratives.names,
        narratives.accounts,
        narratives.texts,
        _gvcs(sections, narratives.gvcs, line.codes),
        repeat(None),  # ISO 20022
        _either(narratives.return_reasons, reasons),
        references,
        repeat(()),
        map(make, repeat(Bytes), zip(written.starts, written.ends, strict=True)),
        repeat(None),  # no page
        _particulars(narratives.particulars, line.codes),
    )
    findings = {
        at: [odd_date(booking_at(written.starts[at]), day) for day in odd[at]]
        for at in compress(range(len(odd)), odd)
    }
    return ReadBookings(list(map(make, repeat(Transaction), fields)), findings)


def _repeated(values: Iterable[T], sizes: Iterable[int]) -> list[T]:
    """Each value as often as its size says."""
    return list(chain.from_iterable(map(repeat, values, sizes)))


def _gvcs(
    sections: Sequence[Section], gvcs: Sequence[str | None], codes: Column
) -> list[str | None]:
    """The German codes of the bookings; those of other countries are others."""
    found: list[str | None] = []
    for context, size in sections:
        at = len(found)
        part = gvcs[at : at + size]
        if context.foreign:
            found += [None] * size
        elif all(part):
            found += part
        else:
            keys = codes[at : at + size]
            found += [
                gvc or (_german_key(key) if context.german else None)
                for gvc, key in zip(part, keys, strict=True)
            ]
    return found


def _either(named: Sequence[str | None], worded: Sequence[str | None]) -> Sequence[str | None]:
    """What a field names, else what is said in words."""
    if not any(named):
        return worded
    return [one or other for one, other in zip(named, worded, strict=True)]


def _read_each(read: Callable[..., T], written: RawBookings, *columns: Sequence[object]) -> list[T]:
    """What is read of each row; raises Unreadable with the place of the one that cannot be."""
    found: list[T] = []
    try:
        found.extend(map(read, *columns))
    except BadValue as error:
        raise error.as_unreadable(booking_at(written.starts[len(found)])) from None
    return found


@lru_cache(maxsize=4096)
def _days(
    dates: str, between: tuple[date, date] | None
) -> tuple[date, date, tuple[CalendarDay, ...]]:
    """The days of value and of booking, and those of them that no calendar has.

    The latter has no year and is near the former. Where the bank leaves it out, it is the former
    as far as the statement reaches.
    """
    value, entered = dates[:6], dates[6:]
    valued = short_day(value)
    if valued is None:
        raise BadValue(
            Bilingual(
                f"has the value date {value!r}, which is no date",
                f"hat die Wertstellung {value!r}, die kein Datum ist",
            )
        )
    if not entered or entered == "0000":
        first, last = between or (valued.on, valued.on)
        booked: CalendarDay | None = CalendarDay(min(max(valued.on, first), last))
    else:
        booked = yearless_day(entered, valued.on)
        if booked and between and not between[0] <= booked.on <= between[1]:
            # Half a year and more from its value, as interest may be: the balances tell the year.
            other = yearless_day(entered, between[1])
            booked = other if other and between[0] <= other.on <= between[1] else booked
    if booked is None:
        raise BadValue(
            Bilingual(
                f"has the entry date {entered!r}, which is no date",
                f"hat den Buchungstag {entered!r}, der kein Datum ist",
            )
        )
    return valued.on, booked.on, tuple({day for day in (valued, booked) if day.odd})


def _amounts(written: RawBookings, line: Lines, currencies: Column) -> list[int]:
    """Minor units; where all are written in full, as nearly always, no more than a number each."""
    units, fractions = line.units, line.fractions
    full = set(map(len, fractions)) == {CENTS} and max(map(len, units)) + CENTS < LONGEST
    if full and EXPONENTS.keys().isdisjoint(currencies):
        return list(map(int, map(add, units, fractions)))
    return _read_each(minor, written, units, fractions, currencies)


def _references(line: Lines, narratives: Narratives) -> list[str | None]:
    """The bank's own references; what the lines say besides is put to what the texts tell."""
    own = tidied(decoded(NUL.join(line.banks)).split(NUL))
    for row in [row for row, more in enumerate(line.details) if more or not own[row]]:
        customer, more = KIND.sub("", line.codes[row], count=1), line.details[row]
        if is_iban(customer):
            _set_counterparty(narratives, row, customer, tidy(decode(more)))
            continue
        if not own[row]:
            more = f"{customer[REFERENCE:]} {more}"
        _add_supplement(narratives, row, tidy(decode(more)))
        if not narratives.texts[row] and customer not in NO_REFERENCE:  # all that the bank says
            narratives.texts[row] = tidy(decode(customer))
    return [None if bank in NO_REFERENCE else bank for bank in own]


def _set_counterparty(narratives: Narratives, row: int, account: str, name: str) -> None:
    """Put the other side to a booking: some banks tell it in the line, and again in the text."""
    narratives.accounts[row] = narratives.accounts[row] or account
    narratives.names[row] = narratives.names[row] or name or None
    narratives.texts[row] = (
        narratives.texts[row].removeprefix(account).lstrip().removeprefix(name).lstrip()
    )


def _add_supplement(narratives: Narratives, row: int, supplement: str) -> None:
    """Put name or account to a booking; a bank that says no more puts one of them behind the line.

    `/OCMT/EUR11,85/` is what a payment was in another currency, and `911-PRZELEW` which kind it is.
    """
    if narratives.accounts[row] is None and SHAPE.fullmatch(supplement):
        narratives.accounts[row] = supplement
    elif (
        not narratives.names[row]
        and narratives.gvcs[row] is None
        and LIKE_A_NAME.match(supplement)
        and supplement not in narratives.texts[row]
    ):
        narratives.names[row] = supplement


def _particulars(told: Sequence[Particulars | None], codes: Column) -> list[Particulars | None]:
    """What the texts tell, and the bank's keys of the bookings, `NTRF` or `N051`."""
    written = list(map(KEY_OF, codes))
    keyed = {key: _keyed(key) for key in set(written)}
    found = list(map(keyed.__getitem__, written))
    for row in compress(range(len(told)), told):
        if own := told[row]:
            found[row] = _with_key(own, found[row])
    return found


def _keyed(key: str) -> Particulars | None:
    """A key by itself; `NONREF` without a kind before it is none."""
    if key == "NONR" or not BOOKING_KEY.fullmatch(key):
        return None
    return Particulars(booking_key=key)


def _with_key(told: Particulars, keyed: Particulars | None) -> Particulars:
    return told if keyed is None else make(Particulars, (*told[:-1], keyed[-1]))


def _german_key(codes: str) -> str | None:
    """The three digits that German banks put where SWIFT has a kind of transaction."""
    match = GERMAN_KEY.match(codes)
    return match[1] if match else None
