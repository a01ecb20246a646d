"""The columns of a bank's table: which role each has, and whether its content fits that."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from core.formats.common.amounts import Point, is_amount
from core.formats.common.dates import Order, is_day
from core.formats.csv.cells import CURRENCY_CELL, DAY, IBAN, Pattern, filled, is_whole, mostly_like
from core.formats.csv.grid import Row
from core.formats.csv.headers import ColumnRole

DAYS = (ColumnRole.BOOKED, ColumnRole.VALUED)
MONEY = (ColumnRole.AMOUNT, ColumnRole.DEBIT, ColumnRole.CREDIT)
SAMPLE = 200  # rows by which a column is known


FITS: dict[ColumnRole, Pattern] = {
    ColumnRole.BOOKED: DAY,
    ColumnRole.VALUED: DAY,
    ColumnRole.AMOUNT: is_amount,
    ColumnRole.DEBIT: is_amount,
    ColumnRole.CREDIT: is_amount,
    ColumnRole.BALANCE: is_amount,
    ColumnRole.FEE: is_amount,
    ColumnRole.CURRENCY: CURRENCY_CELL,
    ColumnRole.NAME: lambda cell: not IBAN(cell),
    ColumnRole.ACCOUNT: re.compile("[0-9]").search,
}


@dataclass(frozen=True, slots=True)
class TableColumns:
    """Which columns a table has: where each role stands, how dates and amounts are written.

    `purposes` are all columns of free text; `header` is the row of the names, -1 for none; `coded`
    says that there is a column of currencies, of whatever, `ambiguous` that nothing tells how
    amounts are written.
    """

    at: dict[ColumnRole, int]
    purposes: tuple[int, ...]
    width: int
    header: int
    point: Point
    order: Order
    currency: str | None
    coded: bool = False
    ambiguous: bool = False


def suffice(roles: Mapping[ColumnRole, Sequence[int]]) -> bool:
    """Whether these columns make a table of bookings: a day and an amount that are not one."""
    days = {at for role in DAYS for at in roles.get(role, ())}
    money = {at for role in MONEY for at in roles.get(role, ())}
    return bool(days and money and len(days | money) > 1)


def settled(
    named: Mapping[ColumnRole, Sequence[int]], width: int, body: Sequence[Row]
) -> dict[ColumnRole, int]:
    """The column of each role: the likeliest that fits by what stands in it, each has one role."""
    body = [row for row in body[:SAMPLE] if is_whole(row, width) and any(map(is_day, row))]
    roles: dict[ColumnRole, int] = {}
    for role in ColumnRole:
        free = [at for at in named.get(role, ()) if at not in roles.values()]
        fits = FITS.get(role)
        likely = [at for at in free if fits is None or mostly_like(body, at, fits)]
        empty = [at for at in free if not filled(body, at)]
        if at := (likely + empty)[:1]:
            roles[role] = at[0]
    # Some write booking days without a year.
    if ColumnRole.BOOKED not in roles and ColumnRole.VALUED in roles:
        roles[ColumnRole.BOOKED] = roles[ColumnRole.VALUED]
    return roles
