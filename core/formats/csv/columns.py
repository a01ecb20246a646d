"""What each column of a bank's table is: told by its header, else by what stands in it."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from core.formats.common.amounts import AMOUNT as SHAPE_OF_AMOUNT
from core.formats.common.amounts import Point, find_point, settled_point
from core.formats.common.dates import Order, find_order, is_day
from core.formats.csv.balances import balance_or_sides, fees_lead
from core.formats.csv.cells import (
    CURRENCY_CELL,
    DAY,
    DECIMAL,
    IBAN,
    NUMBER,
    SHORT,
    SIDE_CELL,
    Pattern,
    all_like,
    constant,
    filled,
    is_whole,
    mostly_like,
)
from core.formats.csv.grid import Row
from core.formats.csv.headers import (
    IS_CODE,
    NUMBERED,
    ColumnRole,
    currency_beside,
    find_currency,
    fold,
    named,
)

DAYS = (ColumnRole.BOOKED, ColumnRole.VALUED)
MONEY = (ColumnRole.AMOUNT, ColumnRole.DEBIT, ColumnRole.CREDIT)
MINUS = re.compile(r"[-−–(]")


def _amount(cell: str) -> object:
    return SHAPE_OF_AMOUNT.fullmatch(cell.strip("()"))


FITS: dict[ColumnRole, Pattern] = {
    ColumnRole.BOOKED: DAY,
    ColumnRole.VALUED: DAY,
    ColumnRole.AMOUNT: _amount,
    ColumnRole.DEBIT: _amount,
    ColumnRole.CREDIT: _amount,
    ColumnRole.BALANCE: _amount,
    ColumnRole.FEE: _amount,
    ColumnRole.CURRENCY: CURRENCY_CELL,
    ColumnRole.NAME: lambda cell: not IBAN(cell),
    ColumnRole.ACCOUNT: re.compile("[0-9]").search,
}
SAMPLE = 200  # rows by which a column is known
MOST_ABOVE = 100  # rows before the header at most
PARTNER = re.compile("partner|gegen|counter|payee|benefici|empfaenger|beteiligt|tegen")
PAYERS_ACCOUNT, PAYEES_ACCOUNT = "auftraggeberkonto", "empfaengerkonto"
FOREIGN = re.compile("original|ursprung|fremd|foreign|karte|card")


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


def find_columns(rows: Sequence[Row]) -> TableColumns | None:
    """The columns of a table by its first rows; None where these are no bookings.

    Of several headers the first counts: below another one stand the bookings of another account.
    """
    likely = [(roles, at) for at, row in enumerate(rows[:MOST_ABOVE]) if (roles := _header(row))]
    most = max((len(roles) for roles, _ in likely), default=0)
    for roles, header in likely:
        if 2 * len(roles) < most:  # a line that happens to have two of the words
            continue
        ends = next((at for _, at in likely if at > header), len(rows))
        above = {cell for row in rows[:header] for cell in row}
        if columns := _columns(roles, rows[header], header, rows[header + 1 : ends], above):
            return columns
    return _by_content(rows)


def is_header(row: Row) -> bool:
    """Whether a row names the columns of a table of bookings."""
    return bool(_header(row))


def _header(row: Row) -> dict[ColumnRole, list[int]]:
    """The roles that a row names, where it is a header; else none."""
    roles = named(row) if len(row) > 1 else {}
    return roles if _suffices(roles) else {}


def _suffices(roles: Mapping[ColumnRole, Sequence[int]]) -> bool:
    days = {at for role in DAYS for at in roles.get(role, ())}
    money = {at for role in MONEY for at in roles.get(role, ())}
    return bool(days and money and len(days | money) > 1)


def _settled(
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
    if (
        ColumnRole.BOOKED not in roles and ColumnRole.VALUED in roles
    ):  # some write booking days without a year
        roles[ColumnRole.BOOKED] = roles[ColumnRole.VALUED]
    return roles


def _columns(
    named: Mapping[ColumnRole, Sequence[int]],
    names: Row,
    header: int,
    body: Sequence[Row],
    above: Iterable[str],
) -> TableColumns | None:
    """The columns that a header names, and what the cells above and below it tell besides."""
    roles = _settled(named, len(names), body)
    if roles.keys() >= {ColumnRole.DEBIT, ColumnRole.CREDIT}:
        roles.pop(ColumnRole.AMOUNT, None)  # then it is what a payment was in another currency
    elif ColumnRole.AMOUNT in roles:
        roles = {
            role: at
            for role, at in roles.items()
            if role not in (ColumnRole.DEBIT, ColumnRole.CREDIT)
        }
    if not _suffices({role: [at] for role, at in roles.items()}):
        return None
    if ColumnRole.PAYER in roles and roles.get(ColumnRole.NAME) in named.get(ColumnRole.PAYEE, ()):
        roles[ColumnRole.PAYEE] = roles.pop(
            ColumnRole.NAME
        )  # where both are named, each is one side
    texts = [at for at in named.get(ColumnRole.TEXT, ()) if at not in roles.values()]
    if (
        ColumnRole.PURPOSE not in roles and texts and ColumnRole.TEXT in roles
    ):  # the likelier one says more
        roles |= {ColumnRole.PURPOSE: roles[ColumnRole.TEXT], ColumnRole.TEXT: texts[0]}
    taken = set(roles.values())
    purposes = [at for at in named.get(ColumnRole.PURPOSE, ()) if at not in taken]
    purposes += [at for at, cell in enumerate(names) if NUMBERED.fullmatch(fold(cell))]
    if ColumnRole.PURPOSE in roles:
        purposes = [roles[ColumnRole.PURPOSE], *(at for at in purposes if at not in taken)]
    purposes = list(dict.fromkeys(purposes))
    free = [at for at in range(len(names)) if at not in taken and not names[at].strip()]
    if ColumnRole.TEXT in roles and _unsigned(roles, body):
        free.append(roles[ColumnRole.TEXT])
    if ColumnRole.SIDE not in roles and (
        sides := [at for at in free if all_like(body, at, SIDE_CELL)]
    ):
        roles[ColumnRole.SIDE] = sides[0]
    own = fold(names[roles[ColumnRole.OWN]]) if ColumnRole.OWN in roles else ""
    if own == PAYERS_ACCOUNT and PAYEES_ACCOUNT in map(fold, names):
        del roles[ColumnRole.OWN]  # the payer is not always the customer
    if ColumnRole.OWN not in roles and _is_own(roles, names, body, above):
        roles[ColumnRole.OWN] = roles.pop(ColumnRole.ACCOUNT)
    money = [roles[each] for each in MONEY if each in roles]
    if ColumnRole.CURRENCY in roles and money:  # ING has one for the balance as well
        same = [
            at
            for at, cell in enumerate(names)
            if fold(cell) == fold(names[roles[ColumnRole.CURRENCY]])
        ]
        roles[ColumnRole.CURRENCY] = min(same, key=lambda at: abs(at - money[0] - 0.5))
    cells = [row[at] for row in body for at in money if at < len(row)]
    headed = [*money, roles[ColumnRole.BALANCE]] if ColumnRole.BALANCE in roles else money
    said = [currency for at in headed if (currency := currency_beside(names[at]))]
    said += [currency for cell in cells if (currency := currency_beside(cell))]
    left, units = (
        filled(body, roles.get(each)) for each in (ColumnRole.BALANCE, ColumnRole.CURRENCY)
    )
    told = settled_point(cells, left, said or units)
    point = told or Point.COMMA
    if ColumnRole.FEE in roles and not fees_lead(roles, body[:SAMPLE], point):
        del roles[ColumnRole.FEE]
    dates = [row[roles[ColumnRole.BOOKED]] for row in body if roles[ColumnRole.BOOKED] < len(row)]
    return TableColumns(
        at=roles,
        purposes=tuple(purposes),
        width=len(names),
        header=header,
        point=point,
        order=find_order(dates),
        currency=said[0] if said else None,
        ambiguous=told is None,
        coded=any(
            all_like(body, at, IS_CODE) and not FOREIGN.search(fold(names[at]))
            for at in range(len(names))
            if at not in roles.values()
        ),
    )


def _is_own(
    roles: Mapping[ColumnRole, int], names: Row, body: Sequence[Row], above: Iterable[str]
) -> bool:
    """Whether the column of accounts has the customer's own: it never changes, the others do.

    It is another's where its header says so, where one and the same name stands beside it, and
    where the customer's is told above the table.
    """
    at = roles.get(ColumnRole.ACCOUNT)
    if at is None or not constant(body, at) or PARTNER.search(fold(names[at])):
        return False
    if (name := roles.get(ColumnRole.NAME)) is not None and constant(body, name):
        return False
    own = next(iter(filled(body, at)))
    return all(each == own for cell in above if IBAN(each := "".join(cell.split())))


def _unsigned(roles: Mapping[ColumnRole, int], body: Sequence[Row]) -> bool:
    """Whether amounts have no sign, so that another column must tell which came in."""
    at = roles.get(ColumnRole.AMOUNT)
    return at is not None and not any(MINUS.search(cell) for cell in filled(body, at))


def _by_content(rows: Sequence[Row]) -> TableColumns | None:
    """The columns of a table without names that are known: two rows at least must agree.

    None where several columns are amounts and nothing tells which of them is the booking's.
    """
    width = max((len(row) for row in rows), key=[len(row) for row in rows].count, default=0)
    if width < 3:
        return None
    body = [row for row in rows if len(row) == width and any(map(is_day, row))]
    if len(body) < 2:
        return None
    first = rows.index(body[0])
    names = rows[first - 1] if first else []
    known = _settled(named(names), width, body)
    columns = range(width)
    dates = [at for at in columns if all_like(body, at, DAY)]
    money = [at for at in columns if at not in dates and all_like(body, at, DECIMAL)]
    if not dates or not money or money == [known.get(ColumnRole.BALANCE)]:
        return None
    roles = {ColumnRole.BOOKED: dates[0]}
    if len(dates) > 1:
        roles[ColumnRole.VALUED] = dates[1]
    if len(money) > 1:
        if not (told := balance_or_sides(body, money)):
            return None
        roles |= told
    else:
        # Some leave out decimals that are zero: of amounts more often than of balances.
        short = [at for at in columns if at not in (*dates, *money) and all_like(body, at, SHORT)]
        told = next(filter(None, (balance_or_sides(body, [*money, at]) for at in short)), {})
        roles |= told or {ColumnRole.AMOUNT: money[0]}
        money = list(told.values()) or money
    accounts = [at for at in columns if all_like(body, at, IBAN)]
    numbers = [at for at in columns if at not in accounts and all_like(body, at, NUMBER)]
    accounts += [at for at in numbers if at not in {*dates, *money} and constant(body, at)]
    for at in accounts:
        roles.setdefault(ColumnRole.OWN if constant(body, at) else ColumnRole.ACCOUNT, at)
    others = [at for at in columns if at not in {*dates, *money, *accounts}]
    for role in (ColumnRole.STATUS, ColumnRole.NAME, ColumnRole.PAYER, ColumnRole.PAYEE):
        if (at := known.get(role, -1)) in others:
            roles[role] = at
            others.remove(at)
    currencies = [at for at in others if all_like(body, at, CURRENCY_CELL)]
    if currencies:
        roles[ColumnRole.CURRENCY] = currencies[0]
    texts = tuple(at for at in others if at not in currencies)
    point = find_point(row[at] for row in body for at in money) or Point.COMMA
    order = find_order(row[dates[0]] for row in body)
    found = (find_currency(cell) for row in rows for cell in row if len(cell) < 40)
    return TableColumns(
        roles, texts, width, first - 1, point, order, next(filter(None, found), None)
    )
