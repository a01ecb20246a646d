"""What a CAMT file says is what is read."""

from datetime import date

import pytest

from core.errors import Unreadable
from core.evidence import Bytes
from core.statements.model import Account, Balance, Detail
from tests.core.formats.messages import balance, entry, message, read_all, read_one, statement

pytestmark = pytest.mark.unit

GVC = "<BkTxCd><Prtry><Cd>{0}</Cd>{1}</Prtry></BkTxCd>"
ISSUER = "<Issr>{0}</Issr>"


def details(*parts: str) -> str:
    return "".join(f"<TxDtls>{part}</TxDtls>" for part in parts)


def parties(debtor: str = "", creditor: str = "") -> str:
    return f"<RltdPties>{debtor}{creditor}</RltdPties>"


DEBTOR = "<Dbtr><Pty><Nm>Kunde AG</Nm></Pty></Dbtr>"
DEBTOR_ACCOUNT = "<DbtrAcct><Id><IBAN>DE89370400440532013000</IBAN></Id></DbtrAcct>"
CREDITOR = "<Cdtr><Nm>Lieferant KG</Nm></Cdtr>"
OWN = "<Nm>MUSTER GmbH</Nm>"
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
    told = [
        balance(kind, f"{number}.00", f"2025-01-{day:02}")
        for number, (kind, day) in enumerate(balances)
    ]
    account = "<Acct><Id><Othr><Id>4711</Id></Othr></Id></Acct>"
    (head,), _ = read_all(message(statement(head=account + "".join(told))))
    if balances[0] == ("PRCD", 31):
        assert head.opening == Balance(0, date(2025, 1, 31))
    else:
        assert head.opening == (opening and Balance(opening[0] * 100, date(2025, 1, opening[1])))
    assert head.closing == (closing and Balance(closing[0] * 100, date(2025, 1, closing[1])))


def test_what_was_left_the_day_before_opens_the_next_day() -> None:
    told = balance("PRCD", "5.00", "2024-12-31") + balance("CLBD", "5.00", "2025-01-31")
    head = f"<Acct><Id><IBAN>DE02120300000000202051</IBAN></Id></Acct>{told}"
    (read,), _ = read_all(message(statement(head=head)))
    assert read.opening == Balance(500, date(2025, 1, 1))
    assert (read.starts_on, read.ends_on) == (date(2025, 1, 1), date(2025, 1, 31))


def test_a_balance_left_on_the_last_day_there_is_opens_nothing() -> None:
    told = balance("PRCD", "5.00", "9999-12-31") + balance("CLBD", "5.00", "2025-01-31")
    (read,), _ = read_all(
        message(statement(head=f"<Acct><Id><Othr><Id>1</Id></Othr></Id></Acct>{told}"))
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


def test_a_booking_is_signed_by_its_side() -> None:
    assert read_one(entry("18.150", side="CRDT")).amount == 1815
    assert read_one(entry("18.15", side="DBIT")).amount == -1815


def test_yen_have_no_decimals_and_dinars_three() -> None:
    assert read_one(entry("500.00", currency=' Ccy="JPY"')).amount == 500
    assert read_one(entry("1.234", currency=' Ccy="TND"')).amount == 1234


@pytest.mark.parametrize(
    ("status", "pending"),
    [
        ("<Sts>BOOK</Sts>", False),
        ("<Sts><Cd>BOOK</Cd></Sts>", False),
        ("<Sts>PDNG</Sts>", True),
        ("<Sts><Cd>INFO</Cd></Sts>", True),
        ("<Sts><Cd>FUTR</Cd></Sts>", True),
    ],
)
def test_only_booked_is_booked(status: str, pending: bool) -> None:
    assert read_one(entry(status=status)).pending is pending


def test_a_time_counts_for_its_day_as_written() -> None:
    booked = "<BookgDt><DtTm>2025-01-15T23:30:00-05:00</DtTm></BookgDt>"
    valued = "<ValDt><Dt>2025-01-16+01:00</Dt></ValDt>"
    read = read_one(entry(booked=booked, more=valued))
    assert (read.booked_on, read.valued_on) == (date(2025, 1, 15), date(2025, 1, 16))
    assert read_one(entry(booked="", more=valued)).booked_on == date(2025, 1, 16)


def test_a_credit_names_who_paid_and_a_debit_who_was_paid() -> None:
    part = details(parties(DEBTOR + DEBTOR_ACCOUNT, CREDITOR))
    credit, debit = read_one(entry(details=part)), read_one(entry(side="DBIT", details=part))
    assert (credit.counterparty, credit.counterparty_account) == (
        "Kunde AG",
        "DE89370400440532013000",
    )
    assert (debit.counterparty, debit.counterparty_account) == ("Lieferant KG", None)
    assert credit.details == ()


def test_a_returned_debit_names_the_customer_who_did_not_pay() -> None:
    returned = "<RtrInf><Rsn><Cd>MS03</Cd></Rsn></RtrInf>"
    part = details(parties(DEBTOR, f"<Cdtr>{OWN}</Cdtr>") + returned)
    read = read_one(entry(side="DBIT", details=part))
    assert read.counterparty == "Kunde AG"
    assert read.return_reason == "MS03"


def test_the_holder_is_not_its_own_counterparty() -> None:
    returned = "<RtrInf><Rsn><Cd>AC04</Cd></Rsn></RtrInf>"
    part = details(parties(f"<Dbtr>{OWN}</Dbtr>", CREDITOR) + returned)
    assert read_one(entry(side="DBIT", details=part)).counterparty == "Lieferant KG"


def test_a_return_for_a_reason_of_the_banks_own_says_so_in_its_text() -> None:
    returned = "<RtrInf><Rsn><Prtry>SONST</Prtry></Rsn>{0}</RtrInf>"
    told = details(parties(DEBTOR, CREDITOR) + returned.format("<AddtlInf>Konto falsch</AddtlInf>"))
    said = read_one(entry(side="DBIT", details=told))
    assert (said.counterparty, said.remittance) == ("Kunde AG", "Konto falsch")
    said = read_one(entry(side="DBIT", details=details(returned.format(""))))
    assert said.remittance == "SONST"


def test_a_text_that_the_bank_repeats_is_told_once() -> None:
    told = details("<RmtInf><Ustrd>RE 1</Ustrd></RmtInf>")
    said = read_one(entry(details=told, more="<AddtlNtryInf>RETOUR RE 1</AddtlNtryInf>"))
    assert said.remittance == "RETOUR RE 1"


def test_what_is_not_booked_yet_needs_no_day() -> None:
    pending = "<Sts><Cd>PDNG</Cd></Sts>"
    file = message(statement(entry(), entry(status=pending, booked="")))
    _, (booked, expected) = read_all(file)
    assert (booked.pending, expected.pending) == (False, True)
    assert expected.booked_on == date(2025, 1, 31)
    report = statement(entry(), entry(status=pending, booked=""), head=ACCOUNT, container="Rpt")
    _, (booked, expected) = read_all(message(report, kind="BkToCstmrAcctRpt"))
    assert expected.booked_on == booked.booked_on
    with pytest.raises(Unreadable, match="neither a booking date nor a value date"):
        read_all(message(statement(entry(), entry(booked=""))))


def test_the_ultimate_party_stands_in_where_there_is_no_other() -> None:
    part = details(parties("<UltmtDbtr><Pty><Nm>Endkunde</Nm></Pty></UltmtDbtr>"))
    assert read_one(entry(details=part)).counterparty == "Endkunde"


def test_remittance_is_one_text_after_the_booking_text() -> None:
    part = details(
        "<RmtInf><Ustrd>Rechnung\n 12</Ustrd><Ustrd>vom 1. Mai</Ustrd>"
        "<Strd><CdtrRefInf><Ref>RF18</Ref></CdtrRefInf><AddtlRmtInf>danke</AddtlRmtInf></Strd></RmtInf>"
    )
    text = "<AddtlNtryInf>{0}</AddtlNtryInf>"
    expected = "Rechnung 12 vom 1. Mai RF18 danke"
    assert read_one(entry(details=part)).remittance == expected
    said = entry(details=part).replace("</Ntry>", text.format("SEPA-LASTSCHRIFT") + "</Ntry>")
    assert read_one(said).remittance == f"SEPA-LASTSCHRIFT {expected}"
    again = entry(details=part).replace("</Ntry>", text.format("vom 1. Mai") + "</Ntry>")
    assert read_one(again).remittance == expected


def test_a_remittance_into_which_all_is_squeezed_reads_as_in_every_other_format() -> None:
    squeezed = (
        "<RmtInf><Ustrd>EREF+4711 SVWZ+Rechnung 12</Ustrd><Ustrd> ABWA+Kiosk</Ustrd></RmtInf>"
    )
    read = read_one(entry(details=details(squeezed)))
    assert (read.remittance, read.counterparty) == ("Rechnung 12", "Kiosk")
    named = read_one(entry(details=details(parties(DEBTOR) + squeezed)))
    assert named.counterparty == "Kunde AG"
    both = read_one(entry(details=details(squeezed, "<RmtInf><Ustrd>C++ 2</Ustrd></RmtInf>")))
    assert [(each.counterparty, each.remittance) for each in both.details] == [
        ("Kiosk", "Rechnung 12"),
        (None, "C++ 2"),
    ]


@pytest.mark.parametrize(
    ("code", "issuer", "expected"),
    [
        ("NMSC+051+00931", "DK", "051"),
        ("NTRF+166", "ZKA", "166"),
        ("105", "DK", "105"),
        ("105", "ING", None),
        ("105", None, None),
        ("NDDT+105+9999", None, "105"),
        ("7261", "DK", None),
    ],
)
def test_the_german_code_is_taken_from_german_issuers_only(
    code: str, issuer: str | None, expected: str | None
) -> None:
    written = GVC.format(code, "" if issuer is None else ISSUER.format(issuer))
    assert read_one(entry(more=written)).gvc == expected
    assert read_one(entry(details=details(written))).gvc == expected


def test_the_iso_code_has_its_three_levels() -> None:
    codes = (
        "<BkTxCd><Domn><Cd>PMNT</Cd><Fmly><Cd>RDDT</Cd><SubFmlyCd>UPDD</SubFmlyCd></Fmly></Domn>"
        "</BkTxCd>"
    )
    assert read_one(entry(more=codes)).iso == "PMNT-RDDT-UPDD"
    assert read_one(entry(more=codes.replace("<SubFmlyCd>UPDD</SubFmlyCd>", ""))).iso is None


def test_a_bank_reference_that_is_none_does_not_count() -> None:
    part = details("<Refs><AcctSvcrRef>CHILD</AcctSvcrRef></Refs>")
    own = "<AcctSvcrRef>{0}</AcctSvcrRef>"
    assert read_one(entry(more=own.format("OWN"), details=part)).bank_reference == "OWN"
    assert read_one(entry(more=own.format("NONREF"), details=part)).bank_reference == "CHILD"
    assert read_one(entry("<!-- -->1")).bank_reference is None
    assert read_one(entry(more="<NtryRef>9</NtryRef>")).bank_reference == "9"


def test_a_batch_keeps_its_payments_and_is_counted_once() -> None:
    one = "<Amt Ccy='EUR'>30.00</Amt>" + parties(DEBTOR) + "<RmtInf><Ustrd>A</Ustrd></RmtInf>"
    two = (
        "<AmtDtls><TxAmt><Amt Ccy='EUR'>20.00</Amt></TxAmt></AmtDtls>"
        + parties("<Dbtr><Nm>Andere</Nm></Dbtr>")
        + "<AddtlTxInf>B</AddtlTxInf>"
    )
    read = read_one(entry("50.00", details=details(one, two)))
    assert read.amount == 5000
    assert read.counterparty is None
    assert read.details == (
        Detail(3000, "EUR", "Kunde AG", None, "A"),
        Detail(2000, "EUR", "Andere", None, "B"),
    )


def test_a_single_payment_of_another_amount_is_shown_beside_its_booking() -> None:
    part = details("<Amt Ccy='USD'>55.00</Amt>" + parties(DEBTOR))
    assert read_one(entry("50.00", details=part)).details == (
        Detail(5500, "USD", "Kunde AG", None, ""),
    )


def test_a_reversal_is_marked_and_keeps_the_side_it_bears() -> None:
    read = read_one(entry(side="DBIT", more="<RvslInd>true</RvslInd>"))
    assert (read.reversal, read.amount) == (True, -5000)
    assert read_one(entry(more="<RvslInd>false</RvslInd>")).reversal is False


def test_a_text_with_entities_reads_like_any_other() -> None:
    part = details(parties("<Dbtr><Nm>M&#252;ller &amp; S&#xF6;hne</Nm></Dbtr>"))
    assert read_one(entry(details=part)).counterparty == "Müller & Söhne"


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
