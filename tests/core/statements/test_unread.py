"""Rows that were not read are told, and counted in the statements that they may belong to."""

from datetime import date

import pytest

from core.bilingual import Bilingual
from core.ids import new_id
from core.isolation import protocol
from core.statements import assemble, mark_duplicates, repeated_statements
from core.statements.model import UnreadRow
from tests.core.statements.test_retold import statement, told

pytestmark = pytest.mark.unit

PLACE = Bilingual("The row at byte 7", "Die Zeile ab Byte 7")
MARCH = statement(told((3, 5, "a")), span=(1, 10))
LATER = statement(told((12, 5, "b")), span=(11, 20))
OTHER = statement(told((4, 5, "c")), "DE2", span=(1, 20))


@pytest.mark.parametrize(
    ("row", "counts"),
    [
        (UnreadRow(PLACE, date(2025, 3, 4), "DE1"), [1, 0, 0]),
        (UnreadRow(PLACE, date(2025, 3, 4)), [1, 0, 1]),
        (UnreadRow(PLACE, None, "DE1"), [1, 1, 0]),
        (UnreadRow(PLACE), [1, 1, 1]),
        (UnreadRow(PLACE, date(2025, 3, 30), "DE1"), [1, 1, 0]),
        (UnreadRow(PLACE, date(2025, 3, 12), "another"), [0, 1, 1]),
    ],
)
def test_a_row_counts_where_its_account_and_day_may_be(row: UnreadRow, counts: list[int]) -> None:
    document = assemble([row, *MARCH, *LATER, *OTHER], new_id())
    assert [each.unread_rows for each in document.statements] == counts
    [finding] = document.findings
    assert finding.code == "row_not_read"
    assert finding.detail.en.startswith(PLACE.en)


def test_a_row_comes_out_of_the_confined_reader_as_it_went_in() -> None:
    row = UnreadRow(PLACE, date(2025, 3, 4), "DE1")
    (frame,) = protocol.frames([row])
    assert protocol.read(protocol.write(frame)) == row


def test_a_document_that_was_read_whole_counts_before_one_that_was_not() -> None:
    broken = assemble([*MARCH, UnreadRow(PLACE)], new_id())
    whole = assemble(MARCH, new_id())
    statements = [*broken.statements, *whole.statements]
    rows = mark_duplicates(statements, [*broken.transactions, *whole.transactions])
    assert [each.duplicate for each in rows] == [True, False]
    assert repeated_statements(statements, rows) == {broken.statements[0].id}
