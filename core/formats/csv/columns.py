"""The columns of a bank's table: which role each has, and whether its content fits that."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from core.bilingual import Bilingual
from core.documents.model import Finding
from core.formats.common.amounts import Point, is_amount
from core.formats.common.dates import Order
from core.formats.csv.cells import CURRENCY_CELL, DAY, IBAN, Pattern, filled, mostly_like
from core.formats.csv.grid import Row
from core.formats.csv.headers import ColumnRole
from core.formats.csv.sides import side_of

DAYS = (ColumnRole.BOOKED, ColumnRole.VALUED)
MONEY = (ColumnRole.AMOUNT, ColumnRole.DEBIT, ColumnRole.CREDIT)
SUMS = (*MONEY, ColumnRole.GROSS, ColumnRole.NET)  # what may be a booking's amount by its name
SAMPLE = 200  # rows by which a column is known


FITS: dict[ColumnRole, Pattern] = {
    ColumnRole.BOOKED: DAY,
    ColumnRole.VALUED: DAY,
    ColumnRole.AMOUNT: is_amount,
    ColumnRole.DEBIT: is_amount,
    ColumnRole.CREDIT: is_amount,
    ColumnRole.BALANCE: is_amount,
    ColumnRole.FEE: is_amount,
    ColumnRole.SIDE: lambda cell: not any(map(str.isdigit, cell)) or not is_amount(cell),
    ColumnRole.CURRENCY: CURRENCY_CELL,
    ColumnRole.NAME: lambda cell: not IBAN(cell),
    ColumnRole.ACCOUNT: re.compile("[0-9]").search,
}
FITS[ColumnRole.OTHER_DAY] = DAY
FITS |= dict.fromkeys(
    (ColumnRole.GROSS, ColumnRole.NET, ColumnRole.TAX, ColumnRole.FOREIGN),
    FITS[ColumnRole.AMOUNT],
)


class Untold(NamedTuple):
    """What nothing in a table tells, though its figures hang on it: it is refused.

    `by_more_rows` says that only its first rows were asked, and a minus in others would tell it.
    """

    code: str
    reason: Bilingual
    by_more_rows: bool = False


@dataclass(frozen=True, slots=True)
class SignRule:
    """How a table says which way money went; where money came in, an amount is positive.

    `sides` are the values of the column of sides, as `side_key` has them: 1 for a credit, -1 for a
    debit. `minus_out` says that debits have a minus: else a minus takes one back. `turned` says
    that amounts are a card's, on which what was spent is positive, `credits_turned` that credits
    have a minus.
    """

    sides: Mapping[str, int] = field(default_factory=dict)
    minus_out: bool = False
    turned: bool = False
    credits_turned: bool = False

    def net(self, debit: int | None, credit: int | None) -> int | None:
        """The amount of a row that has a column for each side; None where neither holds one."""
        if debit is None and credit is None:
            return None
        spent = debit or 0
        came = credit or 0
        return (-came if self.credits_turned else came) - (abs(spent) if self.minus_out else spent)

    def on_side(self, amount: int, cell: str) -> int | None:
        """The amount with the sign that its side gives it; None where none is told."""
        side = self.sides.get(cell) or side_of(cell, self.sides)
        if side is None:
            return None
        if side > 0:
            return amount
        return -abs(amount) if self.minus_out else -amount


@dataclass(frozen=True, slots=True)
class TableColumns:
    """Which columns a table has: where each role stands, how dates and amounts are written.

    `purposes` are all columns of free text; `header` is the row of the names, -1 for none; `coded`
    says that there is a column of currencies, of whatever, `untold` is what nothing tells, and
    `findings` what was told by other things than words, `booked` are the statuses that balances
    prove to be those of bookings.
    """

    at: dict[ColumnRole, int]
    purposes: tuple[int, ...]
    width: int
    header: int
    point: Point
    order: Order
    currency: str | None
    coded: bool = False
    untold: Untold | None = None
    signs: SignRule = SignRule()
    findings: tuple[Finding, ...] = ()
    booked: frozenset[str] | None = None


def suffice(roles: Mapping[ColumnRole, Sequence[int]]) -> bool:
    """Whether these columns make a table of bookings: a day and an amount that are not one."""
    days = {at for role in DAYS for at in roles.get(role, ())}
    money = {at for role in SUMS for at in roles.get(role, ())}
    return bool(days and money and len(days | money) > 1)


def settled(
    named: Mapping[ColumnRole, Sequence[int]], dated: Sequence[Row]
) -> dict[ColumnRole, int]:
    """The column of each role: the likeliest that fits by what stands in it, each has one role.

    `dated` are the first rows that are whole and have a day.
    """
    roles: dict[ColumnRole, int] = {}
    for role in ColumnRole:
        free = [at for at in named.get(role, ()) if at not in roles.values()]
        fits = FITS.get(role)
        likely = [at for at in free if fits is None or mostly_like(dated, at, fits)]
        empty = [at for at in free if not filled(dated, at)]
        if at := (likely + empty)[:1]:
            roles[role] = at[0]
    return roles
