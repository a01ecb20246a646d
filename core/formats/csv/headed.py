"""The columns of a table that has a header: what it names, and what stands in them and above."""

import re
from collections.abc import Iterable, Mapping, Sequence
from itertools import compress

from core.formats.common.dates import is_day
from core.formats.csv.assignment import AMOUNTS_UNTOLD
from core.formats.csv.cells import (
    IBAN,
    FirstRows,
    all_like,
    constant,
    filled,
    is_whole,
    mostly_like,
)
from core.formats.csv.certain import settle
from core.formats.csv.codes import choose_currency
from core.formats.csv.columns import DAYS, SAMPLE, SUMS, TableColumns, Untold, settled
from core.formats.csv.grid import Row
from core.formats.csv.headers import NUMBERED, ColumnRole, fold, roles_of
from core.formats.csv.sides import side_of, sides_of
from core.formats.csv.status import status_column
from core.formats.csv.surroundings import BALANCE

WORDS = re.compile(r"[^\W\d_]{3}").search
PARTNER = re.compile("partner|gegen|counter|payee|benefici|empfaenger|beteiligt|tegen")
PAYERS_ACCOUNT, PAYEES_ACCOUNT = "auftraggeberkonto", "empfaengerkonto"

Named = Mapping[ColumnRole, Sequence[int]]  # the columns that a header names for each role
Roles = dict[ColumnRole, int]


def headed_columns(
    named: Named, rows: Sequence[Row], header: int, ends: int
) -> TableColumns | None:
    """The columns below the header at that row, up to the row where the table ends."""
    names, body = rows[header], FirstRows(rows[header + 1 : ends])
    width = len(names)
    has_day = [any(map(is_day, row[:width])) for row in body]
    dated = FirstRows(row for row in compress(body[:SAMPLE], has_day) if is_whole(row, width))
    roles = settled(named, dated)
    _choose_texts(roles, named)
    if ColumnRole.STATUS not in roles:
        status = status_column(names, dated, roles.values())
        roles |= {} if status is None else {ColumnRole.STATUS: status}
    purposes = _purposes(roles, named, names)
    if _has_sides(roles.get(ColumnRole.BALANCE), named, dated):
        del roles[ColumnRole.BALANCE]  # what stands there may be a debt
    around = [*rows[:header], *(row for row, told in zip(body, has_day, strict=True) if not told)]
    known = set(map(id, dated))  # hundreds of rows are slow to compare
    around += [row for row in body if id(row) not in known and BALANCE.search(" ".join(row))]
    certain = settle(roles, named, names, dated, body, around)
    if certain is None:
        return None
    _choose_own(roles, named, names, dated, {cell for row in rows[:header] for cell in row})
    purposes = purposes or _texts(roles, names, dated)
    codes = choose_currency(roles, names, dated, certain.currency)
    return TableColumns(
        at=roles,
        purposes=tuple(at for at in purposes if at not in certain.assignment.roles.values()),
        width=width,
        header=header,
        point=certain.point,
        order=certain.order,
        currency=certain.currency,
        coded=codes.coded,
        untold=_beside_each_other(names) or certain.untold or codes.untold,
        signs=certain.assignment.signs,
        findings=certain.findings,
        booked=certain.flags.booked,
    )


def _has_sides(balance: int | None, named: Named, dated: Sequence[Row]) -> bool:
    """Whether a column of sides behind that of the balances calls one of them a debit."""
    if balance is None or balance + 1 not in named.get(ColumnRole.SIDE, ())[1:]:
        return False
    cells = [row[balance + 1].strip() for row in dated]
    sides = sides_of(filter(None, cells), "S/H") or {}
    return any(side_of(cell, sides) == -1 for cell in cells)


def _beside_each_other(names: Row) -> Untold | None:
    """The refusal of two tables side by side, whose header names day and amount twice."""
    folded = [fold(name) for name in names]
    twice = {name for name in folded if name and folded.count(name) > 1}
    roles = {role for name in twice for role, _ in roles_of(name)}
    return AMOUNTS_UNTOLD if roles & {*DAYS} and roles & {*SUMS} else None


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


def _texts(roles: Roles, names: Row, dated: Sequence[Row]) -> tuple[int, ...]:
    """The columns of words under names that nobody knows, of a table that names none of texts."""
    free = [at for at in range(len(names)) if at not in roles.values() and not roles_of(names[at])]
    return tuple(at for at in free if mostly_like(dated, at, WORDS) and not constant(dated, at))


def _choose_own(
    roles: Roles, named: Named, names: Row, body: Sequence[Row], above: Iterable[str]
) -> None:
    """The column of the customer's own account."""
    own = fold(names[roles[ColumnRole.OWN]]) if ColumnRole.OWN in roles else ""
    if own == PAYERS_ACCOUNT and PAYEES_ACCOUNT in map(fold, names):
        del roles[ColumnRole.OWN]  # the payer is not always the customer
    if not roles.keys() & {ColumnRole.OWN, ColumnRole.ACCOUNT}:
        taken = set(roles.values())
        ibans = [at for at in range(len(names)) if at not in taken and all_like(body, at, IBAN)]
        if len(ibans) == 1:
            roles[ColumnRole.ACCOUNT] = ibans[0]
    own_at = roles.get(ColumnRole.OWN)
    if (own_at is None or not all_like(body, own_at, IBAN)) and _is_own(roles, names, body, above):
        roles[ColumnRole.OWN] = roles.pop(ColumnRole.ACCOUNT)
        bank = roles.get(ColumnRole.BANK)
        if bank is not None and constant(body, bank) and not PARTNER.search(fold(names[bank])):
            roles[ColumnRole.OWN_BANK] = roles.pop(ColumnRole.BANK)
    if ColumnRole.ACCOUNT not in roles:
        taken = set(roles.values())
        free = [at for at in range(len(names)) if at not in taken]
        numbers = [at for at in free if all_like(body, at, IBAN) and not constant(body, at)]
        by_name = [at for at in named.get(ColumnRole.ACCOUNT, ()) if at in free]
        if by_name or len(numbers) == 1:
            roles[ColumnRole.ACCOUNT] = (by_name or numbers)[0]


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
