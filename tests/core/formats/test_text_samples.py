"""Files of other people's projects, MT940 and OFX: read in full, or refused for a true reason.

The folder is named by BELEG_SAMPLES; without it there is nothing to read.
"""

import os
import re
from collections import Counter
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest

from core.errors import Unreadable
from core.formats import parsers
from core.ids import new_id
from core.statements import ParsedDocument, assemble
from tests.tables import add_row

pytestmark = pytest.mark.unit

FOLDER = os.environ.get("BELEG_SAMPLES")
TITLE = "Samples: file, format, statements, transactions, how they reconcile, findings"
SUFFIXES = {".sta": "mt940", ".txt": "mt940", ".ofx": "ofx"}
FILES: list[Path] = [
    file
    for file in (sorted(Path(FOLDER).rglob("*")) if FOLDER else [])
    if file.suffix in SUFFIXES and "LICENSE" not in file.name
]

# A reason, and what is so of the file if it is true.
REFUSALS: dict[str, Callable[[bytes], bool]] = {
    "names no account": lambda file: b":25:" not in file,
    "names no currency": lambda file: (
        b"<CURDEF></CURDEF>" in file
        or (re.search(rb":[36][024][FM]:|:25:.*[0-9][A-Z]{3}", file) is None)
    ),
    "no period, no dated balance and no booking": lambda file: b":61:" not in file,
    "holds no bank statement": lambda file: b"STMTRS>" not in file,
    "investments only": lambda file: b"<INVSTMTRS>" in file and b"<STMTTRN>" not in file,
    "has no date": lambda file: re.search(rb"OTHER</TRNTYPE>\s+<TRNAMT>", file) is not None,
    "is no date": lambda file: b"<DTPOSTED>201120000000" in file,
    "finer than USD": lambda file: re.search(rb"<TRNAMT>.?[0-9]+[.][0-9]{4}", file) is not None,
    "not a bank statement in a format that is read": lambda file: b":20:" not in file,
}
BOOKING = {
    "mt940": re.compile(rb"^(?:@@)?:61:|@@:61:", re.MULTILINE),
    "ofx": re.compile(rb"<STMTTRN>"),
}


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_a_sample_is_read_in_full_or_refused_for_a_true_reason(file: Path) -> None:
    content, kind = file.read_bytes(), SUFFIXES[file.suffix]
    read, refusal = _read(content)
    if read is None:
        reason = next((each for each in REFUSALS if each in refusal), "")
        assert reason in REFUSALS, refusal
        assert REFUSALS[reason](content), refusal
        add_row(TITLE, file.name, kind, "-", "-", "refused", refusal)
        return
    starts = [match.start() for match in BOOKING[kind].finditer(content)]
    places = [row.transaction.evidence for row in read.transactions]
    assert len(places) == len(starts)
    for start, place in zip(starts, places, strict=True):
        assert content[start : place.start] in (b"", b"@@")
    add_row(TITLE, file.name, kind, len(read.statements), len(read.transactions), *_summary(read))


def _read(content: bytes) -> tuple[ParsedDocument | None, str]:
    try:
        return assemble(parsers.read(BytesIO(content)), new_id()), ""
    except Unreadable as refusal:
        return None, refusal.detail


def _summary(read: ParsedDocument) -> tuple[str, str]:
    states = Counter(
        "no balance" if each.difference is None else "differs" if each.difference else "reconciles"
        for each in read.statements
    )
    state = ", ".join(f"{count} {state}" for state, count in sorted(states.items()))
    return state, ", ".join(sorted({each.code for each in read.findings})) or "-"
