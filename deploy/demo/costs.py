"""What goes out every month: suppliers, wages, taxes, insurers, rent, loans, the bank."""

from datetime import date

from deploy.demo import bankdays, forms
from deploy.demo.cast import Loan, Supplier
from deploy.demo.ledger import BatchPart, Booking, Label
from deploy.demo.story import Story

PURCHASES = ("Rechnung {n}", "RE {n} Material", "Kd. 4711 RG {n}", "{n} Lieferung", "Beleg {n}")


def spend(story: Story, month: date) -> None:
    """A month's costs."""
    share = story.cast.health.costs - 48  # what all the other costs take
    _pay_suppliers(story, month, story.turnover(month) * share // 100)
    _pay_wages(story, month)
    _pay_taxes(story, month)
    _pay_premises(story, month)
    for loan in story.cast.loans:
        _serve(story, month, loan)
    _pay_bank(story, month)


def _pay_suppliers(story: Story, month: date, total: int) -> None:
    dice, suppliers = story.dice, story.cast.suppliers
    count = dice.between(14, 28)
    weights = [supplier.weight for supplier in suppliers]
    for _ in range(count):
        supplier = dice.pick_weighted(suppliers, weights)
        pay(story, supplier, story.bank_day(month), dice.near(total // (count + 4), 80))
    parts = tuple(
        BatchPart(-dice.near(total // (count + 4), 40), s.party, "Sammelzahlung Rechnung", f"ZL{n}")
        for n, s in enumerate(dice.sample(suppliers, 4), dice.between(100, 900))
    )
    story.book(
        story.cast.current,
        story.bank_day(month, 18, 24),
        sum(part.amount for part in parts),
        Label.SUPPLIER,
        forms.TRANSFER_BATCH,
        None,
        f"Zahllauf Lieferanten {month:%m/%Y} {len(parts)} Posten",
        parts=parts,
    )


def pay(story: Story, supplier: Supplier, day: date, amount: int) -> Booking:
    """One purchase paid, from the second account now and then."""
    account = story.cast.second if story.dice.chance(120) else story.cast.current
    bill = story.dice.between(10_000, 99_999)
    return story.book(
        account,
        day,
        -amount,
        Label.SUPPLIER,
        supplier.form,
        supplier.party,
        story.dice.pick(PURCHASES).format(n=bill),
        end_to_end=str(bill),
        mandate=supplier.mandate,
    )


def _pay_wages(story: Story, month: date) -> None:
    """Wages near the end of the month; larger staffs as one payroll run."""
    cast, day = story.cast, bankdays.bank_days(month)[-2]
    text = f"Lohn/Gehalt {month:%m/%Y}"
    if len(cast.staff) > 6:
        parts = tuple(
            BatchPart(-e.wage, e.party, text, f"LG{month:%m%y}{n:02d}")
            for n, e in enumerate(cast.staff, 1)
        )
        total = sum(part.amount for part in parts)
        story.book(cast.current, day, total, Label.SALARY, forms.PAYROLL, None, text, parts=parts)
        return
    for e in cast.staff:
        story.book(cast.current, day, -e.wage, Label.SALARY, forms.SALARY, e.party, text)


def _pay_taxes(story: Story, month: date) -> None:
    """Wage tax and VAT after the 10th, trade tax on the 15th, insurers at the month's end."""
    cast, dice = story.cast, story.dice
    before = bankdays.shift(month, -1)
    due = bankdays.on_or_after(month.replace(day=10))
    wages = sum(e.wage for e in cast.staff)
    taxes = (
        (wages * 22 // 100, f"LOHNST {before:%m/%y} St-Nr 123/456/78901"),
        (
            dice.near(story.turnover(before if before in story.months else month) * 4 // 100, 25),
            f"UMS.ST {before:%m/%y} St-Nr 123/456/78901",
        ),
    )
    for amount, text in taxes:
        day = bankdays.later(due, dice.between(0, 2))
        form = forms.DEBIT
        story.book(cast.current, day, -amount, Label.TAX, form, cast.tax_office, text)
    if month.month in (2, 5, 8, 11):
        text = f"Gewerbesteuer Vorauszahlung {(month.month + 1) // 3}. Quartal {month.year}"
        day, amount = bankdays.on_or_after(month.replace(day=15)), cast.turnover * 2 // 100
        form, party = forms.TRANSFER_OUT, cast.town_treasury
        story.book(cast.current, day, -amount, Label.TAX, form, party, text)
    if month.month == 4:
        text = f"Kfz-Steuer Kennzeichen MU-NL 123 {month.year}"
        day = story.bank_day(month, 3, 9)
        story.book(cast.current, day, -31_600, Label.TAX, forms.DEBIT, cast.customs, text)
    for n, insurer in enumerate(cast.insurers):
        amount = wages * (34, 12, 8)[n] // 100
        text = f"SV-Beiträge {month:%m/%Y} Betriebsnummer 12345678"
        day, label = bankdays.bank_days(month)[-3], Label.SOCIAL_SECURITY
        story.book(cast.current, day, -amount, label, forms.DEBIT, insurer, text)


def _pay_premises(story: Story, month: date) -> None:
    """Rent by standing order, leasing and insurance by direct debit."""
    cast, base = story.cast, story.cast.turnover
    day = bankdays.on_or_after(month)
    text = f"Miete Werkstatt und Büro {month:%m/%Y}"
    form = forms.STANDING_ORDER
    story.book(cast.current, day, -(base * 3 // 100), Label.RENT, form, cast.landlord, text)
    text = f"Leasingrate Transporter LV 88213 {month:%m/%Y}"
    day, form = bankdays.on_or_after(month.replace(day=3)), forms.DEBIT
    story.book(cast.second, day, -(base // 100), Label.LEASING, form, cast.lessor, text)
    if month.month % 3 == 1:
        text = f"Betriebshaftpflicht Beitrag {month:%m/%Y} VS-Nr 55.120.7"
        day, party = bankdays.on_or_after(month.replace(day=5)), cast.underwriter
        story.book(cast.second, day, -(base // 80), Label.INSURANCE, form, party, text)


def _serve(story: Story, month: date, loan: Loan) -> None:
    """Pay out a loan in its month; serve it in each later one."""
    index = story.months.index(month)
    if loan.starts == index:
        day = story.bank_day(month, 5, 20)
        story.book(
            story.cast.current,
            day,
            loan.principal,
            Label.LOAN_DISBURSEMENT,
            forms.DISBURSEMENT,
            loan.lender,
            f"Auszahlung Darlehen {loan.number}",
        )
    if loan.starts is not None and index <= loan.starts:
        return
    day = bankdays.on_or_after(month.replace(day=15))
    if not loan.split:
        text = f"Darlehen {loan.number} Rate {month:%m/%y}"
        _pay_lender(story, day, loan, loan.instalment, forms.DEBIT, text)
        return
    interest = max(loan.instalment * (40 - index) // 100, 100)
    text = f"Darlehen {loan.number}"
    _pay_lender(story, day, loan, interest, forms.LOAN_INTEREST, f"Zinsen {text} {month:%m/%y}")
    redemption = loan.instalment - interest
    _pay_lender(story, day, loan, redemption, forms.REDEMPTION, f"Tilgung {text} {month:%m/%y}")


def _pay_lender(
    story: Story, day: date, loan: Loan, amount: int, form: forms.Form, text: str
) -> None:
    account = story.cast.current
    reference = loan.number.replace(" ", "") + f"-{day:%m%y}"
    story.book(
        account,
        day,
        -amount,
        Label.LOAN_SERVICE,
        form,
        loan.lender,
        text,
        end_to_end=reference,
    )


def _pay_bank(story: Story, month: date) -> None:
    """Account fees each month; interest each quarter, owed by the weak and earned by the strong."""
    cast, dice, last = story.cast, story.dice, bankdays.bank_days(month)[-1]
    for account in cast.accounts:
        text = f"Abrechnung {bankdays.last_day(month):%d.%m.%Y} Kontoführung und Buchungsposten"
        amount = dice.between(1_290, 3_990)
        story.book(account, last, -amount, Label.FEES, forms.CLOSING, None, text)
    if month.month % 3:
        return
    period = f"{bankdays.shift(month, -2):%d.%m.}-{bankdays.last_day(month):%d.%m.%Y}"
    if cast.health.lowest[0] < 0:
        amount, text = dice.between(2_000, 60_000), f"Sollzinsen Kontokorrent {period}"
        story.book(cast.current, last, -amount, Label.FEES, forms.INTEREST_PAID, None, text)
    else:
        amount, text = dice.between(200, 4_000), f"Habenzinsen {period}"
        label, form = Label.INTEREST_RECEIVED, forms.INTEREST_EARNED
        story.book(cast.second, last, amount, label, form, None, text)
