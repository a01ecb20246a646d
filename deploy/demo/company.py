"""The made-up company: its cast, its labelled ledger, and what it applies for."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from deploy.demo import costs, mishaps, noise, occasions, sales
from deploy.demo.bankdays import month_of, shift
from deploy.demo.cast import Cast, invent_cast
from deploy.demo.dice import Dice
from deploy.demo.ledger import Account, Booking, Label, Ledger
from deploy.demo.story import Story

UNTIL = date(2026, 10, 1)


@dataclass(frozen=True, slots=True)
class Company:
    """A company and its bookings from the first to the last month, each said by its first day."""

    seed: int
    cast: Cast
    accounts: tuple[Account, ...]
    ledger: Ledger
    first_month: date
    last_month: date

    @property
    def declared_lenders(self) -> tuple[str, ...]:
        """Whom it tells about: the lender from before the story, not the newer one."""
        return (self.cast.loans[0].lender.name,)

    def account(self, iban: str) -> Account:
        """Its account of that number."""
        return next(account for account in self.accounts if account.iban == iban)

    def application(self) -> dict[str, object]:
        """What it submits to the second version of the public API."""
        cast = self.cast
        return {
            "product": "loan",
            "applicant": {
                "legal_name": cast.name,
                "legal_form": "GmbH",
                "country": "DE",
                "register_court": f"Amtsgericht {cast.town}",
                "register_number": cast.register_number,
                "vat_id": cast.vat_id,
            },
            "amount": _euros(cast.turnover * 2 // 1_000_000 * 1_000_000),
            "term_months": 60,
            "purpose": "Erweiterung der Werkstatt",
            "declared": {
                "annual_revenue": _euros(cast.turnover * 12 // 1_000_000 * 1_000_000),
                "monthly_debt_service": _euros(cast.loans[0].instalment),
                "existing_lenders": list(self.declared_lenders),
            },
            "external_reference": f"DEMO-{self.seed}",
        }


def make_company(seed: int, until: date = UNTIL, months: int = 24) -> Company:
    """The company of that seed, its ledger ending with the month of `until`; always the same."""
    cast, last_month = invent_cast(seed), month_of(until)
    first_month = shift(last_month, 1 - months)
    story = Story(cast, Dice(f"{seed}/story"), first_month, last_month)
    _make_bookings(story)
    bookings = story.bookings()
    accounts = _settle_openings(cast, bookings, Dice(f"{seed}/openings"))
    printed = _print(accounts, bookings, Dice(f"{seed}/noise"))
    return Company(seed, cast, accounts, Ledger(tuple(printed)), first_month, last_month)


def _make_bookings(story: Story) -> None:
    """Everything that happens, month by month."""
    for month in story.months:
        sales.sell(story, month)
        costs.spend(story, month)
        occasions.befall(story, month)
        mishaps.go_wrong(story, month)
    occasions.seize(story)
    mishaps.correct(story)
    mishaps.leave_pending(story)


def _settle_openings(cast: Cast, bookings: list[Booking], dice: Dice) -> tuple[Account, Account]:
    """Openings that bring the lowest balance to where the company's health wants it."""
    lowest = cast.turnover * dice.between(*cast.health.lowest) // 100
    second_lowest = cast.turnover * dice.between(-1, 6) // 100
    second = second_lowest - _dip(b for b in bookings if b.account == cast.second.iban)
    current = lowest - second - _dip(bookings)
    return replace(cast.current, opening=current), replace(cast.second, opening=second)


def _dip(bookings: Iterable[Booking]) -> int:
    """How far below its opening an end-of-day balance falls, zero or less."""
    balance, at_end = 0, {}
    for booking in bookings:
        balance += 0 if booking.pending else booking.amount
        at_end[booking.booked_on] = balance
    return min(0, *at_end.values()) if at_end else 0


def _print(accounts: tuple[Account, ...], bookings: list[Booking], dice: Dice) -> list[Booking]:
    """Every booking as its bank prints it; what was taken back is labelled so."""
    banks = {account.iban: account.bank for account in accounts}
    linked = {b.origin for b in bookings if b.label is not Label.REVERSAL}
    return [
        noise.blur(b, banks[b.account], bool(b.origin) or b.reference in linked, dice)
        for b in bookings
    ]


def _euros(cents: int) -> dict[str, str]:
    return {"value": f"{cents // 100}.{cents % 100:02d}", "currency": "EUR"}
