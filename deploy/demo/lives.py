"""A company whose second account was opened, or closed, within its story."""

from dataclasses import replace
from datetime import date

from deploy.demo.bankdays import last_day, month_of, shift
from deploy.demo.company import Company
from deploy.demo.ledger import Account, Booking, Label, Ledger, Printed
from deploy.demo.people import Party


def opened(company: Company, month: date) -> Company:
    """The company, had it opened its second account at the beginning of that month."""
    kept = [b for b in company.ledger.bookings if not _is_of_second(company, b, month, None)]
    second = replace(company.accounts[1], opening=0, opened=month)
    return _with(company, second, kept)


def closed(company: Company, month: date) -> Company:
    """The company, had it closed its second account at the end of that month.

    What is left moves to the first one.
    """
    kept = [b for b in company.ledger.bookings if not _is_of_second(company, b, None, month)]
    first, second = company.accounts
    rest = replace(company, ledger=Ledger(tuple(kept))).ledger.balance(second, shift(month, 1))
    pair = [
        _transfer(company, second, first, -rest, month),
        _transfer(company, first, second, rest, month),
    ]
    moved = pair if rest else []
    return _with(
        company, replace(second, closed=last_day(month)), sorted([*kept, *moved], key=_when)
    )


def _is_of_second(
    company: Company, booking: Booking, opened_in: date | None, closed_in: date | None
) -> bool:
    """Whether a booking is on the second account, or a transfer to or from it, before or after."""
    month, second = month_of(booking.booked_on), company.accounts[1].iban
    outside = (opened_in and month < opened_in) or (closed_in and month > closed_in)
    names = booking.party.iban if booking.party else None
    of_it = booking.account == second or (booking.label is Label.OWN_TRANSFER and names == second)
    return bool(outside and of_it)


def _transfer(company: Company, on: Account, other: Account, amount: int, month: date) -> Booking:
    day, text = last_day(month), "Umbuchung Saldo wegen Kontoauflösung"
    printed = Printed("820", None, "Übertrag", text, company.cast.name, other.iban)
    return Booking(
        reference=f"{day:%Y%m%d}-closing-{on.iban[-4:]}",
        account=on.iban,
        booked_on=day,
        valued_on=day,
        amount=amount,
        label=Label.OWN_TRANSFER,
        party=Party(company.cast.name, other.iban),
        printed=printed,
        speaks=True,
    )


def _when(booking: Booking) -> tuple[date, str]:
    return booking.booked_on, booking.reference


def _with(company: Company, second: Account, bookings: list[Booking]) -> Company:
    known = {b.reference for b in bookings}
    told = [replace(b, undone_by=b.undone_by if b.undone_by in known else None) for b in bookings]
    return replace(company, accounts=(company.accounts[0], second), ledger=Ledger(tuple(told)))
