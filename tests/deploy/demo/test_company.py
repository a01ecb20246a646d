"""The made-up company: repeatable, varied, and paired as a reader of its statements must pair."""

import ast
import hashlib
import subprocess
import sys
from collections import Counter
from datetime import timedelta
from functools import cache
from pathlib import Path

import pytest

from deploy import demo
from deploy.demo import Booking, Company, Label, hand_in, labels, make_company, truth
from deploy.demo.bankdays import is_bank_day
from deploy.demo.noise import shout

SEEDS = range(20)
PRINT = (
    "import hashlib; from deploy.demo import camt053, make_company; c = make_company(3);"
    "print(hashlib.sha256(b''.join("
    "camt053(c, a, c.first_month, c.last_month) for a in c.accounts)).hexdigest())"
)

# What tells a reader that a booking is not just a customer's or a supplier's payment.
SIGNS = {
    Label.COLLECTION: ("171", "174", "192", "196", "IDDT", "EINZUG"),
    Label.CASH_DEPOSIT: ("082", "CDPT", "BAREINZAHLUNG"),
    Label.LOAN_DISBURSEMENT: ("606", "DARLEHEN"),
    Label.OWNER_INJECTION: ("GESELLSCHAFTER",),
    Label.REFUND_RECEIVED: ("ERSTATTUNG", "RETOURE", "RUECKZAHLUNG"),
    Label.OWN_DEBIT_RETURNED: ("181", "184", "LASTSCHRIFT-WIEDERGUTSCHRIFT"),
    Label.TRANSFER_RETURNED: ("159", "160", "RUECKUEBERWEISUNG"),
    Label.TAX_REFUND: ("FINANZAMT",),
    Label.INSURANCE_BENEFIT: ("VERSICHERUNGSLEISTUNG",),
    Label.STATE_BENEFIT: ("AGENTUR FUER ARBEIT",),
    Label.INTEREST_RECEIVED: ("HABENZINSEN",),
    Label.INVESTMENT_INCOME: ("DEPOT",),
    Label.INVESTMENT: ("DEPOT",),
    Label.GAMBLING: ("SPORTWETTEN",),
    Label.SALARY: ("153", "LOHN/GEHALT"),
    Label.TAX: ("FINANZAMT", "STADTKASSE", "KFZ-STEUER"),
    Label.SOCIAL_SECURITY: ("SV-BEITRAEGE",),
    Label.LOAN_SERVICE: ("601", "603", "604", "DARLEHEN"),
    Label.RENT: ("MIETE",),
    Label.LEASING: ("LEASING",),
    Label.INSURANCE: ("VERSICHERUNG", "HAFTPFLICHT"),
    Label.FEES: ("805", "808", "814", "ENTGELT", "SOLLZINSEN"),
    Label.CUSTOMER_DEBIT_RETURNED: ("108", "109", "RUECKLASTSCHRIFT"),
    Label.REFUND_PAID: ("ERSTATTUNG",),
    Label.CASH_WITHDRAWAL: ("083", "CWDL", "BARGELDAUSZAHLUNG"),
    Label.SEIZURE: ("PFAENDUNG",),
    Label.OWNER_DRAW: ("GESELLSCHAFTER",),
    Label.REVERSAL: ("899", "STORNO"),
}


@cache
def company(seed: int) -> Company:
    return make_company(seed)


def counted(made_up: Company) -> list[Booking]:
    return [b for b in made_up.ledger.bookings if not b.pending]


def test_the_same_seed_gives_the_same_bytes_in_another_process() -> None:
    digests = {
        subprocess.run(
            [sys.executable, "-c", PRINT],
            env={"PYTHONHASHSEED": seed},
            cwd=Path(demo.__file__).parents[2],
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(digests) == 1
    assert len(digests.pop().strip()) == hashlib.sha256().digest_size * 2


def test_another_seed_is_another_company() -> None:
    ibans = {account.iban for seed in SEEDS for account in company(seed).accounts}
    assert len(ibans) == 2 * len(SEEDS)


def test_a_shorter_ledger_ends_with_the_month_that_was_asked_for() -> None:
    made_up = make_company(1, until=company(1).first_month, months=3)
    assert made_up.last_month == company(1).first_month
    assert {b.booked_on.month for b in counted(made_up)} == {9, 10, 11}


def test_every_label_happens_to_some_company() -> None:
    counts = Counter(label for seed in SEEDS for label in labels(hand_in(company(seed))).values())
    assert set(counts) == set(Label)


def test_companies_differ_in_what_an_underwriter_looks_for() -> None:
    found = [truth(company(seed), None, None, company(seed).declared_lenders) for seed in SEEDS]
    for figure in ("days_in_red", "own_payments_bounced", "seizures", "gambling"):
        counts = [getattr(figures, figure) for figures in found]
        assert min(counts) == 0, figure
        assert max(counts) > 1, figure
    assert {figures.undeclared_lenders for figures in found} == {0, 1}
    assert min(figures.growth or 0 for figures in found) < 0 < max(f.growth or 0 for f in found)


def test_references_are_unique_and_bookings_in_order() -> None:
    bookings = company(5).ledger.bookings
    assert len({b.reference for b in bookings}) == len(bookings)
    assert [b.booked_on for b in bookings] == sorted(b.booked_on for b in bookings)


def test_banks_book_on_bank_days_but_for_instant_payments() -> None:
    for seed in SEEDS:
        weekend = [b for b in counted(company(seed)) if not is_bank_day(b.booked_on)]
        assert {b.label for b in weekend} <= {Label.REVENUE}
    assert weekend


def test_a_batch_adds_up_to_its_payments() -> None:
    batches = [b for seed in SEEDS for b in counted(company(seed)) if b.parts]
    assert batches
    assert all(b.amount == sum(part.amount for part in b.parts) for b in batches)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_reversal_takes_back_the_latest_opposite_booking(seed: int) -> None:
    for account in company(seed).accounts:
        free: list[Booking] = []
        for booking in company(seed).ledger.of(account):
            if booking.label is Label.REVERSAL:
                since = booking.booked_on - timedelta(days=30)
                wrong = next(
                    b
                    for b in reversed(free)
                    if b.amount == -booking.amount and b.booked_on >= since
                )
                assert wrong.reference == booking.origin
                assert wrong.undone_by == booking.reference
                free.remove(wrong)
            else:
                free.append(booking)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_bounced_payment_is_the_latest_debit_alike(seed: int) -> None:
    for account in company(seed).accounts:
        free: list[Booking] = []
        for booking in company(seed).ledger.of(account):
            if booking.label is Label.OWN_DEBIT_RETURNED:
                debit = next(
                    b
                    for b in reversed(free)
                    if b.amount == -booking.amount
                    and b.party == booking.party
                    and b.booked_on >= booking.booked_on - timedelta(days=60)
                )
                assert debit.reference == booking.origin
                assert debit.undone_by is None
                free.remove(debit)
            else:
                free.append(booking)


def test_the_same_bill_can_bounce_twice() -> None:
    returns = [
        (seed, b.party, b.amount)
        for seed in SEEDS
        for b in counted(company(seed))
        if b.label is Label.OWN_DEBIT_RETURNED
    ]
    assert max(Counter(returns).values()) > 1


def test_genuine_twins_share_day_text_and_amount() -> None:
    twins = Counter(
        (b.account, b.booked_on, b.amount, b.printed)
        for b in counted(company(2))
        if b.label is Label.SUPPLIER
    )
    assert max(twins.values()) == 2


@pytest.mark.parametrize("seed", SEEDS)
def test_noise_leaves_a_sign_of_what_a_booking_is(seed: int) -> None:
    made_up = company(seed)
    for b in made_up.ledger.bookings:
        printed = b.printed
        texts = (printed.text, printed.remittance, printed.name or "", "")
        line = f"{printed.gvc} {printed.iso} {shout(' '.join(texts))}"
        if b.label is Label.OWN_TRANSFER:
            assert printed.iban in {account.iban for account in made_up.accounts}
        elif b.label in SIGNS and not printed.reversal_mark:
            assert any(sign in line for sign in SIGNS[b.label]), (b.label, printed)


def test_noise_takes_codes_and_names_from_some() -> None:
    printed = [b.printed for seed in SEEDS for b in counted(company(seed))]
    assert any(p.gvc is None and p.iso is None for p in printed)
    assert any(p.gvc is None and p.iso for p in printed)
    assert any(p.gvc == "999" for p in printed)
    assert any(p.name and p.name == p.name.upper() for p in printed)


def test_numbers_have_valid_check_digits() -> None:
    parties = {b.party.iban for b in company(4).ledger.bookings if b.party and b.party.iban}
    for iban in parties | {account.iban for account in company(4).accounts}:
        assert len(iban) == 22
        assert int(iban[4:] + "1314" + iban[2:4]) % 97 == 1
    assert demo.people.vat_id(13669597) == "DE136695976"


def test_the_application_names_the_company_and_its_older_lender() -> None:
    made_up = company(7)
    application = made_up.application()
    assert application["applicant"] == {
        "legal_name": made_up.cast.name,
        "legal_form": "GmbH",
        "country": "DE",
        "register_court": f"Amtsgericht {made_up.cast.town}",
        "register_number": made_up.cast.register_number,
        "vat_id": made_up.cast.vat_id,
    }
    declared = application["declared"]
    assert isinstance(declared, dict)
    assert declared["existing_lenders"] == [made_up.cast.loans[0].lender.name]


PRINTING = {"reportlab", "pypdfium2", "PIL"}  # what sets its statements in type, or scans them


def test_the_oracle_shares_no_code_with_what_it_judges() -> None:
    for path in Path(demo.__file__).parent.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            names = [a.name for a in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            for name in names:
                top = name.split(".")[0]
                ours = name.startswith("deploy.demo")
                assert ours or top in PRINTING or top in sys.stdlib_module_names, path
