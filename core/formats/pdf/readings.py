"""Every way to read a table's columns: by their titles, or as any of them may be meant."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import permutations, product

from core.formats.pdf.printed_statement import PrintedStatement
from core.formats.pdf.table import AmountRole, PrintedColumns, Roles

MOST_COLUMNS = 5


@dataclass(frozen=True, slots=True)
class Reading:
    """The roles of the columns of each table; `flipped` reads all signs the other way round."""

    roles: dict[PrintedColumns, Roles]
    flipped: bool = False
    by_title: bool = False


def by_title(printed: PrintedStatement) -> Reading | None:
    """The reading of the titles; None where they do not say it of all tables."""
    roles = {table: table.titled for table in printed.tables if table.titled is not None}
    if len(roles) < len(printed.tables):
        return None
    return Reading(roles, by_title=True)


def readings(printed: PrintedStatement) -> Iterator[Reading]:
    """Every way to assign the columns of the tables."""
    choices = [list(_assignments(len(table.edges))) for table in printed.tables]
    if not choices or any(len(table.edges) > MOST_COLUMNS for table in printed.tables):
        return
    if len(choices) > 2:
        choices = choices[:2]
    # An overdrawn account whose balances bear no sign would turn sides round that words name.
    named = any(amount.named for row in printed.rows for _, amount in row.placed)
    for roles in product(*choices):
        by_table = dict(zip(printed.tables, roles, strict=False))
        yield Reading(by_table)
        if not named and any(AmountRole.AMOUNT in each for each in roles):
            yield Reading(by_table, flipped=True)


def _assignments(count: int) -> Iterator[Roles]:
    for amount in range(count):
        yield from _with_balance({amount: AmountRole.AMOUNT}, count)
    for debit, credit in permutations(range(count), 2):
        yield from _with_balance({debit: AmountRole.DEBIT, credit: AmountRole.CREDIT}, count)


def _with_balance(taken: dict[int, AmountRole], count: int) -> Iterator[Roles]:
    for balance in (None, *(at for at in range(count) if at not in taken)):
        found = taken | ({balance: AmountRole.BALANCE} if balance is not None else {})
        yield tuple(found.get(at) for at in range(count))
