"""Tables, MT940, OFX and CAMT files that were read wrongly somewhere: right, or truly refused.

BELEG_CASES names the folder of cases; without it there is nothing to read. Each entry says what the
right bookings are, and whether a refusal will do. What is read wrongly without a word fails here,
and so do refusals of more than a twelfth of what can be read.
"""

import json
import os
import re
from collections import Counter
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from core.errors import Unreadable
from core.formats import parsers
from core.ids import new_id
from core.money import exponent
from core.statements import ParsedDocument, assemble, mark_duplicates
from core.statements.model import Transaction
from tests.tables import add_row

pytestmark = pytest.mark.unit

FOLDER = os.environ.get("BELEG_CASES")
FILES = Path(FOLDER, "files") if FOLDER else None
CASES: dict[str, dict[str, Any]] = json.loads((FILES / "cases.json").read_text()) if FILES else {}
# What has no entry holds revenue of 10,000.00 in each of its months, some of it told twice.
REVENUES = sorted(
    file.name
    for file in (FILES.iterdir() if FILES else ())
    if file.suffix != ".json" and file.name not in CASES
)
REVENUE = "10000.00"
MOST_REFUSED = 0.08  # of those that can be read
TITLE = "Cases, files"


class Verdict(NamedTuple):
    """How a file fared: `right`, `refused`, `told` (rows are named as not read), or `wrong`."""

    word: str
    detail: str = ""


def judge(name: str) -> Verdict:
    """What became of a file, held to its entry."""
    assert FILES
    content = (FILES / name).read_bytes()
    try:
        read = assemble(parsers.read(BytesIO(content)), new_id())
        rows = mark_duplicates(read.statements, read.transactions)
        read = replace(read, transactions=rows)
    except Unreadable as refusal:
        return Verdict("refused", refusal.detail)
    except Exception as error:
        return Verdict("wrong", f"fails on us: {error!r}")
    return _judge_case(CASES[name], read) if name in CASES else _judge_revenue(read)


def _judge_revenue(read: ParsedDocument) -> Verdict:
    months = Counter[str]()
    for row in read.transactions:
        booking = row.transaction
        if booking.amount > 0 and not (row.duplicate or booking.pending):
            months[f"{booking.booked_on:%Y-%m}"] += booking.amount
    # A currency that is not named leaves three decimals.
    places = {exponent(row.transaction.currency) for row in read.transactions}
    expected = {_minor(REVENUE, each) for each in places}
    if months and set(months.values()) == expected:
        return Verdict("right")
    return Verdict("wrong", f"revenue by month: {dict(months)}")


def _judge_case(case: dict[str, Any], read: ParsedDocument) -> Verdict:
    expected = Counter(
        (each["on"], each["amount"], each.get("pending", False)) for each in case["bookings"]
    )
    rows = [row.transaction for row in read.transactions]
    found = Counter(map(_plain, rows))
    if case["kind"] == "told twice":
        found = Counter(_plain(row.transaction) for row in read.transactions if not row.duplicate)
        expected = Counter(set(expected))
    unread = sum(1 for each in read.findings if each.code == "row_not_read")
    if _normal(found) != _normal(expected):
        missing = (_normal(expected) - _normal(found)).total()
        if not _normal(found) - _normal(expected) and 0 < missing <= unread:
            return Verdict("told", f"{missing} rows named as not read")
        return Verdict("wrong", ", ".join(" ".join(map(str, each)) for each in sorted(found)))
    wrong = [*_wrong_parts(case, rows), *_wrong_whole(case, read)]
    return Verdict("wrong", "; ".join(wrong)) if wrong else Verdict("right")


def _wrong_parts(case: dict[str, Any], rows: list[Transaction]) -> list[str]:
    """Which names, accounts, texts and currencies are not what they should be."""
    wrong = []
    for each in case["bookings"]:
        alike = [row for row in rows if _normal_key(_plain(row))[:2] == _key(each)]
        parts: dict[str, list[str | None]] = {
            "name": [row.counterparty for row in alike],
            "iban": [row.counterparty_account for row in alike],
            "currency": [row.currency for row in alike],
            "text": [row.remittance for row in alike],
        }
        for part, said in parts.items():
            if (due := each.get(part)) and not any(
                due.lower() in (it or "").lower() for it in said
            ):
                wrong.append(f"{part} {said} for {due}")
    return wrong


def _wrong_whole(case: dict[str, Any], read: ParsedDocument) -> list[str]:
    """What is wrong of the accounts, balances and findings."""
    wrong = []
    heads = [each.statement for each in read.statements]
    if (due := case.get("account")) and {head.account.number for head in heads} != {due}:
        wrong.append(f"account {[head.account.number for head in heads]} for {due}")
    if (due := case.get("currency")) and {head.account.currency for head in heads} != {due}:
        wrong.append(f"currency {[head.account.currency for head in heads]} for {due}")
    for part, balance in (("opening", heads[0].opening), ("closing", heads[-1].closing)):
        if due := case.get(part):
            places = exponent(heads[0].account.currency)
            if balance is None or balance.amount != _minor(due, places):
                wrong.append(f"{part} {balance} for {due}")
    said = [f"{each.code} {each.detail.en}" for each in read.findings]
    if (due := case.get("finding")) and not any(re.search(due, each, re.I) for each in said):
        wrong.append(f"no finding like {due}")
    return wrong


def _minor(amount: str, places: int) -> int:
    whole, _, part = amount.partition(".")
    return int(whole + part.ljust(places, "0")[:places])


def _plain(row: Transaction) -> tuple[str, str, bool]:
    places = exponent(row.currency)
    digits = f"{abs(row.amount):0{places + 1}d}"
    whole, part = (digits[:-places], digits[-places:]) if places else (digits, "")
    sign = "-" if row.amount < 0 else ""
    return row.booked_on.isoformat(), f"{sign}{whole}.{part}", row.pending


def _normal_key(key: tuple[str, str, bool]) -> tuple[str, str, bool]:
    on, amount, pending = key
    return on, amount.rstrip("0").rstrip(".") if "." in amount else amount, pending


def _normal(counted: Counter[tuple[str, str, bool]]) -> Counter[tuple[str, str, bool]]:
    """The same with amounts that are written alike, however many zeros end them."""
    normal = Counter[tuple[str, str, bool]]()
    for key, count in counted.items():
        normal[_normal_key(key)] += count
    return normal


def _key(each: dict[str, Any]) -> tuple[str, str]:
    return _normal_key((each["on"], each["amount"], False))[:2]


@pytest.fixture(scope="module")
def verdicts() -> dict[str, Verdict]:
    """What became of every file; asked for once."""
    return {name: judge(name) for name in sorted([*CASES, *REVENUES])}


@pytest.mark.parametrize("name", sorted([*CASES, *REVENUES]))
def test_a_case_is_right_or_truly_refused(verdicts: dict[str, Verdict], name: str) -> None:
    word, detail = verdicts[name]
    case = CASES.get(name, {"what": "10,000.00 a month", "refused": "may be refused"})
    add_row(TITLE, name, case["what"], word, detail)
    assert word != "wrong", detail
    if word == "refused" and (pattern := re.search(r"matching /(.*)/", case["refused"])):
        assert re.search(pattern[1], detail), f"the reason is not the true one: {detail}"


@pytest.mark.skipif(not CASES, reason="BELEG_CASES names no folder of cases")
def test_hardly_a_case_that_can_be_read_is_refused(verdicts: dict[str, Verdict]) -> None:
    readable = [name for name, case in CASES.items() if case["refused"].startswith("no")]
    refused = [name for name in readable if verdicts[name].word != "right"]
    assert len(refused) <= MOST_REFUSED * len(readable), refused
