"""What each column of a bank's table is: told by its header, else by what stands in it."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from core.statements.amounts import Point, find_point, read_amount
from core.statements.csv.headers import NUMBERED, Role, find_currency, fold, named
from core.statements.csv.table import Row
from core.statements.dates import WRITTEN, Order, find_order
from core.statements.texts import IBAN, BadValue

SIDE_CELL = re.compile(r"[SHDC]|Soll|Haben|Debit|Credit|Af|Bij", re.IGNORECASE)
DECIMAL = re.compile(r"[^0-9]{0,4}[0-9][0-9.,' ]*[.,][0-9]{2}[^0-9]{0,4}")
MOST_ABOVE = 100  # rows before the header at most
CONSTANT_ROWS = 3  # rows with one and the same account before it is taken for the customer's own


@dataclass(frozen=True, slots=True)
class Columns:
    """Which columns a table has: where each role stands, how dates and amounts are written.

    `purposes` are all columns of free text; `header` is the row of the names, -1 for none.
    """

    at: dict[Role, int]
    purposes: tuple[int, ...]
    width: int
    header: int
    point: Point
    order: Order
    currency: str | None


def find_columns(rows: Sequence[Row]) -> Columns | None:
    """The columns of a table by its first rows; None where these are no bookings."""
    above = enumerate(rows[:MOST_ABOVE])
    likely = [(roles, at) for at, row in above if len(row) > 1 and _suffices(roles := named(row))]
    if likely:
        roles, header = max(likely, key=lambda each: len(each[0]))
        return _columns(roles, rows[header], header, rows[header + 1 :])
    return _by_content(rows)


def _suffices(roles: dict[Role, int]) -> bool:
    money = roles.keys() & {Role.AMOUNT, Role.DEBIT, Role.CREDIT}
    return Role.BOOKED in roles and bool(money)


def _columns(roles: dict[Role, int], names: Row, header: int, body: Sequence[Row]) -> Columns:
    """The columns that a header names, and what the rows below it tell besides."""
    if roles.keys() >= {Role.DEBIT, Role.CREDIT}:
        roles.pop(Role.AMOUNT, None)  # then it is what a payment was in another currency
    taken = set(roles.values())
    purposes = [at for at, cell in enumerate(names) if NUMBERED.fullmatch(fold(cell))]
    if Role.PURPOSE in roles:
        purposes = [roles[Role.PURPOSE], *(at for at in purposes if at not in taken)]
    if Role.SIDE not in roles:
        free = [at for at in range(len(names)) if at not in taken and not names[at].strip()]
        if sides := [at for at in free if _all(body, at, SIDE_CELL.fullmatch)]:
            roles[Role.SIDE] = sides[0]
    if Role.OWN not in roles and Role.ACCOUNT in roles and _constant(body, roles[Role.ACCOUNT]):
        roles[Role.OWN] = roles.pop(Role.ACCOUNT)
    money = [roles[each] for each in (Role.AMOUNT, Role.DEBIT, Role.CREDIT) if each in roles]
    if Role.CURRENCY in roles and money:  # ING has one for the balance as well
        same = [
            at for at, cell in enumerate(names) if fold(cell) == fold(names[roles[Role.CURRENCY]])
        ]
        roles[Role.CURRENCY] = min(same, key=lambda at: abs(at - money[0] - 0.5))
    cells = [row[at] for row in body for at in money if at < len(row)]
    said = [currency for at in money if (currency := find_currency(names[at]))]
    said += [currency for cell in cells if (currency := find_currency(cell))]
    dates = [row[roles[Role.BOOKED]] for row in body if roles[Role.BOOKED] < len(row)]
    return Columns(
        at=roles,
        purposes=tuple(purposes),
        width=len(names),
        header=header,
        point=find_point(cells) or Point.COMMA,
        order=find_order(dates),
        currency=said[0] if said else None,
    )


def _by_content(rows: Sequence[Row]) -> Columns | None:
    """The columns of a table without names that are known: two rows at least must agree."""
    width = max((len(row) for row in rows), key=[len(row) for row in rows].count, default=0)
    body = [
        row for row in rows if len(row) == width and any(WRITTEN.fullmatch(cell) for cell in row)
    ]
    if width < 3 or len(body) < 2:
        return None
    columns = range(width)
    dates = [at for at in columns if _all(body, at, WRITTEN.fullmatch)]
    money = [at for at in columns if at not in dates and _all(body, at, DECIMAL.fullmatch)]
    if not dates or not money:
        return None
    roles = {Role.BOOKED: dates[0], Role.AMOUNT: money[0]}
    if len(dates) > 1:
        roles[Role.VALUED] = dates[1]
    if len(money) > 1:
        roles |= _balance_or_sides(body, money)
    accounts = [at for at in columns if _all(body, at, IBAN.fullmatch)]
    for at in accounts:
        roles.setdefault(Role.OWN if _constant(body, at) else Role.ACCOUNT, at)
    texts = tuple(at for at in columns if at not in {*dates, *money, *accounts})
    point = find_point(row[at] for row in body for at in money) or Point.COMMA
    order = find_order(row[dates[0]] for row in body)
    first = rows.index(body[0])
    found = (find_currency(cell) for row in rows for cell in row if len(cell) < 40)
    return Columns(roles, texts, width, first - 1, point, order, next(filter(None, found), None))


def _balance_or_sides(body: Sequence[Row], money: Sequence[int]) -> dict[Role, int]:
    """What two columns of amounts are: a balance beside an amount, or two sides of one."""
    first, second = money[:2]
    if all(bool(row[first].strip()) != bool(row[second].strip()) for row in body):
        return {Role.DEBIT: first, Role.CREDIT: second}
    point = find_point(row[at] for row in body for at in money) or Point.COMMA
    try:
        amounts, balances = (
            [read_amount(row[at], point, "EUR") or 0 for row in body] for at in money[:2]
        )
    except BadValue:
        return {}
    if _leads(amounts, balances) or _leads(amounts[::-1], balances[::-1]):
        return {Role.BALANCE: second}
    if _leads(balances, amounts) or _leads(balances[::-1], amounts[::-1]):
        return {Role.AMOUNT: second, Role.BALANCE: first}
    return {}


def _leads(amounts: Sequence[int], balances: Sequence[int]) -> bool:
    """Whether each amount leads from one balance to the next."""
    steps = zip(balances, balances[1:], amounts[1:], strict=False)
    return all(before + amount == after for before, after, amount in steps)


def _all(body: Sequence[Row], at: int, like: Callable[[str], object]) -> bool:
    """Whether a column has something in it, and nothing that is not like this."""
    cells = [row[at].strip() for row in body if at < len(row) and row[at].strip()]
    return bool(cells) and all(like(cell) for cell in cells)


def _constant(body: Sequence[Row], at: int) -> bool:
    """Whether a column has the same in it in every row."""
    cells = [row[at].strip() for row in body if at < len(row)]
    return len(cells) >= CONSTANT_ROWS and len(set(cells)) == 1 and bool(cells[0])
