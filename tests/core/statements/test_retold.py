"""What one file tells twice counts once, in every format; genuine twins of one statement live."""

from collections import Counter
from collections.abc import Callable
from datetime import date
from io import BytesIO

import pytest

from core.analysis.commands import figure_inputs, label
from core.analysis.model import FigureInputs
from core.formats import parsers
from core.ids import new_id
from core.statements import ParsedDocument, assemble, mark_duplicates
from core.statements.model import Account as BankAccount
from core.statements.model import Balance, Statement, Transaction
from deploy.demo import LAYOUTS, Account, Company, camt053, mt940, ofx
from tests.core.formats.messages import entry, message
from tests.core.formats.messages import statement as camt_statement
from tests.core.statements.test_overlap import booking
from tests.core.test_oracle import company_of

pytestmark = pytest.mark.unit

Write = Callable[[Company, Account, date, date], bytes]
MONTHS = [date(2025, month, 1) for month in range(3, 8)]
COMPANY = company_of(1)
ACCOUNT = COMPANY.accounts[1]
TABLE = (
    "Buchungstag;Empfänger;Verwendungszweck;Betrag;Währung\n"
    "03.03.2025;Fjord;RE 12;2.500,00;EUR\n04.03.2025;Hallen;Miete;-310,40;EUR\n"
    "05.03.2025;Vos;Stifte;-18,90;EUR\n05.03.2025;Vos;Stifte;-18,90;EUR\n"
)
HEAD = "IBAN;DE19999999990000123456\n"


def joined_ofx(*files: bytes) -> bytes:
    """The statements of several OFX files in one."""
    inner = [each.partition(b"<OFX>")[2].rpartition(b"</OFX>")[0] for each in files]
    head, opens, _ = files[0].partition(b"<OFX>")
    return head + opens + b"".join(inner) + b"</OFX>"


WRITERS: dict[str, tuple[Write, Callable[..., bytes]]] = {
    "MT940": (mt940, lambda *files: b"".join(files)),
    "OFX": (ofx, joined_ofx),
    "CAMT": (camt053, lambda *files: b"\n".join(files)),
    "ING": (LAYOUTS["ING"], lambda *files: b"\n".join(files)),
}


def read(content: bytes | str) -> ParsedDocument:
    content = content if isinstance(content, bytes) else content.encode()
    return assemble(parsers.read(BytesIO(content)), new_id())


def counted(*documents: ParsedDocument) -> FigureInputs:
    """What the figures rest on, of documents that were handed in together."""
    statements = [each for document in documents for each in document.statements]
    rows = [each for document in documents for each in document.transactions]
    rows.sort(key=lambda each: (each.transaction.booked_on, each.id))
    return figure_inputs("EUR", None, statements, label(statements, rows, "Muster GmbH"))


def booked(inputs: FigureInputs) -> Counter[tuple[date, int]]:
    return Counter((each.booked_on, each.amount) for each in inputs.bookings)


def days(inputs: FigureInputs) -> set[date]:
    return {
        date.fromordinal(day)
        for each in inputs.periods
        for day in range(each.starts_on.toordinal(), each.ends_on.toordinal() + 1)
    }


@pytest.mark.parametrize("name", WRITERS)
def test_a_file_pasted_twice_into_one_counts_once(name: str) -> None:
    write, join = WRITERS[name]
    once = write(COMPANY, ACCOUNT, MONTHS[0], MONTHS[2])
    single, twice = read(once), read(join(once, once))
    assert len(twice.transactions) == 2 * len(single.transactions)
    assert booked(counted(twice)) == booked(counted(single)) != Counter()
    assert days(counted(twice)) == days(counted(single))
    assert [each.code for each in twice.findings if each.code == "overlap"] == ["overlap"]


@pytest.mark.thorough
@pytest.mark.parametrize("name", WRITERS)
def test_four_overlapping_exports_in_one_file_count_once(name: str) -> None:
    write, join = WRITERS[name]
    single = read(write(COMPANY, ACCOUNT, MONTHS[0], MONTHS[4]))
    spans = [(0, 2), (1, 3), (2, 4), (0, 4)]
    for order in (spans, spans[::-1]):
        exports = [write(COMPANY, ACCOUNT, MONTHS[first], MONTHS[last]) for first, last in order]
        several = read(join(*exports))
        assert booked(counted(several)) == booked(counted(single))
        assert days(counted(several)) == days(counted(single))


@pytest.mark.parametrize("name", WRITERS)
def test_the_same_file_handed_in_twice_counts_once(name: str) -> None:
    content = WRITERS[name][0](COMPANY, ACCOUNT, MONTHS[0], MONTHS[2])
    assert booked(counted(read(content), read(content))) == booked(counted(read(content)))


@pytest.mark.parametrize("head", [HEAD, ""], ids=["named", "unnamed"])
def test_a_table_pasted_below_itself_counts_once_and_its_twins_stay_two(head: str) -> None:
    single = booked(counted(read(head + TABLE)))
    assert single[date(2025, 3, 5), -1890] == 2
    body = TABLE.partition("\n")[2]
    for text in (head + TABLE + head + TABLE, head + TABLE + body, head + TABLE + body + body):
        assert booked(counted(read(text))) == single


def told(*rows: tuple[int, int, str]) -> list[Transaction]:
    return [
        booking(date(2025, 3, day), cents, None)._replace(remittance=text)
        for day, cents, text in rows
    ]


def statement(
    rows: list[Transaction],
    number: str = "DE1",
    balances: tuple[int, int] | None = None,
    span: tuple[int, int] = (1, 31),
) -> list[Statement | Transaction]:
    first, last = (date(2025, 3, day) for day in span)
    opening, closing = (
        (Balance(balances[0], first), Balance(balances[1], last)) if balances else (None, None)
    )
    account = BankAccount(number, "EUR")
    return [Statement("statement", account, None, first, last, opening, closing), *rows]


def amounts(*items: Statement | Transaction) -> list[int]:
    inputs = counted(assemble(items, new_id()))
    return sorted(each.amount for each in inputs.bookings)


FEES = told((3, -500, "fee"), (4, -700, "card"))


def test_rows_told_again_count_once_and_the_balances_then_agree() -> None:
    document = assemble(statement(FEES * 2, balances=(5000, 3800)), new_id())
    assert [each.difference for each in document.statements] == [0, None]
    assert len(counted(document).bookings) == 2


def test_rows_that_the_balances_say_were_booked_twice_count_twice() -> None:
    assert amounts(*statement(FEES * 2, balances=(5000, 2600))) == [-700, -700, -500, -500]


def test_one_row_again_may_be_a_twin_and_another_text_is_another_booking() -> None:
    assert amounts(*statement(told((3, 5, "a"), (3, 5, "a")))) == [5, 5]
    other = told((3, -500, "fee"), (4, -700, "rent"))
    assert len(amounts(*statement(FEES + other))) == 4


def test_two_accounts_with_equal_bookings_are_two() -> None:
    both = (*statement(FEES), *statement(FEES, "DE2"))
    assert amounts(*both) == [-700, -700, -500, -500]
    more = told((3, -500, "fee"), (4, -700, "card"), (5, 900, "sale"))
    unnamed = (*statement(FEES, "unnamed"), *statement(more, "unnamed 2", span=(1, 31)))
    assert amounts(*unnamed, *statement(told((6, 1, "x")), "unnamed 3"))[:2] != [-700, -700]


def test_unnamed_tables_that_contradict_each_other_are_two_accounts() -> None:
    rows = told((2, 100, "a"), (3, -500, "fee"), (6, 1, "x"))
    other = told((2, 100, "a"), (3, -500, "fee"), (4, 70, "b"), (6, 1, "x"))
    both = (*statement(rows, "unnamed"), *statement(other, "unnamed 2"))
    assert len(amounts(*both)) == 7


def test_a_longer_statement_holds_the_shorter_one() -> None:
    long = told((2, 100, "a"), (3, -500, "fee"), (20, 70, "b"))
    for halves in ((statement(long[:2], span=(1, 10)), statement(long)),
                   (statement(long), statement(long[:2], span=(1, 10)))):  # fmt: skip
        document = assemble([each for half in halves for each in half], new_id())
        inputs = counted(document)
        assert (len(inputs.bookings), len(inputs.periods)) == (3, 1)


def test_another_writing_of_the_same_days_in_one_file_counts_once() -> None:
    elsewise = told((3, -500, "Gebühr"), (4, -700, "Karte"))
    assert amounts(*statement(FEES), *statement(elsewise)) == [-700, -500]


def test_statements_that_touch_on_a_day_keep_what_each_has() -> None:
    one, two = told((10, -5, "a")), told((10, -5, "b"))
    assert amounts(*statement(one, span=(1, 10)), *statement(two, span=(10, 20))) == [-5, -5]
    joined = (
        *statement(one, span=(1, 10), balances=(100, 95)),
        *statement(one, span=(10, 20), balances=(95, 90)),
    )
    assert amounts(*joined) == [-5, -5]
    assert amounts(*statement(one, span=(1, 10)), *statement(one, span=(10, 20))) == [-5]


def test_two_currencies_of_one_account_are_two() -> None:
    dollars = [each._replace(currency="USD") for each in FEES]
    foreign = statement(dollars)
    head = foreign[0]
    assert isinstance(head, Statement)
    foreign[0] = head._replace(account=head.account._replace(currency="USD"))
    document = assemble([*statement(FEES), *foreign], new_id())
    assert not document.findings
    assert len(counted(document).bookings) == 2


def test_reports_within_a_day_that_each_begin_at_the_morning_count_once() -> None:
    first, second = entry("5.00"), entry("7.00")
    file = message(
        camt_statement(first, container="Rpt"),
        camt_statement(first, second, container="Rpt"),
        kind="BkToCstmrAcctRpt",
        version="052.001.08",
    )
    assert sorted(each.amount for each in counted(read(file)).bookings) == [500, 700]


def test_unnamed_tables_that_differ_on_their_last_day_are_two_accounts() -> None:
    rows = told((2, 100, "a"), (3, -500, "fee"), (6, 1, "x"))
    other = told((2, 100, "a"), (3, -500, "fee"), (6, 2, "y"))
    both = (*statement(rows, "unnamed"), *statement(other, "unnamed 2"))
    assert len(amounts(*both)) == 6


def test_balances_tell_that_a_booking_stands_in_a_statement_once_too_often() -> None:
    one = entry(more="<AcctSvcrRef>X1</AcctSvcrRef>")
    document = read(message(camt_statement(one, one)))
    rows = mark_duplicates(document.statements, document.transactions)
    assert [each.transaction.amount for each in rows if not each.duplicate] == [5000]
    assert [each.code for each in document.findings] == ["overlap"]
    other = entry(more="<AcctSvcrRef>X2</AcctSvcrRef>")
    (differs,) = read(message(camt_statement(one, other))).statements
    assert differs.difference == -5000


def test_a_reversal_with_the_other_sign_is_not_taken_for_a_repeat() -> None:
    entries = (
        entry("70.00"), entry("10.00", side="DBIT"),
        entry("10.00", side="CRDT", more="<RvslInd>true</RvslInd>"),
    )  # fmt: skip
    (found,) = read(message(camt_statement(*entries))).statements
    assert (found.difference, found.flipped, found.transaction_count) == (0, True, 3)
