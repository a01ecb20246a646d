"""What bookings and statements bear beside their text: references, keys, credit lines, own sums."""

from datetime import date
from io import BytesIO

import pytest

from core.formats import parsers
from core.ids import new_id
from core.statements import ParsedDocument, assemble
from core.statements.model import Balance, ControlSums, Particulars
from tests.core.formats.messages import balance, entry, message, statement
from tests.core.formats.test_ofx import BANK, ENTRY
from tests.core.formats.test_ofx import message as ofx

pytestmark = pytest.mark.unit

ACCOUNT = (
    "<Acct><Id><IBAN>DE02120300000000202051</IBAN></Id><Tp><Cd>CACC</Cd></Tp><Ccy>EUR</Ccy></Acct>"
)
REFERENCES = (
    "<TxDtls><Refs><EndToEndId>RE-77</EndToEndId><MndtId>M9</MndtId></Refs>"
    '<AmtDtls><InstdAmt><Amt Ccy="USD">54.10</Amt></InstdAmt></AmtDtls><RltdPties><Cdtr><Pty>'
    "<Nm>Vos</Nm><Id><PrvtId><Othr><Id>DE98ZZZ09999999999</Id></Othr></PrvtId></Id></Pty></Cdtr>"
    "</RltdPties><Purp><Cd>SALA</Cd></Purp>{}</TxDtls>"
)
KEY = "<BkTxCd><Prtry><Cd>NMSC+051+00931</Cd></Prtry></BkTxCd>"
MT940 = (
    ":20:X\r\n:25:12030000/202051\r\n:28C:1\r\n:60F:C250228EUR100,00\r\n:61:2503030303C50,00NTRF{}"
    "\r\n:86:{}\r\n:62F:C250331EUR150,00\r\n{}-\r\n"
)


def read(content: bytes | str) -> ParsedDocument:
    content = content if isinstance(content, bytes) else content.encode()
    return assemble(parsers.read(BytesIO(content)), new_id())


def particulars(content: bytes | str) -> Particulars | None:
    (row,) = read(content).transactions
    return row.transaction.particulars


def test_camt_hands_on_references_key_and_what_was_ordered() -> None:
    for details in (REFERENCES.format(""), REFERENCES.format("<RmtInf><Ustrd>X</Ustrd></RmtInf>")):
        found = particulars(message(statement(entry(more=KEY, details=details))))
        assert found == Particulars(
            "SALA", "DE98ZZZ09999999999", "M9", "RE-77", 5410, "USD", "NMSC+051+00931"
        )
    squeezed = "<TxDtls><RmtInf><Ustrd>EREF+A1MREF+M1CRED+C1SVWZ+Miete</Ustrd></RmtInf></TxDtls>"
    found = particulars(message(statement(entry(details=squeezed))))
    assert found == Particulars(creditor_id="C1", mandate="M1", end_to_end_id="A1")
    assert particulars(message(statement(entry()))) is None


def test_camt_says_by_references_what_a_payment_without_a_text_is_for() -> None:
    def text(details: str) -> str:
        file = message(statement(entry(details=f"<TxDtls>{details}</TxDtls>")))
        return read(file).transactions[0].transaction.remittance

    assert text("<Refs><EndToEndId>RE-77</EndToEndId></Refs>") == "RE-77"
    assert text("<Refs><EndToEndId>NOTPROVIDED</EndToEndId></Refs>") == ""
    documents = "".join(f"<RfrdDocInf><Nb>RE {each}</Nb></RfrdDocInf>" for each in (1, 2))
    assert text(f"<RmtInf><Strd>{documents}</Strd></RmtInf>") == "RE 1 RE 2"
    assert text(f"<RmtInf><Ustrd>Rest</Ustrd><Strd>{documents}</Strd></RmtInf>") == "Rest"


def test_camt_hands_on_what_could_be_drawn_and_the_credit_line() -> None:
    line = balance("CLAV", "650.00", "2025-01-31").replace(
        "<Amt ", '<CdtLine><Incl>true</Incl><Amt Ccy="EUR">500.00</Amt></CdtLine><Amt ', 1
    )
    (found,) = read(message(statement(head=ACCOUNT + _balances() + line))).statements
    head = found.statement
    assert head.available == Balance(65000, date(2025, 1, 31))
    assert (head.credit_line, head.account_kind) == (50000, "CACC")
    assert head.closing == Balance(15000, date(2025, 1, 31))


def _balances(opening: str = "OPBD", closing: str = "CLBD") -> str:
    return balance(opening, "100.00", "2025-01-01") + balance(closing, "150.00", "2025-01-31")


@pytest.mark.parametrize(
    ("opening", "closing"),
    [("OPBD", "CLBD"), ("Anfangssaldo", "Schlusssaldo"), ("OPENING BOOKED", "CLOSING BOOKED")],
)
def test_balances_whose_types_are_a_banks_own_words_are_held_to(opening: str, closing: str) -> None:
    written = _balances(opening, closing).replace("<Cd>", "<Prtry>").replace("</Cd>", "</Prtry>")
    for amount, difference in (("50.00", 0), ("51.00", -100)):
        file = message(statement(entry(amount), head=ACCOUNT + written))
        assert [each.difference for each in read(file).statements] == [difference]
    unknown = written.replace(opening, "XXAA").replace(closing, "XXBB")
    assert (
        read(message(statement(entry(), head=ACCOUNT + unknown))).statements[0].difference is None
    )


def test_a_statements_own_sums_are_held_to_what_was_read() -> None:
    def codes(summary: str, kind: str = "Stmt") -> list[str]:
        head = ACCOUNT + f"<TxsSummry>{summary}</TxsSummry>"
        document = read(message(statement(entry(), entry(side="DBIT"), head=head, container=kind)))
        return [each.code for each in document.findings]

    two = "<NbOfNtries>{}</NbOfNtries><Sum>{}</Sum>"
    assert codes(f"<TtlNtries>{two.format(2, '100.00')}</TtlNtries>") == []
    assert codes(f"<TtlCdtNtries>{two.format(1, '50.00')}</TtlCdtNtries>") == []
    assert codes(f"<TtlNtries>{two.format(3, '100.00')}</TtlNtries>") == ["control_sums"]
    assert codes(f"<TtlDbtNtries>{two.format(1, '51.00')}</TtlDbtNtries>") == ["control_sums"]
    said = MT940.format("X", "RE 1", ":90C:2EUR50,00\r\n")
    document = read(said)
    assert document.statements[0].statement.controls == ControlSums(credits=2, credit_total=5000)
    assert [each.code for each in document.findings] == ["control_sums"]
    assert read(said.replace(":90C:2", ":90C:1")).findings == ()


def test_mt940_hands_on_references_key_and_what_could_be_drawn() -> None:
    keyed = "166?00X?20EREF+A1?21MREF+M1?22CRED+C1?23SVWZ+RE 1?32VOS"
    assert particulars(MT940.format("NONREF", keyed, "")) == Particulars(
        creditor_id="C1", mandate="M1", end_to_end_id="A1", booking_key="NTRF"
    )
    named = "/TRTP/X/MARF/M1/CSID/C1/EREF/A1/NAME/VOS/REMI/RE 1"
    assert particulars(MT940.format("NONREF", named, "")) == Particulars(
        creditor_id="C1", mandate="M1", end_to_end_id="A1", booking_key="NTRF"
    )
    (found,) = read(MT940.format("NONREF", "RE 1", ":64:C250331EUR650,00\r\n")).statements
    assert found.statement.available == Balance(65000, date(2025, 3, 31))


def test_ofx_hands_on_kinds_and_what_could_be_drawn() -> None:
    assert particulars(ofx(ENTRY)) == Particulars(booking_key="DEBIT")
    after = "<AVAILBAL><BALAMT>650.00<DTASOF>20240131</AVAILBAL>"
    (found,) = read(ofx(ENTRY, account=BANK, after=after)).statements
    assert found.statement.available == Balance(65000, date(2024, 1, 31))
    assert (found.statement.account_kind, found.statement.closing) == ("CHECKING", None)
