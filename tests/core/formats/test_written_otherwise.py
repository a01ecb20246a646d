"""MT940, OFX and CAMT as they are found as well: UTF-16, indented, old letters, joined, broken."""

from io import BytesIO

import pytest

from core.errors import Unreadable
from core.evidence import Bytes
from core.formats import parsers
from core.ids import new_id
from core.statements import ParsedDocument, assemble
from core.statements.model import Transaction
from tests.core.formats.messages import entry, message, statement
from tests.core.formats.test_ofx import BANK, ENTRY, LEDGER
from tests.core.formats.test_ofx import message as ofx

pytestmark = pytest.mark.unit

MT940 = (
    ":20:X\r\n:25:12030000/202051\r\n:28C:1\r\n:60F:C250228EUR100,00\r\n"
    ":61:2503030303C50,00N166NONREF\r\n:86:166?00GUTSCHRIFT?20RE 1?32{}\r\n"
    ":61:2503040304D20,00N117NONREF\r\n:86:117?00LASTSCHRIFT?20\r\n?21Miete?32HALLEN GBR\r\n"
    ":62F:C250331EUR130,00\r\n-\r\n"
)


def read(content: bytes) -> ParsedDocument:
    return assemble(parsers.read(BytesIO(content)), new_id())


def bookings(content: bytes) -> list[Transaction]:
    return [each.transaction for each in read(content).transactions]


def bare(each: Transaction) -> Transaction:
    return each._replace(evidence=Bytes(0, 1))


@pytest.mark.parametrize("name", ["FJORD", "FJÖRD ŚWIĄT 😀"])
@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize(
    "written", [MT940, ofx(ENTRY.replace("M&amp;M", "{}"))], ids=["mt940", "ofx"]
)
def test_utf_16_says_what_utf_8_says_and_where_it_stands(
    written: str, encoding: str, name: str
) -> None:
    text = written.replace("{}", name)
    plain, wide = bookings(text.encode()), bookings(text.encode(encoding))
    assert list(map(bare, wide)) == list(map(bare, plain))
    unit = "utf-16-be" if encoding == "utf-16-be" else "utf-16-le"
    for narrow, each in zip(plain, wide, strict=True):
        start, end = narrow.evidence
        quoted = text.encode()[start:end].decode()
        start, end = each.evidence
        assert text.encode(encoding)[start:end].decode(unit) == quoted


def test_utf_16_that_was_cut_off_is_refused_as_that() -> None:
    with pytest.raises(Unreadable, match="UTF-16"):
        read(MT940.format("X").encode("utf-16")[:-1])


@pytest.mark.parametrize("indent", ["  ", "\t"])
def test_indented_lines_say_what_others_say(indent: str) -> None:
    text = MT940.format("FJORD")
    whole = "".join(indent + line for line in text.splitlines(keepends=True))
    some = text.replace("\n:61", f"\n{indent}:61")
    later = text + text.replace(":28C:1", ":28C:2").replace("\n:", f"\n{indent}:")
    for written, times in ((whole, 1), (some, 1), (later, 2)):
        found = bookings(written.encode())
        assert list(map(bare, found)) == list(map(bare, bookings(text.encode()))) * times
        for each in found:
            start, end = each.evidence
            assert written[start:end].startswith(":61:")
            assert written[start:end].rstrip().endswith(each.counterparty or "?")


@pytest.mark.parametrize(
    ("written", "encoding", "read_as"),
    [
        ("MÜLLER STRAßE", "cp850", "MÜLLER STRAßE"),
        ("Jürgen Groß Äpfel", "cp850", "Jürgen Groß Äpfel"),
        ("Jürgen „Groß“ – 5 €", "cp1252", "Jürgen „Groß“ – 5 €"),
        ("Bob’s “Café”", "cp1252", "Bob’s “Café”"),
        ("M]LLER STRA~E", "ascii", "MÜLLER STRAßE"),
        ("J}rgen L|we [pfel", "ascii", "Jürgen Löwe Äpfel"),
        ("M]LLER [ABC]", "ascii", "M]LLER [ABC]"),
        ("A | B ~ C", "ascii", "A | B ~ C"),
        ("C:\\TEMP", "ascii", "C:\\TEMP"),
    ],
)
def test_letters_of_old_are_those_that_were_meant(
    written: str, encoding: str, read_as: str
) -> None:
    (first, _) = bookings(MT940.format(written).encode(encoding))
    assert first.counterparty == read_as


def test_words_name_the_parties_as_abn_amro_writes_them() -> None:
    def mt940(text: str) -> bytes:
        return MT940.replace("166?00GUTSCHRIFT?20RE 1?32{}", text).encode()

    (found, _) = bookings(
        mt940(
            "SEPA OVERBOEKING                 IBAN: NL92YBNK0987654321\r\nBIC: YBNKNL2U  "
            "                  NAAM: DE LOODS BV\r\nOMSCHRIJVING: FACTUUR 12: MAART\r\n"
            "KENMERK: A1"
        )
    )
    assert (found.counterparty, found.counterparty_account) == ("DE LOODS BV", "NL92YBNK0987654321")
    assert found.remittance == "SEPA OVERBOEKING FACTUUR 12: MAART"
    assert found.particulars is not None
    assert found.particulars.end_to_end_id == "A1"
    (plain, _) = bookings(mt940("Betaling TYPE: Rest zonder namen"))
    assert (plain.counterparty, plain.remittance) == (None, "Betaling TYPE: Rest zonder namen")


def test_lines_of_ns_are_read_where_no_text_is() -> None:
    lines = ":NS:01RE 12\r\n02Teil 2\r\n15FJORD BAU\r\n17GUTSCHRIFT\r\n1812030000\r\n190000202051"
    (found, _) = bookings(MT940.replace(":86:166?00GUTSCHRIFT?20RE 1?32{}", lines).encode())
    assert (found.counterparty, found.remittance) == ("FJORD BAU", "GUTSCHRIFT RE 12 Teil 2")
    assert (found.counterparty_account, found.gvc) == ("DE02120300000000202051", "166")
    both = MT940.format("FJORD").replace(":62F:", ":NS:01Anderes\r\n:62F:")
    assert bookings(both.encode())[1].remittance == "LASTSCHRIFT Miete"


def test_a_statement_without_a_closing_balance_says_so() -> None:
    cut = MT940.format("FJORD").replace(":62F:C250331EUR130,00\r\n", "").encode()
    document = read(cut)
    assert [each.code for each in document.findings] == ["closing_missing"]
    assert [each.difference for each in document.statements] == [None]
    assert not read(MT940.format("FJORD").encode()).findings


def kind(word: str, amount: str, day: int = 15) -> str:
    entry = ENTRY.replace("A1", f"{word}{amount}")  # a number of its own
    return (
        entry.replace("DEBIT", word).replace("-12.34", amount).replace("20240115", f"202401{day}")
    )


def signed(*statements: str) -> tuple[list[int], list[str]]:
    head, opens, _ = statements[0].partition("<OFX>")
    inner = (each.partition("<OFX>")[2].rpartition("</OFX>")[0] for each in statements)
    document = read(f"{head}{opens}{''.join(inner)}</OFX>".encode())
    amounts = [each.transaction.amount for each in document.transactions]
    return amounts, [each.code for each in document.findings]


def test_amounts_that_bear_no_sign_have_that_of_their_kind() -> None:
    assert signed(ofx(kind("CREDIT", "9.00"), kind("POS", "4.00"))) == (
        [900, -400],
        ["signs_by_kind"],
    )
    with pytest.raises(Unreadable, match="which side"):
        signed(ofx(kind("CREDIT", "9.00"), kind("DEBIT", "4.00"), kind("XFER", "1.00")))


def test_a_kind_that_contradicts_a_sign_is_told() -> None:
    assert signed(ofx(kind("DEBIT", "4.00"), kind("DEBIT", "-1.00"))) == (
        [400, -100],
        ["sign_contradicted"],
    )
    assert signed(ofx(kind("CREDIT", "9.00"), kind("OTHER", "1.00"))) == ([900, 100], [])


@pytest.mark.parametrize(
    ("closing", "amounts", "codes"),
    [
        ("95.00", [-400, -100], ["signs_by_kind"]),
        ("103.00", [400, -100], []),
        ("99.00", [400, -100], ["sign_contradicted"]),
    ],
)
def test_the_ledger_decides_where_kinds_and_signs_differ(
    closing: str, amounts: list[int], codes: list[str]
) -> None:
    before = ofx(account=BANK, period="<DTSTART>20231201<DTEND>20231231",
                 after=LEDGER.replace("20240131", "20231231"))  # fmt: skip
    after = ofx(
        kind("DEBIT", "4.00"), kind("OTHER", "-1.00"), after=LEDGER.replace("100.00", closing)
    )
    assert signed(before, after) == (amounts, codes)


def test_xml_documents_behind_each_other_are_all_read_with_their_places() -> None:
    files = [message(statement(entry(amount))) for amount in ("50.00", "60.00", "70.00")]
    for between in (b"", b"\r\n\r\n"):
        joined = between.join(files)
        found = bookings(joined)
        assert [each.amount for each in found] == [5000, 6000, 7000]
        for each in found:
            start, end = each.evidence
            assert joined[start:end].startswith(b"<Ntry>")
            assert b"%d.00</Amt>" % (each.amount // 100) in joined[start:end]


def test_a_lone_ampersand_is_named_with_its_place() -> None:
    details = "<TxDtls><RltdPties><Dbtr><Nm>M & M</Nm></Dbtr></RltdPties></TxDtls>"
    several = [entry(), entry(), entry(details=details)]
    for entries in (several[2:], several):
        file = message(statement(*entries))
        with pytest.raises(Unreadable) as refused:
            read(file)
        assert f"ampersand (&) at byte {file.index(b'& M')}" in refused.value.reason.en
    named = message(statement(entry(details=details.replace("& M", "&amp; M"))))
    assert bookings(named)[0].counterparty == "M & M"
