"""What only looks like a bank statement never counts as one, and a statement stays one."""

from collections import Counter
from io import BytesIO

import pytest

from core.documents import Recognised
from core.errors import Unreadable
from core.formats.parsers import read
from core.statements.model import Item, Statement, Transaction
from tests.core.formats.other_papers import other_papers, statements_of_them

pytestmark = pytest.mark.unit
PAPERS = [(each, made) for made in (False, True) for each in other_papers(balances=made)]
SIGNS = ((True, True, True), (True, True, False), (True, False, True), (False, True, True))


def items(content: bytes) -> list[Item]:
    """What is read of a file; nothing where it is refused."""
    try:
        return list(read(BytesIO(content)))
    except Unreadable:
        return []


@pytest.mark.parametrize("form", ["pdf", "csv"])
def test_no_other_paper_counts_as_a_statement(form: str) -> None:
    told: Counter[str] = Counter()
    wrong = []
    for each, _ in PAPERS:
        found = items(each.pdf() if form == "pdf" else each.csv())
        if any(isinstance(item, Statement | Transaction) for item in found):
            wrong.append((each.kind, each.language))
        told["recognised" if any(isinstance(it, Recognised) for it in found) else "refused"] += 1
    print(f"\n{len(PAPERS)} papers as {form}: {dict(told)}, {len(wrong)} taken for statements")
    assert wrong == []
    assert told["recognised"] >= 0.9 * len(PAPERS)


@pytest.mark.parametrize("signs", SIGNS)
def test_a_statement_whose_bookings_speak_of_such_papers_stays_one(
    signs: tuple[bool, bool, bool],
) -> None:
    account, title, balances = signs
    for each in statements_of_them(account=account, title=title, balances=balances):
        found = items(each.pdf())
        booked = [item.amount for item in found if isinstance(item, Transaction)]
        assert booked == [20_000, -5_000], (each.kind, each.language)
        assert not [item for item in found if isinstance(item, Recognised)]
