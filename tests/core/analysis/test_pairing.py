"""Which bookings belong together: corrections and bounced payments."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.analysis.model import Category, UnlabelledBooking
from core.analysis.pairing import pair_bounced, pair_reversals

pytestmark = pytest.mark.unit

C = Category
DAY = date(2024, 3, 4)
OWN = "Nordlicht GmbH"


def line(
    amount: int, day: int = 0, counterparty: str | None = None, text: str = "", at: str = "A"
) -> UnlabelledBooking:
    return UnlabelledBooking(
        at, DAY + timedelta(days=day), amount, counterparty=counterparty, remittance=text
    )


def bounced(*lines: UnlabelledBooking) -> dict[int, int]:
    kinds = [C.SUPPLIER if each.amount < 0 else C.OWN_DEBIT_RETURNED for each in lines]
    return pair_bounced(lines, kinds, lambda name: name == OWN)


def test_a_reversal_corrects_the_latest_equal_booking_of_its_account() -> None:
    lines = [line(-5), line(-5, 1), line(-5, 1, at="B"), line(-6, 2), line(5, 3)]
    kinds = [C.SUPPLIER] * 4 + [C.REVERSAL]
    assert pair_reversals(lines, kinds) == {4: 1}


def test_a_reversal_reaches_thirty_days_back() -> None:
    kinds = [C.SUPPLIER, C.REVERSAL]
    assert pair_reversals([line(-5), line(5, 30)], kinds) == {1: 0}
    assert pair_reversals([line(-5), line(5, 31)], kinds) == {}


def test_two_reversals_correct_two_bookings() -> None:
    lines = [line(-5), line(-5, 1), line(5, 2), line(5, 3)]
    kinds = [C.SUPPLIER, C.SUPPLIER, C.REVERSAL, C.REVERSAL]
    assert pair_reversals(lines, kinds) == {2: 1, 3: 0}


def test_a_later_booking_is_not_corrected_by_an_earlier_reversal() -> None:
    assert pair_reversals([line(5), line(-5, 1)], [C.REVERSAL, C.SUPPLIER]) == {}


def test_a_bounce_is_paired_with_the_payment_of_the_same_counterparty() -> None:
    lines = [line(-5, 0, "Uferbank AG"), line(-5, 1, "Stadtwerke"), line(5, 3, "UFERBANK")]
    assert bounced(*lines) == {2: 0}


def test_a_bounce_of_somebody_else_is_not_paired() -> None:
    assert bounced(line(-5, 0, "Stadtwerke"), line(5, 3, "Uferbank AG")) == {}
    assert bounced(line(-5, 0, "Uferbank AG"), line(6, 3, "Uferbank AG")) == {}
    assert bounced(line(-5, 0, "Uferbank AG", at="B"), line(5, 3, "Uferbank AG")) == {}


def test_a_bounce_is_paired_by_its_reference() -> None:
    lines = [
        line(-5, 0, "Uferbank AG", "Rate DL-600123"),
        line(-5, 1, "Stadtwerke", "Strom 99881"),
        line(5, 3, OWN, "Wiedergutschrift DL-600123"),
    ]
    assert bounced(*lines) == {2: 0}


def test_a_bounce_is_paired_by_a_name_in_its_text() -> None:
    lines = [
        line(-5, 0, "Uferbank AG"),
        line(-5, 1, "Stadtwerke"),
        line(5, 3, None, "Lastschrift-Wiedergutschrift UFERBANK"),
    ]
    assert bounced(*lines) == {2: 0}


def test_a_bounce_that_names_nobody_is_the_latest_equal_payment() -> None:
    assert bounced(line(-5, 0, "A"), line(-5, 1, "B"), line(5, 3, OWN)) == {2: 1}


def test_a_bounce_reaches_sixty_days_back() -> None:
    assert bounced(line(-5, 0, "Uferbank"), line(5, 60, "Uferbank")) == {1: 0}
    assert bounced(line(-5, 0, "Uferbank"), line(5, 61, "Uferbank")) == {}


def test_a_bill_presented_twice_bounces_twice() -> None:
    lines = [line(-5, 0, "X"), line(5, 2, "X"), line(-5, 9, "X"), line(5, 11, "X")]
    assert bounced(*lines) == {1: 0, 3: 2}


def test_what_was_reversed_did_not_bounce() -> None:
    lines = [line(-5, 0, "X"), line(5, 2, "X")]
    kinds = [C.REVERSED, C.OWN_DEBIT_RETURNED]
    assert pair_bounced(lines, kinds, lambda name: False) == {}


LINES = st.builds(
    line,
    amount=st.sampled_from([-2, -1, 1, 2]),
    day=st.integers(0, 70),
    counterparty=st.sampled_from([None, OWN, "Uferbank AG", "Stadtwerke"]),
    at=st.sampled_from("AB"),
)


@given(st.lists(st.tuples(LINES, st.sampled_from([C.REVERSAL, C.SUPPLIER, C.OWN_DEBIT_RETURNED]))))
def test_no_booking_is_ever_paired_twice(drawn: list[tuple[UnlabelledBooking, Category]]) -> None:
    lines, kinds = [each for each, _ in drawn], [kind for _, kind in drawn]
    for pairs in (pair_reversals(lines, kinds), pair_bounced(lines, kinds, lambda name: False)):
        both = [*pairs, *pairs.values()]
        assert len(both) == len(set(both))
        for later, earlier in pairs.items():
            assert lines[later].amount == -lines[earlier].amount
            assert lines[later].account == lines[earlier].account
            assert lines[later].booked_on >= lines[earlier].booked_on
