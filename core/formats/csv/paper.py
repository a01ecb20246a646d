"""A table of days and amounts that is another paper than a bank's export."""

import re
from collections.abc import Sequence
from typing import BinaryIO

from core.bilingual import Bilingual
from core.documents import Finding, Origin, Recognised
from core.evidence import Bytes
from core.formats.common.texts import tidy
from core.formats.csv.columns import TableColumns
from core.formats.csv.grid import Row
from core.formats.csv.headers import ColumnRole, fold, roles_of
from core.formats.csv.surroundings import Surroundings
from core.formats.csv.table import Dialect, first_rows
from core.formats.papers import judge, tables
from core.formats.papers.paper import Paper
from core.formats.papers.titles import names_statement
from core.money import UNKNOWN_CURRENCY

BALANCE = re.compile(r"\s*ledger balance", re.IGNORECASE)  # a bank's word, not a ledger's
BANKS = frozenset((ColumnRole.BALANCE, ColumnRole.OWN, ColumnRole.VALUED, ColumnRole.ACCOUNT))
PROVEN = "saldo"  # as good as the name of a column that amounts prove to be balances
HEAD = 16 * 1024  # bytes in which the title, the header and some rows stand


def other_paper(
    source: BinaryIO, dialect: Dialect, columns: TableColumns
) -> list[Recognised | Finding]:
    """What a table is instead of a bank's export; nothing where it may be one."""
    source.seek(0)
    head = source.read(HEAD)
    size = source.seek(0, 2)
    rows = first_rows(head, dialect, cut=size > len(head))
    at = columns.header
    if at < 0:
        return []
    found = paper_of(rows[:at], rows[at], rows[at + 1 :], columns)
    return [] if found is None else judge.recognised(*found, Origin(Bytes(0, size)))


def below_others(paper: Paper, title: str) -> Finding:
    """That a table below a bank's is another paper, whose amounts do not count."""
    return Finding(
        "other_paper",
        Bilingual(
            f"The table {title[:80]!r} is {paper.name.en}, not a bank statement: none of its"
            " amounts counts.",
            f"Die Tabelle {title[:80]!r} ist {paper.name.de}, kein Kontoauszug: Keiner ihrer"
            " Beträge zählt.",
        ),
    )


def paper_of(
    above: Sequence[Row], header: Row, body: Sequence[Row], columns: TableColumns
) -> tuple[Paper, str] | None:
    """The other paper that a table is, and what says so: a title above it, or its columns."""
    above = [[cell for cell in row if not BALANCE.match(cell)] for row in above]
    found = tables.titled(above)
    if found is not None:
        return found
    names = [fold(cell) for cell in header]
    balance = columns.at.get(ColumnRole.BALANCE, len(names))
    if balance < len(names) and not roles_of(header[balance]):  # a row may be short
        names[balance] = PROVEN  # its amounts lead from row to row
    paper = tables.columned(names, body, is_banks=_is_banks(above, columns))
    return None if paper is None else (paper, ", ".join(filter(None, header)))


def _is_banks(above: Sequence[Row], columns: TableColumns) -> bool:
    """Whether a table has what is a bank's: an account, a balance, a title, a day of value."""
    if not BANKS.isdisjoint(columns.at):
        return True
    around = Surroundings()
    for row in above:
        around.note([*map(tidy, row)], columns.point, columns.order, UNKNOWN_CURRENCY)
    return bool(around.account) or names_statement([cell for row in above for cell in row if cell])
