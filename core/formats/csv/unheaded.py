"""The columns of a table without names that are known, by what stands in them."""

from collections.abc import Sequence

from core.formats.common.dates import is_day
from core.formats.csv.cells import (
    CURRENCY_CELL,
    DAY,
    DECIMAL,
    IBAN,
    NUMBER,
    FirstRows,
    all_like,
    constant,
    filled,
)
from core.formats.csv.certain import REPLACED, settle
from core.formats.csv.codes import CURRENCY_UNTOLD, FOREIGN
from core.formats.csv.columns import DAYS, SAMPLE, TableColumns, Untold, settled
from core.formats.csv.grid import Row
from core.formats.csv.headers import ColumnRole, find_currency, fold, named
from core.formats.csv.status import status_column

MOSTLY = 0.8  # of the rows name their currency where a column has it: others are damaged
LONGEST = 40
PARTIES = (ColumnRole.STATUS, ColumnRole.NAME, ColumnRole.PAYER, ColumnRole.PAYEE)
FIGURES = (
    *DAYS, ColumnRole.OTHER_DAY, *REPLACED, ColumnRole.BALANCE, ColumnRole.FEE, ColumnRole.TAX,
    ColumnRole.FOREIGN, ColumnRole.CURRENCY, ColumnRole.STATUS, ColumnRole.OWN,
    ColumnRole.OWN_NAME,
)  # fmt: skip


def unheaded_columns(rows: Sequence[Row]) -> TableColumns | None:
    """The columns of a table, on which two rows at least must agree."""
    width = max((len(row) for row in rows), key=[len(row) for row in rows].count, default=0)
    if width < 3:
        return None
    body = FirstRows(row for row in rows if len(row) == width and any(map(is_day, row)))
    if len(body) < 2:
        return None
    first = rows.index(body[0])
    above = rows[first - 1] if first else []
    names = above if len(above) == width else [""] * width
    by_name = named(names)
    known = settled(by_name, FirstRows(body[:SAMPLE]))
    roles = {role: known[role] for role in FIGURES if role in known}
    if ColumnRole.STATUS not in roles:
        status = status_column(body[0], body, roles.values())
        roles |= {} if status is None else {ColumnRole.STATUS: status}
    certain = settle(roles, by_name, names, body, body, [row for row in rows if row not in body])
    if certain is None:
        return None
    days = [at for at in range(width) if all_like(body, at, DAY)]
    others = [at for at in days if at != roles[ColumnRole.BOOKED]]
    if others:
        roles.setdefault(ColumnRole.VALUED, others[0])
    money = [at for at in range(width) if at not in days and all_like(body, at, DECIMAL)]
    codes = [at for at in range(width) if all_like(body, at, CURRENCY_CELL)]
    texts = _choose_others(roles, known, body, {*days, *money, *codes, *roles.values()})
    untold = certain.untold or _choose_currency(roles, names, body, codes, certain.currency)
    dated = set(map(id, body))
    found = (
        find_currency(cell)
        for row in rows
        for at, cell in enumerate(row)
        if len(cell) < LONGEST and (at not in codes or id(row) not in dated)
    )
    return TableColumns(
        at=roles,
        purposes=texts,
        width=width,
        header=first - 1,
        point=certain.point,
        order=certain.order,
        currency=certain.currency or next(filter(None, found), None),
        untold=untold,
        signs=certain.assignment.signs,
        findings=certain.findings,
        booked=certain.flags.booked,
    )


def _choose_others(
    roles: dict[ColumnRole, int],
    known: dict[ColumnRole, int],
    body: Sequence[Row],
    taken: set[int],
) -> tuple[int, ...]:
    """Give accounts, parties and currencies their roles; the columns left are free text."""
    columns = range(len(body[0]))
    accounts = [at for at in columns if all_like(body, at, IBAN)]
    numbers = [at for at in columns if at not in accounts and all_like(body, at, NUMBER)]
    accounts += [at for at in numbers if at not in taken and constant(body, at)]
    for at in accounts:
        roles.setdefault(ColumnRole.OWN if constant(body, at) else ColumnRole.ACCOUNT, at)
    others = [at for at in columns if at not in {*taken, *accounts}]
    for role in PARTIES:
        if (at := known.get(role, -1)) in others:
            roles[role] = at
            others.remove(at)
    return tuple(others)


def _choose_currency(
    roles: dict[ColumnRole, int],
    names: Row,
    body: Sequence[Row],
    codes: Sequence[int],
    beside: str | None,
) -> Untold | None:
    """Give the amounts the column of codes that has one in each row; some are of the original.

    Gives the refusal where several have other codes, and none stands beside the amounts.
    """
    roles.pop(ColumnRole.CURRENCY, None)
    own = [at for at in codes if not FOREIGN.search(fold(names[at]))]
    full = [at for at in own if len(filled(body, at)) >= MOSTLY * len(body)]
    kept = {tuple(filled(body, at)) for at in full}
    if len(kept) > 1 and beside is None:
        return CURRENCY_UNTOLD
    if len(kept) == 1:
        roles[ColumnRole.CURRENCY] = full[0]
    return None
