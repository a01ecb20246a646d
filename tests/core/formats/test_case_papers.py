"""Papers of every kind that people handed in: read rightly, or refused; never wrong in silence.

The folder is named by BELEG_CASES; without it there is nothing to read. A kind is picked by its
name, as in `-k row_lost`, and what is read from a text layer without scans by `-m unit`.
"""

import json
import os
from collections.abc import Callable, Sequence
from datetime import date
from enum import StrEnum
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from core.errors import Unreadable
from core.formats import parsers
from core.ids import new_id
from core.statements import ParsedDocument, assemble
from core.statements.model import UNNAMED
from tests.every import EVERY
from tests.tables import add_row

ROOT = os.environ.get("BELEG_CASES")
FOLDER = Path(ROOT or ".", "papers")
CASES: dict[str, dict[str, Any]] = json.loads((FOLDER / "cases.json").read_text()) if ROOT else {}
TITLE = "Papers: verdict, kind, file, what was read"
MOST_REFUSED = 0.1
# What a statement says against itself, so that nobody takes its figures for certain.
DOUBTS = frozenset(
    ("row_not_read", "running_balance", "doubtful_amount", "not_held_to_balances", "hidden_amount")
)
PLAIN = frozenset(("scanned", "account_unknown"))  # findings that raise no alarm
SCANS = frozenset(("turned, skewed, photographed", "stamps, poor scans"))
# What a paper without bookings must have said to be right.
FIGURES: dict[str, Callable[[ParsedDocument], bool]] = {
    "finding": lambda read: _alarms(read),
    "annual_accounts": lambda read: _kind(read) == "annual_accounts",
    "business_report": lambda read: _kind(read) == "business_report",
    "invoice": lambda read: _kind(read) == "invoice",
    "gross": lambda read: _kind(read) == "invoice",
    "due": lambda read: _kind(read) == "invoice",
    "hidden": lambda read: _alarms(read) or not read.transactions,
    "not a statement": lambda read: not read.transactions,
}  # fmt: skip


class Verdict(StrEnum):
    """What came of a paper."""

    RIGHT = "right"
    REFUSED = "refused"
    TOLD = "wrong, and said so"
    MISSED = "not told"
    SILENT = "SILENTLY WRONG"


class Outcome(NamedTuple):
    """What came of a paper, and what was read of it."""

    verdict: Verdict
    detail: str


@cache
def outcome(name: str) -> Outcome:
    """What comes of a paper."""
    try:
        read = assemble(parsers.read(BytesIO((FOLDER / name).read_bytes())), new_id())
    except Unreadable as refusal:
        may = "refused" in CASES[name]["expected"]
        return Outcome(Verdict.RIGHT if may else Verdict.REFUSED, refusal.detail)
    return judged(CASES[name], read)


def judged(case: dict[str, Any], read: ParsedDocument) -> Outcome:
    """Whether what was read is what a paper says."""
    if isinstance(case["bookings"], str):
        return _judged_without_bookings(case["expected"], read)
    wrong = "; ".join(_wrongs(case, read))
    told = sorted({each.code for each in read.findings} - PLAIN)
    if not wrong:
        if case["expected"].startswith(("a finding", "finding")) and not told:
            return Outcome(Verdict.MISSED, "the figures are right, a finding is missing")
        return Outcome(Verdict.RIGHT, " ".join(told))
    differs = any(each.difference for each in read.statements)
    doubted = differs or DOUBTS & set(told)
    return Outcome(Verdict.TOLD if doubted else Verdict.SILENT, f"{wrong} {' '.join(told)}")


def _wrongs(case: dict[str, Any], read: ParsedDocument) -> list[str]:
    """What differs: bookings, accounts, currencies."""
    due = sorted(
        (date.fromisoformat(each["day"]), each["minor_units"]) for each in case["bookings"]
    )
    rows = [each.transaction for each in read.transactions if not each.transaction.pending]
    found = sorted((each.booked_on, each.amount) for each in rows)
    known = {each.statement.account.number for each in read.statements} - {UNNAMED}
    wrong = []
    if found != due:
        lost, more = len(set(due) - set(found)), len(set(found) - set(due))
        wrong.append(f"bookings: {len(found)} of {len(due)}, {lost} lost, {more} others")
    if not all(any(due in number for due in case["account"]) for number in known):
        wrong.append(f"accounts: {' '.join(known)}")
    currencies = {each.statement.account.currency for each in read.statements} - {""}
    if not currencies <= set(case["currency"]):
        wrong.append(f"currency: {' '.join(currencies)}")
    return wrong


def _judged_without_bookings(expected: str, read: ParsedDocument) -> Outcome:
    kind = _kind(read) or f"{len(read.transactions)} bookings"
    told = f"{kind} {' '.join(sorted(each.code for each in read.findings))}"
    right = any(check(read) for word, check in FIGURES.items() if word in expected)
    if right or (expected.startswith("refused") and _kind(read)):
        return Outcome(Verdict.RIGHT, told)
    counts = bool(read.transactions) and "finding" not in expected
    return Outcome(Verdict.SILENT if counts else Verdict.MISSED, told)


def _alarms(read: ParsedDocument) -> bool:
    return any(each.code not in PLAIN for each in read.findings)


def _kind(read: ParsedDocument) -> str | None:
    return read.recognised.kind.value if read.recognised else None


def _marked(names: Sequence[str], chosen: Callable[[str], bool]) -> list[Any]:
    return [
        pytest.param(
            name,
            id=f"{CASES[name]['kind'].replace(' ', '_')}/{name}",
            marks=pytest.mark.unit if chosen(name) else (),
        )
        for name in names
    ]


def _has_text(name: str) -> bool:
    return CASES[name]["kind"] not in SCANS and name not in PICTURED


def _is_read(name: str) -> bool:
    """Whether a paper is read here: of pictures, which take seconds, all are in `make prove`.

    Faxes, photos and covered amounts are read in tests of their own.
    """
    return EVERY or _has_text(name) or name == PICTURED[0]


PICTURED = ("h_cid_no_tounicode.pdf", "r_invisible_amount.pdf")
"""Files whose text says nothing, so that their pages' pictures are read."""
UNTOLD = frozenset(("r_second_subset.pdf",))
"""Files that lack what they are to show: this one has but one font in it, so no second subset."""


READ = [name for name in sorted(CASES.keys() - UNTOLD) if _is_read(name)]


@pytest.mark.parametrize("name", _marked(READ, _has_text))
def test_a_paper_is_never_read_wrongly_in_silence(name: str) -> None:
    found = outcome(name)
    add_row(TITLE, found.verdict.value, CASES[name]["kind"], name, found.detail[:110])
    assert found.verdict not in (Verdict.SILENT, Verdict.MISSED), found.detail


@pytest.mark.skipif(not CASES, reason="BELEG_CASES names no folder")
def test_what_can_be_read_is_seldom_refused() -> None:
    readable = [
        name
        for name in READ
        if name.endswith(".pdf") and not isinstance(CASES[name]["bookings"], str)
    ]
    bad = (Verdict.REFUSED, Verdict.TOLD)
    refused = [name for name in readable if outcome(name).verdict in bad]
    assert len(refused) <= MOST_REFUSED * len(readable), refused
