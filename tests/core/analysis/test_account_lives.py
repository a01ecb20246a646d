"""When an account lives: statements that begin or end with nothing tell, unless others speak."""

from dataclasses import replace
from datetime import date
from uuid import UUID

import pytest

from core.analysis.books import Books
from core.analysis.coverage import cover
from core.analysis.lives import tell_lives
from core.analysis.model import Booking, Category, FigureInputs, Life, Period, Window

pytestmark = pytest.mark.unit

JULY, OCTOBER = date(2024, 7, 1), date(2024, 10, 31)
FIRST, LAST = date(2024, 7, 3), date(2024, 10, 30)
NEW = Period(UUID(int=1), "NEW", JULY, date(2024, 8, 31), 0, 500, 0)
THEN = Period(UUID(int=2), "NEW", date(2024, 9, 1), OCTOBER, 500, 0, 0)


def book(day: date, amount: int, account: str = "NEW", other: str | None = None) -> Booking:
    return Booking(
        UUID(int=day.toordinal()),
        account,
        day,
        amount,
        Category.OWN_TRANSFER if other else Category.REVENUE,
        counterparty_account=other,
    )


MOVED = (book(FIRST, 500), book(LAST, -500))


def life(periods: tuple[Period, ...] = (NEW, THEN), bookings: tuple[Booking, ...] = MOVED) -> Life:
    return tell_lives(cover(periods), bookings)["NEW"]


def test_an_account_lives_from_nothing_to_nothing() -> None:
    assert life() == Life(JULY, OCTOBER)


def test_one_that_begins_or_ends_with_money_lived_before_or_lives_on() -> None:
    assert life((replace(NEW, opening=1), THEN)) == Life(None, OCTOBER)
    assert life((NEW, replace(THEN, closing=1))) == Life(JULY, None)
    assert life((replace(NEW, opening=None), replace(THEN, closing=None))) == Life()


def test_one_on_which_nothing_moved_tells_nothing() -> None:
    assert life(bookings=()) == Life()


def test_one_that_is_swept_stands_at_nothing_all_the_time() -> None:
    assert life((replace(NEW, closing=0), replace(THEN, opening=0))) == Life()


def test_one_that_others_paid_before_or_pay_after_was_there_then() -> None:
    before = book(date(2024, 5, 2), -9, "OLD", "NEW")
    after = book(date(2024, 12, 2), -9, "OLD", "new")
    under_way = book(date(2024, 6, 28), -500, "OLD", "NEW")
    assert life(bookings=(*MOVED, before)) == Life(None, OCTOBER)
    assert life(bookings=(*MOVED, after)) == Life(JULY, None)
    assert life(bookings=(*MOVED, under_way)) == Life(JULY, OCTOBER)


def test_before_its_opening_and_after_its_closing_nothing_stands_on_it() -> None:
    old = Period(UUID(int=3), "OLD", date(2024, 1, 1), date(2024, 12, 31), 100, 100, 0)
    closed = replace(NEW, starts_on=date(2024, 1, 1), ends_on=date(2024, 3, 31), account="GONE")
    gone = replace(closed, opening=0, closing=0)
    moved = (*MOVED, book(date(2024, 1, 2), 7, "GONE"), book(date(2024, 3, 28), -7, "GONE"))
    books = Books(FigureInputs("EUR", (old, gone, NEW, THEN), moved))
    assert books.window == Window(date(2024, 1, 1), date(2024, 12, 31))
    days = books.summed_balances
    assert days is not None
    assert (days[0], days[1], days[89], days[190], days[-1]) == (100, 107, 100, 600, 100)


def test_a_window_after_an_account_closed_does_without_it() -> None:
    old = Period(UUID(int=3), "OLD", date(2023, 1, 1), date(2025, 12, 31), 100, 100, 0)
    books = Books(FigureInputs("EUR", (old, NEW, THEN), MOVED))
    assert books.window == Window(date(2024, 1, 1), date(2025, 12, 31))
    early = replace(old, starts_on=date(2024, 11, 1))
    later = Books(FigureInputs("EUR", (early, NEW, THEN), MOVED))
    assert later.window == Window(date(2024, 11, 1), date(2025, 12, 31))
    assert later.balances.keys() == {"OLD"}
