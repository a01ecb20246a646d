"""However a known ledger is printed, its bookings are read as they are, or the paper is refused."""

import random
from datetime import date
from io import BytesIO

import pytest

from core.errors import Unreadable
from core.evidence import Box
from core.formats import parsers
from core.ids import new_id
from core.statements import assemble
from tests.core.formats.judging import Verdict, judge
from tests.core.formats.ledger_papers import USUAL, WAYS, paper
from tests.core.formats.papers import TITLES, Row, read_paper
from tests.core.formats.papers import paper as sheet

pytestmark = pytest.mark.unit

KINDS = [(name, way) for name, ways in WAYS.items() for way in dict.fromkeys(ways)]
OPEN = {"sides: unsigned", "currency: none"}  # nothing tells it, so that a refusal is right


@pytest.mark.thorough
@pytest.mark.parametrize(("name", "way"), KINDS, ids=lambda each: str(each).replace(" ", "_"))
def test_a_ledger_is_read_however_it_is_printed(name: str, way: str) -> None:
    printed = paper(random.Random(7), name, way, others=0)
    verdict, detail = judge(printed)
    allowed = {Verdict.RIGHT} | ({Verdict.REFUSED} if printed.kind in OPEN else set())
    assert verdict in allowed, detail


def code(rows: tuple[Row, ...], **drawn: object) -> str:
    """The code of the reason for which a paper of these rows is refused."""
    with pytest.raises(Unreadable) as refusal:
        list(parsers.read(BytesIO(sheet(rows, **drawn))))  # type: ignore[arg-type]
    return refusal.value.code


def test_amounts_without_signs_and_balances_are_refused_not_taken_for_money_in() -> None:
    rows: tuple[Row, ...] = (
        TITLES,
        ("02.12.2025", "Miete", "50,00"),
        ("03.12.2025", "Gutschrift", "200,00"),
    )
    assert code(rows) == "signs_unknown"


def test_amounts_in_no_named_currency_are_not_taken_for_euros() -> None:
    rows: tuple[Row, ...] = (TITLES, ("02.12.2025", "Miete", "50,00-"))
    assert code(rows, head=("Konto 4711 0815", "Kontoauszug 1")) == "currency_unknown"


def test_balances_beat_the_signs_of_a_list_that_has_them_the_other_way_round() -> None:
    rows: tuple[Row, ...] = (
        TITLES,
        ("", "Alter Saldo", "1.000,00"),
        ("02.12.2025", "Einkauf", "50,00"),
        ("03.12.2025", "Gutschrift", "-200,00"),
        ("", "Neuer Saldo", "1.150,00"),
    )
    _, bookings, odd = read_paper(sheet(rows))
    assert [each.amount for each in bookings] == [-50_00, 200_00]
    assert [each.code for each in odd] == ["titles_contradicted"]


def test_balances_without_signs_never_turn_sides_that_letters_name() -> None:
    rows: tuple[Row, ...] = (
        TITLES,
        ("", "Alter Saldo", "1.000,00"),
        ("02.12.2025", "Gutschrift", "50,00 H"),
        ("03.12.2025", "Miete", "200,00 S"),
        ("", "Neuer Saldo", "1.150,00"),
    )
    _, bookings, odd = read_paper(sheet(rows))
    assert [each.amount for each in bookings] == [50_00, -200_00]
    assert [each.code for each in odd] == ["running_balance"]


def test_a_line_that_may_be_a_booking_is_told_with_its_place() -> None:
    rows: tuple[Row, ...] = (
        TITLES,
        ("02.12.2025", "Gutschrift", "200,00 H"),
        ("", "Gutschrift ohne Tag", "90,00 H"),
        ("03.12.2025", "Miete", "50,00 S"),
    )
    read = assemble(parsers.read(BytesIO(sheet(rows))), new_id())
    (told,) = [each for each in read.findings if each.code == "row_not_read"]
    assert "Gutschrift ohne Tag" in told.detail.de
    assert "1" in told.detail.de


def test_what_is_pending_is_shown_and_not_counted() -> None:
    rows: tuple[Row, ...] = (
        TITLES,
        ("Vorgemerkte Umsätze", "", ""),
        ("31.12.2025", "Kartenzahlung", "12,00 S"),
        ("Gebuchte Umsätze", "", ""),
        ("02.12.2025", "Gutschrift", "200,00 H"),
        ("03.12.2025", "Miete", "50,00 S"),
    )
    _, bookings, _ = read_paper(sheet(rows))
    assert [(each.amount, each.pending) for each in sorted(bookings)] == [
        (200_00, False),
        (-50_00, False),
        (-12_00, True),
    ]


def test_a_booking_long_after_the_period_is_told() -> None:
    rows: tuple[Row, ...] = (TITLES, ("02.12.2028", "Miete", "50,00 S"))
    _, _, odd = read_paper(sheet(rows))
    assert "outside_period" in [each.code for each in odd]


def test_a_month_without_bookings_is_a_statement() -> None:
    rows: tuple[Row, ...] = (
        ("Kontostand am 30.11.2025", "", "1.000,00 H"),
        ("Kontostand am 31.12.2025", "", "1.000,00 H"),
    )
    statement, bookings, _ = read_paper(sheet(rows))
    assert bookings == []
    assert statement.closing is not None
    assert (statement.closing.amount, statement.closing.on) == (1_000_00, date(2025, 12, 31))


@pytest.mark.parametrize("way", ["sideways", "upside down"])
def test_the_box_of_a_turned_page_is_where_the_page_shows_it(way: str) -> None:
    first, other = (
        _box(paper(random.Random(7), "sheet", each, others=0).content) for each in ("one", way)
    )
    width, height = 595.28, 841.89
    if way == "upside down":
        assert other.left == pytest.approx(width - first.right, abs=3)
        assert other.top == pytest.approx(height - first.bottom, abs=3)
    else:
        assert other.bottom - other.top == pytest.approx(first.right - first.left, abs=3)
        assert other.right - other.left == pytest.approx(first.bottom - first.top, abs=3)


def _box(content: bytes) -> Box:
    read = assemble(parsers.read(BytesIO(content)), new_id())
    found = read.transactions[0].transaction.box
    assert found is not None
    return found


@pytest.mark.thorough
@pytest.mark.parametrize("titles", ["known", "unknown", "none"])
@pytest.mark.parametrize("sides", ["columns", "credit first"])
def test_renaming_or_swapping_columns_never_turns_a_sign(titles: str, sides: str) -> None:
    for seed in range(4):
        ways = {**USUAL, "titles": titles, "sides": sides}
        printed = paper(random.Random(seed), "running", "yes", others=0, fixed=ways)
        assert judge(printed)[0] is Verdict.RIGHT
