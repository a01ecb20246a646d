"""Signs and days of tables: certain by words, proven by balances, or refused; never by position."""

from collections import Counter
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import Unreadable
from core.formats.csv import read
from core.money import exponent
from core.statements.model import Finding, Transaction
from tests.core.formats.tables import KINDS, Made, judge, judged, table
from tests.tables import add_row

pytestmark = pytest.mark.unit

QUICK = 8 * len(KINDS)
SEEDS = st.integers(0, 100_000)


def test_made_tables_are_read_rightly_or_refused() -> None:
    became = Counter[tuple[str, str]]()
    for seed, made, (word, detail) in judged(range(QUICK)):
        assert word != "wrong", f"the table of seed {seed}, {made.kind}: {detail}"
        became[made.kind, word] += made.readable
    for kind in KINDS:
        add_row("Made tables", kind, *(became[kind, word] for word in ("right", "refused")))
    refused = sum(count for (_, word), count in became.items() if word == "refused")
    assert refused <= 0.08 * became.total()


def told(names: list[str], rows: list[list[str]], above: list[list[str]]) -> object:
    """The days and amounts of a table, as what each is a part of; None where it is refused."""
    lines = [*above, *([names] if names else []), *rows]
    content = "".join('"' + '";"'.join(line) + '"\n' for line in lines)
    try:
        bookings = [
            each for each in read(BytesIO(content.encode())) if isinstance(each, Transaction)
        ]
    except Unreadable:
        return None
    return Counter(
        (each.booked_on, each.amount * 10 ** (3 - exponent(each.currency))) for each in bookings
    )


def shuffled(made: Made, order: list[int]) -> tuple[list[str], list[list[str]]]:
    """A table with its columns in another order."""
    return [made.names[at] for at in order] if made.names else [], [
        [row[at] for at in order] for row in made.rows
    ]


@given(SEEDS, st.randoms(use_true_random=False))
def test_the_order_of_columns_never_changes_a_sign_or_a_day(seed: int, random: object) -> None:
    made = table(seed)
    order = list(range(len(made.rows[0])))
    random.shuffle(order)  # type: ignore[attr-defined]
    before = told(made.names, made.rows, made.above)
    assert told(*shuffled(made, order), made.above) in (before, None)


@given(SEEDS, st.data())
def test_a_name_that_nobody_knows_never_changes_a_sign_or_a_day(
    seed: int, data: st.DataObject
) -> None:
    made = table(seed)
    if not made.names:
        return
    renamed = data.draw(st.sets(st.integers(0, len(made.names) - 1), min_size=1, max_size=3))
    names = [f"Zyx{at}" if at in renamed else name for at, name in enumerate(made.names)]
    before = told(made.names, made.rows, made.above)
    if before is not None:
        assert told(names, made.rows, made.above) in (before, None)
