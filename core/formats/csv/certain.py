"""What must be certain before a table is read: which day is booked, which amounts, which signs."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from core.bilingual import Bilingual
from core.documents.model import Finding
from core.formats.common.amounts import Point, settled_point
from core.formats.common.dates import Order
from core.formats.common.texts import tidy
from core.formats.csv.assignment import SIDES_UNTOLD, Assignment
from core.formats.csv.balances import fees_lead
from core.formats.csv.cells import DAY, DECIMAL, all_like, filled
from core.formats.csv.columns import FITS, SUMS, Untold
from core.formats.csv.days import booking_day, told_order
from core.formats.csv.flags import Flags, find_flags
from core.formats.csv.grid import Row
from core.formats.csv.headers import DOLLAR_CODES, ColumnRole, currency_beside
from core.formats.csv.money import assign
from core.formats.csv.sample import Sample
from core.formats.csv.surroundings import Surroundings
from core.money import UNKNOWN_CURRENCY, exponent

POINT_UNTOLD = Untold(
    "amounts_ambiguous",
    Bilingual(
        "Nothing in the table tells whether an amount such as 1,000 is one or a thousand. Export"
        " more days, or send the bank's CAMT.053, MT940 or PDF statements instead.",
        "Nichts in der Tabelle zeigt, ob ein Betrag wie 1,000 eins oder tausend ist. Bitte mehr"
        " Tage exportieren oder stattdessen die Kontoauszüge der Bank als CAMT.053, MT940 oder PDF"
        " senden.",
    ),
)
SCALE_UNTOLD = Untold(
    "amounts_ambiguous",
    Bilingual(
        "The table says that its amounts are in cents or in thousands, not in whole units with"
        " their decimals. Send the bank's own export, or its CAMT.053, MT940 or PDF statements.",
        "Die Tabelle besagt, dass ihre Beträge in Cent oder in Tausend stehen und nicht in ganzen"
        " Einheiten mit Nachkommastellen. Bitte den Export der Bank selbst oder ihre Kontoauszüge"
        " als CAMT.053, MT940 oder PDF senden.",
    ),
)
FEES_UNTOLD = Untold(
    "amounts_ambiguous",
    Bilingual(
        "The table has fees beside its amounts, and nothing tells whether the amounts have them in"
        " already. Export it with balances, or send the bank's CAMT.053, MT940 or PDF statements.",
        "Die Tabelle nennt Gebühren neben ihren Beträgen, und nichts zeigt, ob sie darin schon"
        " enthalten sind. Bitte mit Salden exportieren oder die Kontoauszüge der Bank als CAMT.053,"
        " MT940 oder PDF senden.",
    ),
)
SCALED = re.compile(
    r"\b(?:cents?|ct|pence|penn(?:y|ies)|pfennig|öre|øre|haléř\w*|fillér|bani|kopecks?"
    r"|centimes|céntimos|centesimi|rappen|grosz[ey]|minor units?|TEUR|T€|TCHF|TUSD"
    r"|kEUR|k€|tsd\.?|tausend|thousands?|milliers|duizend(?:en)?|migliaia|miles de euros|tys\.?"
    r"|mio\.?|millions?)(?!\w)",
    re.IGNORECASE,
)
# Of the name of a column, or of what stands alone below it.
SCALED_NAME = re.compile(
    r"(?<![\d.,])0{3}s?(?!\w)|[x×*] ?1[.,'’ ]?0{3}\b|\bin 1[.,'’ ]?0{3}\b|\([€£$]? ?[km]\)"
    r"|\bk ?(?:€|£|\$|(?:EUR|USD|GBP|CHF)\b)|[€£$] ?[km]n?(?!\w)|\b(?:EUR|USD|GBP|CHF)[km]n?\b"
    r"|/ ?100\b|(?:amount|value|betrag|balance|saldo)_?(?:cents?|minor|pence)\b",
    re.IGNORECASE,
)
# A name that says that what was spent is positive.
TURNED = re.compile(
    r"(?:belastung(?:en)?|soll|debits?|ausgaben?|ausgänge?|spent|spending|expenses?)"
    r"[ =:(]*(?:\+|positiv)|(?:gutschrift(?:en)?|haben|credits?|einnahmen?)[ =:(]*(?:-|−|negativ)"
    r"(?!\w)",
    re.IGNORECASE,
)
SAYS_AMOUNTS = re.compile(
    r"betr[äa]ge|amounts?\b|figures|angaben|werte\b|umsätze|buchungen|gerundet|rounded|transactions|mouvements|movimenti|movimientos|montants|importes|importi|bedragen|kwoty",
    re.IGNORECASE,
)
SUBUNITS = frozenset(("GBX", "GBp", "ZAC", "ZAc", "ILA"))  # pence and cents as exchanges have them
LEFT = (ColumnRole.BALANCE, ColumnRole.GROSS, ColumnRole.NET)  # what tells where fees are
REPLACED = (*SUMS, ColumnRole.SIDE)
LONGEST_LINE = 80


class Certain(NamedTuple):
    """How a table writes days and amounts, and what its columns of amounts are."""

    order: Order
    point: Point
    currency: str | None
    assignment: Assignment
    untold: Untold | None
    findings: tuple[Finding, ...]
    flags: Flags


def settle(
    roles: dict[ColumnRole, int],
    named: Mapping[ColumnRole, Sequence[int]],
    names: Row,
    dated: Sequence[Row],
    body: Sequence[Row],
    around: Sequence[Row],
) -> Certain | None:
    """Give days and amounts their columns in `roles`; None where the table has none of them.

    `dated` are the first rows that are whole and have a day, `body` are all that are known, and
    `around` are those that are about the table.
    """
    day = booking_day(roles, names, dated)
    if day is None:
        return None
    roles[ColumnRole.BOOKED] = day.at
    point, currency = _notation(roles, names, body)
    order, _ = told_order(body, day.at, names)
    noted = _noted(around, point or Point.COMMA, order)
    ends = _ends(noted)
    sample = Sample(names, dated, roles, point or Point.COMMA, order, ends)
    assignment = assign(sample)
    if assignment is None:
        return None
    for role in REPLACED:
        roles.pop(role, None)
    roles.update(assignment.roles)
    # Columns that no word names may bear the currency: that of the other side, or of balances.
    currency = currency or next(_beside(roles, names, body), None)
    currency = _of_dollars(currency, roles, body, noted)
    fees_open = False
    if ColumnRole.FEE in roles and not fees_lead(roles, sample.body, sample.point):
        fees_open = not any(named.get(role) for role in LEFT) and _has_fees(sample)
        del roles[ColumnRole.FEE]
    untold = assignment.untold or day.untold or (None if point else POINT_UNTOLD)
    untold = untold or (FEES_UNTOLD if fees_open else None)
    units = filled(body, roles.get(ColumnRole.CURRENCY))
    names_of_amounts = [names[at] for at in assignment.roles.values()]
    if not SUBUNITS.isdisjoint(units) or _is_scaled(names_of_amounts, around):
        untold = untold or SCALE_UNTOLD
    flags = find_flags(sample, assignment, names)
    if flags.at is not None:
        roles[ColumnRole.STATUS] = flags.at
    if any(TURNED.search(names[at]) for at in assignment.roles.values()):
        untold = untold or SIDES_UNTOLD
    findings = (*day.findings, *assignment.findings)
    untold = untold or flags.untold
    return Certain(order, sample.point, currency, assignment, untold, findings, flags)


def _noted(around: Sequence[Row], point: Point, order: Order) -> Surroundings:
    """What rows around a table tell of it."""
    noted = Surroundings()
    for row in around:
        noted.note([tidy(cell) for cell in row], point, order, UNKNOWN_CURRENCY)
    return noted


def _of_dollars(
    currency: str | None,
    roles: Mapping[ColumnRole, int],
    body: Sequence[Row],
    noted: Surroundings,
) -> str | None:
    """The dollars that a code names, where beside amounts stands a sign that many share."""
    if currency != "USD":
        return currency
    codes = set(filled(body, roles.get(ColumnRole.CURRENCY))) - {"USD", "$"}
    if codes and codes <= DOLLAR_CODES:
        return None
    return noted.currency if noted.currency in DOLLAR_CODES else currency


def _ends(noted: Surroundings) -> tuple[int, int] | None:
    """The balances before and after a table, as fine as can be."""
    if noted.opening is None or noted.closing is None:
        return None
    opening, closing = (
        each.minor * 10 ** (exponent(UNKNOWN_CURRENCY) - exponent(each.currency))
        for each, _ in (noted.opening, noted.closing)
    )
    return opening, closing


def _has_fees(sample: Sample) -> bool:
    """Whether fees stand in a column of which nothing else in the table may tell where they are."""
    open_ends = sample.ends is None and not sample.unnamed_money
    return open_ends and any(sample.numbers(sample.roles[ColumnRole.FEE]))


def _is_scaled(names: Sequence[str], around: Sequence[Row]) -> bool:
    """Whether names of amounts or a line about the table say that these are no whole units."""
    lines = [" ".join(filter(None, map(tidy, row))) for row in around]
    alone = [line for row, line in zip(around, lines, strict=True) if sum(map(bool, row)) == 1]
    units = [*names, *(each for each in alone if len(each) < 12)]
    return any(SCALED.search(each) or SCALED_NAME.search(each) for each in units) or any(
        SAYS_AMOUNTS.search(line) and SCALED.search(line) and len(line) < LONGEST_LINE
        for line in lines
    )


def _notation(
    roles: Mapping[ColumnRole, int], names: Row, body: Sequence[Row]
) -> tuple[Point | None, str | None]:
    """How amounts write their decimals, None where nothing tells, and the currency beside them."""
    currencies = list(_beside(roles, names, body))
    balances = filled(body, roles.get(ColumnRole.BALANCE))
    codes = filled(body, roles.get(ColumnRole.CURRENCY))
    cells = [cell for at in _money(roles, names, body) for cell in filled(body, at)]
    point = settled_point(cells, balances, currencies or codes)
    return point, currencies[0] if currencies else None


def _money(roles: Mapping[ColumnRole, int], names: Row, body: Sequence[Row]) -> list[int]:
    """The columns of amounts, by words or by what stands in them."""
    money = [roles[each] for each in SUMS if each in roles]
    return money or [
        at
        for at in range(len(names))
        if at not in roles.values()
        and all_like(body, at, FITS[ColumnRole.AMOUNT])
        and not all_like(body, at, DAY)
        and any(map(DECIMAL, filled(body, at)))
    ]


def _beside(roles: Mapping[ColumnRole, int], names: Row, body: Sequence[Row]) -> Iterator[str]:
    """The currencies that stand beside amounts, or in the names of their columns."""
    money = _money(roles, names, body)
    headed = [*money, roles[ColumnRole.BALANCE]] if ColumnRole.BALANCE in roles else money
    yield from filter(None, (currency_beside(names[at]) for at in headed))
    for row in body:
        yield from filter(None, (currency_beside(row[at]) for at in money if at < len(row)))
