"""What a parser finds odd comes with the document; many alike are not told one by one."""

from io import BytesIO

import pytest

from core.documents import Finding
from core.ids import new_id
from core.statements import commands, formats
from tests.core.statements.messages import entry, message, statement

pytestmark = pytest.mark.unit


def findings_of(odd: list[Finding]) -> tuple[Finding, ...]:
    """What is kept of a file in which a parser found these things."""
    file = BytesIO(message(statement(entry())))
    return commands.understand(file, new_id(), lambda f: [*formats.read(f), *odd]).findings


def test_what_is_odd_is_kept_in_the_files_order() -> None:
    odd = [Finding("impossible_date", "30 February."), Finding("no_balance", "None.")]
    assert findings_of(odd) == tuple(odd)


def test_of_many_alike_the_last_counts_the_others() -> None:
    odd = [Finding("impossible_date", f"Booking {n}.") for n in range(1, 1001)]
    told = findings_of([*odd, Finding("no_balance", "None.")])
    assert len(told) == commands.MOST_ALIKE + 1
    assert told[-2].detail == "Booking 20. There are 980 more like this."
    assert told[-1].code == "no_balance"
