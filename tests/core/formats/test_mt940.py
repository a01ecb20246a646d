"""What banks write into MT940 and MT942, and what is made of it."""

from datetime import date
from io import BytesIO

import pytest

from core.documents import Finding
from core.errors import Unreadable
from core.formats import parsers
from core.formats.mt940.reader import read
from core.ids import new_id
from core.statements import assemble
from core.statements.model import Balance, Statement, Transaction

pytestmark = pytest.mark.unit

HEAD = (":20:STARTUMS", ":25:20070000/0123456601", ":28C:00012/001", ":60F:C240102EUR100,00")
FOOT = (":62F:C240131EUR150,00", "-")
LINE = ":61:2401150115CR50,00NTRFNONREF//4711"
TEXT = ":86:166?00GUTSCHRIFT?20Rechnung 1?32Muster GmbH"


def message(
    *lines: str, head: tuple[str, ...] = HEAD, foot: tuple[str, ...] = FOOT, end: str = "\r\n"
) -> str:
    """A message with these lines in its middle."""
    return "".join(f"{line}{end}" for line in (*head, *lines, *foot))


def read_all(
    text: str | bytes,
) -> tuple[list[Statement], list[Transaction], list[Finding]]:
    """Everything that a file says, by kind."""
    content = text if isinstance(text, bytes) else text.encode("cp1252")
    items = list(read(BytesIO(content)))
    return (
        [each for each in items if isinstance(each, Statement)],
        [each for each in items if isinstance(each, Transaction)],
        [each for each in items if isinstance(each, Finding)],
    )


def booking(*lines: str) -> Transaction:
    """The one booking of a message."""
    (found,) = read_all(message(*lines))[1]
    return found


def test_a_statement_says_whose_and_between_which_balances() -> None:
    (head,), (found,), findings = read_all(message(LINE, TEXT))
    assert head.kind == "statement"
    assert head.account.number == "DE41200700000123456601"
    assert (head.account.currency, head.number) == ("EUR", "12")
    assert head.opening == Balance(10000, date(2024, 1, 2))
    assert head.closing == Balance(15000, date(2024, 1, 31))
    assert (found.booked_on, found.valued_on, found.amount) == (
        date(2024, 1, 15), date(2024, 1, 15), 5000,
    )  # fmt: skip
    assert (found.counterparty, found.gvc, found.bank_reference) == ("Muster GmbH", "166", "4711")
    assert found.remittance == "GUTSCHRIFT Rechnung 1"
    assert not findings


def test_the_evidence_is_line_and_text_without_what_surrounds_them() -> None:
    more = ":86:166?00GUTSCHRIFT?20Zwei\r\nZeilen"
    content = message(LINE, more, LINE).encode()
    first, second = read_all(content)[1]
    place = content[first.evidence.start : first.evidence.end].decode()
    assert place == f"{LINE}\r\n{more}"
    assert content[second.evidence.start : second.evidence.end].decode() == LINE


@pytest.mark.parametrize("end", ["\r\n", "\n", "\r", "@@"])
def test_lines_end_as_each_system_ends_them(end: str) -> None:
    (head,), (found,), _ = read_all(message(LINE, TEXT, end=end))
    assert head.closing == Balance(15000, date(2024, 1, 31))
    assert (found.amount, found.counterparty) == (5000, "Muster GmbH")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
def test_umlauts_are_read_however_they_are_encoded(encoding: str) -> None:
    text = message(LINE, ":86:166?00ÜBERWEISUNG?20Größe?32Änne Müller – Söhne")
    (found,) = read_all(text.encode(encoding))[1]
    assert (found.remittance, found.counterparty) == ("ÜBERWEISUNG Größe", "Änne Müller – Söhne")


@pytest.mark.parametrize(
    ("line", "amount", "reversal"),
    [
        (":61:240115C50,NTRFNONREF", 5000, False),
        (":61:2401150115D0,5NTRFNONREF", -50, False),
        (":61:240115DR1234,56NTRFNONREF", -123456, False),
        (":61:2401150115RD7,00NTRFNONREF", 700, True),
        (":61:2401150115RCR7,00NTRFNONREF", -700, True),
        (":61:2401150115C000000000007,50N021117301582", 750, False),
        (":61:2401150115D12,35 NRTIKREF+//20160217", -1235, False),
        (":61:240115C65,00NMSC", 6500, False),
        (":61:240115C500NTRF29-07-2014 10:05//B4G29", 50000, False),
    ],
)
def test_a_line_is_signed_by_its_side(line: str, amount: int, reversal: bool) -> None:
    found = booking(line)
    assert (found.amount, found.reversal) == (amount, reversal)


def test_an_entry_date_lies_in_the_year_that_is_nearest() -> None:
    late = booking(":61:2401021230C1,00NTRFNONREF")
    early = booking(":61:2312300102C1,00NTRFNONREF")
    assert (late.booked_on, late.valued_on) == (date(2023, 12, 30), date(2024, 1, 2))
    assert (early.booked_on, early.valued_on) == (date(2024, 1, 2), date(2023, 12, 30))


def test_without_an_entry_date_it_is_booked_within_the_statements_days() -> None:
    assert booking(":61:240215C1,00NTRFNONREF").booked_on == date(2024, 1, 31)
    assert booking(":61:231215C1,00NTRFNONREF").booked_on == date(2024, 1, 2)


def test_a_day_that_does_not_exist_is_kept_as_the_last_real_one_and_said() -> None:
    line = ":61:2302300301CR50,00NTRFNONREF"
    _, (found,), (finding,) = read_all(message(line))
    assert (found.valued_on, found.booked_on) == (date(2023, 2, 28), date(2023, 3, 1))
    assert finding.code == "impossible_date"
    assert "30 February 2023" in finding.detail.en
    document = assemble(parsers.read(BytesIO(message(line).encode())), new_id())
    assert document.findings == (finding,)


def test_pages_of_a_statement_are_one_statement() -> None:
    first = message(LINE, foot=(":62M:C240115EUR150,00", "-"))
    rest = message(
        ":61:2401200120DR30,00NTRFNONREF",
        head=(*HEAD[:2], ":28C:00012/002", ":60M:C240115EUR150,00"),
        foot=(":62F:C240131EUR120,00", "-"),
    )
    heads, found, findings = read_all(first + rest)
    assert [(each.opening, each.closing) for each in heads] == [
        (Balance(10000, date(2024, 1, 2)), Balance(12000, date(2024, 1, 31)))
    ]
    assert [each.amount for each in found] == [5000, -3000]
    assert not findings


def test_a_page_that_is_missing_between_two_is_named() -> None:
    first = message(LINE, foot=(":62M:C240115EUR150,00", "-"))
    rest = message(
        head=(*HEAD[:2], ":28C:00012/003", ":60M:C240120EUR99,00"),
        foot=(":62F:C240131EUR99,00", "-"),
    )
    (head,), _, (finding,) = read_all(first + rest)
    assert head.closing == Balance(9900, date(2024, 1, 31))
    assert finding.code == "page_missing"


def test_statements_of_several_accounts_stay_apart() -> None:
    other = message(LINE, head=(HEAD[0], ":25:DE02120300000000202051", *HEAD[2:]))
    heads, found, _ = read_all(message(LINE) + other)
    assert [each.account.number for each in heads] == [
        "DE41200700000123456601",
        "DE02120300000000202051",
    ]
    assert len(found) == 2


def test_an_mt942_tells_of_what_is_not_final() -> None:
    text = (
        ":20:X\n:25:DE02120300000000202051\n:28C:1/1\n:34F:EUR0,\n:13D:2401151200+0100\n"
        f"{LINE}\n{TEXT}\n:90C:1EUR50,00\n-\n"
    )
    (head,), (found,), (finding,) = read_all(text)
    assert (head.kind, head.account.currency, found.pending) == ("intraday", "EUR", True)
    assert finding.code == "not_final"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (message(":61:24XX15C1,00NTRF"), "cannot be read"),
        (message(":61:241315C1,00NTRF"), "no date"),
        (message(":61:240115C1,005NTRF"), "finer than EUR"),
        (message(LINE, foot=(":62F:nonsense",)), "cannot be read"),
        (":20:X\n:61:240115C1,00NTRF\n", "names no account"),
        (":20:X\n:25:DE02120300000000202051\n:28C:1\n", "names no currency"),
        (":20:X\n", "names no account"),
    ],
)
def test_what_cannot_be_read_is_refused_with_the_place(text: str, reason: str) -> None:
    with pytest.raises(Unreadable, match=reason):
        read_all(text)


def test_more_digits_than_the_currency_has_are_taken_if_they_are_zeros() -> None:
    assert booking(":61:240115C1,0500NTRF").amount == 105


@pytest.mark.parametrize(
    ("opened", "begins"),
    [
        ("231231", date(2024, 1, 1)),
        ("240101", date(2024, 1, 1)),
        ("240102", date(2024, 1, 2)),
        ("231229", date(2023, 12, 29)),
    ],
)
def test_a_month_begins_with_its_first_day_where_the_bank_dates_its_opening_by_the_eve(
    opened: str, begins: date
) -> None:
    head = (*HEAD[:3], f":60F:C{opened}EUR100,00")
    ((statement,), _, _) = read_all(message(LINE, TEXT, head=head))
    assert statement.starts_on == begins
    ((statement,), _, _) = read_all(message(":61:2312311231CR50,00NTRFX", head=head))
    assert statement.starts_on == min(date(2023, 12, 31), begins)


def test_bookings_behind_the_balance_have_their_texts_like_all_others() -> None:
    late = message(foot=(FOOT[0], LINE, TEXT, LINE, TEXT, FOOT[1]))
    (_, found, _) = read_all(late)
    assert [each.counterparty for each in found] == ["Muster GmbH", "Muster GmbH"]
    assert [each.evidence.end - each.evidence.start for each in found] == [len(LINE + TEXT) + 2] * 2


def test_the_evidence_ends_with_a_letter_even_if_that_looks_like_a_blank() -> None:
    content = message(LINE, ":86:166?00GUTSCHRIFT?32Città", LINE, TEXT).encode()
    first, _ = read_all(content)[1]
    assert content[first.evidence.start : first.evidence.end].decode().endswith("Città")


def test_a_text_without_end_is_refused() -> None:
    with pytest.raises(Unreadable, match="no field begins for more than 1 MiB"):
        read_all(message(LINE, TEXT + "\r\n:y" * 400_000))


def test_an_amount_with_its_thousands_apart_is_not_cut() -> None:
    assert booking(":61:2401150115D1.230,56NMSCNONREF").amount == -123056
    with pytest.raises(Unreadable, match=r"1\.230\.56NMSC"):
        read_all(message(":61:2401150115D1.230.56NMSCNONREF"))
