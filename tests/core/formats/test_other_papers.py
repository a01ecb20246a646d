"""What only looks like a bank statement never counts as one, and a statement stays one."""

from collections import Counter
from io import BytesIO

import pytest

from core.documents import Recognised
from core.errors import Unreadable
from core.formats.parsers import read
from core.statements.model import Item, Statement, Transaction
from tests.core.formats.other_papers import (
    OtherPaper,
    other_papers,
    statements_of_them,
    titled_papers,
)

PAPERS = [each for made in (False, True) for each in other_papers(balances=made)]
SIGNS = ((True, True, True), (True, True, False), (True, False, True), (False, True, True))


def items(content: bytes) -> list[Item]:
    """What is read of a file; nothing where it is refused."""
    try:
        return list(read(BytesIO(content)))
    except Unreadable:
        return []


def taken_for_statements(papers: list[OtherPaper], form: str) -> list[OtherPaper]:
    """Those of the papers that count as statements; prints how many were told for what."""
    told: Counter[str] = Counter()
    wrong = []
    for each in papers:
        found = items(each.pdf() if form == "pdf" else each.csv())
        if any(isinstance(item, Statement | Transaction) for item in found):
            wrong.append(each)
        told["told" if any(isinstance(item, Recognised) for item in found) else "refused"] += 1
    print(f"\n{len(papers)} papers as {form}: {dict(told)}, {len(wrong)} taken for statements")
    return wrong


@pytest.mark.parametrize("form", ["pdf", "csv"])
def test_no_other_paper_counts_as_a_statement(form: str) -> None:
    assert [(each.kind, each.language) for each in taken_for_statements(PAPERS, form)] == []


@pytest.mark.parametrize("form", ["pdf", "csv"])
def test_a_title_alone_is_enough_to_count_for_nothing(form: str) -> None:
    titled = list(titled_papers())
    assert [each.kind for each in taken_for_statements(titled, form)] == []


def test_most_papers_are_told_for_what_they_are() -> None:
    told = [
        each for each in PAPERS if any(isinstance(item, Recognised) for item in items(each.pdf()))
    ]
    assert len(told) >= 0.9 * len(PAPERS)


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
