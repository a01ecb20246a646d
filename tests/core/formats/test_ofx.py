"""OFX of both versions, as tolerantly as its many writers need it."""

from datetime import date
from io import BytesIO

import pytest

from core.documents import Finding
from core.errors import Unreadable
from core.formats.ofx.reader import read, recognises
from core.statements.model import Balance, Statement, Transaction

pytestmark = pytest.mark.unit

BANK = "<BANKACCTFROM><BANKID>12030000<ACCTID>202051<ACCTTYPE>CHECKING</BANKACCTFROM>"
ENTRY = (
    "<STMTTRN>\n<TRNTYPE>DEBIT\n<DTPOSTED>20240115120000[+1:CET]\n<TRNAMT>-12.34\n<FITID>A1\n"
    "<NAME>M&amp;M GmbH\n<MEMO>Rechnung 1\n</STMTTRN>"
)
LEDGER = "<LEDGERBAL><BALAMT>100.00<DTASOF>20240131</LEDGERBAL>"


def message(
    *entries: str,
    container: str = "STMTRS",
    account: str = BANK,
    currency: str = "EUR",
    period: str = "<DTSTART>20240101<DTEND>20240131",
    after: str = LEDGER,
) -> str:
    """A statement in SGML with these bookings."""
    return (
        f"OFXHEADER:100\nDATA:OFXSGML\n\n<OFX><{container}><CURDEF>{currency}{account}"
        f"<BANKTRANLIST>{period}{''.join(entries)}</BANKTRANLIST>{after}</{container}></OFX>\n"
    )


def read_all(
    text: str | bytes,
) -> tuple[list[Statement], list[Transaction], list[Finding]]:
    """Everything that a file says, by kind."""
    content = text if isinstance(text, bytes) else text.encode("cp1252")
    assert recognises(content)
    items = list(read(BytesIO(content)))
    return (
        [each for each in items if isinstance(each, Statement)],
        [each for each in items if isinstance(each, Transaction)],
        [each for each in items if isinstance(each, Finding)],
    )


def booking(**changes: str) -> Transaction:
    """The one booking of a statement, some of its values changed."""
    entry = ENTRY
    for name, value in changes.items():
        before, _, rest = entry.partition(f"<{name}>")
        entry = f"{before}<{name}>{value}\n{rest.partition(chr(10))[2]}"
    (found,) = read_all(message(entry))[1]
    return found


def test_a_statement_closes_with_what_the_ledger_says() -> None:
    (head,), (found,), findings = read_all(message(ENTRY))
    assert (head.kind, head.account.number) == ("statement", "DE02120300000000202051")
    assert (head.starts_on, head.ends_on) == (date(2024, 1, 1), date(2024, 1, 31))
    assert (head.opening, head.closing) == (None, Balance(10000, date(2024, 1, 31)))
    assert (found.amount, found.booked_on) == (-1234, date(2024, 1, 15))
    assert (found.counterparty, found.remittance) == ("M&M GmbH", "Rechnung 1")
    assert found.bank_reference == "A1"
    assert not findings


@pytest.mark.parametrize("turn", range(9))
@pytest.mark.parametrize("closed", [False, True])
def test_a_booking_says_the_same_in_whatever_order_its_elements_are(
    turn: int, closed: bool
) -> None:
    values = {
        "TRNTYPE": "DEBIT",
        "DTPOSTED": "20240115",
        "DTUSER": "20240114",
        "DTAVAIL": "20240116",
        "TRNAMT": "-12.34",
        "FITID": "A1",
        "NAME": "Muster",
        "BANKACCTTO": "<BANKID>12030000<ACCTID>202051<ACCTTYPE>SAVINGS</BANKACCTTO>",
        "MEMO": "Rechnung 1",
    }
    elements = [
        f"<{name}>{value}" + (f"</{name}>\n" if closed and "<" not in value else "\n")
        for name, value in values.items()
    ]
    turned = "".join(elements[turn:] + elements[:turn])
    ((found,),) = read_all(message(f"<STMTTRN>{turned}</STMTTRN>"))[1:2]
    assert (found.booked_on, found.valued_on) == (date(2024, 1, 15), date(2024, 1, 16))
    assert (found.amount, found.currency, found.bank_reference) == (-1234, "EUR", "A1")
    assert (found.counterparty, found.remittance) == ("Muster", "Rechnung 1")
    assert found.counterparty_account == "DE02120300000000202051"


def test_the_evidence_is_the_booking_from_its_first_tag_to_its_last() -> None:
    content = message(ENTRY, "\n", ENTRY).encode()
    for found in read_all(content)[1]:
        assert content[found.evidence.start : found.evidence.end].decode() == ENTRY


def test_a_booking_that_nobody_closed_ends_where_the_next_begins() -> None:
    open_one = ENTRY.removesuffix("</STMTTRN>")
    content = message(open_one, open_one).encode()
    first, second = read_all(content)[1]
    assert content[first.evidence.start : first.evidence.end].decode() == open_one
    assert (first.amount, second.amount) == (-1234, -1234)


@pytest.mark.parametrize("encoding", ["cp1252", "utf-8", "utf-8-sig"])
def test_umlauts_are_read_however_they_are_encoded(encoding: str) -> None:
    text = message(ENTRY.replace("Rechnung", "Größe – Änderung"))
    (found,) = read_all(text.encode(encoding))[1]
    assert found.remittance == "Größe – Änderung 1"


def test_xml_with_cdata_and_small_tags_is_read_alike() -> None:
    closed = (
        "<stmttrn><trntype>DEBIT</trntype><dtposted>20240115</dtposted><trnamt>-12.34</trnamt>"
        "<fitid>A1</fitid><name><![CDATA[M&M <GmbH>]]></name><memo>Rechnung 1</memo></stmttrn>"
    )
    (head,), (found,), _ = read_all(message(closed).replace("STMTRS", "stmtrs"))
    assert (found.amount, found.counterparty) == (-1234, "M&M <GmbH>")
    assert head.closing == Balance(10000, date(2024, 1, 31))


@pytest.mark.parametrize(
    ("written", "amount"),
    [("5", 500), ("-5.5", -550), ("+5.50", 550), ("-1,234.56", -123456), ("-12,34", -1234)],
)
def test_an_amount_is_read_however_it_is_written(written: str, amount: int) -> None:
    assert booking(TRNAMT=written).amount == amount


def test_a_day_that_does_not_exist_is_kept_and_said() -> None:
    entry = ENTRY.replace("20240115120000", "20230230000000")
    _, (found,), (finding,) = read_all(message(entry))
    assert found.booked_on == date(2023, 2, 28)
    assert finding.code == "impossible_date"


def test_a_balance_of_a_later_day_is_not_the_closing_one() -> None:
    late = "<LEDGERBAL><BALAMT>1.00<DTASOF>20240205</LEDGERBAL>"
    available = "<AVAILBAL><BALAMT>9.00<DTASOF>20240131</AVAILBAL>"
    assert read_all(message(ENTRY, after=late + available))[0][0].closing is None


def test_a_card_is_an_account_and_several_stand_side_by_side() -> None:
    card = "<CCACCTFROM><ACCTID>4711</CCACCTFROM>"
    two = message(ENTRY) + message(ENTRY, container="CCSTMTRS", account=card)
    heads, found, _ = read_all(two)
    assert [each.account.number for each in heads] == ["DE02120300000000202051", "4711"]
    assert len(found) == 2


def test_the_cash_of_investments_is_shown_and_not_counted() -> None:
    cash = f"<INVBANKTRAN>{ENTRY}<SUBACCTFUND>CASH</INVBANKTRAN>"
    (head,), (_,), (finding,) = read_all(message(cash, container="INVSTMTRS"))
    assert head.kind == "notice"
    assert finding.code == "investments"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("<OFX></OFX>", "no bank statement"),
        ("<OFX><STATUS><CODE>2000<SEVERITY>ERROR<MESSAGE>Away</STATUS></OFX>", "says: 'Away'"),
        (message(container="INVSTMTRS"), "investments only"),
        (message(ENTRY, currency=""), "names no currency"),
        (message(ENTRY, account=""), "names no account"),
        (message(ENTRY.replace("-12.34", "")), "has no amount"),
        (message(ENTRY.replace("-12.34", "twelve")), "which is none"),
        (message(ENTRY.replace("-12.34", "-12.345")), "finer than EUR"),
        (message(ENTRY.replace("20240115120000[+1:CET]", "")), "has no date"),
        (message(ENTRY.replace("20240115", "20241399")), "no date"),
        (message(period="<DTSTART>20240201<DTEND>20240101"), "ends before it starts"),
        (f"<OFX>{ENTRY}</OFX>", "stands in no statement"),
    ],
)
def test_what_cannot_be_read_is_refused_with_the_reason(text: str, reason: str) -> None:
    with pytest.raises(Unreadable, match=reason):
        read_all(text)


def test_blanks_within_a_tag_lose_no_booking() -> None:
    content = message(ENTRY.replace("<STMTTRN>", "<STMTTRN >").replace("<TRNAMT>", "<TRNAMT >"))
    (found,) = read_all(content)[1]
    assert found.amount == -1234
    assert content[found.evidence.start : found.evidence.end].startswith("<STMTTRN >")


def test_a_date_of_noughts_is_none() -> None:
    balance = "<LEDGERBAL><BALAMT>100.00<DTASOF>00000000</LEDGERBAL>"
    (head,), _, _ = read_all(message(ENTRY, after=balance))
    assert head.closing == Balance(10000, date(2024, 1, 31))


@pytest.mark.parametrize("posted", ["20240115235959[-5:EST]", "20240115[0:GMT]", "20240115"])
def test_a_booking_is_of_the_day_that_the_bank_wrote(posted: str) -> None:
    assert booking(DTPOSTED=posted).booked_on == date(2024, 1, 15)


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le"])
def test_a_file_in_wide_letters_is_read_like_any_other(encoding: str) -> None:
    content = message(ENTRY).encode(encoding)
    assert recognises(content[:4096])
    assert [each.amount for each in read_all(content)[1]] == [-1234]
