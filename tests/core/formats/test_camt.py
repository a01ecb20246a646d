"""What a CAMT file says is what is read."""

from datetime import date

import pytest

from core.errors import Unreadable
from core.evidence import Bytes
from core.statements.model import Account, Balance
from tests.core.formats.messages import balance, entry, message, read_all, statement

pytestmark = pytest.mark.unit
ACCOUNT = "<Acct><Id><IBAN>DE02120300000000202051</IBAN></Id><Ccy>EUR</Ccy></Acct>"


def test_a_head_says_whose_account_between_which_balances() -> None:
    (head,), _ = read_all(
        message(
            statement(
                head="<ElctrncSeqNb>7</ElctrncSeqNb><FrToDt><FrDtTm>2025-01-01T00:00:00+01:00</FrDtTm>"
                "<ToDtTm>2025-01-31T23:59:59+01:00</ToDtTm></FrToDt><Acct><Id><IBAN>DE02 1203 0000 "
                "0000 2020 51</IBAN></Id><Ownr><Pty><Nm>Muster\n  GmbH</Nm></Pty></Ownr><Svcr>"
                "<FinInstnId><BICFI>BYLADEM1001</BICFI><Nm>Bank</Nm></FinInstnId></Svcr></Acct>"
                + balance("OPBD", "1.00", "2025-01-01", "DBIT")
                + balance("CLAV", "999.00", "2025-01-31")
                + balance("CLBD", "2.50", "2025-01-31")
            )
        )
    )
    assert head.account == Account("DE02120300000000202051", "EUR", "Muster GmbH", "BYLADEM1001")
    assert head.kind == "statement"
    assert head.number == "7"
    assert (head.starts_on, head.ends_on) == (date(2025, 1, 1), date(2025, 1, 31))
    assert head.opening == Balance(-100, date(2025, 1, 1))
    assert head.closing == Balance(250, date(2025, 1, 31))


@pytest.mark.parametrize(
    ("balances", "opening", "closing"),
    [
        ((("PRCD", 31), ("CLBD", 31)), None, (1, 31)),
        ((("ITBD", 1), ("ITBD", 2), ("CLAV", 3)), (0, 1), (1, 2)),
        ((("ITBD", 5),), None, (0, 5)),
        ((("OPBD", 1), ("CLBD", 2), ("OPBD", 2), ("CLBD", 3)), (0, 1), (3, 3)),
        ((("OPBD", 1), ("FWAV", 2), ("CLAV", 2)), (0, 1), None),
        ((("PRCD", 1), ("OPBD", 2), ("CLBD", 3)), (1, 2), (2, 3)),
    ],
)
def test_available_and_forward_balances_are_never_taken_for_booked_ones(
    balances: tuple[tuple[str, int], ...],
    opening: tuple[int, int] | None,
    closing: tuple[int, int] | None,
) -> None:
    elements = [
        balance(kind, f"{number}.00", f"2025-01-{day:02}")
        for number, (kind, day) in enumerate(balances)
    ]
    account = "<Acct><Id><Othr><Id>4711</Id></Othr></Id></Acct>"
    (head,), _ = read_all(message(statement(head=account + "".join(elements))))
    if balances[0] == ("PRCD", 31):
        assert head.opening == Balance(0, date(2025, 1, 31))
    else:
        assert head.opening == (opening and Balance(opening[0] * 100, date(2025, 1, opening[1])))
    assert head.closing == (closing and Balance(closing[0] * 100, date(2025, 1, closing[1])))


def test_what_was_left_the_day_before_opens_the_next_day() -> None:
    balances = balance("PRCD", "5.00", "2024-12-31") + balance("CLBD", "5.00", "2025-01-31")
    head = f"<Acct><Id><IBAN>DE02120300000000202051</IBAN></Id></Acct>{balances}"
    (read,), _ = read_all(message(statement(head=head)))
    assert read.opening == Balance(500, date(2025, 1, 1))
    assert (read.starts_on, read.ends_on) == (date(2025, 1, 1), date(2025, 1, 31))


def test_a_balance_left_on_the_last_day_there_is_opens_nothing() -> None:
    balances = balance("PRCD", "5.00", "9999-12-31") + balance("CLBD", "5.00", "2025-01-31")
    (read,), _ = read_all(
        message(statement(head=f"<Acct><Id><Othr><Id>1</Id></Othr></Id></Acct>{balances}"))
    )
    assert read.opening is None


@pytest.mark.parametrize(
    ("kind", "container", "expected"),
    [
        ("BkToCstmrStmt", "Stmt", "statement"),
        ("BkToCstmrStmtV01", "Stmt", "statement"),
        ("BkToCstmrAcctRpt", "Rpt", "intraday"),
        ("BkToCstmrDbtCdtNtfctn", "Ntfctn", "notice"),
    ],
)
def test_statements_reports_and_notices_are_told_apart(
    kind: str, container: str, expected: str
) -> None:
    file = message(statement(entry(), container=container), kind=kind)
    (head,), (transaction,) = read_all(file)
    assert head.kind == expected
    assert transaction.amount == 5000


@pytest.mark.parametrize("version", [f"053.001.{number:02}" for number in range(1, 15)])
def test_every_version_of_the_message_is_read(version: str) -> None:
    _, (transaction,) = read_all(message(statement(entry("1.5")), version=version))
    assert transaction.amount == 150


def test_statements_without_a_booking_are_read_too() -> None:
    heads, transactions = read_all(message(statement(), statement(entry()), statement()))
    assert len(heads) == 3
    assert len(transactions) == 1


def test_the_evidence_is_the_entry_from_its_first_to_its_last_byte() -> None:
    written = [entry("1.00"), entry("2.00"), entry("3.00")]
    file = message(statement(*written))
    _, transactions = read_all(file)
    for each, source in zip(transactions, written, strict=True):
        start = file.index(source.encode())
        assert each.evidence == Bytes(start, start + len(source.encode()))


@pytest.mark.parametrize(
    "head",
    [b"", b"%PDF-1.7", b"<html><body/></html>", b":20:STARTUMS", b"<Document><CstmrCdtTrfInitn>"],
)
def test_other_files_are_refused(head: bytes) -> None:
    with pytest.raises(Unreadable):
        read_all(head)


HEADER = (
    '<AppHdr xmlns="urn:iso:std:iso:20022:tech:xsd:head.001.001.02"><BizSvc>x</BizSvc></AppHdr>'
)
DECLARED = '<?xml version="1.0" encoding="UTF-8"?>'


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (f"{DECLARED}<BizMsgEnvlp>{HEADER}", "</BizMsgEnvlp>"),
        (f"{DECLARED}<s:Envelope xmlns:s='urn:s'><s:Body><a><b>", "</b></a></s:Body></s:Envelope>"),
        (f"\r\n\n  {DECLARED}", "\n"),
        ("\n", ""),
    ],
)
def test_a_message_is_read_whatever_is_around_it(before: str, after: str) -> None:
    inner = message(statement(entry("50.00"))).removeprefix(DECLARED.encode())
    content = before.encode() + inner + after.encode()
    (head,), (found,) = read_all(content)
    assert (head.closing and head.closing.amount, found.amount) == (15000, 5000)
    place = content[found.evidence.start : found.evidence.end]
    assert place.startswith(b"<Ntry>")
    assert place.endswith(b"</Ntry>")
