"""PDFs of statements, printed from ledgers in shuffled ways: none is read wrongly in silence.

Counted by kind over at least 500 papers; BELEG_PAPERS asks for more, BELEG_SEED for others.
"""

import os
from collections import Counter, defaultdict

from tests.core.formats.judging import Verdict, judge
from tests.core.formats.ledger_papers import papers
from tests.tables import add_row

COUNT = int(os.environ.get("BELEG_PAPERS", "600"))
SEED = int(os.environ.get("BELEG_SEED", "18"))
TITLE = "Printed statements by kind: right, refused, wrong but said so, silently wrong"
MOST_REFUSED = 0.1  # of those that words or balances make certain


def test_no_printed_statement_is_read_wrongly_in_silence_and_few_are_refused() -> None:
    by_kind: dict[str, Counter[Verdict]] = defaultdict(Counter)
    silent, refused, certain = list[str](), list[str](), 0
    for number, paper in enumerate(papers(COUNT, SEED)):
        verdict, detail = judge(paper)
        by_kind[paper.kind][verdict] += 1
        what = f"{number} {paper.kind} {detail} {paper.ways}"
        if verdict is Verdict.SILENT:
            silent.append(what)
        certain += paper.is_certain
        if paper.is_certain and verdict is not Verdict.RIGHT:
            refused.append(what)
    for kind, counts in sorted(by_kind.items()):
        add_row(TITLE, kind, *(counts[verdict] for verdict in Verdict))
    assert not silent, "\n".join(silent)
    assert len(refused) <= MOST_REFUSED * certain, "\n".join(refused)
