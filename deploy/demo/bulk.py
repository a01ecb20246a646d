"""A statement of any length, to measure readers with."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from itertools import cycle, islice

from deploy.demo.bankdays import last_day
from deploy.demo.camt import (
    DOCUMENT_END,
    StatementSheet,
    dialect_of,
    document_head,
    entry,
    statement_head,
)
from deploy.demo.company import make_company
from deploy.demo.ledger import Booking, Label


def large_camt053(entries: int, seed: int = 1) -> Iterator[bytes]:
    """One CAMT.053 statement of that many entries, about 1 kB each, piece by piece; it reconciles.

    A company's current account is told over and over within its own 24 months.
    """
    company = make_company(seed)
    account = company.accounts[0]
    dialect = dialect_of(company, account)
    bookings = [b for b in company.ledger.of(account) if _stands_alone(b)]
    starts_on, ends_on, opening = company.first_month, last_day(company.last_month), account.opening
    rounds, remainder = divmod(entries, len(bookings))
    closing = (
        opening
        + rounds * sum(b.amount for b in bookings)
        + sum(b.amount for b in bookings[:remainder])
    )
    sheet = StatementSheet(1, starts_on, ends_on, opening, closing, account.credit_line)
    yield "".join((*document_head(dialect, ends_on), statement_head(dialect, sheet))).encode()
    length = (ends_on - starts_on).days + 1
    for number, booking in enumerate(islice(cycle(bookings), entries)):
        day = starts_on + timedelta(days=number * length // entries)
        copy = replace(
            booking, reference=f"{day:%Y%m%d}-{number:08d}", booked_on=day, valued_on=day
        )
        yield entry(dialect, number + 1, copy).encode()
    yield f"</Stmt>{DOCUMENT_END}".encode()


def _stands_alone(booking: Booking) -> bool:
    """Whether a booking may be repeated on any day: no batch, nothing that points at another."""
    return not (
        booking.pending
        or booking.parts
        or booking.origin
        or booking.undone_by
        or booking.label is Label.OWN_TRANSFER
    )
