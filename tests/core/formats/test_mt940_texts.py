"""The texts of MT940, in the ways banks write them, and what is understood of them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.evidence import Bytes
from core.statements.model import Transaction
from tests.core.formats.test_mt940 import HEAD, LINE, TEXT, booking, message, read_all

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    ("text", "remittance", "counterparty", "account"),
    [
        (
            "105?00LASTSCHRIFT?20EREF+1234567890ABCDEFGHIJKL?21MNO MREF+77 SVWZ+Beitrag Ja?22"
            "nuar 2024?30COBADEFFXXX?31DE02120300000000202051?32Verein der Freunde des Wald?33es",
            "LASTSCHRIFT Beitrag Januar 2024", "Verein der Freunde des Waldes",
            "DE02120300000000202051",
        ),
        (
            "106?00KARTE?20SVWZ+Tanken ABWA+Tankstelle", "KARTE Tanken", "Tankstelle", None,
        ),
        (
            "051?00UEBERWEISUNG?20Miete?21Januar?3020070000?310123456601?32Mieter",
            "UEBERWEISUNG Miete Januar", "Mieter", "DE41200700000123456601",
        ),
        (
            "166?00GUTSCHRIFT?20Was kostet das??21Viel?32A?30", "GUTSCHRIFT Was kostet das? Viel",
            "A", None,
        ),
        ("166?00GUTSCHRIFT?20SVWZ+Rechnung 12\r\n34", "GUTSCHRIFT Rechnung 1234", None, None),
        (
            "/TRTP/SEPA OVERBOEKING/IBAN/NL71RABO0123456789/BIC/RABONL2U/NAME/J. Jansen/REMI/"
            "Factuur 1/EREF/NOTPROVIDED",
            "SEPA OVERBOEKING Factuur 1", "J. Jansen", "NL71RABO0123456789",
        ),
        (
            "/EREF/1//CNTP/NL71RABO0123456789/RABONL2U/J. Jansen/Utrecht//REMI/USTD//Factuur 2/",
            "Factuur 2", "J. Jansen", "NL71RABO0123456789",
        ),
        ("Miete Januar\r\nWerkstatt", "Miete Januar Werkstatt", None, None),
        ("999Freier Text", "Freier Text", None, None),
    ],
)  # fmt: skip
def test_a_text_is_understood_in_each_banks_way(
    text: str, remittance: str, counterparty: str | None, account: str | None
) -> None:
    found = booking(LINE, f":86:{text}")
    assert (found.remittance, found.counterparty, found.counterparty_account) == (
        remittance, counterparty, account,
    )  # fmt: skip


def test_the_reason_of_a_return_is_read_from_code_or_words() -> None:
    coded = booking(LINE, ":86:109?00RETOURE?20SVWZ+MS03 Beitrag")
    worded = booking(LINE, ":86:109?00RETOURE?20SVWZ+SONSTIGE GRUENDE Beitrag")
    other = booking(LINE, ":86:166?00GUTSCHRIFT?20Modell MS03")
    assert [each.return_reason for each in (coded, worded, other)] == ["MS03", "MS03", None]


def test_a_text_that_looks_like_a_field_or_an_end_is_text() -> None:
    found = booking(LINE, ":86:166?00GUTSCHRIFT?20Um", ":KO:20 Uhr", "-", "fertig")
    assert found.remittance == "GUTSCHRIFT Um:KO:20 Uhr-fertig"


def test_headers_and_trailers_of_swift_are_no_part_of_the_text() -> None:
    block = "{1:F01DEUTDEFFAXXX0000000000}{2:I940XXXXN}{4:\r\n"
    text = message(LINE, TEXT, foot=("-}{5:{CHK:0}}",))
    (head, _), (first, second), _ = read_all((block + text) * 2)
    assert head.account.bank == "DEUTDEFF"
    assert first.remittance == second.remittance == "GUTSCHRIFT Rechnung 1"


POLISH = (
    ":20:1\n:25:/PL49999000000000000123456789\n:28C:1\n:60F:C250129PLN0,00\n"
    ":61:2501310131DN12,34S109NONREF\n:86:109~00ZAKUP KARTĄ~20Zażółć~21~32Sklep~33ul. Łąkowa 1\n"
    "~3849999000000000000123456789\n:62F:D250131PLN12,34\n-\n"
)


@pytest.mark.parametrize("page", ["cp1250", "iso-8859-2", "cp852", "utf-8"])
def test_polish_texts_are_read_in_whichever_code_page_they_are(page: str) -> None:
    (head,), (found,), _ = read_all(POLISH.encode(page))
    assert (head.account.number, head.account.currency) == ("PL49999000000000000123456789", "PLN")
    assert found.remittance == "ZAKUP KARTĄ Zażółć"
    assert found.counterparty == "Sklep ul. Łąkowa 1"
    assert found.counterparty_account == "PL49999000000000000123456789"
    assert found.evidence.end - found.evidence.start == len(
        POLISH[POLISH.index(":61:") : POLISH.index("\n:62F")].encode(page)
    )


def test_a_code_of_another_countrys_bank_is_not_taken_for_a_german_one() -> None:
    assert [each.gvc for each in read_all(POLISH.encode())[1]] == [None]


@pytest.mark.parametrize("written", ["NL68XBNK0123456789EUR", "NL68XBNK0123456789 EUR"])
def test_a_currency_behind_an_iban_is_no_part_of_it(written: str) -> None:
    head = (":20:X", f":25:{written}", *HEAD[2:])
    assert read_all(message(LINE, head=head))[0][0].account.number == "NL68XBNK0123456789"


def test_subfields_without_a_code_before_them_are_told_apart() -> None:
    found = booking(LINE, ":86:?20Rechnung 1?32Kunde")
    assert (found.remittance, found.counterparty, found.gvc) == ("Rechnung 1", "Kunde", None)


WORDS = st.text(st.sampled_from("abcÄß 0?+/:-."), max_size=40)
NUMBERED = st.lists(st.tuples(st.sampled_from(("10", "20", "21", "30", "31", "32", "60")), WORDS))
TEXTS = st.one_of(
    NUMBERED.map(lambda parts: "166?00GUTSCHRIFT" + "".join(f"?{at}{text}" for at, text in parts)),
    WORDS,
    WORDS.map(lambda text: f"/NAME/{text}/REMI/{text}"),
    st.sampled_from(("999Freier Text", "166?20SVWZ+Miete ABWA+Muster", "?20ohne Code", "")),
)
LINES = st.sampled_from(
    (
        LINE,
        ":61:240115RD7,NTRFNONREF//R-1",
        ":61:2402300301EC0,5N051//Käufer",
        ":61:2401150115D1,00NMSCKundennummer 12345 Muster\r\nNL71RABO0123456789",
    )
)


@given(st.lists(st.tuples(LINES, TEXTS), min_size=2, max_size=8), st.sampled_from(("\r\n", "\n")))
def test_a_booking_says_the_same_alone_and_among_others(
    written: list[tuple[str, str]], end: str
) -> None:
    def read_bookings(bookings: list[tuple[str, str]]) -> list[Transaction]:
        lines = [each for line, text in bookings for each in (line, f":86:{text}")]
        return [
            each._replace(evidence=Bytes(0, 0)) for each in read_all(message(*lines, end=end))[1]
        ]

    assert read_bookings(written) == [each for pair in written for each in read_bookings([pair])]


@given(NUMBERED, st.sampled_from((26, 27, 28)))
def test_a_text_says_the_same_whatever_marks_its_subfields(
    parts: list[tuple[str, str]], length: int
) -> None:
    def booking_marked(mark: str) -> Transaction:
        subfields = [("00", "GUTSCHRIFT"), ("20", "x" * length), ("21", "y"), *parts]
        text_of = "".join(f"{mark}{at}{text.replace('?', '')}" for at, text in subfields)
        return booking(LINE, f":86:166{text_of}")

    assert booking_marked("?") == booking_marked("!")


def test_a_null_byte_is_a_blank() -> None:
    found = booking(LINE, ":86:166?00GUTSCHRIFT?20Rechnung\x001?32Muster\x00GmbH")
    assert (found.remittance, found.counterparty) == ("GUTSCHRIFT Rechnung 1", "Muster GmbH")


def test_a_text_that_is_said_twice_counts_once() -> None:
    found = booking(LINE, ":86:Miete Januar", ":86:Miete Januar", ":86:Werkstatt")
    assert found.remittance == "Miete Januar Werkstatt"


def test_many_texts_of_one_booking_are_one() -> None:
    found = booking(LINE, *(f":86:Zeile {at}" for at in range(30_000)))
    assert found.remittance.endswith("Zeile 29998 Zeile 29999")


@pytest.mark.parametrize(
    ("code", "key", "purpose", "reason"),
    [
        ("109", "912", "ORG BT", "MD06"),
        ("159", "914", "ORG BT", "MS03"),
        ("166", "912", "ORG BT", None),  # keys of what is no return mean something else
        ("109", "991", "ORG BT", None),
        ("159", "", "SVWZ+Konto gesperrt", "AC06"),
        ("159", "", "SVWZ+Grund nicht spezifiziert", "MS03"),
    ],
)
@pytest.mark.parametrize("mark", ["?", "~"])
def test_a_return_says_why_by_the_key_beside_its_code(
    mark: str, code: str, key: str, purpose: str, reason: str | None
) -> None:
    text = f":86:{code}?00SEPA?20{purpose}?30COBADEFF505?32MAX MUSTER" + (
        f"?34{key}" if key else ""
    )
    assert booking(LINE, text.replace("?", mark)).return_reason == reason


@pytest.mark.parametrize(
    ("line", "text", "name", "account", "remittance"),
    [
        ("NOVBNL20INGB0001234567", "NL20INGB0001234567 hr jansen\n\nSieraden", "hr jansen",
         "NL20INGB0001234567", "Sieraden"),
        ("N501EREF//93381", "/NAME/Parc B.V./REMI/TO NL20INGB0001234567", "Parc B.V.",
         "NL20INGB0001234567", "TO NL20INGB0001234567"),
        ("NTRFNONREF//1", "911 PRZELEW 12", None, None, "911 PRZELEW 12"),
    ],
)  # fmt: skip
def test_who_stands_behind_the_line_is_told(
    line: str, text: str, name: str | None, account: str | None, remittance: str
) -> None:
    behind = {"NOVB": "hr jansen", "N501": "NL20INGB0001234567"}.get(line[:4], "911-PRZELEW")
    transaction = booking(f":61:2401150115CR50,00{line}", behind, f":86:{text}")
    assert (transaction.counterparty, transaction.counterparty_account) == (name, account)
    assert transaction.remittance == remittance


@pytest.mark.parametrize(
    ("text", "name", "remittance"),
    [
        ("/ORDP/COMPUTER INC.\n/REMI//INV/78541", "COMPUTER INC.", "INV/78541"),
        ("/PT/FT/PY/SOMETHING\n   123456789", None, "/PT/FT/PY/SOMETHING 123456789"),
        ("/OCMT/USD2853,12/\nPAYMENT OF 204", None, "/OCMT/USD2853,12/ PAYMENT OF 204"),
        ("<20Czynsz 6\n<21lokal\n<32JAN NOWAK", "JAN NOWAK", "Czynsz 6 lokal"),
    ],
)
def test_what_keys_of_other_banks_say_is_not_lost(
    text: str, name: str | None, remittance: str
) -> None:
    transaction = booking(LINE, f":86:{text}")
    assert (transaction.counterparty, transaction.remittance) == (name, remittance)


def test_a_booking_without_a_text_tells_the_customers_reference() -> None:
    assert booking(":61:2401150115DK755,00NMSCDBT.Test").remittance == "DBT.Test"
    assert booking(":61:2401150115DK755,00NMSCNONREF").remittance == ""
