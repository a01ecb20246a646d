"""What a figure is subject to: what statements lack, and what speaks against documents."""

from dataclasses import replace
from datetime import date
from uuid import UUID

import pytest

from core.analysis.books import Books
from core.analysis.figures import FORMULAS, compute, months
from core.analysis.model import (
    AnswerState,
    Basis,
    Booking,
    Category,
    DocumentDoubt,
    Figure,
    FigureInputs,
    Missing,
    MissingKind,
    NoValueReason,
    Period,
    Reservation,
    ReservationKind,
)
from core.questions import Verdict
from core.questions.catalogue import answer_questions
from core.questions.reserved import CLAUSES, TEXTS

pytestmark = pytest.mark.unit

K = ReservationKind
YEAR = Period(UUID(int=1), "A", date(2024, 1, 1), date(2024, 12, 31), 500, 500, 0)
MOVED = (
    Booking(UUID(int=7), "A", date(2024, 2, 1), 300, Category.COLLECTION),
    Booking(UUID(int=8), "A", date(2024, 2, 2), -300, Category.SUPPLIER),
)
AWAY = Booking(
    UUID(int=9), "A", date(2024, 2, 3), -1, Category.OWN_TRANSFER, counterparty_account="DE02"
)
WHOLE = FigureInputs("EUR", (YEAR,), MOVED, ())
HALVES = (
    replace(YEAR, ends_on=date(2024, 4, 30)),
    replace(YEAR, statement=UUID(int=2), starts_on=date(2024, 6, 1)),
)
DOUBT = DocumentDoubt(K.DOCUMENT_ALTERED, UUID(int=5), "a.pdf", frozenset({YEAR.statement}))
OF = {each.id: each.basis for each in FORMULAS}


def figures(inputs: FigureInputs) -> dict[str, Figure]:
    return {each.id: each for each in compute(Books(inputs))}


def touched(inputs: FigureInputs) -> set[Basis]:
    """Whereof every figure that has a value is provisional; of the others none is."""
    found = [each for each in figures(inputs).values() if each.state is AnswerState.ANSWERED]
    bases = {OF[each.id] for each in found if each.provisional}
    assert all(each.provisional for each in found if OF[each.id] in bases - {Basis.STATEMENTS})
    return bases


def test_what_nothing_speaks_against_is_certain() -> None:
    assert touched(WHOLE) == set()
    assert not any(each.reservations for each in answer_questions(figures(WHOLE).values()))


@pytest.mark.parametrize(
    ("inputs", "expected"),
    [
        (
            replace(WHOLE, periods=HALVES),
            Reservation(K.GAP, "A", date(2024, 5, 1), date(2024, 5, 31)),
        ),
        (replace(WHOLE, bookings=(*MOVED, AWAY)), Reservation(K.ACCOUNT_MISSING, "DE02")),
        (
            replace(WHOLE, left_out={"DE03": "Anna Torfhauer"}),
            Reservation(K.ACCOUNT_LEFT_OUT, "DE03", holder="Anna Torfhauer"),
        ),
        (
            replace(WHOLE, doubts=(DOUBT,)),
            Reservation(K.DOCUMENT_ALTERED, document=UUID(int=5), filename="a.pdf"),
        ),
    ],
)
def test_flows_and_balances_say_what_they_are_subject_to(
    inputs: FigureInputs, expected: Reservation
) -> None:
    assert {Basis.FLOWS, Basis.BALANCES} <= touched(inputs)
    assert figures(inputs)["monthly_revenue"].reservations == (expected,)


def test_a_gap_before_the_longest_window_touches_nothing() -> None:
    long_ago = replace(YEAR, starts_on=date(2020, 1, 1), ends_on=date(2020, 3, 31))
    longest = replace(YEAR, statement=UUID(int=2), starts_on=date(2023, 1, 1))
    assert touched(replace(WHOLE, periods=(long_ago, longest))) == set()
    shorter = replace(longest, starts_on=date(2023, 2, 1))
    assert touched(replace(WHOLE, periods=(long_ago, shorter))) != set()


def test_a_doubt_about_a_document_that_no_statement_counts_of_touches_nothing() -> None:
    other = replace(DOUBT, statements=frozenset({UUID(int=99)}))
    assert touched(replace(WHOLE, doubts=(other,))) == set()


def test_figures_never_print_what_answers_refuse() -> None:
    wrong = figures(replace(WHOLE, periods=(replace(YEAR, difference=1),)))
    for name, basis in OF.items():
        if basis is Basis.BALANCES:
            assert (wrong[name].value, wrong[name].detail) == (None, {})
            assert wrong[name].reason is NoValueReason.NOT_RECONCILED
    for answer in answer_questions(wrong.values()):
        figure = wrong[answer.figure]
        assert (answer.state, answer.value) == (figure.state, figure.value)
    assert wrong["monthly_revenue"].provisional


def test_what_is_provisional_is_never_good() -> None:
    for inputs in (
        replace(WHOLE, periods=HALVES),
        replace(WHOLE, bookings=(*MOVED, AWAY)),
        replace(WHOLE, doubts=(DOUBT,)),
    ):
        answers = answer_questions(figures(inputs).values())
        provisional = [each for each in answers if each.provisional]
        assert len(provisional) >= 10
        assert {each.verdict for each in provisional} <= {Verdict.WATCH, Verdict.BAD}
        assert all("not certain" in a.because.en or "altered" in a.because.en for a in provisional)


def test_where_all_accounts_are_others_that_is_said() -> None:
    nothing = FigureInputs("EUR", (), (), left_out={"DE03": "Anna Torfhauer"})
    for answer in answer_questions(compute(Books(nothing))):
        assert answer.because.de == "Es liegen nur Kontoauszüge anderer Kontoinhaber vor."
        assert [each.kind for each in answer.reservations] == [K.ACCOUNT_LEFT_OUT]
        assert not answer.provisional


def test_every_kind_has_words() -> None:
    assert set(CLAUSES) == set(TEXTS) == set(K)


def test_a_young_business_is_complete_since_its_first_account_was_opened() -> None:
    first, last = date(2024, 7, 1), date(2024, 12, 31)
    young = FigureInputs(
        "EUR",
        (Period(UUID(int=1), "A", first, last, 0, 9, 0),),
        (Booking(UUID(int=7), "A", date(2024, 7, 2), 9, Category.REVENUE),),
    )
    [found] = [
        each for each in answer_questions(figures(young).values()) if each.figure == "completeness"
    ]
    assert (found.value, found.verdict, found.missing) == (6, Verdict.WATCH, ())
    assert "since the first was opened on 1 July 2024" in found.because.en
    older = replace(young, periods=(replace(young.periods[0], opening=5),))
    assert figures(older)["completeness"].state is AnswerState.NOT_ANSWERABLE


UNREAD = replace(WHOLE, periods=(replace(YEAR, unread_rows=1),))


def test_days_of_rows_that_were_not_read_are_not_answered_for() -> None:
    found = figures(UNREAD)
    again = Missing(MissingKind.STATEMENT_AGAIN, "A", YEAR.starts_on, YEAR.ends_on)
    for name, basis in OF.items():
        if basis is not Basis.STATEMENTS:
            assert (found[name].value, found[name].reason) == (None, NoValueReason.ROWS_NOT_READ)
            assert found[name].missing == (again,)
    assert found["completeness"].state is AnswerState.NOT_ANSWERABLE
    assert found["completeness"].missing == (again,)
    assert not months(Books(UNREAD))
    for answer in answer_questions(found.values()):
        assert answer.verdict is not Verdict.GOOD
        if answer.figure != "reconciliation":
            assert answer.state is AnswerState.NOT_ANSWERABLE
            [asked] = answer.missing
            assert "rows of it could not be read" in asked.text.en
            assert "Zeilen waren nicht lesbar" in asked.text.de


def test_rows_that_were_not_read_outside_of_the_window_touch_nothing() -> None:
    before = replace(
        YEAR,
        statement=UUID(int=2),
        starts_on=date(2020, 1, 1),
        ends_on=date(2020, 3, 31),
        unread_rows=1,
    )
    apart = replace(WHOLE, periods=(before, YEAR))
    assert figures(apart)["monthly_revenue"].value is not None
    assert len(months(Books(apart))) == 12
