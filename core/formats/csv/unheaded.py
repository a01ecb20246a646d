"""The columns of a table without names that are known, by what stands in them."""

from collections.abc import Sequence

from core.formats.common.dates import is_day
from core.formats.csv.cells import CURRENCY_CELL, DAY, DECIMAL, IBAN, NUMBER, all_like, constant
from core.formats.csv.certain import REPLACED, settle
from core.formats.csv.columns import DAYS, TableColumns, settled
from core.formats.csv.grid import Row
from core.formats.csv.headers import ColumnRole, find_currency, named
from core.formats.csv.status import status_column

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
    body = [row for row in rows if len(row) == width and any(map(is_day, row))]
    if len(body) < 2:
        return None
    first = rows.index(body[0])
    above = rows[first - 1] if first else []
    names = above if len(above) == width else [""] * width
    by_name = named(names)
    known = settled(by_name, width, body)
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
    texts = _choose_others(roles, known, body, {*days, *money, *roles.values()})
    found = (find_currency(cell) for row in rows for cell in row if len(cell) < 40)
    return TableColumns(
        at=roles,
        purposes=texts,
        width=width,
        header=first - 1,
        point=certain.point,
        order=certain.order,
        currency=certain.currency or next(filter(None, found), None),
        untold=certain.untold,
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
    currencies = [at for at in others if all_like(body, at, CURRENCY_CELL)]
    if currencies:
        roles[ColumnRole.CURRENCY] = currencies[0]
    return tuple(at for at in others if at not in currencies)
