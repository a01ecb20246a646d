"""What happens now and then: own transfers, the owner, refunds, benefits, bets, seizures."""

from datetime import date

from deploy.demo import bankdays, forms
from deploy.demo.forms import Form
from deploy.demo.ledger import Account, Label
from deploy.demo.people import Party
from deploy.demo.story import Story


def befall(story: Story, month: date) -> None:
    """A month's occasions."""
    _sweep(story, month)
    _withdraw_cash(story, month)
    _involve_owner(story, month)
    _refund(story, month)
    _receive_benefits(story, month)
    _invest(story, month)
    _bet(story, month)


def _once(
    story: Story,
    month: date,
    permille: int,
    amount: int,
    label: Label,
    form: Form,
    party: Party,
    text: str,
    account: Account | None = None,
) -> None:
    """Book it that often in a thousand months, on any bank day, the amount a third off at most."""
    if story.dice.chance(permille):
        day, amount = story.bank_day(month), story.dice.near(amount, 33)
        story.book(account or story.cast.current, day, amount, label, form, party, text)


def _sweep(story: Story, month: date) -> None:
    """Move the takings from the second account to the current one; rarely some of it back."""
    cast, dice = story.cast, story.dice
    moves = [(cast.second, cast.current, story.turnover(month) * 13 // 100)] * 2
    if dice.chance(300):
        moves.append((cast.current, cast.second, cast.turnover * 2 // 100))
    for source, target, amount in moves:
        day, amount = story.bank_day(month), dice.near(amount, 20) // 10_000 * 10_000
        arrives = bankdays.later(day, 1) if dice.chance(300) else day
        text = dice.pick(("Übertrag", "Umbuchung Liquidität", f"Kontoausgleich {month:%m/%Y}"))
        own_target, own_source = Party(cast.name, target.iban), Party(cast.name, source.iban)
        label = Label.OWN_TRANSFER
        out, into = forms.OWN_OUT, forms.OWN_IN
        story.book(source, day, -amount, label, out, own_target, text)
        story.book(target, arrives, amount, label, into, own_source, text)


def _withdraw_cash(story: Story, month: date) -> None:
    for _ in range(story.dice.between(0, 2)):
        amount = story.dice.between(2, 30) * 5_000
        day, text = story.bank_day(month), "Geldautomat 55012 Karte 3"
        label, form = Label.CASH_WITHDRAWAL, forms.CASH_OUT
        story.book(story.cast.current, day, -amount, label, form, None, text)


def _involve_owner(story: Story, month: date) -> None:
    cast = story.cast
    weak, base = cast.health.lowest[0] < 0, cast.turnover
    injection, out = Label.OWNER_INJECTION, forms.TRANSFER_OUT
    text = story.dice.pick(("Gesellschafterdarlehen", "Einlage Gesellschafter"))
    often = 130 if weak else 15
    _once(story, month, often, base // 8, injection, forms.TRANSFER_IN, cast.owner, text)
    text = story.dice.pick(("Privatentnahme Gesellschafter", "Vorabausschüttung Gesellschafter"))
    often = 60 if weak else 500
    _once(story, month, often, -(base // 20), Label.OWNER_DRAW, out, cast.owner, text)


def _refund(story: Story, month: date) -> None:
    """Suppliers pay back, and so does the company."""
    cast, dice = story.cast, story.dice
    bill = dice.between(10_000, 99_999)
    supplier = dice.pick(cast.suppliers).party
    text = dice.pick(
        (f"Erstattung Rechnung {bill}", f"Gutschrift {bill} Retoure", f"Rückzahlung RE {bill}")
    )
    label, form = Label.REFUND_RECEIVED, forms.TRANSFER_IN
    _once(story, month, 220, cast.turnover // 150, label, form, supplier, text)
    customer = dice.pick(cast.customers).party
    text = f"Erstattung Gutschrift zu {story.invoice()}"
    label, form = Label.REFUND_PAID, forms.TRANSFER_OUT
    _once(story, month, 220, -(cast.turnover // 200), label, form, customer, text)


def _receive_benefits(story: Story, month: date) -> None:
    cast, base, form = story.cast, story.cast.turnover, forms.TRANSFER_IN
    before = bankdays.shift(month, -2)
    text = f"Erstattung UMS.ST {before:%m/%y} St-Nr 123/456/78901"
    _once(story, month, 80, base // 40, Label.TAX_REFUND, form, cast.tax_office, text)
    text = f"Versicherungsleistung Schaden-Nr {story.dice.between(10_000, 99_999)}"
    _once(story, month, 70, base // 30, Label.INSURANCE_BENEFIT, form, cast.underwriter, text)
    text = f"Kurzarbeitergeld {before:%m/%Y} Stamm-Nr K771"
    _once(story, month, 70, base // 25, Label.STATE_BENEFIT, form, cast.labour_office, text)


def _invest(story: Story, month: date) -> None:
    broker, base = story.cast.broker, story.cast.turnover
    if broker is None:
        return
    label, form, account = Label.INVESTMENT, forms.SECURITIES, story.cast.second
    text = "Wertpapierkauf Depot 88120 Sparplan"
    _once(story, month, 250, -(base // 60), label, form, broker, text, account)
    label, form, text = Label.INVESTMENT_INCOME, forms.DIVIDEND, "Dividende Depot 88120"
    _once(story, month, 180, base // 300, label, form, broker, text, account)


def _bet(story: Story, month: date) -> None:
    casino = story.cast.casino
    if casino is None:
        return
    out, label = forms.TRANSFER_OUT, Label.GAMBLING
    _once(story, month, 250, -15_000, label, out, casino, "Wetteinsatz Kundenkonto 4471")
    win = "Gewinnauszahlung Sportwetten Kundenkonto 4471"
    _once(story, month, 60, 21_000, label, forms.TRANSFER_IN, casino, win)


def seize(story: Story) -> None:
    """Creditors seize money, once or twice in a story, where things go badly."""
    cast, dice = story.cast, story.dice
    for creditor, text in (
        (cast.bailiff, "Pfändungs- und Überweisungsbeschluss DR II 412/26"),
        (cast.customs, "Pfändung Drittschuldnerzahlung rückständige Beiträge"),
    ):
        if dice.chance(cast.health.seizes):
            day, amount = story.bank_day(dice.pick(story.months)), dice.between(40_000, 900_000)
            label, form = Label.SEIZURE, forms.TRANSFER_OUT
            story.book(cast.current, day, -amount, label, form, creditor, text)
