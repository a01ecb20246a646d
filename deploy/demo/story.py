"""The story as it is told: bookings are added in any order and sorted at the end."""

from datetime import date, timedelta

from deploy.demo import bankdays
from deploy.demo.cast import Cast
from deploy.demo.dice import Dice
from deploy.demo.forms import Form
from deploy.demo.ledger import Account, BatchPart, Booking, Label, Printed
from deploy.demo.people import Party


class Story:
    """What has happened so far to the company between two days."""

    def __init__(self, cast: Cast, dice: Dice, first_month: date, last_month: date) -> None:
        """Begin an empty story of whole months."""
        self.cast, self.dice = cast, dice
        self.months = bankdays.months(first_month, last_month)
        self.ends_on = bankdays.last_day(last_month)
        self._bookings: dict[str, Booking] = {}
        self._invoice = dice.between(1_000, 5_000)

    def book(
        self,
        account: Account,
        day: date,
        amount: int,
        label: Label,
        form: Form,
        party: Party | None,
        remittance: str,
        *,
        parts: tuple[BatchPart, ...] = (),
        end_to_end: str | None = None,
        mandate: str | None = None,
        reason: str | None = None,
        origin: Booking | None = None,
    ) -> Booking:
        """Add a booking, printed for now as clearly as a bank can."""
        printed = Printed(
            gvc=form.gvc,
            iso=form.iso,
            text=form.text,
            remittance=remittance,
            name=party.name if party else None,
            iban=party.iban if party else None,
            end_to_end=end_to_end,
            mandate=mandate,
            reason=reason,
        )
        booking = Booking(
            reference=f"{day:%Y%m%d}-{len(self._bookings) + 1:06d}",
            account=account.iban,
            booked_on=day,
            valued_on=bankdays.later(day, 1) if label is Label.COLLECTION else day,
            amount=amount,
            label=label,
            party=party,
            printed=printed,
            speaks=form.speaks,
            parts=parts,
            origin=origin.reference if origin else None,
        )
        self._bookings[booking.reference] = booking
        return booking

    def amend(self, booking: Booking) -> Booking:
        """Tell a booking anew that was told before, known by its reference."""
        self._bookings[booking.reference] = booking
        return booking

    def bookings(self) -> list[Booking]:
        """All bookings up to the last day, in the order in which they were booked."""
        booked = (b for b in self._bookings.values() if b.booked_on <= self.ends_on)
        return sorted(booked, key=lambda b: (b.booked_on, b.reference))

    def bank_day(self, month: date, low: int = 1, high: int = 31) -> date:
        """A bank day of the month, on or after a day rolled between two."""
        last = bankdays.last_day(month).day
        day = month + timedelta(days=self.dice.between(low, min(high, last)) - 1)
        found = bankdays.on_or_after(day)
        return found if found.month == month.month else bankdays.bank_days(month)[-1]

    def invoice(self) -> str:
        """The next invoice number."""
        self._invoice += 1
        return f"R-{self._invoice}"

    def turnover(self, month: date) -> int:
        """What the company turns over in that month, by season and growth, in cents."""
        months = self.months.index(month)
        grown = self.cast.turnover * (1000 + self.cast.growth * months) // 1000
        return grown * self.cast.season[month.month - 1] // 100
