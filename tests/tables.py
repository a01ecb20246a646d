"""Tables that tests fill in while they run; they are printed once all have."""

from collections import defaultdict
from collections.abc import Sequence

_TABLES: dict[str, list[Sequence[str]]] = defaultdict(list)


def tell(title: str, *cells: object) -> None:
    """Add a row to the table of that title."""
    _TABLES[title].append([str(cell) for cell in cells])


def lines() -> list[str]:
    """All tables as text, their columns as wide as what stands in them."""
    told: list[str] = []
    for title, rows in sorted(_TABLES.items()):
        widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
        told += ["", title]
        told += [
            "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
            for row in rows
        ]
    return told
