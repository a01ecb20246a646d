"""Lists of an OFX statement: what they tell as pending, twice, corrected, or without an end."""

from datetime import date
from io import BytesIO

import pytest

from core.errors import Unreadable
from core.formats.ofx.reader import read
from core.ids import new_id
from core.statements import assemble, mark_duplicates
from core.statements.model import Balance
from tests.core.formats.test_ofx import BANK, ENTRY, LEDGER, booking, message, read_all

pytestmark = pytest.mark.unit


PENDING = (
    "<BANKTRANLISTP><DTASOF>20240131<STMTTRNP><TRNTYPE>DEBIT<DTTRAN>20240130<TRNAMT>-5.00"
    "<NAME>Hotel</STMTTRNP></BANKTRANLISTP>"
)


@pytest.mark.parametrize(
    "after",
    [
        LEDGER + PENDING,
        PENDING + LEDGER,
        PENDING.replace("</STMTTRNP>", "") + LEDGER,
        LEDGER + PENDING.replace("TRNP>", "TRN>").replace("DTTRAN", "DTPOSTED"),  # as some have it
    ],
)
def test_what_a_bank_lists_as_pending_is_shown_and_not_counted(after: str) -> None:
    content = message(ENTRY, after=after).encode()
    (head,), (booked, pending), _ = read_all(content)
    assert (booked.pending, booked.amount) == (False, -1234)
    assert (pending.pending, pending.amount, pending.counterparty) == (True, -500, "Hotel")
    assert pending.booked_on == date(2024, 1, 30)
    place = content[pending.evidence.start : pending.evidence.end]
    assert place.startswith(b"<STMTTRN")
    assert b"Hotel" in place
    assert head.closing == Balance(10000, date(2024, 1, 31))


def test_an_amount_that_is_held_is_pending() -> None:
    assert booking(TRNTYPE="HOLD").pending


def test_a_list_that_closes_no_booking_ends_with_its_statement() -> None:
    open_one = ENTRY.removesuffix("</STMTTRN>")
    one = message(open_one).removesuffix("</OFX>\n")
    other = message(open_one, account=BANK.replace("202051", "202052")).partition("<OFX>")[2]
    heads, bookings, _ = read_all(one + other)
    assert [each.account.number[-6:] for each in heads] == ["202051", "202052"]
    assert [each.closing for each in heads] == [Balance(10000, date(2024, 1, 31))] * 2
    assert [each.counterparty for each in bookings] == ["M&M GmbH"] * 2


def counted(content: str) -> tuple[list[int], list[str]]:
    """What counts of a file, and what was odd about it."""
    document = assemble(read(BytesIO(content.encode())), new_id())
    rows = mark_duplicates(document.statements, document.transactions)
    amounts = [each.transaction.amount for each in rows if not each.duplicate]
    return amounts, [each.code for each in document.findings]


def test_a_booking_that_stands_in_a_list_twice_counts_once() -> None:
    other = ENTRY.replace("A1", "A2")
    assert counted(message(ENTRY, other, ENTRY)) == ([-1234, -1234], ["overlap"])


def test_one_number_for_different_bookings_is_told() -> None:
    other = ENTRY.replace("Rechnung 1", "Rechnung 2")
    assert counted(message(ENTRY, other)) == ([-1234, -1234], ["reference_reused"])


def test_balances_prove_twins_of_one_number() -> None:
    before = message(
        period="<DTSTART>20231201<DTEND>20231231", after=LEDGER.replace("20240131", "20231231")
    ).removesuffix("</OFX>\n")
    after = message(ENTRY, ENTRY, after=LEDGER.replace("100.00", "75.32")).partition("<OFX>")[2]
    assert counted(before + after) == ([-1234, -1234], [])


@pytest.mark.parametrize(
    ("action", "amounts"), [("REPLACE", [-9900]), ("DELETE", [])], ids=["replaced", "taken back"]
)
def test_a_booking_that_the_bank_corrects_does_not_count(action: str, amounts: list[int]) -> None:
    correction = (
        ENTRY.replace("A1", "A2")
        .replace("-12.34", "-99.00")
        .replace("<MEMO>", f"<CORRECTFITID>A1<CORRECTACTION>{action}<MEMO>")
    )
    assert counted(message(ENTRY, correction)) == (amounts, ["booking_corrected"])


def card(debit: str, payment: str) -> tuple[list[int], list[str]]:
    """What counts of a card's statement with one of each."""
    entries = (
        ENTRY.replace("-12.34", debit),
        ENTRY.replace("-12.34", payment).replace("DEBIT", "PAYMENT").replace("A1", "A2"),
    )
    account = "<CCACCTFROM><ACCTID>4111111111111111</CCACCTFROM>"
    return counted(message(*entries, container="CCSTMTRS", account=account))


def test_a_payment_to_a_card_is_no_debit() -> None:
    assert card("-12.34", "50.00") == ([-1234, 5000], [])
    assert card("12.34", "-50.00") == ([-1234, 5000], ["signs_by_kind"])


def test_a_day_with_hyphens_is_one() -> None:
    assert booking(DTPOSTED="2024-01-15").booked_on == date(2024, 1, 15)


@pytest.mark.parametrize("kept", [1, 2])
def test_a_file_that_was_cut_off_is_refused(kept: int) -> None:
    whole = message(ENTRY, ENTRY.replace("A1", "A2"), ENTRY.replace("A1", "A3"))
    cut = "</STMTTRN>".join(whole.split("</STMTTRN>")[:kept]) + "</STMTTRN>"
    with pytest.raises(Unreadable, match="cut off"):
        read_all(cut)
    assert len(read_all(whole.partition("</STMTRS>")[0])[1]) == 3  # all that counts is there
