"""What goes wrong: payments that bounce or come back, twins, and the bank correcting itself."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from deploy.demo import bankdays, forms
from deploy.demo.ledger import Account, Booking, Label
from deploy.demo.people import Party
from deploy.demo.story import Story

BOUNCING = (Label.SUPPLIER, Label.LEASING, Label.INSURANCE, Label.SOCIAL_SECURITY)
REVERSIBLE = (Label.SUPPLIER, Label.REVENUE, Label.LOAN_SERVICE, Label.CASH_DEPOSIT, Label.FEES)
FILLING_STATION = Party("Tankhof Fährholm")


def go_wrong(story: Story, month: date) -> None:
    """A month's mishaps among what it has seen so far."""
    bookings = story.bookings()
    returned = {b.origin for b in bookings}
    bills = {_bill(b) for b in bookings if b.reference in returned}
    booked = [
        b for b in bookings if bankdays.month_of(b.booked_on) == month and _bill(b) not in bills
    ]
    _bounce_some(story, booked)
    _return_transfer(story, booked)
    _fill_up_twice(story, month)


def _bounce_some(story: Story, booked: list[Booking]) -> None:
    """Own direct debits that the account could not bear, loan instalments among them."""
    dice = story.dice
    debits = [b for b in booked if b.printed.gvc in ("104", "105")]
    loans = [b for b in debits if b.label is Label.LOAN_SERVICE]
    others = [b for b in debits if b.label in BOUNCING]
    for candidates in (loans, others, others):
        if candidates and dice.chance(story.cast.health.bounces):
            debit = dice.pick(candidates)
            candidates.remove(debit)
            _bounce(story, debit, again=True)


def _bounce(story: Story, debit: Booking, again: bool) -> None:
    """Credit a debit back; its creditor may present it again, once: before the next month's."""
    dice, account = story.dice, _account(story, debit)
    day = bankdays.later(debit.booked_on, dice.between(1, 4))
    form = forms.RECREDIT_B2B if debit.printed.gvc == "104" else forms.RECREDIT
    reason = dice.pick(("MS03", "MS03", "AM04"))
    story.book(
        account,
        day,
        -debit.amount,
        Label.OWN_DEBIT_RETURNED,
        form,
        debit.party,
        f"Lastschrift-Wiedergutschrift {reason} {debit.printed.remittance}",
        end_to_end=debit.printed.end_to_end,
        mandate=debit.printed.mandate,
        reason=reason,
        origin=debit,
    )
    if again and dice.chance(650):
        _present_again(story, debit, bankdays.later(day, dice.between(4, 8)))


def _present_again(story: Story, debit: Booking, day: date) -> None:
    """The creditor tries the same bill once more, and it may bounce once more."""
    presented = story.book(
        _account(story, debit),
        day,
        debit.amount,
        debit.label,
        forms.DEBIT_B2B if debit.printed.gvc == "104" else forms.DEBIT,
        debit.party,
        debit.printed.remittance,
        end_to_end=debit.printed.end_to_end,
        mandate=debit.printed.mandate,
    )
    if story.dice.chance(350):
        _bounce(story, presented, again=False)


def _return_transfer(story: Story, booked: list[Booking]) -> None:
    """A transfer that found no account comes back."""
    dice = story.dice
    transfers = [b for b in booked if b.printed.gvc == "116" and b.label is Label.SUPPLIER]
    if not transfers or not dice.chance(80):
        return
    sent = dice.pick(transfers)
    form = dice.pick((forms.TRANSFER_RETURNED, forms.TRANSFER_RETURNED, forms.INSTANT_RETURNED))
    reason = dice.pick(("AC01", "AC04", "AC06"))
    story.book(
        _account(story, sent),
        bankdays.later(sent.booked_on, dice.between(1, 3)),
        -sent.amount,
        Label.TRANSFER_RETURNED,
        form,
        sent.party,
        f"Rücküberweisung {reason} {sent.printed.remittance}",
        end_to_end=sent.printed.end_to_end,
        reason=reason,
        origin=sent,
    )


def _fill_up_twice(story: Story, month: date) -> None:
    """Genuine twins: two vans fill up for the same amount on the same day."""
    if not story.dice.chance(400):
        return
    day, amount = story.bank_day(month), story.dice.between(60, 110) * 100
    for _ in range(2):
        text = f"Karte 7712 {day:%d.%m.%y} Diesel"
        label, form = Label.SUPPLIER, forms.CARD
        story.book(story.cast.current, day, -amount, label, form, FILLING_STATION, text)


def correct(story: Story) -> None:
    """The bank takes back wrong bookings: at most one an account and month, so that its sign tells.

    What is taken back is always the latest booking of that amount, as a reader must assume.
    """
    returned = {b.origin for b in story.bookings()}
    for account in story.cast.accounts:
        booked = [b for b in story.bookings() if b.account == account.iban]
        taken: set[date] = set()
        for month in story.months:
            if not story.dice.chance(200):
                continue
            wrong = _wrong_booking(story, booked, month, returned)
            day = wrong and bankdays.later(wrong.booked_on, story.dice.between(1, 5))
            if not wrong or not day or day > story.ends_on or bankdays.month_of(day) in taken:
                continue
            if not _is_latest(wrong, day, booked):
                continue
            taken.add(bankdays.month_of(day))
            if wrong.label is Label.SUPPLIER and story.dice.chance(500):
                wrong = _repeat(story, account, wrong)
            _reverse(story, account, wrong, day)


def _wrong_booking(
    story: Story, booked: list[Booking], month: date, returned: set[str | None]
) -> Booking | None:
    """One of the month's bookings that a bank might take back."""
    candidates = [
        b
        for b in booked
        if bankdays.month_of(b.booked_on) == month
        and b.label in REVERSIBLE
        and not b.parts
        and b.origin is None
        and b.reference not in returned
    ]
    loans = [b for b in candidates if b.label is Label.LOAN_SERVICE]
    if loans and story.dice.chance(200):
        return story.dice.pick(loans)
    return story.dice.pick(candidates) if candidates else None


def _is_latest(wrong: Booking, day: date, booked: Iterable[Booking]) -> bool:
    """Whether no other booking of the same amount lies near enough to be confused with it."""
    return not any(
        b.amount == wrong.amount
        and b.reference != wrong.reference
        and wrong.booked_on <= b.booked_on <= day
        for b in booked
    )


def _repeat(story: Story, account: Account, booking: Booking) -> Booking:
    """The bank carries out the same order twice on the same day."""
    printed = booking.printed
    twin = story.book(
        account,
        booking.booked_on,
        booking.amount,
        booking.label,
        forms.TRANSFER_OUT,
        booking.party,
        printed.remittance,
    )
    return story.amend(replace(twin, printed=printed, speaks=booking.speaks))


def _reverse(story: Story, account: Account, wrong: Booking, day: date) -> None:
    """Book the opposite of a wrong booking, and remember both as a pair."""
    form = replace(forms.REVERSAL, iso=wrong.printed.iso or "")
    text = f"Storno der Buchung vom {wrong.booked_on:%d.%m.%Y} {wrong.printed.remittance}"
    reversal = story.book(
        account, day, -wrong.amount, Label.REVERSAL, form, wrong.party, text, origin=wrong
    )
    printed = replace(reversal.printed, reversal_mark=True)
    story.amend(replace(reversal, printed=printed))
    story.amend(replace(wrong, undone_by=reversal.reference))


def leave_pending(story: Story) -> None:
    """Announce a few bookings on the last day that are not booked yet."""
    cast, dice, day = story.cast, story.dice, story.ends_on
    purchase, sale = dice.between(2_000, 90_000), dice.near(cast.turnover // 30, 50)
    supplier, customer = dice.pick(cast.suppliers).party, dice.pick(cast.customers).party
    for amount, label, form, party, text in (
        (-purchase, Label.SUPPLIER, forms.DEBIT, supplier, f"Rechnung {purchase}"),
        (sale, Label.REVENUE, forms.TRANSFER_IN, customer, f"Rechnung {story.invoice()}"),
    ):
        announced = story.book(cast.current, day, amount, label, form, party, text)
        story.amend(replace(announced, pending=True))


def _bill(booking: Booking) -> tuple[Party | None, int, str]:
    """What stays the same when a creditor presents a debit again."""
    return booking.party, booking.amount, booking.printed.remittance


def _account(story: Story, booking: Booking) -> Account:
    return next(a for a in story.cast.accounts if a.iban == booking.account)
