"""Tables as banks lay them out: each layout tells the same two bookings, and must be read alike."""

from collections import Counter
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import NamedTuple

import pytest

from core.formats.csv.reader import read
from core.money import UNKNOWN_CURRENCY, parse
from core.statements.balance import choose_sign
from core.statements.model import Statement, Transaction

pytestmark = pytest.mark.unit


class Layout(NamedTuple):
    """A table, and what it tells beside the two bookings; `==` begins one in the file.

    What names no currency has `-` for it there.
    """

    name: str
    account: str
    currency: str
    names: bool
    balances: bool
    content: bytes


def _layouts() -> list[Layout]:
    lines = Path(__file__).with_name("layouts.txt").read_text().split("\n")[:-1]
    starts = [at for at, line in enumerate(lines) if line.startswith("== ")]
    found = []
    for start, end in zip(starts, [*starts[1:], len(lines)], strict=True):
        name, account, currency, names, balances, encoding = lines[start][3:].split(" | ")
        content = "\n".join([*lines[start + 1 : end], ""]).encode(encoding)
        unit = UNKNOWN_CURRENCY if currency == "-" else currency
        found.append(Layout(name, account, unit, names == "names", balances == "balances", content))
    return found


LAYOUTS = _layouts()


@pytest.mark.parametrize("layout", LAYOUTS, ids=[each.name for each in LAYOUTS])
def test_a_banks_table_is_read_rightly(layout: Layout) -> None:
    items = list(read(BytesIO(layout.content)))
    (head,) = [each for each in items if isinstance(each, Statement)]
    bookings = [each for each in items if isinstance(each, Transaction) and not each.pending]
    assert (head.account.number, head.account.currency) == (layout.account, layout.currency)
    assert {each.currency for each in bookings} == {layout.currency}
    assert [each.booked_on for each in bookings] == sorted(each.booked_on for each in bookings)
    moved = Counter[date]()  # in some, what came in came in two parts
    for each in bookings:
        moved[each.booked_on] += each.amount
    unit = layout.currency
    assert moved == {
        date(2025, 1, 30): parse("1000", unit),
        date(2025, 1, 31): parse("-12.34", unit),
    }
    if layout.names:
        assert [each.counterparty for each in bookings] == ["Kunde", "Werk"]
    assert "Strom" in bookings[-1].remittance
    if layout.balances:
        balances = [each.amount for each in (head.opening, head.closing) if each]
        assert balances == [0, parse("987.66", unit)]
        assert choose_sign(head.opening, head.closing, bookings)[1].state == "reconciles"
