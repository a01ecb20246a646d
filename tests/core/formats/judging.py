"""Whether what was read of a paper is what its ledgers say."""

from enum import StrEnum
from io import BytesIO

from core.errors import Unreadable
from core.formats import parsers
from core.ids import new_id
from core.statements import ParsedDocument, assemble
from core.statements.model import UNNAMED
from tests.core.formats.ledger_papers import Paper

# What a statement says against itself, so that nobody takes its figures for certain.
DOUBTS = frozenset(("row_not_read", "running_balance", "doubtful_amount", "not_held_to_balances"))


class Verdict(StrEnum):
    """What came of a paper."""

    RIGHT = "right"
    REFUSED = "refused"
    TOLD = "wrong, and said so"
    SILENT = "silently wrong"


def judge(paper: Paper) -> tuple[Verdict, str]:
    """The verdict on what is read of a paper, and why."""
    try:
        read = assemble(parsers.read(BytesIO(paper.content)), new_id())
    except Unreadable as refusal:
        return Verdict.REFUSED, f"{refusal.code}: {refusal.detail}"
    wrong = _wrong(paper, read)
    if not wrong:
        return Verdict.RIGHT, " ".join(sorted({each.code for each in read.findings}))
    told = any(each.difference for each in read.statements)
    told = told or any(each.code in DOUBTS for each in read.findings)
    return Verdict.TOLD if told else Verdict.SILENT, wrong


def _wrong(paper: Paper, read: ParsedDocument) -> str:
    due = sorted((e.day, e.cents) for ledger in paper.ledgers for e in ledger.entries)
    rows = [each.transaction for each in read.transactions if not each.transaction.pending]
    found = sorted((each.booked_on, each.amount) for each in rows)
    accounts = {each.statement.account.number for each in read.statements} - {UNNAMED}
    currencies = {each.statement.account.currency for each in read.statements}
    wrong = []
    if found != due:
        lost = len(set(due) - set(found))
        wrong.append(f"{len(found)} bookings of {len(due)}, {lost} not among them")
    if read.recognised is not None:
        wrong.append(f"recognised as {read.recognised.kind}")
    if not accounts <= {ledger.account for ledger in paper.ledgers}:
        wrong.append(f"accounts {sorted(accounts)}")
    if not currencies <= {ledger.currency for ledger in paper.ledgers} | {""}:
        wrong.append(f"currencies {sorted(currencies)}")
    return "; ".join(wrong)
