"""The columns of a table that has a header: what it names, and what stands in them and above."""

import re
from collections.abc import Iterable, Mapping, Sequence

from core.formats.common.amounts import Point, settled_point
from core.formats.common.dates import find_order
from core.formats.csv.balances import fees_lead
from core.formats.csv.cells import IBAN, SIDE_CELL, all_like, constant, filled
from core.formats.csv.columns import MONEY, SAMPLE, TableColumns, settled, suffice
from core.formats.csv.grid import Row
from core.formats.csv.headers import IS_CODE, NUMBERED, ColumnRole, currency_beside, fold

MINUS = re.compile(r"[-−–(]")
PARTNER = re.compile("partner|gegen|counter|payee|benefici|empfaenger|beteiligt|tegen")
PAYERS_ACCOUNT, PAYEES_ACCOUNT = "auftraggeberkonto", "empfaengerkonto"
FOREIGN = re.compile("original|ursprung|fremd|foreign|karte|card")

Named = Mapping[ColumnRole, Sequence[int]]  # the columns that a header names for each role
Roles = dict[ColumnRole, int]


def headed_columns(
    named: Named, rows: Sequence[Row], header: int, ends: int
) -> TableColumns | None:
    """The columns below the header at that row, up to the row where the table ends."""
    names, body = rows[header], rows[header + 1 : ends]
    roles = settled(named, len(names), body)
    _choose_money(roles)
    if not suffice({role: [at] for role, at in roles.items()}):
        return None
    _choose_texts(roles, named)
    purposes = _purposes(roles, named, names)
    _find_side(roles, names, body)
    _choose_own(roles, names, body, {cell for row in rows[:header] for cell in row})
    _choose_currency(roles, names)
    clear_point, currency = _notation(roles, names, body)
    point = clear_point or Point.COMMA
    if ColumnRole.FEE in roles and not fees_lead(roles, body[:SAMPLE], point):
        del roles[ColumnRole.FEE]
    booked = roles[ColumnRole.BOOKED]
    return TableColumns(
        at=roles,
        purposes=purposes,
        width=len(names),
        header=header,
        point=point,
        order=find_order(row[booked] for row in body if booked < len(row)),
        currency=currency,
        ambiguous=clear_point is None,
        coded=any(
            all_like(body, at, IS_CODE) and not FOREIGN.search(fold(names[at]))
            for at in range(len(names))
            if at not in roles.values()
        ),
    )


def _choose_money(roles: Roles) -> None:
    """One column of amounts, or one a side."""
    if roles.keys() >= {ColumnRole.DEBIT, ColumnRole.CREDIT}:
        roles.pop(ColumnRole.AMOUNT, None)  # then it is what a payment was in another currency
    elif ColumnRole.AMOUNT in roles:
        roles.pop(ColumnRole.DEBIT, None)
        roles.pop(ColumnRole.CREDIT, None)


def _choose_texts(roles: Roles, named: Named) -> None:
    """Which columns name the other side, which the kind of booking, which what it is for."""
    if ColumnRole.PAYER in roles and roles.get(ColumnRole.NAME) in named.get(ColumnRole.PAYEE, ()):
        roles[ColumnRole.PAYEE] = roles.pop(ColumnRole.NAME)  # where both are named, each is a side
    texts = [at for at in named.get(ColumnRole.TEXT, ()) if at not in roles.values()]
    if ColumnRole.PURPOSE not in roles and texts and ColumnRole.TEXT in roles:
        # The likelier one says more.
        roles |= {ColumnRole.PURPOSE: roles[ColumnRole.TEXT], ColumnRole.TEXT: texts[0]}


def _purposes(roles: Roles, named: Named, names: Row) -> tuple[int, ...]:
    """All columns of free text, the one that has the role first."""
    taken = set(roles.values())
    purposes = [at for at in named.get(ColumnRole.PURPOSE, ()) if at not in taken]
    purposes += [at for at, cell in enumerate(names) if NUMBERED.fullmatch(fold(cell))]
    if ColumnRole.PURPOSE in roles:
        purposes = [roles[ColumnRole.PURPOSE], *(at for at in purposes if at not in taken)]
    return tuple(dict.fromkeys(purposes))


def _find_side(roles: Roles, names: Row, body: Sequence[Row]) -> None:
    """The column without a name, or of the kinds of booking, that says which side an amount is."""
    if ColumnRole.SIDE in roles:
        return
    taken = set(roles.values())
    free = [at for at in range(len(names)) if at not in taken and not names[at].strip()]
    if ColumnRole.TEXT in roles and _unsigned(roles, body):
        free.append(roles[ColumnRole.TEXT])
    if sides := [at for at in free if all_like(body, at, SIDE_CELL)]:
        roles[ColumnRole.SIDE] = sides[0]


def _choose_own(roles: Roles, names: Row, body: Sequence[Row], above: Iterable[str]) -> None:
    """The column of the customer's own account."""
    own = fold(names[roles[ColumnRole.OWN]]) if ColumnRole.OWN in roles else ""
    if own == PAYERS_ACCOUNT and PAYEES_ACCOUNT in map(fold, names):
        del roles[ColumnRole.OWN]  # the payer is not always the customer
    if ColumnRole.OWN not in roles and _is_own(roles, names, body, above):
        roles[ColumnRole.OWN] = roles.pop(ColumnRole.ACCOUNT)


def _choose_currency(roles: Roles, names: Row) -> None:
    """Of several columns of currencies the one beside the amount: ING has one for the balance."""
    money = [roles[each] for each in MONEY if each in roles]
    if ColumnRole.CURRENCY in roles and money:
        name = fold(names[roles[ColumnRole.CURRENCY]])
        same = [at for at, cell in enumerate(names) if fold(cell) == name]
        roles[ColumnRole.CURRENCY] = min(same, key=lambda at: abs(at - money[0] - 0.5))


def _notation(roles: Roles, names: Row, body: Sequence[Row]) -> tuple[Point | None, str | None]:
    """How amounts write their decimals, None where nothing tells, and the currency beside them."""
    money = [roles[each] for each in MONEY if each in roles]
    cells = [row[at] for row in body for at in money if at < len(row)]
    headed = [*money, roles[ColumnRole.BALANCE]] if ColumnRole.BALANCE in roles else money
    currencies = [currency for at in headed if (currency := currency_beside(names[at]))]
    currencies += [currency for cell in cells if (currency := currency_beside(cell))]
    balances = filled(body, roles.get(ColumnRole.BALANCE))
    codes = filled(body, roles.get(ColumnRole.CURRENCY))
    point = settled_point(cells, balances, currencies or codes)
    return point, currencies[0] if currencies else None


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
