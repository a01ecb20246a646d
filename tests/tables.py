"""Tables that tests fill in while they run, in whichever worker; printed once all have."""

import os
from collections import defaultdict
from collections.abc import Iterable, Sequence

# A title and cells, and at which place in the order of all tests stands the one that told them.
Row = tuple[int, str, list[str]]
_FILLED: list[tuple[str, str, list[str]]] = []


def add_row(title: str, *cells: object) -> None:
    """Add a row to the table of that title."""
    test, _, _ = os.environ["PYTEST_CURRENT_TEST"].rpartition(" ")
    _FILLED.append((test, title, [str(cell) for cell in cells]))


def rows(tests: Sequence[str]) -> list[Row]:
    """What was told in this process, by tests that are among all of these."""
    return [(tests.index(test), title, cells) for test, title, cells in _FILLED]


def lines(table_rows: Iterable[Row]) -> list[str]:
    """All tables as text: rows in the order of the tests, columns as wide as what is in them."""
    tables: dict[str, list[list[str]]] = defaultdict(list)
    for _, title, cells in sorted(table_rows, key=lambda row: row[0]):
        tables[title].append(cells)
    text: list[str] = []
    for title, table in sorted(tables.items()):
        widths = [max(map(len, column)) for column in zip(*table, strict=True)]
        text += ["", title]
        text += [
            "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
            for row in table
        ]
    return text
