"""A table of days and amounts that is another paper than a bank's export."""

import re
from typing import BinaryIO

from core.documents import Finding, Origin, Recognised
from core.evidence import Bytes
from core.formats.csv.columns import TableColumns
from core.formats.csv.headers import fold
from core.formats.csv.table import Dialect, first_rows
from core.formats.papers import judge, tables

BALANCE = re.compile(r"\s*ledger balance", re.IGNORECASE)  # a bank's word, not a ledger's
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
    above = [[cell for cell in row if not BALANCE.match(cell)] for row in rows[: max(0, at)]]
    found = tables.titled(above)
    if found is None and 0 <= at < len(rows):
        names = [fold(cell) for cell in rows[at]]
        if (paper := tables.columned(names, rows[at + 1 :])) is not None:
            found = paper, ", ".join(filter(None, rows[at]))
    return [] if found is None else judge.recognised(*found, Origin(Bytes(0, size)))
