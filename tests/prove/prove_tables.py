"""Thousands of made tables, each of a ledger that is known: none is read wrongly without a word.

BELEG_TABLES says how many, 5,160 where it says nothing: as many of each kind.
"""

import os
from collections import Counter

from tests.core.formats.tables import KINDS, judged
from tests.tables import add_row

COUNT = int(os.environ.get("BELEG_TABLES", 120 * len(KINDS)))
MOST_REFUSED = 0.08  # of those that can be read


def test_no_made_table_is_read_wrongly_and_few_are_refused() -> None:
    became = Counter[tuple[str, str]]()
    wrong = []
    for seed, made, (word, detail) in judged(range(COUNT)):
        became[made.kind, word if made.readable else f"{word}, nobody could"] += 1
        if word == "wrong":
            wrong.append(f"seed {seed}, {made.kind}: {detail}")
    words = ("right", "refused", "wrong")
    columns = [*words, *(f"{word}, nobody could" for word in words)]
    add_row(f"{COUNT:,} made tables", "kind", *columns)
    for kind in KINDS:
        add_row(f"{COUNT:,} made tables", kind, *(became[kind, word] for word in columns))
    readable = {word: sum(became[kind, word] for kind in KINDS) for word in words}
    assert not wrong, "\n".join(wrong)
    assert readable["refused"] <= MOST_REFUSED * sum(readable.values())
