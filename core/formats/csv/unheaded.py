"""The columns of a table without names that are known, by what stands in them."""

from collections.abc import Sequence

from core.formats.common.amounts import Point, find_point
from core.formats.common.dates import find_order, is_day
from core.formats.csv.balances import balance_or_sides
from core.formats.csv.cells import (
    CURRENCY_CELL,
    DAY,
    DECIMAL,
    IBAN,
    NUMBER,
    SHORT,
    all_like,
    constant,
)
from core.formats.csv.columns import TableColumns, settled
from core.formats.csv.grid import Row
from core.formats.csv.headers import ColumnRole, find_currency, named

PARTIES = (ColumnRole.STATUS, ColumnRole.NAME, ColumnRole.PAYER, ColumnRole.PAYEE)


def unheaded_columns(rows: Sequence[Row]) -> TableColumns | None:
    """The columns of a table, on which two rows at least must agree.

    None where several columns are amounts and nothing tells which of them is the booking's.
    """
    width = max((len(row) for row in rows), key=[len(row) for row in rows].count, default=0)
    if width < 3:
        return None
    body = [row for row in rows if len(row) == width and any(map(is_day, row))]
    if len(body) < 2:
        return None
    first = rows.index(body[0])
    known = settled(named(rows[first - 1] if first else []), width, body)
    columns = range(width)
    dates = [at for at in columns if all_like(body, at, DAY)]
    money = [at for at in columns if at not in dates and all_like(body, at, DECIMAL)]
    if not dates or not money or money == [known.get(ColumnRole.BALANCE)]:
        return None
    amounts = _amounts(body, dates, money)
    if not amounts:
        return None
    money = list(amounts.values()) if len(money) == 1 else money
    roles = {ColumnRole.BOOKED: dates[0]}
    if len(dates) > 1:
        roles[ColumnRole.VALUED] = dates[1]
    roles |= amounts
    texts = _choose_others(roles, known, body, {*dates, *money})
    point = find_point(row[at] for row in body for at in money) or Point.COMMA
    order = find_order(row[dates[0]] for row in body)
    found = (find_currency(cell) for row in rows for cell in row if len(cell) < 40)
    currency = next(filter(None, found), None)
    return TableColumns(roles, texts, width, first - 1, point, order, currency)


def _amounts(
    body: Sequence[Row], dates: Sequence[int], money: Sequence[int]
) -> dict[ColumnRole, int]:
    """What the columns of amounts are; nothing where that cannot be told."""
    if len(money) > 1:
        return balance_or_sides(body, money)
    # Some leave out decimals that are zero: of amounts more often than of balances.
    others = [at for at in range(len(body[0])) if at not in (*dates, *money)]
    short = [at for at in others if all_like(body, at, SHORT)]
    found = (balance_or_sides(body, [*money, at]) for at in short)
    return next(filter(None, found), {ColumnRole.AMOUNT: money[0]})


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
