"""The golden exchanges as they are kept: a file a story, with what is handed in beside them."""

import json
from dataclasses import asdict
from pathlib import Path

from deploy.release.rehearsal.exchanges import (
    ID,
    NAMED,
    Ask,
    Exchange,
    Reply,
    Values,
    agree,
    filled,
    marked,
    parse,
)

__all__ = [
    "ID",
    "NAMED",
    "Ask",
    "Exchange",
    "Reply",
    "Values",
    "agree",
    "filled",
    "marked",
    "parse",
]

FOLDER = Path(__file__).parent
STATEMENT = (FOLDER / "statement.xml").read_text()
INVOICE = (FOLDER / "invoice.xml").read_text()


def place(version: str, story: str) -> Path:
    """Where the exchanges of a story are kept."""
    return FOLDER / version / f"{story}.json"


def load(file: Path) -> list[Exchange]:
    """The exchanges of a story, in order."""
    return parse(file.read_text())


def save(file: Path, exchanges: list[Exchange]) -> None:
    """Write the exchanges of a story."""
    records = [asdict(each) for each in exchanges]
    file.write_text(json.dumps(records, indent=1, ensure_ascii=False) + "\n")
