"""What was altered is named, each way; what honest programs write is not."""

from io import BytesIO

import pytest

from core.documents import Finding
from core.formats import pdf
from core.statements.model import Transaction
from tests.core.formats.altered import ALTERED
from tests.core.formats.clean import CLEAN

SCANNED = {"covered_amount", "text_over_image"}  # then the page is read as a scan


def read(content: bytes) -> tuple[set[str], list[int]]:
    """The codes of what is odd, and the bookings' amounts."""
    items = list(pdf.read(BytesIO(content)))
    codes = {each.code for each in items if isinstance(each, Finding)}
    return codes, [each.amount for each in items if isinstance(each, Transaction)]


@pytest.mark.unit
@pytest.mark.parametrize("way", ALTERED)
def test_each_alteration_is_named(way: str) -> None:
    alter, code = ALTERED[way]
    codes, amounts = read(alter())
    assert code in codes, (codes, amounts)
    assert 700_000 not in amounts, "a hidden booking was read"


@pytest.mark.unit
@pytest.mark.parametrize("program", CLEAN)
def test_nothing_is_said_of_what_honest_programs_write(program: str) -> None:
    codes, amounts = read(CLEAN[program]())
    assert codes == set()
    assert amounts == [
        each for each in (20_000, -5_000, 450_000, -12_000, 31_100) if each in amounts
    ]
    assert len(amounts) >= 2
