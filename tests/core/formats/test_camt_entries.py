"""What an entry of a CAMT file says is what is read: sides, parties, texts and codes."""

from datetime import date

import pytest

from core.errors import Unreadable
from core.statements.model import Detail
from tests.core.formats.messages import entry, message, read_all, read_one, statement
from tests.core.formats.test_camt import ACCOUNT

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
    part = details(parties(DEBTOR, CREDITOR) + returned.format("<AddtlInf>Konto falsch</AddtlInf>"))
    booking = read_one(entry(side="DBIT", details=part))
    assert (booking.counterparty, booking.remittance) == ("Kunde AG", "Konto falsch")
    booking = read_one(entry(side="DBIT", details=details(returned.format(""))))
    assert booking.remittance == "SONST"


def test_a_text_that_the_bank_repeats_is_told_once() -> None:
    part = details("<RmtInf><Ustrd>RE 1</Ustrd></RmtInf>")
    booking = read_one(entry(details=part, more="<AddtlNtryInf>RETOUR RE 1</AddtlNtryInf>"))
    assert booking.remittance == "RETOUR RE 1"


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
    ntry = entry(details=part).replace("</Ntry>", text.format("SEPA-LASTSCHRIFT") + "</Ntry>")
    assert read_one(ntry).remittance == f"SEPA-LASTSCHRIFT {expected}"
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
    first = "<Amt Ccy='EUR'>30.00</Amt>" + parties(DEBTOR) + "<RmtInf><Ustrd>A</Ustrd></RmtInf>"
    second = (
        "<AmtDtls><TxAmt><Amt Ccy='EUR'>20.00</Amt></TxAmt></AmtDtls>"
        + parties("<Dbtr><Nm>Andere</Nm></Dbtr>")
        + "<AddtlTxInf>B</AddtlTxInf>"
    )
    read = read_one(entry("50.00", details=details(first, second)))
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
