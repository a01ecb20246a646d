"""Files of other people's projects: each is read, or refused for a true reason.

The folder is named by BELEG_SAMPLES; without it there is nothing to read.
"""

import os
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from xml.etree import ElementTree

import pytest

from core.errors import Unreadable
from core.formats import camt, parsers
from core.ids import new_id
from core.statements import assemble
from core.statements.model import Statement, Transaction

FOLDER = os.environ.get("BELEG_SAMPLES")
FILES = sorted(Path(FOLDER, "camt").rglob("*.xml")) if FOLDER else []
NO_DATE = "neither a booking date nor a value date"
REFUSED = {
    "camt052.v2.with-account-name.xml": NO_DATE,
    "camt053.v2.wrong.xml": "holds no statement",
    "camt054.v2.with-account-name.xml": NO_DATE,
    "camt054.v8-with-UETR.xml": NO_DATE,
    "camt054.v8-with-financial-institution.xml": NO_DATE,
    "053-valid_example_with_other_id.xml": "no period, no dated balance and no booking",
}


@pytest.mark.unit
@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_a_sample_is_read_in_full_or_refused_for_a_true_reason(file: Path) -> None:
    content = file.read_bytes()
    if reason := REFUSED.get(file.name):
        with pytest.raises(Unreadable, match=reason):
            assemble(parsers.read(BytesIO(content)), new_id())
        assert _true(content, reason)
        return
    items = list(camt.read(BytesIO(content)))
    transactions = [each for each in items if isinstance(each, Transaction)]
    heads = [each for each in items if isinstance(each, Statement)]
    count, total = _counted(content)
    assert len(transactions) == count
    assert sum(Decimal(each.amount) for each in transactions) / 100 == total
    understood = assemble(parsers.read(BytesIO(content)), new_id())
    print(
        f"{file.name:44} {heads[0].kind:10} {len(heads)} statements {count:3} transactions",
        [each.difference for each in understood.statements],
    )
    for each in transactions:
        assert content[each.evidence.start : each.evidence.end].startswith(b"<Ntry")
        assert content[each.evidence.start : each.evidence.end].endswith(b"Ntry>")


def _counted(content: bytes) -> tuple[int, Decimal]:
    """How many entries the XML has, and their sum, by another way of reading."""
    entries = ElementTree.fromstring(content).findall(".//{*}Ntry")
    amounts = [Decimal(entry.findtext("{*}Amt") or "0") for entry in entries]
    signs = [-1 if entry.findtext("{*}CdtDbtInd") == "DBIT" else 1 for entry in entries]
    total = sum((sign * amount for sign, amount in zip(signs, amounts, strict=True)), Decimal(0))
    return len(entries), total


def _true(content: bytes, reason: str) -> bool:
    """Whether the reason for which a file is refused is so."""
    root = ElementTree.fromstring(content)
    entries = root.findall(".//{*}Ntry")
    if reason == NO_DATE:
        return any(
            entry.find("{*}BookgDt") is None and entry.find("{*}ValDt") is None for entry in entries
        )
    if reason == "holds no statement":
        return not any(root.findall(f".//{{*}}{name}") for name in ("Stmt", "Rpt", "Ntfctn"))
    return not entries and root.find(".//{*}FrToDt") is None and root.find(".//{*}Bal") is None
