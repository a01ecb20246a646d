"""What a parser finds odd comes with the document; many alike are not told one by one."""

from io import BytesIO

import pytest

from core.bilingual import Bilingual
from core.documents import Finding
from core.formats import parsers
from core.ids import new_id
from core.statements import commands
from tests.core.formats.messages import entry, message, statement

pytestmark = pytest.mark.unit


NONE = Finding("no_balance", Bilingual("None.", "Keiner."))


def findings_of(odd: list[Finding]) -> tuple[Finding, ...]:
    """What is kept of a file in which a parser found these things."""
    file = BytesIO(message(statement(entry())))
    return commands.assemble([*parsers.read(file), *odd], new_id()).findings


def test_what_is_odd_is_kept_in_the_files_order() -> None:
    odd = [
        Finding("impossible_date", Bilingual("30 February.", "30. Februar.")),
        NONE,
    ]
    assert findings_of(odd) == tuple(odd)


def test_of_many_alike_the_last_counts_the_others() -> None:
    odd = [
        Finding("impossible_date", Bilingual(f"Booking {n}.", f"Buchung {n}."))
        for n in range(1, 1001)
    ]
    findings = findings_of([*odd, NONE])
    assert len(findings) == commands.MOST_ALIKE + 1
    assert findings[-2].detail == Bilingual(
        "Booking 20. There are 980 more like this.", "Buchung 20. Es gibt 980 weitere dieser Art."
    )
    assert findings[-1].code == "no_balance"
