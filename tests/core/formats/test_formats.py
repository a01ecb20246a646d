"""One ledger in every format: the same bookings, balances and figures come out of each.

The made-up company knows its bookings; the product knows the files alone.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache, partial
from itertools import pairwise

import pytest

from core.analysis.coverage import add_months
from core.statements import StoredStatement, StoredTransaction
from deploy.demo import LAYOUTS, Account, Booking, Company, camt053, make_company, mt940, ofx, truth
from deploy.demo.pdf import pdf
from deploy.demo.sheets import LAYOUTS as SHEETS
from deploy.demo.sheets import Layout
from tests.core.test_oracle import analyse, company_of, computed, true, understood
from tests.every import EVERY
from tests.tables import add_row

SEEDS = (1, 2, 7)
"""Whether papers, each of which takes seconds to read, are read of every company."""
PAPER_MONTHS = 12
TWICE = 42  # a company that books on the last days of months, and has bookings pending
TITLE = "The same ledger in every format: bookings whose field is the ledger's"
Render = Callable[[Company, Account, date, date], bytes]
Value = object

FIELDS: dict[str, tuple[Callable[[Booking], Value], Callable[[StoredTransaction], Value]]] = {
    "booked_on": (lambda b: b.booked_on, lambda r: r.transaction.booked_on),
    "valued_on": (lambda b: b.valued_on, lambda r: r.transaction.valued_on),
    "amount": (lambda b: b.amount, lambda r: r.transaction.amount),
    "reversal": (lambda b: b.printed.reversal_mark, lambda r: r.transaction.reversal),
    "counterparty": (lambda b: b.printed.name, lambda r: r.transaction.counterparty),
    "account": (lambda b: b.printed.iban, lambda r: r.transaction.counterparty_account),
    "gvc": (lambda b: b.printed.gvc, lambda r: r.transaction.gvc),
    "reason": (lambda b: b.printed.reason, lambda r: r.transaction.return_reason),
    "reference": (lambda b: b.reference, lambda r: r.transaction.bank_reference),
}

BALANCES = frozenset(("average_balance", "lowest_balance", "days_in_red"))
CODES = frozenset(("reversal", "gvc", "reference"))  # which no table of bookings has


@dataclass(frozen=True)
class Format:
    """How the ledger is rendered, and what such a file cannot say."""

    render: Render
    lacks: frozenset[str] = frozenset()
    opening: bool = True
    closing: bool = True
    dated: bool = True  # whether it says for which days it speaks
    named: bool = True  # whether it says of which account
    placed: bool = True  # whether bookings are bytes of it; on paper they have boxes
    mixed: int = 0  # bookings whose name may run into the text where the paper sets nothing apart

    @property
    def unknown(self) -> frozenset[str]:
        """The figures that it leaves open for want of balances."""
        open_ones = frozenset(() if self.opening else ("reconciliation",))
        return open_ones if self.closing else open_ones | BALANCES


def on_paper(sheet: Layout) -> Format:
    """A layout of statements on paper, which has no codes and not always the day of value."""

    def render(company: Company, account: Account, first: date, last: date) -> bytes:
        return pdf(company, account, sheet, first, last)

    valued = sheet.valued_below or "valued" in sheet.columns
    lacks = CODES if valued else CODES | {"valued_on"}
    return Format(render, lacks, placed=False, mixed=2 if sheet.name == "ledger" else 0)


FORMATS = {
    "CAMT.053": Format(camt053),
    "MT940": Format(mt940),
    "OFX 1": Format(ofx, CODES - {"reference"}, opening=False),
    "OFX 2": Format(partial(ofx, version="2"), CODES - {"reference"}, opening=False),
    "CSV Sparkasse": Format(LAYOUTS["Sparkasse"], CODES, opening=False, closing=False, dated=False),
    "CSV DKB old": Format(LAYOUTS["DKB old"], CODES, opening=False),
    "CSV DKB new": Format(LAYOUTS["DKB new"], CODES, opening=False),
    "CSV ING": Format(LAYOUTS["ING"], CODES | {"account"}),
    "CSV N26": Format(LAYOUTS["N26"], CODES, opening=False, closing=False, named=False),
    "CSV sides": Format(LAYOUTS["sides"], CODES),
} | {f"PDF {each.name}": on_paper(each) for each in SHEETS}

RENDERED = [
    (name, seed)
    for number, (name, each) in enumerate(FORMATS.items())
    for seed in (SEEDS if EVERY else SEEDS[number % len(SEEDS) :][:1])
]


@cache
def company_in(name: str, seed: int) -> Company:
    """The company of a seed; of a year where it is on paper, which takes seconds to read."""
    if FORMATS[name].placed or seed == TWICE or EVERY:
        return company_of(seed)
    return make_company(seed, months=PAPER_MONTHS)


@cache
def files(name: str, seed: int) -> list[bytes]:
    """The company's statements in a format, a file an account."""
    company = company_in(name, seed)
    return [
        FORMATS[name].render(company, account, company.first_month, company.last_month)
        for account in company.accounts
    ]


@cache
def read(name: str, seed: int) -> tuple[list[StoredStatement], list[StoredTransaction]]:
    """What is read from these files."""
    stored, rows = [], []
    for account, file in zip(company_in(name, seed).accounts, files(name, seed), strict=True):
        found = understood(file)
        stored += found.statements
        if FORMATS[name].named:
            assert {row.account for row in found.transactions} == {account.iban}
        rows += [row._replace(account=account.iban) for row in found.transactions]
    return stored, rows


def key(each: Booking | StoredTransaction) -> tuple[str, date, int]:
    """By which a booking and what was read of it belong together; twins share one."""
    if isinstance(each, Booking):
        return each.account, each.booked_on, each.amount
    return each.account, each.transaction.booked_on, each.transaction.amount


def squeezed(text: str) -> str:
    """The letters alone: blanks get lost where lines break, and SEPA's keys where they are read."""
    plain = re.sub(r"(EREF|MREF)\+\S+", "", text).replace("SVWZ+", "")
    return "".join(plain.split()).casefold()


def count_right_fields(name: str, seed: int) -> dict[str, int]:
    """How many bookings have each of the format's fields as in the ledger; all must."""
    bookings = [b for b in company_in(name, seed).ledger.bookings if not b.pending]
    rows = [row for row in read(name, seed)[1] if not row.transaction.pending]
    assert Counter(map(key, rows)) == Counter(map(key, bookings))
    batches = {key(b) for b in bookings if b.parts}  # whose parts only some formats have
    bookings = [b for b in bookings if key(b) not in batches]
    rows = [row for row in rows if key(row) not in batches]
    counts = {}
    if not FORMATS[name].placed:
        rows = with_names_put_back(rows, bookings)
    for field, (of_booking, of_row) in FIELDS.items():
        if field not in FORMATS[name].lacks:
            true_ones = Counter((*key(b), of_booking(b)) for b in bookings)
            differing = true_ones - Counter((*key(row), of_row(row)) for row in rows)
            allowed = FORMATS[name].mixed if field == "counterparty" else 0
            assert differing.total() <= allowed, (field, differing)
            counts[field] = true_ones.total() - differing.total()
    assert not [row for row in rows if "SVWZ+" in row.transaction.remittance]
    lost = remittances_lost(bookings, rows)
    assert len(lost) <= FORMATS[name].mixed, lost
    return counts | {"remittance": len(bookings) - len(lost)}


def with_names_put_back(
    rows: Iterable[StoredTransaction], bookings: Iterable[Booking]
) -> list[StoredTransaction]:
    """The rows, a name that was found in a text in which the bank set none apart back in its text.

    On paper nothing tells the two apart, so nothing is wrong with such a name.
    """
    unnamed = defaultdict(list)
    for b in bookings:
        if b.printed.name is None:
            unnamed[key(b)].append(b.printed.remittance)
    found = []
    for row in sorted(rows, key=lambda each: each.transaction.counterparty is not None):
        words = Counter(
            f"{row.transaction.counterparty or ''} {row.transaction.remittance}".split()
        )
        text = next((each for each in unnamed[key(row)] if Counter(each.split()) == words), None)
        if text is not None:
            unnamed[key(row)].remove(text)
            row = row._replace(
                transaction=row.transaction._replace(counterparty=None, remittance=text)
            )
        found.append(row)
    return found


def remittances_lost(bookings: Iterable[Booking], rows: Iterable[StoredTransaction]) -> list[str]:
    """The texts that are not to be found in what was read of their bookings."""
    texts, lost = defaultdict(list), []
    for row in rows:
        texts[key(row)].append(squeezed(row.transaction.remittance))
    for b in sorted(bookings, key=lambda each: -len(each.printed.remittance)):
        text = squeezed(b.printed.remittance)
        found = next((each for each in texts[key(b)] if text in each), None)
        if found is None:
            lost.append(b.printed.remittance)
        else:
            texts[key(b)].remove(found)
    return lost


# The scope has the tests of one file follow each other, so that it is read once.
@pytest.mark.parametrize(("name", "seed"), RENDERED, scope="module")
def test_the_same_bookings_and_balances_come_out(name: str, seed: int) -> None:
    company, (stored, _) = company_in(name, seed), read(name, seed)
    counts = count_right_fields(name, seed)
    for account in company.accounts:
        own = [each for each in stored if each.statement.account.number == account.iban]
        if not FORMATS[name].named:
            continue
        assert own, account.iban
        first, last = own[0].statement.opening, own[-1].statement.closing
        assert (first is not None) == FORMATS[name].opening
        assert (last is not None) == FORMATS[name].closing
        if first is not None:
            assert first.amount == account.opening
            assert all(each.difference == 0 for each in own)
        if last is not None:
            assert last.amount == company.ledger.balance(account, date.max)
    if (name, seed) == RENDERED[0]:
        add_row(TITLE, "format", "statements", *FIELDS, "remittance")
    if seed == next(seed for each, seed in RENDERED if each == name):
        add_row(
            TITLE, name, len(stored), *(counts.get(field, "-") for field in (*FIELDS, "remittance"))
        )


@pytest.mark.parametrize(
    ("name", "seed"), [each for each in RENDERED if FORMATS[each[0]].named], scope="module"
)
def test_the_same_figures_come_out(name: str, seed: int) -> None:
    kind, company = FORMATS[name], company_in(name, seed)
    printed = 24 if kind.placed or EVERY else PAPER_MONTHS
    months = printed if kind.dated else 22
    _figures_are_true(company, files(name, seed), kind.unknown, months)


# Each paper takes seconds to read, and one is told apart from tables as well as another.
NAMED = [name for name, each in FORMATS.items() if each.named and (each.placed or "typed" in name)]
PAIRS = [*pairwise(NAMED), ("OFX 1", "MT940"), ("MT940", "CSV DKB new"), ("MT940", "CSV ING")]


@pytest.mark.parametrize(("one", "other"), [*PAIRS, *pairwise(reversed(NAMED))])
def test_what_is_handed_in_twice_changes_no_figure(one: str, other: str) -> None:
    company, both = company_of(TWICE), FORMATS[one].unknown & FORMATS[other].unknown
    _figures_are_true(company, [*files(one, TWICE), *files(other, TWICE)], both)


@pytest.mark.parametrize(("one", "other"), PAIRS)
def test_files_that_share_some_months_make_one_account(one: str, other: str) -> None:
    company, either = company_of(TWICE), FORMATS[one].unknown | FORMATS[other].unknown
    earlier = company.first_month, add_months(company.first_month, 13)
    later = add_months(company.first_month, 10), company.last_month
    spans = (FORMATS[one].render, earlier), (FORMATS[other].render, later)
    given = [render(company, each, *span) for render, span in spans for each in company.accounts]
    _figures_are_true(company, given, either)


def _figures_are_true(
    company: Company, given: list[bytes], unknown: frozenset[str], months: int = 22
) -> None:
    """Every figure of these files is the truth, unless it is one of the unknown ones and open."""
    figures, _ = analyse(company, given, company.declared_lenders)
    window = figures["monthly_revenue"].window
    assert window is not None
    assert window.months >= months
    declared = company.declared_lenders
    known = true(truth(company, window.starts_on, window.ends_on, declared_lenders=declared))
    for each, value in computed(figures).items():
        assert value == known[each] or (value is None and each in unknown), each


@pytest.mark.parametrize("name", [name for name, each in FORMATS.items() if each.placed])
def test_the_evidence_is_the_booking_in_the_file(name: str) -> None:
    for account, file in zip(company_of(1).accounts, files(name, 1), strict=True):
        rows = [row for row in read(name, 1)[1] if row.account == account.iban]
        places = sorted(
            (row.transaction.evidence.start, row.transaction.evidence.end) for row in rows
        )
        assert all(end <= after for (_, end), (after, _) in pairwise(places))
        for row in rows:
            place = file[row.transaction.evidence.start : row.transaction.evidence.end].replace(
                b"\0", b""
            )
            euros, cents = divmod(abs(row.transaction.amount), 100)
            digits = re.sub(rb"(?<=[0-9])[.](?=[0-9]{3})", b"", place)
            amount = rb"%d[.,]%02d" % (euros, cents) + (rb"|%d" % euros if not cents else rb"")
            assert re.search(amount, digits), place
            assert row.transaction.counterparty is None or place.strip() == place
