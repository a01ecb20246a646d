"""What comes in from customers: transfers, collections, card payouts, cash."""

from datetime import date

from deploy.demo import bankdays, forms
from deploy.demo.cast import Customer
from deploy.demo.forms import Form
from deploy.demo.ledger import Account, BatchPart, Booking, Label
from deploy.demo.story import Story

WORDINGS = (
    "Rechnung {n}",
    "Rechnung {n} vom {d:%d.%m.%Y}",
    "RG-Nr. {n} abzgl. Skonto",
    "Re. {n}",
    "{n}",
    "Abschlagszahlung zu Auftrag {n}",
    "2. Rate Rechnung {n}",
    "Kd-Nr. 10{k} Rechnungen {n} u. a.",
    "Ihre Rechnung {n} Danke",
    "Schlussrechnung {n}",
)

# Why debits come back, and how often in a hundred: lacking funds reach a German payee as MS03.
REASONS = {
    "MS03": 52,
    "MD06": 14,
    "AC04": 10,
    "MD01": 8,
    "AC06": 5,
    "AM04": 4,
    "MS02": 4,
    "AC01": 3,
}


def sell(story: Story, month: date) -> None:
    """A month's sales."""
    turnover = story.turnover(month)
    _receive_transfers(story, month, turnover * 60 // 100)
    _pay_out_cards(story, month, turnover * 18 // 100)
    _deposit_cash(story, month, turnover * 6 // 100)
    _collect(story, month)


def _receive_transfers(story: Story, month: date, total: int) -> None:
    dice, customers = story.dice, story.cast.customers
    count = dice.between(18, 34)
    weights = [customer.weight for customer in customers]
    for _ in range(count):
        customer = dice.pick_weighted(customers, weights)
        day = story.bank_day(month)
        if customer.form is forms.INSTANT_IN:  # instant payments are booked on every day
            day = month.replace(day=dice.between(1, bankdays.last_day(month).day))
        text = dice.pick(WORDINGS).format(n=story.invoice(), d=day, k=dice.between(100, 999))
        amount = dice.near(total // count, 80)
        account = story.cast.second if dice.chance(100) else story.cast.current
        story.book(account, day, amount, Label.REVENUE, customer.form, customer.party, text)


def _pay_out_cards(story: Story, month: date, total: int) -> None:
    mondays = [day for day in bankdays.bank_days(month) if day.weekday() == 0]
    for day in mondays:
        story.book(
            story.cast.second,
            day,
            story.dice.near(total // len(mondays), 30),
            Label.REVENUE,
            forms.TRANSFER_IN,
            story.cast.processor,
            f"Auszahlung Kartenumsätze KW {day.isocalendar().week} Vertrag 77120",
            end_to_end=f"PAYOUT{day:%Y%m%d}",
        )


def _deposit_cash(story: Story, month: date, total: int) -> None:
    count = story.dice.between(1, 3)
    for _ in range(count):
        amount = story.dice.near(total // count, 40) // 500 * 500
        day = story.bank_day(month)
        text = "Einzahlung Tageseinnahmen Automat 3"
        story.book(story.cast.second, day, amount, Label.CASH_DEPOSIT, forms.CASH_IN, None, text)


def _collect(story: Story, month: date) -> None:
    """Most subscribers in batches, one a scheme and account; the others one by one."""
    core = [c for c in story.cast.subscribers if c.form is forms.COLLECTION]
    business = [c for c in story.cast.subscribers if c.form is forms.COLLECTION_B2B]
    singles, batch = core[:5], core[5:]
    for customer in singles:
        day = story.bank_day(month, 3, 8)
        _collect_one(story, story.cast.current, day, customer, customer.fee)
    day = story.bank_day(month, 5, 10)
    _collect_batch(story, story.cast.current, day, batch, forms.COLLECTION_BATCH)
    if business:
        day = story.bank_day(month, 12, 17)
        _collect_batch(story, story.cast.second, day, business, forms.COLLECTION_BATCH_B2B)


def _collect_one(
    story: Story, account: Account, day: date, customer: Customer, amount: int
) -> None:
    invoice = story.invoice()
    booked = story.book(
        account,
        day,
        amount,
        Label.COLLECTION,
        customer.form,
        customer.party,
        f"Wartungsvertrag {day:%m/%Y} Rechnung {invoice}",
        end_to_end=invoice,
        mandate=customer.mandate,
    )
    _maybe_return(story, booked, customer, amount, invoice)


def _collect_batch(
    story: Story, account: Account, day: date, customers: list[Customer], form: Form
) -> None:
    parts = tuple(
        BatchPart(c.fee, c.party, f"Wartungsvertrag {day:%m/%Y}", story.invoice(), c.mandate)
        for c in customers
    )
    total = sum(part.amount for part in parts)
    text = f"Einzug {len(parts)} Posten vom {day:%d.%m.%Y}"
    booked = story.book(account, day, total, Label.COLLECTION, form, None, text, parts=parts)
    for part, customer in zip(parts, customers, strict=True):
        _maybe_return(story, booked, customer, part.amount, part.end_to_end)


def _maybe_return(
    story: Story, booked: Booking, customer: Customer, amount: int, invoice: str
) -> None:
    """Some collections come back within days; some of those are collected again, once."""
    dice = story.dice
    if not dice.chance(25):
        return
    account = next(a for a in story.cast.accounts if a.iban == booked.account)
    day = bankdays.later(booked.booked_on, dice.between(2, 6))
    reason = dice.pick_weighted(list(REASONS), list(REASONS.values()))
    story.book(
        account,
        day,
        -amount,
        Label.CUSTOMER_DEBIT_RETURNED,
        forms.RETURNED if customer.form is forms.COLLECTION else forms.RETURNED_B2B,
        customer.party,
        f"Rücklastschrift {reason} Wartungsvertrag Rechnung {invoice}",
        end_to_end=invoice,
        mandate=customer.mandate,
        reason=reason,
        origin=booked,
    )
    story.book(account, day, -350, Label.FEES, forms.FEE, None, "Entgelt für Rücklastschrift")
    if dice.chance(350):
        _collect_again(story, account, day, customer, amount, invoice)


def _collect_again(
    story: Story, account: Account, returned_on: date, customer: Customer, amount: int, invoice: str
) -> None:
    story.book(
        account,
        bankdays.later(returned_on, story.dice.between(4, 8)),
        amount,
        Label.COLLECTION,
        customer.form,
        customer.party,
        f"Erneuter Einzug Rechnung {invoice}",
        end_to_end=invoice,
        mandate=customer.mandate,
    )
